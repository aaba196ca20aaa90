#include "types/block.hpp"

#include <doctest/doctest.h>

#include "codec/rlp.hpp"
#include "samples.hpp"

using namespace aitbc;

namespace {

Block sample_block(std::uint64_t transactions) {
  Block out{test::random_header(7), {}};
  for (std::uint64_t seed = 0; seed < transactions; ++seed)
    out.transactions.push_back(recover_transaction(encode(test::random_transaction(seed))).value());
  return out;
}

// A block's list with one transaction item as given and with `ommers` as its ommers.
Bytes raw_block(ByteView transaction_item, ByteView ommers) {
  rlp::Encoder out;
  out.begin_list().raw(encode(test::random_header(7)));
  out.begin_list().raw(transaction_item).end_list();
  return out.raw(ommers).end_list().take();
}

const Bytes kEmptyList{0xc0};

}  // namespace

TEST_CASE("a block gives back its header and its transactions' wire forms in order") {
  for (const std::uint64_t transactions : {0U, 1U, 40U}) {
    const Block block = sample_block(transactions);
    const Bytes encoded = encode(block);
    const UnrecoveredBlock decoded = decode_block(encoded).value();
    CHECK(decoded.header == block.header);
    REQUIRE(decoded.transactions.size() == transactions);
    for (std::size_t i = 0; i < transactions; ++i)
      CHECK(decoded.transactions[i] == block.transactions[i]->wire);
    CHECK(encode(decoded) == encoded);
  }
}

TEST_CASE("a typed transaction is a string in the block, a legacy one a list") {
  const Block block = sample_block(20);
  const Bytes encoded = encode(block);
  rlp::Decoder fields = rlp::decode_list(encoded).value();
  REQUIRE(fields.raw().has_value());
  rlp::Decoder items = fields.list().value();
  for (const TransactionPtr& transaction : block.transactions) {
    CHECK(items.next_is_list() == (transaction->transaction.type == TransactionType::legacy));
    REQUIRE(items.raw().has_value());
  }
}

TEST_CASE("a transaction item that is neither a list nor a typed string is refused") {
  const Bytes wrapped_list = rlp::Encoder().bytes(Bytes{0xc1, 0x01}).take();
  const Bytes empty_string = rlp::Encoder().bytes({}).take();
  const Bytes reserved_type = rlp::Encoder().bytes(Bytes{0x80, 0x01}).take();
  CHECK(decode_block(raw_block(Bytes{0x01}, kEmptyList)).has_value());
  CHECK_FALSE(decode_block(raw_block(wrapped_list, kEmptyList)).has_value());
  CHECK_FALSE(decode_block(raw_block(empty_string, kEmptyList)).has_value());
  CHECK_FALSE(decode_block(raw_block(reserved_type, kEmptyList)).has_value());
}

TEST_CASE("ommers, missing parts, later forks' parts and bytes after a block are refused") {
  CHECK_FALSE(decode_block(raw_block(Bytes{0x01}, Bytes{0xc1, 0x01})).has_value());
  CHECK_FALSE(decode_block(raw_block(Bytes{0x01}, Bytes{0x80})).has_value());
  CHECK_FALSE(decode_block(raw_block(Bytes{0x01}, {})).has_value());
  CHECK_FALSE(decode_block(raw_block(Bytes{0x01}, Bytes{0xc0, 0xc0})).has_value());
  Bytes encoded = encode(sample_block(2));
  encoded.push_back(0);
  CHECK_FALSE(decode_block(encoded).has_value());
}
