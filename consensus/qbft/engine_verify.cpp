// What final blocks are judged by, and how an engine is made.
#include "consensus/qbft/commit_proof.hpp"
#include "consensus/qbft/engine.hpp"
#include "consensus/qbft/header_forms.hpp"
#include "consensus/qbft/header_rules.hpp"

namespace aitbc::qbft {

Result<void> Engine::verify(const Header& header, const Header& parent, ByteView commit_proof) const {
  const Result<CommitProof> proof = decode_commit_proof(commit_proof);
  if (!proof) return fail(ErrorCode::invalid_block, proof.error().message);
  const Hash parent_hash = header_hash(parent);
  AITBC_ASSIGN(const std::shared_ptr<const VoteTally> tally, history_.after(parent, parent_hash));
  const ValidatorSet& validators = tally->validators();
  AITBC_TRY(check_header(header, parent, parent_hash, validators, gap()));
  AITBC_TRY(check_proposer(header, parent, validators, proof->round));
  return check_seals(header, validators, *proof, *signatures_);
}

Result<Bytes> Engine::wire_header(const Header& header, ByteView commit_proof) const {
  // The genesis block has no proof: its wire form is its hashed form.
  if (header.number == 0) return encode(header);
  AITBC_ASSIGN(const CommitProof proof, decode_commit_proof(commit_proof));
  AITBC_ASSIGN(const Header whole, with_round(header, proof.round, proof.seals));
  return encode(whole);
}

Result<ValidatorSet> Engine::validators_after(const Header& header) const {
  AITBC_ASSIGN(const std::shared_ptr<const VoteTally> tally, history_.after(header));
  return tally->validators();
}

Result<std::unique_ptr<Engine>> make_engine(const Config& config,
                                            std::unique_ptr<const Signatures> signatures,
                                            consensus::HeaderReader reader, std::optional<Bytes> record) {
  const Schedule& schedule = config.schedule;
  if (schedule.block_period.count() <= 0 || schedule.request_timeout.count() <= 0 || config.epoch_length == 0)
    return fail(ErrorCode::invalid_input,
                "qbft: block period, request timeout and epoch length must be above zero");
  std::optional<WalRecord> decoded;
  if (record) {
    AITBC_ASSIGN(decoded, decode_wal_record(*record));
  }
  return std::make_unique<Engine>(config, std::move(signatures), std::move(reader), std::move(decoded));
}

}  // namespace aitbc::qbft
