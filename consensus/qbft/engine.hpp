// QBFT behind the ConsensusEngine seam: Byzantine-fault-tolerant agreement on one block per height by
// validators of whom fewer than a third are faulty (EIP-650's successor; the protocol of Hyperledger Besu
// from 24.12 on and of the Dafny specification whose safety is machine-checked).
//
// One height goes like this. When the block timer fires, the round's proposer builds a block and sends
// PROPOSAL; every validator that finds it right sends PREPARE; who has a quorum of them is locked on the
// block and sends COMMIT with a commit seal; a quorum of seals makes the block final. When a round's time is
// up, validators send ROUND-CHANGE with their lock, and the next round's proposer must carry on with the
// highest lock among a quorum.
//
// Two points go beyond the papers, neither visible to other implementations:
// - The timer of a round after the first starts only once a quorum has reached that round (as in PBFT). A
// lonely
//   validator waits, repeating its ROUND-CHANGE, instead of running ahead; so round numbers stay small,
//   capped timeouts cannot keep two halves apart for ever, and the network goes on at once when the missing
//   one returns.
// - A ROUND-CHANGE that reaches an idle validator (empty-block period) counts as work.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "consensus/engine.hpp"
#include "consensus/qbft/ballot.hpp"
#include "consensus/qbft/justification.hpp"
#include "consensus/qbft/local_votes.hpp"
#include "consensus/qbft/message_buffer.hpp"
#include "consensus/qbft/schedule.hpp"
#include "consensus/qbft/signatures.hpp"
#include "consensus/qbft/validator_history.hpp"
#include "consensus/qbft/wal_record.hpp"

namespace aitbc::qbft {

struct Config {
  Schedule schedule;
  std::uint64_t epoch_length = 30'000;
};

// Where the engine stands, for metrics and logs.
struct Status {
  Height height = 0;  // being agreed on; 0 before the first head
  Round round = 0;
  std::size_t validators = 0;
  bool is_validator = false;
  bool is_locked = false;
  bool is_syncing = false;
  // Since the start.
  std::uint64_t messages = 0;
  std::uint64_t dropped_messages = 0;   // stale, duplicate, or beyond a bound
  std::uint64_t punished_messages = 0;  // malformed or forged
  std::uint64_t equivocations = 0;      // a validator signed two things for one round
  std::uint64_t round_changes = 0;      // rounds above 0 that this node entered
};

class Engine final : public consensus::ConsensusEngine {
 public:
  // See make_engine.
  Engine(const Config& config, std::unique_ptr<const Signatures> signatures, consensus::HeaderReader reader,
         std::optional<WalRecord> record);

  consensus::Actions on(const consensus::Event& event, consensus::TimePoint now) override;
  // Precondition of both: `parent` is final here or passed verify() itself.
  Result<void> verify(const Header& header, const Header& parent, ByteView commit_proof) const override;
  Result<Bytes> wire_header(const Header& header, ByteView commit_proof) const override;

  // The validators of the block after `header`. Thread-safe.
  Result<ValidatorSet> validators_after(const Header& header) const;
  // Thread-safe.
  LocalVotes& votes() { return votes_; }
  const Config& config() const { return config_; }
  // Only for the thread that feeds the engine.
  Status status() const;

 private:
  enum class Timer : std::uint8_t { block = 0, round = 1, resend = 2 };
  static constexpr std::size_t kTimerCount = 3;
  // What the driver said of a block of this height.
  struct Verdict {
    Hash hash;
    std::optional<Block> block;  // absent: invalid
  };
  struct Build {
    std::uint64_t request;
    Hash parent_hash;
  };
  struct Check {
    std::uint64_t request;
    Hash parent_hash;
    Hash block_hash;
  };

  // Events (engine.cpp).
  void handle(const consensus::Started&) {}
  void handle(const consensus::HeadChanged& event);
  void handle(const consensus::TimerFired& event);
  void handle(const consensus::MessageReceived& event);
  void handle(const consensus::BlockBuilt& event);
  void handle(const consensus::BlockChecked& event);
  void handle(const consensus::WorkPending&);
  void handle(const consensus::Syncing& event);

  // Heights and time (engine.cpp).
  void start_height();
  void resume(const WalRecord& record);
  void leave_height();
  void block_timer_fired();
  void wake(consensus::TimePoint since);
  void note_work();
  void set_timer(Timer timer, consensus::TimePoint at);
  void cancel_timer(Timer timer);

  // Messages in (engine_messages.cpp). The results: false when the same message may be of use when it comes
  // again.
  void receive_again(const consensus::MessageReceived& event, const Hash& hash);
  bool receive_now(Message message, consensus::PeerId peer, const Bytes& wire);
  bool receive(Proposal& proposal, consensus::PeerId peer, const Bytes& wire);
  bool receive(Prepare& prepare, consensus::PeerId peer, const Bytes& wire);
  bool receive(Commit& commit, consensus::PeerId peer, const Bytes& wire);
  bool receive(RoundChange& change, consensus::PeerId peer, const Bytes& wire);
  template <class Payload>
  bool keep(std::optional<Signed<Payload>>& slot, Signed<Payload>& message, consensus::PeerId peer,
            const Bytes& wire);
  bool keep_for_later(Message message, const consensus::MessageReceived& event);
  bool is_useless(const Message& message) const;
  void drop();
  void punish(consensus::PeerId peer, std::string reason);
  HeightRules rules() const;
  LatestOf& latest_of(const Address& validator);

  // The protocol (engine_rules.cpp). progress() applies every rule once, in an order in which one pass is
  // enough.
  void progress();
  void follow_the_others();
  void start_round_timer();
  void propose();
  void prepare();
  void lock_and_commit();
  void decide();
  void decide_if_sealed(const BlockPtr& block, const Prepared& what);
  void enter_round(Round round);
  void announce_round();
  void repeat_round_change();
  void accept(BlockPtr block, const Hash& digest, std::optional<consensus::PeerId> peer, Bytes to_relay);
  void send_proposal(const BlockPtr& block, std::vector<SignedRoundChange> basis,
                     std::vector<Prepare> prepares);
  void sign_prepare(const Hash& digest);
  void sign_commit(const Hash& digest);
  void send(const Message& message);
  bool is_alone() const;

  // Blocks (engine_blocks.cpp).
  void request_build();
  const Block* valid_block(const BlockPtr& block, const Hash& hash);
  void add_verdict(Verdict verdict);
  Seconds gap() const;
  WalRecord record() const;

  const Config config_;
  const std::unique_ptr<const Signatures> signatures_;
  const ValidatorHistory history_;
  LocalVotes votes_;

  // During one on().
  consensus::TimePoint now_;
  consensus::Actions actions_;
  bool must_persist_ = false;

  std::optional<Header> head_;
  Hash head_hash_;
  bool is_syncing_ = false;
  std::optional<Ballot> ballot_;     // absent before the first head and while syncing
  std::optional<WalRecord> record_;  // as found at the start, until a higher height is reached
  std::optional<consensus::TimePoint> parent_began_;  // Ballot::awake_since of the height before
  std::array<std::optional<consensus::TimePoint>, kTimerCount> timers_;
  FutureMessages future_;
  SeenMessages seen_;

  std::uint64_t last_request_ = 0;
  std::optional<Build> build_;  // in flight
  std::optional<Check> check_;  // in flight
  BlockPtr own_block_;          // built here on the present head
  std::vector<Verdict> verdicts_;
  Status counters_;
};

// `reader` is called from every thread that calls verify(). `record` is what Persist stored last; fails with
// corruption when it is none of ours. Without a key, or while its address is not among the validators, the
// engine follows silently and only verifies.
Result<std::unique_ptr<Engine>> make_engine(const Config& config,
                                            std::unique_ptr<const Signatures> signatures,
                                            consensus::HeaderReader reader, std::optional<Bytes> record);

}  // namespace aitbc::qbft
