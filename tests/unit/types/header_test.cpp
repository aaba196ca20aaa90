#include "types/header.hpp"

#include <doctest/doctest.h>

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "samples.hpp"

using namespace aitbc;

TEST_CASE("a header decodes to what was encoded, with and without a base fee") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Header header = test::random_header(seed);
    const Bytes encoded = encode(header);
    REQUIRE(decode_header(encoded).value() == header);
    CHECK(header_hash(header) == keccak256(encoded));
  }
}

TEST_CASE("the constants are the digests that their names say") {
  CHECK(kEmptyOmmersHash == keccak256(rlp::Encoder().begin_list().end_list().take()));
  CHECK(kEmptyTrieRoot == keccak256(rlp::Encoder().text("").take()));
  CHECK(Header{}.ommers_hash == kEmptyOmmersHash);
}

TEST_CASE("truncated headers and bytes after one are refused") {
  Bytes encoded = encode(test::random_header(1));
  for (std::size_t size = 0; size < encoded.size(); size += 7)
    CHECK_FALSE(decode_header(ByteView(encoded).first(size)).has_value());
  encoded.push_back(0);
  CHECK_FALSE(decode_header(encoded).has_value());
}

TEST_CASE("fields of later forks are refused") {
  const Bytes encoded = encode(test::random_header(1));
  rlp::Decoder fields = rlp::decode_list(encoded).value();
  rlp::Encoder longer;
  longer.begin_list();
  while (!fields.at_end()) longer.raw(fields.raw().value());
  longer.bytes(Hash{}).end_list();
  CHECK_FALSE(decode_header(longer.view()).has_value());
}

TEST_CASE("a header without some field is refused") {
  Header header = test::random_header(1);
  header.base_fee_per_gas.reset();
  const Bytes encoded = encode(header);
  for (std::size_t left_out = 0; left_out < 15; ++left_out) {
    rlp::Decoder fields = rlp::decode_list(encoded).value();
    rlp::Encoder shorter;
    shorter.begin_list();
    for (std::size_t i = 0; !fields.at_end(); ++i) {
      const ByteView item = fields.raw().value();
      if (i != left_out) shorter.raw(item);
    }
    CHECK_FALSE(decode_header(shorter.end_list().view()).has_value());
  }
}
