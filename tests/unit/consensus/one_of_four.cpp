#include "tests/unit/consensus/one_of_four.hpp"

namespace aitbc::qbft::test {

OneOfFour::OneOfFour(std::size_t self, const Config& config, std::optional<Bytes> record) {
  for (std::uint8_t i = 1; i <= 4; ++i) validators.push_back(address(i));
  headers.push_back(genesis_header(validators));
  const auto reader = [this](Height height) {
    return height < headers.size() ? std::optional(headers[height]) : std::nullopt;
  };
  engine = *make_engine(config, std::make_unique<const FakeSignatures>(validators[self]), reader,
                        std::move(record));
}

void OneOfFour::begin() {
  feed(consensus::Started{});
  feed(consensus::HeadChanged{headers.back()});
  run_for(consensus::Duration(0));
}

void OneOfFour::feed(const consensus::Event& event) {
  for (consensus::Action& action : engine->on(event, now)) {
    if (const auto* set = std::get_if<consensus::SetTimer>(&action)) timers[set->timer] = set->at;
    if (const auto* cancel = std::get_if<consensus::CancelTimer>(&action)) timers.erase(cancel->timer);
    actions.push_back(std::move(action));
  }
}

void OneOfFour::run_for(consensus::Duration duration) {
  const consensus::TimePoint end = now + duration;
  for (;;) {
    auto next = timers.end();
    for (auto it = timers.begin(); it != timers.end(); ++it)
      if (it->second <= end && (next == timers.end() || it->second < next->second)) next = it;
    if (next == timers.end()) break;
    const std::uint64_t timer = next->first;
    now = std::max(now, next->second);
    timers.erase(next);
    feed(consensus::TimerFired{timer});
  }
  now = end;
}

void OneOfFour::answer_check(bool is_valid) {
  const consensus::CheckBlock check = all<consensus::CheckBlock>().back();
  Result<Block> verdict = Block{check.block.header, {}};
  if (!is_valid) verdict = fail(ErrorCode::invalid_block, "does not execute");
  feed(consensus::BlockChecked{check.request, std::move(verdict)});
}

void OneOfFour::answer_build() {
  const consensus::BuildBlock build = all<consensus::BuildBlock>().back();
  Header header = next_header(headers.back(), build.coinbase, ValidatorSet(validators));
  header.timestamp = build.timestamp;
  header.extra_data = build.extra_data;
  feed(consensus::BlockBuilt{build.request, Block{header, {}}});
}

Header OneOfFour::block_header(std::size_t coinbase, std::uint8_t content) const {
  Header header = next_header(headers.back(), validators[coinbase], ValidatorSet(validators));
  header.state_root.bytes[0] = content;
  return header;
}

SignedProposal OneOfFour::sign_proposal(std::size_t author, Round round, const Header& header) const {
  return make_signed(ProposalPayload{header.number, round, as_block(header)}, signer(author));
}

Prepare OneOfFour::sign_prepare(std::size_t author, Round round, const Hash& digest, Height height) const {
  return make_signed(PreparePayload{height, round, digest}, signer(author));
}

Commit OneOfFour::sign_commit(std::size_t author, Round round, const Hash& digest, Height height) const {
  const FakeSignatures by = signer(author);
  return make_signed(CommitPayload{height, round, digest, by.sign(digest)}, by);
}

RoundChange OneOfFour::sign_round_change(std::size_t author, Round round, Height height) const {
  return {make_signed(RoundChangePayload{height, round, std::nullopt}, signer(author)), nullptr, {}};
}

RoundChange OneOfFour::sign_round_change(std::size_t author, Round round, const Header& header,
                                         Round prepared_round,
                                         const std::vector<std::size_t>& preparers) const {
  const Prepared claim{prepared_round, digest(header, prepared_round)};
  RoundChange out{
      make_signed(RoundChangePayload{header.number, round, claim}, signer(author)), as_block(header), {}};
  for (const std::size_t preparer : preparers)
    out.prepares.push_back(sign_prepare(preparer, prepared_round, claim.digest, header.number));
  return out;
}

std::vector<SignedRoundChange> OneOfFour::empty_round_changes(Round round, std::size_t count) const {
  std::vector<SignedRoundChange> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(sign_round_change(i, round).round_change);
  return out;
}

}  // namespace aitbc::qbft::test
