#include "wallet/agent/config.hpp"

namespace aitbc::agent {

std::string example_config() {
  return R"([provider]
wallet = "gpu-farm"              # the wallet that owns the GPUs and is paid
name = "Nordic GPUs"
region = "eu-north"
state-folder = "provider-state"  # what the agent must remember; keep it
stake = "100"                    # AIT to keep staked on oneself; GPUs need the chain's minimum to be listed
# endpoint = "https://gpus.example:8443"   # on the chain; results.public-url unless set
# poll-interval = 1              # seconds
# heartbeat-interval = 600       # seconds; a third of the chain's grace unless set

[gpus]                           # terms of the GPUs that NVIDIA's driver names, and defaults of [[gpu]]
# detect = true
price-per-hour = "3.5"           # AIT; without it detected GPUs are not offered
# category = "gpu-rental"
# capabilities = ["fp16", "int8"]
# refund-percent = 50            # of unused time, at an early release
# min-duration = 60              # seconds
# max-duration = 86400
# interruptible = false

# [[gpu]]                        # a GPU that is declared rather than detected, or other terms for one by its id
# device-id = "rack-7-slot-2"
# model = "RTX 4090"
# memory-gb = 24
# cuda-version = "12.4"
# compute-capability = "8.9"
# cuda-cores = 16384

# [[service]]                    # offered again whenever a customer takes it
# name = "Llama 3 inference"
# type = "ai-inference"          # ai-inference, ai-training, gpu-rental, data-processing, ...
# price = "10"
# min-bid = "8"                  # bids from here on are accepted; the price unless set
# description = "up to 4096 tokens"
# delivery-time = 3600           # seconds

[policy]
accept-bids = true
# min-price-per-hour = "3"       # of bids on GPUs; what the GPU asks for unless set
# max-booking = 86400            # seconds
# allowed-types = ["inference"]  # of jobs; all unless set
# min-job-payment = "0.1"
# take-open-jobs = false         # jobs that are for any provider
max-concurrent-jobs = 1
# min-seconds-left = 30          # a job that expires sooner is not begun
# max-attempts = 2               # at a job whose run this machine cut off

[job]
command = ["/usr/local/bin/run-job"]   # input on its standard input, result on its standard output
timeout = 3600                   # seconds
memory-mb = 4096                 # of all its processes together
# cpu-seconds = 3600             # of one process
# max-output-mb = 64
# max-file-mb = 16384
# max-processes = 256
# max-input-mb = 64
# environment = { MODELS = "/srv/models" }   # besides PATH, HOME, TMPDIR, LANG and AITBC_JOB_...

# [results]                      # needed for results above 4096 bytes
# listen = "0.0.0.0:8443"
# certificate = "tls/fullchain.pem"
# key = "tls/privkey.pem"
# public-url = "https://gpus.example:8443"
# keep-days = 7

# [receipts]                     # coordinators' attestations, with which the network mints for completed jobs
# urls = ["https://coordinator.example/attestations"]   # where job_5.json is, each
# folder = "attestations"        # or files on this machine, also one folder down
)";
}

}  // namespace aitbc::agent
