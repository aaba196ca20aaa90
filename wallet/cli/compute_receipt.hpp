// Compute receipts: what the provider of a completed job and a majority of the coordinators sign (EIP-712),
// so that the chain mints for the work.
//     domain   name "AITBC Marketplace", version "1", chainId, verifyingContract: the marketplace
//     message  ComputeReceipt(uint64 jobId,address provider,uint64 units,bytes32 resultDigest)
#pragma once

#include <map>
#include <string>

#include "crypto/secp256k1.hpp"
#include "wallet/cli/node_client.hpp"

namespace aitbc::cli {

struct ComputeReceipt {
  std::uint64_t chain_id = 0;
  std::uint64_t job = 0;
  Address provider;
  std::uint64_t units = 0;
  Hash result_digest;
  std::uint64_t ran_seconds = 0;  // from start to end, by the chain's clock; not signed
  bool is_claimed = false;
};

// Of a job as market_getJob gives it. Fails (refused) unless it is completed.
Outcome<ComputeReceipt> receipt_of(const Json& job, std::uint64_t chain_id);

Hash digest_of(const ComputeReceipt& receipt);
// r, s, and v as 27 or 28; as 0x and 130 digits.
std::string sign_receipt(const ComputeReceipt& receipt, const PrivateKey& key);

// A coordinator's signature as it is handed to the provider: one JSON object with the receipt's members and
// "coordinator", "signature".
std::string attestation_json(const ComputeReceipt& receipt, const PrivateKey& coordinator);
// The name of its file, and the end of its address: "job_5.json".
std::string attestation_name(std::uint64_t job);

// Signatures by who made them: in this order the chain wants them.
using Attestations = std::map<Address, std::string>;
// Adds what the text says, when it is a signature of exactly this receipt. Fails (invalid_input) otherwise.
Result<void> add_attestation(Attestations& to, const ComputeReceipt& receipt, std::string_view text);

// The chain's coordinators, of whom more than half must attest.
Outcome<std::vector<Address>> coordinators(NodeClient& node);
inline std::size_t quorum_of(std::size_t coordinators) { return coordinators / 2 + 1; }

// The arguments of claimReceipt.
std::string claim_arguments(const ComputeReceipt& receipt, const PrivateKey& provider,
                            const Attestations& attestations);

}  // namespace aitbc::cli
