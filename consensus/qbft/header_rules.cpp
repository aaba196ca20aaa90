#include "consensus/qbft/header_rules.hpp"

#include <algorithm>
#include <vector>

#include "consensus/qbft/header_forms.hpp"

namespace aitbc::qbft {
namespace {

Result<void> require(bool condition, const char* reason) {
  if (!condition) return fail(ErrorCode::invalid_block, std::string("header: ") + reason);
  return {};
}

Result<void> check_extra_data(ByteView extra_data, const ValidatorSet& validators) {
  auto extra = decode_extra_data(extra_data);
  if (!extra) return fail(ErrorCode::invalid_block, extra.error().message);
  AITBC_TRY(require(extra->round == 0 && extra->seals.empty(), "extra data is not in the hashed form"));
  return require(extra->validators == validators.addresses(), "extra data names the wrong validators");
}

}  // namespace

Seconds minimum_gap(std::uint64_t period_ms) { return period_ms / 1000; }

Result<void> check_header(const Header& header, const Header& parent, const Hash& parent_hash,
                          const ValidatorSet& validators, Seconds gap) {
  AITBC_TRY(
      require(parent.number < UINT64_MAX && header.number == parent.number + 1, "number does not follow"));
  AITBC_TRY(require(header.timestamp >= parent.timestamp && header.timestamp - parent.timestamp >= gap,
                    "timestamp is less than a period after the parent's"));
  AITBC_TRY(require(header.ommers_hash == kEmptyOmmersHash, "ommers are not empty"));
  AITBC_TRY(require(header.difficulty == 1, "difficulty is not 1"));
  AITBC_TRY(require(header.nonce.is_zero(), "nonce is not 0"));
  AITBC_TRY(require(header.mix_hash == kMixHash, "mix hash is not QBFT's"));
  AITBC_TRY(check_extra_data(header.extra_data, validators));
  return require(header.parent_hash == parent_hash, "parent hash is not the parent's");
}

Result<void> check_proposer(const Header& header, const Header& parent, const ValidatorSet& validators,
                            Round round) {
  return require(validators.is_proposer_up_to(header.coinbase, parent.coinbase, round),
                 "coinbase had no turn to propose");
}

Result<void> check_seals(const Header& header, const ValidatorSet& validators, const CommitProof& proof,
                         const Signatures& signatures) {
  AITBC_TRY(require(proof.seals.size() >= validators.quorum(), "fewer commit seals than a quorum"));
  AITBC_TRY(require(proof.seals.size() <= validators.size(), "more commit seals than validators"));
  AITBC_ASSIGN(const Hash digest, commit_seal_hash(header, proof.round));
  std::vector<bool> sealed(validators.size(), false);
  for (const Signature& seal : proof.seals) {
    const auto signer = signatures.recover(digest, seal);
    AITBC_TRY(require(signer.has_value(), "a commit seal is no signature"));
    const std::optional<std::size_t> index = validators.index_of(*signer);
    AITBC_TRY(require(index.has_value(), "a commit seal is by no validator"));
    AITBC_TRY(require(!sealed[*index], "two commit seals by one validator"));
    sealed[*index] = true;
  }
  return {};
}

}  // namespace aitbc::qbft
