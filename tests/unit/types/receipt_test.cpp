#include "types/receipt.hpp"

#include <doctest/doctest.h>

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "samples.hpp"

using namespace aitbc;

namespace {

// The bits of an item as the yellow paper defines them, in plain words.
Bloom plain_bloom(ByteView item) {
  const Hash digest = keccak256(item);
  Bloom out;
  for (std::size_t i = 0; i < 6; i += 2) {
    const unsigned bit = (digest.bytes[i] * 256U + digest.bytes[i + 1]) % 2048;
    out.bytes[255 - bit / 8] = static_cast<std::uint8_t>(out.bytes[255 - bit / 8] | 1U << bit % 8);
  }
  return out;
}

Receipt with_topics(std::size_t count) {
  Receipt out;
  out.logs = {Log{Address{}, std::vector<Hash>(count), {}}};
  return out;
}

}  // namespace

TEST_CASE("a receipt of every type decodes to what was encoded") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Receipt receipt = test::random_receipt(seed);
    const Bytes encoded = encode(receipt);
    REQUIRE(decode_receipt(encoded).value() == receipt);
    CHECK((encoded[0] < 0x80) == (receipt.type != TransactionType::legacy));
  }
}

TEST_CASE("truncated receipts, bytes after one, and unknown types are refused") {
  Bytes encoded = encode(test::random_receipt(3));
  for (std::size_t size = 0; size < encoded.size(); size += 3)
    CHECK_FALSE(decode_receipt(ByteView(encoded).first(size)).has_value());
  encoded.push_back(0);
  CHECK_FALSE(decode_receipt(encoded).has_value());
  Receipt typed;
  typed.type = TransactionType::dynamic_fee;
  Bytes unknown = encode(typed);
  unknown[0] = 3;
  CHECK_FALSE(decode_receipt(unknown).has_value());
}

TEST_CASE("a log has at most four topics") {
  CHECK(decode_receipt(encode(with_topics(4))).has_value());
  CHECK_FALSE(decode_receipt(encode(with_topics(5))).has_value());
}

TEST_CASE("a status other than 0 or 1 is refused") {
  rlp::Encoder out;
  out.begin_list().u64(2).u64(21'000).bytes(Bloom{}).begin_list().end_list().end_list();
  CHECK_FALSE(decode_receipt(out.view()).has_value());
}

TEST_CASE("a bloom holds the address and the topics of every log, and not their data") {
  const Receipt receipt = test::random_receipt(11);
  Bloom expected;
  for (const Log& log : receipt.logs) {
    merge(expected, plain_bloom(log.address));
    for (const Hash& topic : log.topics) merge(expected, plain_bloom(topic));
  }
  CHECK(bloom_of(receipt.logs) == expected);
  CHECK(bloom_of({}) == Bloom{});
}

TEST_CASE("a bloom never denies what was added and seldom claims more") {
  std::mt19937_64 random(1);
  std::vector<Hash> added(50);
  for (Hash& item : added) item = test::random_fixed<Hash>(random);
  Log log;
  log.topics = added;
  const Bloom bloom = bloom_of({log});
  for (const Hash& item : added) CHECK(bloom_may_contain(bloom, item));
  int claimed = 0;
  for (int i = 0; i < 10'000; ++i)
    claimed += bloom_may_contain(bloom, test::random_fixed<Hash>(random)) ? 1 : 0;
  CHECK(claimed < 100);
  CHECK_FALSE(bloom_may_contain(Bloom{}, added[0]));
}
