#include "wallet/cli/compute_receipt.hpp"

#include "codec/hex.hpp"
#include "codec/typed_data.hpp"
#include "marketplace/abi.hpp"
#include "wallet/signature_text.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

tl::unexpected<Error> malformed(const std::string& what) {
  return fail(ErrorCode::invalid_input, "no attestation: " + what);
}

}  // namespace

Outcome<ComputeReceipt> receipt_of(const Json& job, std::uint64_t chain_id) {
  const std::string id = job["id"].text();
  if (job["state"].text() != "completed")
    return failed(Exit::refused, id + " is " + job["state"].text() + ": only completed jobs have a receipt");
  ComputeReceipt out;
  out.chain_id = chain_id;
  AITBC_ASSIGN(out.job, market::parse_id(Kind::job, id));
  AITBC_ASSIGN(out.provider, hex::parse_address(job["provider"].text()));
  out.units = job["result"]["units"].u64().value_or(0);
  AITBC_ASSIGN(out.result_digest, hex::decode_fixed<Hash>(job["result"]["digest"].text()));
  const std::uint64_t started = job["startedAt"].u64().value_or(0);
  out.ran_seconds = job["closedAt"].u64().value_or(started) - started;
  out.is_claimed = job["minted"].number().value_or(Uint256{}) != Uint256{};
  return out;
}

Hash digest_of(const ComputeReceipt& receipt) {
  const Hash domain = eip712::domain_separator({.name = "AITBC Marketplace",
                                                .version = "1",
                                                .chain_id = receipt.chain_id,
                                                .verifying_contract = market::kContract,
                                                .salt = std::nullopt});
  const Hash type =
      eip712::type_hash("ComputeReceipt(uint64 jobId,address provider,uint64 units,bytes32 resultDigest)");
  const Hash message = eip712::StructHash(type)
                           .u64(receipt.job)
                           .address(receipt.provider)
                           .u64(receipt.units)
                           .hash(receipt.result_digest)
                           .finish();
  return eip712::signing_digest(domain, message);
}

std::string sign_receipt(const ComputeReceipt& receipt, const PrivateKey& key) {
  return wallet::sign_text(key, digest_of(receipt));
}

std::string attestation_json(const ComputeReceipt& receipt, const PrivateKey& coordinator) {
  JsonObject out;
  out.text("job_id", market::id_text(Kind::job, receipt.job)).number("chain_id", receipt.chain_id);
  out.text("provider", hex::checksummed(receipt.provider)).number("units", receipt.units);
  out.text("result_digest", hex::encode_prefixed(receipt.result_digest));
  out.text("coordinator", hex::checksummed(coordinator.address()));
  return out.text("signature", sign_receipt(receipt, coordinator)).str();
}

std::string attestation_name(std::uint64_t job) { return market::id_text(Kind::job, job) + ".json"; }

Result<void> add_attestation(Attestations& to, const ComputeReceipt& receipt, std::string_view text) {
  const auto document = Json::parse(text);
  if (!document || !document->is_object()) return malformed("not JSON");
  const std::string signature = (*document)["signature"].text();
  const auto signer = wallet::signer_of(digest_of(receipt), signature);
  if (!signer) return malformed(signer.error().message);
  // A signature of something else recovers some account, too.
  if (hex::checksummed(*signer) != (*document)["coordinator"].text())
    return malformed("it is not " + (*document)["coordinator"].text() + "'s signature of " +
                     market::id_text(Kind::job, receipt.job) + " as the chain has it");
  to[*signer] = signature;
  return {};
}

Outcome<std::vector<Address>> coordinators(NodeClient& node) {
  AITBC_ASSIGN(const Json roles, node.call("market_getRoles", "{}"));
  std::vector<Address> out;
  for (const Json& each : roles["coordinators"].elements()) {
    AITBC_ASSIGN(const Address address, hex::parse_address(each.text()));
    out.push_back(address);
  }
  return out;
}

std::string claim_arguments(const ComputeReceipt& receipt, const PrivateKey& provider,
                            const Attestations& attestations) {
  std::vector<std::string> signatures;
  for (const auto& [coordinator, signature] : attestations) signatures.push_back(json_text(signature));
  JsonObject out;
  out.number("jobId", receipt.job).text("providerSignature", sign_receipt(receipt, provider));
  return out.raw("attestations", json_array(signatures)).str();
}

}  // namespace aitbc::cli
