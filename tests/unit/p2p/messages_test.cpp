// The wire messages: what is encoded is decoded, and nothing else is.
#include <doctest/doctest.h>

#include "codec/rlp.hpp"
#include "node/p2p/messages.hpp"

using namespace aitbc;
using namespace aitbc::p2p;

namespace {

template <class Fixed>
Fixed filled(std::uint8_t byte) {
  Fixed out;
  out.bytes.fill(byte);
  return out;
}

std::vector<Message> samples() {
  const Hash hash = filled<Hash>(7);
  return {Hello{1, 661436, hash, {12, filled<Hash>(9)}, "aitbc/1.0", 30303},
          Goodbye{"too many peers"},
          Ping{0},
          Pong{~std::uint64_t{0}},
          Neighbours{{{filled<NodeId>(1), "127.0.0.1", 30303}, {filled<NodeId>(2), "", 0}}},
          NewHead{{5, hash}},
          TransactionHashes{{hash, filled<Hash>(8)}},
          GetTransactions{{hash}},
          Transactions{{{1, 2, 3}, {}}},
          Consensus{Bytes(300, 0xc0)},
          GetBlocks{1, 2, 3},
          Blocks{4, {{{0xc0}, {0x80}}, {{}, {}}}},
          GetSnapshot{9},
          SnapshotManifest{9, {1}},
          GetStateChunk{10, hash, {5, 6}},
          StateChunk{10, Bytes(1000, 1)}};
}

bool is_refused(const Bytes& encoded) { return !decode(encoded).has_value(); }

}  // namespace

TEST_CASE("every kind of message survives its encoding") {
  const auto all = samples();
  REQUIRE(all.size() == kKinds);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    INFO(name_of(static_cast<Kind>(kind)));
    REQUIRE(all[kind].index() == kind);
    const Bytes encoded = encode(all[kind]);
    CHECK(encoded[0] == kind);
    const auto decoded = decode(encoded);
    REQUIRE(decoded.has_value());
    CHECK(*decoded == all[kind]);
  }
}

TEST_CASE("a message cut short, or with something after it, is refused") {
  for (const Message& message : samples()) {
    const Bytes encoded = encode(message);
    for (std::size_t size = 0; size < encoded.size(); ++size)
      CHECK(is_refused(Bytes(encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(size))));
    Bytes longer = encoded;
    longer.push_back(0x80);
    CHECK(is_refused(longer));
  }
}

TEST_CASE("kinds that do not exist are refused, and have no size") {
  for (unsigned kind = kKinds; kind < 256; ++kind) {
    CHECK(is_refused({static_cast<std::uint8_t>(kind), 0xc0}));
    CHECK(max_encoded_size(static_cast<Kind>(kind)) == 0);
  }
}

TEST_CASE("a number with a leading zero, a port above 65535 and a missing or surplus field are refused") {
  const auto ping = static_cast<std::uint8_t>(Message(Ping{}).index());
  CHECK(!is_refused({ping, 0xc1, 0x01}));
  CHECK(is_refused({ping, 0xc1, 0x00}));              // zero is the empty string
  CHECK(is_refused({ping, 0xc3, 0x82, 0x00, 0x01}));  // a leading zero
  CHECK(is_refused({ping, 0xc0}));
  CHECK(is_refused({ping, 0xc2, 0x01, 0x01}));
  CHECK(is_refused({ping, 0x01}));

  const auto with_port = [](std::uint64_t port) {
    rlp::Encoder out;
    out.begin_list().begin_list().begin_list();
    out.bytes(filled<NodeId>(1)).text("").u64(port).end_list().end_list().end_list();
    Bytes encoded{static_cast<std::uint8_t>(Message(Neighbours{}).index())};
    append(encoded, out.view());
    return encoded;
  };
  CHECK(!is_refused(with_port(65'535)));
  CHECK(is_refused(with_port(65'536)));
}

TEST_CASE("lists and texts beyond their bounds are refused") {
  CHECK(!is_refused(encode(TransactionHashes{std::vector<Hash>(kMaxHashes)})));
  CHECK(is_refused(encode(TransactionHashes{std::vector<Hash>(kMaxHashes + 1)})));
  CHECK(!is_refused(encode(Transactions{std::vector<Bytes>(kMaxTransactions)})));
  CHECK(is_refused(encode(Transactions{std::vector<Bytes>(kMaxTransactions + 1)})));
  CHECK(!is_refused(encode(Blocks{1, std::vector<SealedBlock>(kMaxBlocks)})));
  CHECK(is_refused(encode(Blocks{1, std::vector<SealedBlock>(kMaxBlocks + 1)})));
  CHECK(!is_refused(encode(Neighbours{std::vector<Neighbour>(kMaxNeighbours)})));
  CHECK(is_refused(encode(Neighbours{std::vector<Neighbour>(kMaxNeighbours + 1)})));
  CHECK(!is_refused(encode(Goodbye{std::string(kMaxTextBytes, 'x')})));
  CHECK(is_refused(encode(Goodbye{std::string(kMaxTextBytes + 1, 'x')})));
}

TEST_CASE("a message longer than its kind allows is refused before it is read") {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    Bytes huge(max_encoded_size(static_cast<Kind>(kind)) + 1, 0);
    huge[0] = static_cast<Kind>(kind);
    const auto refused = decode(huge);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().message == "p2p: a message that is too long");
  }
}
