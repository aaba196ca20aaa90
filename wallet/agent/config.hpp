// What a provider's owner decides: docs/provider.md describes every setting.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/amount.hpp"
#include "base/result.hpp"
#include "wallet/agent/gpu_inventory.hpp"
#include "wallet/agent/limited_run.hpp"

namespace aitbc::agent {

// A GPU as it is offered.
struct GpuOffer {
  std::string device_id;
  std::string model;
  std::uint32_t memory_gb = 0;
  std::string cuda_version;
  std::string compute_capability;
  std::uint32_t cuda_cores = 0;
  std::string region;
  std::string category;
  std::vector<std::string> capabilities;
  Amount price_per_hour;
  std::uint16_t refund_bps = 0;  // 0: the chain's
  std::uint64_t min_duration_seconds = 0;
  std::uint64_t max_duration_seconds = 0;
  bool interruptible = false;
  bool is_detected = false;  // by NVML, so that the command can be confined to it
};

struct ServiceOffer {
  std::string name;
  std::string category;
  Amount price;
  Amount min_bid;  // the price unless set
  std::string description;
  std::string parameters;
  std::uint64_t delivery_seconds = 0;  // 0: the chain's default
};

// What the agent takes on without asking.
struct Policy {
  bool accept_bids = true;
  // Of bids on GPUs and offers; absent: what the GPU or offer asks for.
  std::optional<Amount> min_price_per_hour;
  std::uint64_t max_booking_seconds = 0;   // 0: whatever the GPU allows
  std::vector<std::string> allowed_types;  // of jobs; empty: all
  Amount min_job_payment;
  bool take_open_jobs = false;  // those that are for anyone
  std::size_t max_concurrent_jobs = 1;
  std::uint64_t min_seconds_left = 30;  // until a job expires, to begin it at all
  std::uint64_t max_attempts = 2;       // at a job whose run was cut off by this machine
};

struct JobCommand {
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> environment;
  RunLimits limits;
  std::uint64_t max_input_bytes = 64U << 20;
  bool allow_private_inputs = false;
  std::string ca_file;
};

struct ResultServer {
  std::string address;  // empty: results above the chain's inline limit cannot be delivered
  std::uint16_t port = 0;
  std::string certificate;
  std::string key;
  std::string public_url;  // without a slash at its end
  std::uint64_t keep_seconds = 0;
};

// Where the coordinators' attestations of completed jobs are looked for; nowhere: receipts are not claimed.
struct ReceiptSources {
  std::filesystem::path folder;
  std::vector<std::string> urls;  // without a slash at their end
  std::string ca_file;
};

struct AgentConfig {
  std::filesystem::path state_folder;
  std::string wallet;
  std::string name;
  std::string region;
  std::string endpoint;
  std::optional<Amount> stake;  // kept on itself; absent: never stakes
  std::uint64_t poll_ms = 1'000;
  std::uint64_t heartbeat_ms = 0;  // 0: a third of the chain's grace

  bool detect = true;
  std::string nvml_library;
  GpuOffer detected_defaults;       // terms of detected GPUs
  bool has_detected_terms = false;  // without a price detected GPUs are not offered
  std::vector<GpuOffer> declared;
  std::vector<ServiceOffer> services;
  Policy policy;
  JobCommand job;
  ResultServer results;
  ReceiptSources receipts;
};

// Fails (invalid_input) with file, line and setting.
Result<AgentConfig> read_config(const std::filesystem::path& file);

// The declared GPUs and, on their terms, the detected ones that are not declared by their own id.
std::vector<GpuOffer> offered_gpus(const AgentConfig& config, const std::vector<DetectedGpu>& detected);

// A file to start from, with a comment on every setting.
std::string example_config();

}  // namespace aitbc::agent
