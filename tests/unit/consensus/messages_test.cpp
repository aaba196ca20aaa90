#include "consensus/qbft/messages.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "consensus/qbft/wal_record.hpp"
#include "crypto/keccak.hpp"
#include "tests/unit/consensus/one_of_four.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;

namespace {

std::vector<Message> samples() {
  const OneOfFour node(0);
  const Header header = node.block_header(1, 7);
  Proposal justified{node.sign_proposal(1, 1, header), node.empty_round_changes(1, 3), {}};
  justified.round_changes[0] = node.sign_round_change(0, 1, header, 0, {0}).round_change;
  for (const std::size_t by : {0UL, 1UL, 2UL}) justified.prepares.push_back(node.sign_prepare(by, 0, Hash{}));
  return {Proposal{node.sign_proposal(0, 0, header), {}, {}},
          justified,
          node.sign_prepare(1, 3, Hash{}),
          node.sign_commit(2, 3, OneOfFour::digest(header, 3)),
          node.sign_round_change(3, 5),
          node.sign_round_change(3, 5, header, 4, {0, 1, 2})};
}

}  // namespace

TEST_CASE("every message survives encoding and decoding, author included") {
  for (const Message& message : samples()) {
    const Bytes wire = encode(message);
    Result<Message> decoded = decode_message(wire);
    REQUIRE(decoded);
    CHECK(encode(*decoded) == wire);
    CHECK(authenticate(*decoded, FakeSignatures(std::nullopt)));
    CHECK(author_of(*decoded) == author_of(message));
    CHECK(view_of(*decoded) == view_of(message));
  }
}

TEST_CASE("a prepare is [[height, round, digest], signature], and signs keccak256(rlp([code, payload]))") {
  const PrivateKey key = test_key(1);
  Hash digest;
  digest.bytes.fill(0xab);
  const Prepare prepare = make_signed(PreparePayload{300, 2, digest}, *secp256k1_signatures(key));
  const std::string payload =
      "e5"
      "82012c"
      "02"
      "a0" +
      hex::encode(digest);
  const std::string expected = "f869" + payload + "b841" + hex::encode(prepare.signature.to_bytes());
  CHECK(hex::encode(encode(Message(prepare))) == "13" + expected);
  const Hash signed_hash =
      keccak256(*hex::decode("e7"
                             "13" +
                             payload));
  CHECK(*recover_address(signed_hash, prepare.signature) == key.address());
}

TEST_CASE("a proposal carries its block with the round in the extra data and without seals") {
  const OneOfFour node(0);
  const Header header = node.block_header(1, 7);
  const Bytes wire =
      encode(Message(Proposal{node.sign_proposal(1, 5, header), node.empty_round_changes(5, 3), {}}));
  // Its hash in that form is the digest that is prepared and sealed.
  Header sealed = header;
  ExtraData extra = *decode_extra_data(header.extra_data);
  extra.round = 5;
  sealed.extra_data = encode(extra);
  const std::string in_wire = hex::encode(encode(sealed));
  CHECK(hex::encode(wire).find(in_wire) != std::string::npos);
  CHECK(header_hash(sealed) == OneOfFour::digest(header, 5));
}

TEST_CASE("truncated, extended and contradictory messages are refused") {
  for (const Message& message : samples()) {
    Bytes wire = encode(message);
    for (std::size_t size = 0; size < wire.size(); ++size)
      CHECK_FALSE(decode_message(ByteView(wire).first(size)));
    wire.push_back(0x80);
    CHECK_FALSE(decode_message(wire));
  }
  const OneOfFour node(0);
  const Header header = node.block_header(1, 7);
  SUBCASE("a round change to round 0") {
    CHECK_FALSE(decode_message(encode(Message(node.sign_round_change(0, 0)))));
  }
  SUBCASE("an absurd round") {
    CHECK_FALSE(decode_message(encode(Message(node.sign_round_change(0, kMaxRound + 1)))));
    CHECK_FALSE(decode_message(encode(Message(node.sign_prepare(0, UINT64_MAX, Hash{})))));
  }
  SUBCASE("a claim for a later round than the one to change to") {
    CHECK_FALSE(decode_message(encode(Message(node.sign_round_change(0, 3, header, 3, {0, 1, 2})))));
  }
  SUBCASE("a claim without prepares") {
    CHECK_FALSE(decode_message(encode(Message(node.sign_round_change(0, 3, header, 2, {})))));
  }
  SUBCASE("a block without a claim") {
    RoundChange change = node.sign_round_change(0, 3);
    change.block = OneOfFour::as_block(header);
    change.round_change.payload.prepared = Prepared{};
    Bytes wire = encode(Message(change));
    CHECK_FALSE(decode_message(wire));
  }
  SUBCASE("a proposal for another height than its block's") {
    const SignedProposal proposal =
        make_signed(ProposalPayload{2, 0, OneOfFour::as_block(header)}, FakeSignatures(node.validators[0]));
    CHECK_FALSE(decode_message(encode(Message(Proposal{proposal, {}, {}}))));
  }
}

TEST_CASE("the write-ahead record survives encoding and decoding, and anything else is corruption") {
  const OneOfFour node(0);
  const Header header = node.block_header(1, 7);
  WalRecord record{1, 4, {OneOfFour::digest(header, 4), std::nullopt, Hash{}}, std::nullopt};
  const RoundChange lock = node.sign_round_change(0, 4, header, 3, {0, 1, 2});
  record.lock = Lock{*lock.round_change.payload.prepared, lock.block, lock.prepares};
  const Bytes bytes = encode(record);
  const Result<WalRecord> decoded = decode_wal_record(bytes);
  REQUIRE(decoded);
  CHECK(encode(*decoded) == bytes);
  CHECK(decoded->height == 1);
  CHECK(decoded->round == 4);
  CHECK(decoded->sent == record.sent);
  CHECK(decoded->lock->prepared == record.lock->prepared);
  CHECK(decoded->lock->block->header == header);
  CHECK(decoded->lock->prepares.size() == 3);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(decode_wal_record(ByteView(bytes).first(size)).error().code == ErrorCode::corruption);
  const auto engine = make_engine(
      Config{}, std::make_unique<const FakeSignatures>(std::nullopt), [](Height) { return std::nullopt; },
      Bytes{0xc0});
  REQUIRE_FALSE(engine);
  CHECK(engine.error().code == ErrorCode::corruption);
}
