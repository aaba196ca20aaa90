// The seam between ordering (consensus) and the chain: a consensus engine is a pure state machine, events in,
// actions out. It has no sockets, clocks, threads or disk; the node's driver, or the simulator, performs its
// actions.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "types/block.hpp"
#include "types/header.hpp"

namespace aitbc::consensus {

// Unix time. Handed in with every event; an engine never asks for it.
using TimePoint = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

using PeerId = std::uint64_t;  // the driver's number for a connection

// ---- events
struct Started {};
// The chain's head changed (also once after Started, with the head found on disk), by this engine's
// CommitBlock or by sync.
struct HeadChanged {
  Header header;
};
struct TimerFired {
  std::uint64_t timer;
};
struct MessageReceived {
  PeerId peer;
  Bytes message;
};
// Answers BuildBlock. nullopt: it could not be built (the driver reports the local failure itself).
struct BlockBuilt {
  std::uint64_t request;
  std::optional<Block> block;
};
// Answers CheckBlock: the block with its senders, or why it is invalid. (After a failure of this machine the
// driver stops the node; the engine never takes that for the block's fault.)
struct BlockChecked {
  std::uint64_t request;
  Result<Block> block;
};
// There is something to put into the next block: a pool transaction or a due deadline. Forgotten when the
// head changes: send it again after HeadChanged when something is left.
struct WorkPending {};
// While the node syncs the engine stays silent; false when it caught up.
struct Syncing {
  bool syncing;
};
using Event = std::variant<Started, HeadChanged, TimerFired, MessageReceived, BlockBuilt, BlockChecked,
                           WorkPending, Syncing>;

// ---- actions, to be performed in order
// Build and execute a block on the present head. The driver answers with BlockBuilt. An engine never asks for
// a second build before the first was answered; the same holds for checks.
struct BuildBlock {
  std::uint64_t request;
  Height number;
  Seconds timestamp;
  Address coinbase;
  Bytes extra_data;  // hashed form
};
// Recover the senders (in parallel, or from what the pool knows), execute the proposed block on the present
// head, compare every root, leave no trace. The driver answers with BlockChecked.
struct CheckBlock {
  std::uint64_t request;
  UnrecoveredBlock block;
};
// Final: store the block and its proof, publish the head. The driver answers with HeadChanged.
struct CommitBlock {
  Block block;
  Bytes commit_proof;
};
struct Broadcast {
  Bytes message;
};
struct SendTo {
  PeerId peer;
  Bytes message;
};
// Pass a message on to the peers other than `from`: it was new here, and valid. A driver that is connected to
// every validator may leave it.
struct Relay {
  PeerId from;
  Bytes message;
};
struct SetTimer {
  std::uint64_t timer;  // replaces a timer of the same number
  TimePoint at;
};
struct CancelTimer {
  std::uint64_t timer;
};
// Replace the write-ahead record. Durable before any action after it is performed.
struct Persist {
  Bytes record;
};
// The peer sent something no honest node sends.
struct PunishPeer {
  PeerId peer;
  std::string reason;
};
using Action = std::variant<BuildBlock, CheckBlock, CommitBlock, Broadcast, SendTo, Relay, SetTimer,
                            CancelTimer, Persist, PunishPeer>;
using Actions = std::vector<Action>;

// A header by height, of blocks that are final here; nullopt above the head. Thread-safe.
using HeaderReader = std::function<std::optional<Header>(Height)>;

class ConsensusEngine {
 public:
  virtual ~ConsensusEngine() = default;

  // Not thread-safe: one thread feeds it.
  virtual Actions on(const Event& event, TimePoint now) = 0;

  // Whether `header` may follow `parent` as the engine's rules go (proposer, extra data, time, difficulty,
  // mix hash, votes) and `commit_proof` makes it final. invalid_block otherwise; unavailable when `parent` is
  // neither final here nor was verified before. Thread-safe; used by import and sync as well: a run of
  // headers above the head is verified in ascending order.
  virtual Result<void> verify(const Header& header, const Header& parent, ByteView commit_proof) const = 0;

  // The header as this engine's own network would carry it, round and seals included (debug_getRawHeader,
  // block export).
  virtual Result<Bytes> wire_header(const Header& header, ByteView commit_proof) const = 0;
};

}  // namespace aitbc::consensus
