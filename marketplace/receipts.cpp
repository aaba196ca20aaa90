// Compute receipts: what the network mints for attested work.
#include "codec/typed_data.hpp"
#include "crypto/secp256k1.hpp"
#include "execution/chain_record.hpp"
#include "marketplace/jobs.hpp"
#include "marketplace/signatures.hpp"

namespace aitbc::market {
namespace {

Hash digest_of(const Context& c, const Job& job) {
  static const Hash kType =
      eip712::type_hash("ComputeReceipt(uint64 jobId,address provider,uint64 units,bytes32 resultDigest)");
  const Hash receipt = eip712::StructHash(kType)
                           .u64(job.id.value)
                           .address(job.provider)
                           .u64(job.result.units)
                           .hash(job.result.digest)
                           .finish();
  return signing_digest(c, receipt);
}

Outcome<Job> find_completed(Context& c, JobId id) {
  auto job = load(c.state, id);
  if (!job) return revert<"JobNotFound">(id);
  const JobState state = state_of(*job, c.now());
  if (state != JobState::completed) return revert<"WrongJobState">(id, state);
  return *std::move(job);
}

// The coordinators behind the attestations: distinct, ascending, a majority of all.
Outcome<std::vector<Address>> attesters(Context& c, const Hash& digest,
                                        const std::vector<Bytes>& attestations) {
  const Roles roles = load_roles(c.state);
  const std::uint64_t quorum = roles.coordinators.size() / 2 + 1;
  if (attestations.size() > kMaxRole) return revert<"ListTooLong">("attestations", kMaxRole);
  if (attestations.size() < quorum) return revert<"TooFewAttestations">(attestations.size(), quorum);
  std::vector<Address> out;
  for (const Bytes& attestation : attestations) {
    MARKET_ASSIGN(const Address signer, recover_signer(digest, attestation));
    if (!has_role(roles.coordinators, signer)) return revert<"NotCoordinator">(signer);
    if (!out.empty() && signer <= out.back()) return revert<"AttestationsOutOfOrder">(signer);
    out.push_back(signer);
  }
  return out;
}

void mint(Context& c, const Address& to, Amount amount) {
  AITBC_CHECK(c.state.mint(to, amount), "the supply overflows");
  c.totals.minted = sum(c.totals.minted, amount);
}

// Equal parts; who comes first in order gets one unit more while there is a remainder.
void mint_equally(Context& c, const std::vector<Address>& to, Amount amount) {
  const uint128 count = to.size();
  const uint128 extra = amount.units() % count;
  for (std::size_t i = 0; i < to.size(); ++i)
    mint(c, to[i], Amount::from_units(amount.units() / count + (i < extra ? 1 : 0)));
}

}  // namespace

Outcome<Hash> receipt_digest(Context& c, JobId id) {
  MARKET_ASSIGN(const Job job, find_completed(c, id));
  return digest_of(c, job);
}

Outcome<Amount> claim_receipt(Context& c, JobId id, const Bytes& provider_signature,
                              const std::vector<Bytes>& attestations) {
  MARKET_ASSIGN(Job job, find_completed(c, id));
  if (!job.minted.is_zero()) return revert<"ReceiptClaimed">(id);
  const auto amount = checked_mul(c.params.mint_per_unit, job.result.units);
  const auto minted = amount ? checked_add(c.totals.minted, *amount) : std::nullopt;
  if (!minted || *minted > kMostMinted) return revert<"AmountOverflow">();
  if (amount->is_zero()) return revert<"NothingToMint">(id);
  const Hash digest = digest_of(c, job);
  MARKET_ASSIGN(const Address signer, recover_signer(digest, provider_signature));
  if (signer != job.provider) return revert<"NotJobProvider">(id, signer);
  MARKET_ASSIGN(const std::vector<Address> coordinators, attesters(c, digest, attestations));
  const Amount shared = *mul_div_floor(*amount, c.params.coordinator_bps, kBpsScale);
  mint(c, job.provider, difference(*amount, shared));
  mint_equally(c, coordinators, shared);
  job.minted = *amount;
  save(c, job);
  emit<"ReceiptClaimed">(c.logs, id, job.provider, job.result.units, *amount, shared);
  return *amount;
}

}  // namespace aitbc::market
