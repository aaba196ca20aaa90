// What nodes say to each other: plain structs and their strict codecs (canonical RLP and nothing else).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::p2p {

inline constexpr std::uint64_t kProtocolVersion = 1;

// Who a node is: its secp256k1 public key, which its TLS certificate is bound to.
using NodeId = PublicKey;

struct Head {
  Height number = 0;
  Hash hash;
  bool operator==(const Head&) const = default;
};

// ---- the connection

// The first message each way.
struct Hello {
  std::uint64_t version = kProtocolVersion;
  std::uint64_t chain_id = 0;
  Hash genesis;
  Head head;
  std::string client;             // name and version, for people
  std::uint16_t listen_port = 0;  // on which the sender takes connections; 0: it takes none
  bool operator==(const Hello&) const = default;
};
// Why the sender ends the connection; the last message.
struct Goodbye {
  std::string reason;
  bool operator==(const Goodbye&) const = default;
};
// Answered by a Pong with the same number.
struct Ping {
  std::uint64_t number = 0;
  bool operator==(const Ping&) const = default;
};
struct Pong {
  std::uint64_t number = 0;
  bool operator==(const Pong&) const = default;
};
struct Neighbour {
  NodeId id;
  std::string host;        // an IP address; empty when not known
  std::uint16_t port = 0;  // 0: it takes no connections
  bool operator==(const Neighbour&) const = default;
};
// Whom the sender is connected with now; sent again when that changes.
struct Neighbours {
  std::vector<Neighbour> nodes;
  bool operator==(const Neighbours&) const = default;
};

// ---- gossip

// The sender's head, when it changed.
struct NewHead {
  Head head;
  bool operator==(const NewHead&) const = default;
};
struct TransactionHashes {
  std::vector<Hash> hashes;
  bool operator==(const TransactionHashes&) const = default;
};
struct GetTransactions {
  std::vector<Hash> hashes;
  bool operator==(const GetTransactions&) const = default;
};
// Those asked for that the sender has, in any order.
struct Transactions {
  std::vector<Bytes> wire;  // wire forms
  bool operator==(const Transactions&) const = default;
};
// A message of the consensus engine's own.
struct Consensus {
  Bytes message;
  bool operator==(const Consensus&) const = default;
};

// ---- sync. An answer carries the number of its request.

// Blocks `from`, `from` + 1, ...: `count` of them at most.
struct GetBlocks {
  std::uint64_t request = 0;
  Height from = 0;
  std::uint64_t count = 0;
  bool operator==(const GetBlocks&) const = default;
};
struct SealedBlock {
  Bytes block;  // rlp, header in hashed form
  Bytes commit_proof;
  bool operator==(const SealedBlock&) const = default;
};
// A run from the height asked for; shorter than asked where the sender has no more, or the message is full.
struct Blocks {
  std::uint64_t request = 0;
  std::vector<SealedBlock> blocks;
  bool operator==(const Blocks&) const = default;
};
// Asks which snapshot of the state the other one offers.
struct GetSnapshot {
  std::uint64_t request = 0;
  bool operator==(const GetSnapshot&) const = default;
};
struct SnapshotManifest {
  std::uint64_t request = 0;
  Bytes manifest;  // node/sync's own form; empty: none is offered
  bool operator==(const SnapshotManifest&) const = default;
};
struct GetStateChunk {
  std::uint64_t request = 0;
  Hash block;    // whose state
  Bytes cursor;  // which part of it; node/sync's own form
  bool operator==(const GetStateChunk&) const = default;
};
struct StateChunk {
  std::uint64_t request = 0;
  Bytes content;  // node/sync's own form; empty: that state is not served any more
  bool operator==(const StateChunk&) const = default;
};

using Message = std::variant<Hello, Goodbye, Ping, Pong, Neighbours, NewHead, TransactionHashes,
                             GetTransactions, Transactions, Consensus, GetBlocks, Blocks, GetSnapshot,
                             SnapshotManifest, GetStateChunk, StateChunk>;

// The kind of a message: its place in the variant, and the first byte on the wire.
using Kind = std::uint8_t;
inline constexpr std::size_t kKinds = std::variant_size_v<Message>;
std::string_view name_of(Kind kind);  // precondition: kind < kKinds

inline constexpr std::size_t kMaxNeighbours = 256;
inline constexpr std::size_t kMaxHashes = 4096;        // of one announcement or request
inline constexpr std::size_t kMaxTransactions = 4096;  // in one message
inline constexpr std::size_t kMaxBlocks = 1024;        // in one message
inline constexpr std::size_t kMaxTextBytes = 128;

// The longest encoding of a kind that decode() takes, kind byte included; 0 when there is no such kind. A
// receiver need not hold more than this.
std::size_t max_encoded_size(Kind kind);

// kind(1) | rlp list of the fields.
Bytes encode(const Message& message);
// invalid_input on whatever encode() would not make of a message within the bounds above.
Result<Message> decode(ByteView encoded);

}  // namespace aitbc::p2p
