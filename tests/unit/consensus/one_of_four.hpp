// One engine among four validators, whose colleagues are played by the test: it says what they send and sees
// what the engine answers. Signatures are fake, so the test can sign as anybody.
#pragma once

#include <vector>

#include "consensus/qbft/engine.hpp"
#include "tests/unit/consensus/fake_signatures.hpp"
#include "tests/unit/consensus/fixtures.hpp"

namespace aitbc::qbft::test {

class OneOfFour {
 public:
  // Validators 0 to 3, ascending. At height 1, validator r proposes in round r.
  explicit OneOfFour(std::size_t self, const Config& config = Config{},
                     std::optional<Bytes> record = std::nullopt);

  // Started, the head, and the block timer: round 0 of height 1 has begun.
  void begin();
  void feed(const consensus::Event& event);
  void feed(const Message& message) { feed(consensus::MessageReceived{kPeer, encode(message)}); }
  // Fires the timers that are due until then.
  void run_for(consensus::Duration duration);
  // Answers the check or build asked for last.
  void answer_check(bool is_valid = true);
  void answer_build();

  Header block_header(std::size_t coinbase, std::uint8_t content) const;
  static BlockPtr as_block(const Header& header) {
    return std::make_shared<const UnrecoveredBlock>(UnrecoveredBlock{header, {}});
  }

  SignedProposal sign_proposal(std::size_t author, Round round, const Header& header) const;
  Prepare sign_prepare(std::size_t author, Round round, const Hash& digest, Height height = 1) const;
  Commit sign_commit(std::size_t author, Round round, const Hash& digest, Height height = 1) const;
  RoundChange sign_round_change(std::size_t author, Round round, Height height = 1) const;
  // Claims that `header` was prepared in `prepared_round`, by prepares of `preparers`.
  RoundChange sign_round_change(std::size_t author, Round round, const Header& header, Round prepared_round,
                                const std::vector<std::size_t>& preparers) const;
  // For `round`, by validators 0 to `count` - 1.
  std::vector<SignedRoundChange> empty_round_changes(Round round, std::size_t count) const;
  static Hash digest(const Header& header, Round round) { return *commit_seal_hash(header, round); }

  // Of all actions since the last clear().
  template <class T>
  std::vector<T> all() const {
    std::vector<T> out;
    for (const consensus::Action& action : actions)
      if (const auto* specific = std::get_if<T>(&action)) out.push_back(*specific);
    return out;
  }
  // Of the broadcast messages.
  template <class T>
  std::vector<T> sent() const {
    std::vector<T> out;
    for (const auto& broadcast : all<consensus::Broadcast>()) {
      const Message message = *decode_message(broadcast.message);
      if (const auto* specific = std::get_if<T>(&message)) out.push_back(*specific);
    }
    return out;
  }
  std::size_t punishments() const { return all<consensus::PunishPeer>().size(); }
  void clear() { actions.clear(); }

  static constexpr consensus::PeerId kPeer = 77;
  std::vector<Address> validators;
  std::vector<Header> headers;
  consensus::TimePoint now{std::chrono::seconds(kGenesisTime + 1000)};
  std::map<std::uint64_t, consensus::TimePoint> timers;
  std::vector<consensus::Action> actions;
  std::unique_ptr<Engine> engine;

 private:
  FakeSignatures signer(std::size_t author) const { return FakeSignatures(validators[author]); }
};

}  // namespace aitbc::qbft::test
