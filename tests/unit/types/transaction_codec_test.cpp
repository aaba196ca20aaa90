#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "samples.hpp"

using namespace aitbc;
using test::key_of;
using test::random_transaction;

namespace {

Transaction plain(TransactionType type) {
  Transaction out;
  out.type = type;
  out.chain_id = 661436;
  out.nonce = 9;
  out.max_fee_per_gas = 20;
  out.max_priority_fee_per_gas = type == TransactionType::dynamic_fee ? 2 : 20;
  out.gas_limit = 21'000;
  out.to = key_of(5).address();
  out.value = 1'000;
  sign_transaction(out, key_of(1));
  return out;
}

// The wire form with one field of the outer list replaced by another item.
Bytes with_item(const Transaction& transaction, std::size_t index, ByteView item) {
  const Bytes wire = encode(transaction);
  const std::size_t type_size = transaction.type == TransactionType::legacy ? 0 : 1;
  rlp::Decoder fields = rlp::decode_list(ByteView(wire).subspan(type_size)).value();
  rlp::Encoder out;
  out.raw(ByteView(wire).first(type_size)).begin_list();
  for (std::size_t i = 0; !fields.at_end(); ++i) {
    const ByteView original = fields.raw().value();
    out.raw(i == index ? item : original);
  }
  return out.end_list().take();
}

Bytes item_of(const Uint256& value) { return rlp::Encoder().uint256(value).take(); }
Bytes item_of(ByteView bytes) { return rlp::Encoder().bytes(bytes).take(); }

void check_refused(ByteView wire) {
  const auto decoded = decode_transaction(wire);
  REQUIRE_FALSE(decoded.has_value());
  CHECK(decoded.error().code == ErrorCode::invalid_input);
  CHECK_FALSE(decoded.error().message.empty());
  CHECK_FALSE(recover_transaction(wire).has_value());
}

constexpr TransactionType kTypes[] = {TransactionType::legacy, TransactionType::access_list,
                                      TransactionType::dynamic_fee};

}  // namespace

TEST_CASE("every transaction decodes to what was encoded, with the same hash and sender") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Transaction transaction = random_transaction(seed);
    const Bytes wire = encode(transaction);
    const Address signer = key_of(static_cast<std::uint8_t>(1 + seed % 200)).address();
    CAPTURE(seed);
    REQUIRE(decode_transaction(wire).value() == transaction);
    CHECK(recover_sender(transaction).value() == signer);
    const TransactionPtr recovered = recover_transaction(wire).value();
    CHECK(recovered->transaction == transaction);
    CHECK(recovered->wire == wire);
    CHECK(recovered->hash == keccak256(wire));
    CHECK(recovered->hash == transaction_hash(transaction));
    CHECK(recovered->sender == signer);
  }
}

TEST_CASE("EIP-155's own example has its published hash, bytes and signature") {
  Transaction transaction;
  transaction.type = TransactionType::legacy;
  transaction.chain_id = 1;
  transaction.nonce = 9;
  transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 20'000'000'000;
  transaction.gas_limit = 21'000;
  transaction.to = Address::from(Bytes(20, 0x35));
  transaction.value = 1'000'000'000'000'000'000;
  CHECK(hex::encode(signing_hash(transaction)) ==
        "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
  sign_transaction(transaction, PrivateKey::from_bytes(Bytes(32, 0x46)).value());
  CHECK(hex::encode(encode(transaction)) ==
        "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
        "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800"
        "ccf555c9f3dc64214b297fb1966a3b6d83");
}

TEST_CASE("bytes after, and missing bytes at the end, are refused") {
  for (const TransactionType type : kTypes) {
    Bytes wire = encode(plain(type));
    for (std::size_t size = 0; size < wire.size(); ++size) check_refused(ByteView(wire).first(size));
    wire.push_back(0);
    check_refused(wire);
  }
}

TEST_CASE("a change of any bit is refused or changes hash and meaning") {
  for (const TransactionType type : kTypes) {
    const Bytes wire = encode(plain(type));
    for (std::size_t bit = 0; bit < wire.size() * 8; ++bit) {
      Bytes changed = wire;
      changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
      const auto decoded = decode_transaction(changed);
      if (!decoded) continue;
      CHECK(encode(*decoded) == changed);
      CHECK(*decoded != plain(type));
    }
  }
}

TEST_CASE("unknown types and the empty envelope are refused") {
  check_refused({});
  for (const unsigned type : {0x00U, 0x03U, 0x04U, 0x7fU, 0x80U, 0xbfU}) {
    Bytes wire = encode(plain(TransactionType::dynamic_fee));
    wire[0] = static_cast<std::uint8_t>(type);
    check_refused(wire);
  }
}

TEST_CASE("a recipient has 20 bytes or none") {
  for (const std::size_t size : {1U, 19U, 21U, 32U}) {
    check_refused(with_item(plain(TransactionType::legacy), 3, item_of(Bytes(size, 1))));
    check_refused(with_item(plain(TransactionType::dynamic_fee), 5, item_of(Bytes(size, 1))));
  }
  const Bytes creation = with_item(plain(TransactionType::legacy), 3, item_of(ByteView{}));
  CHECK_FALSE(decode_transaction(creation).value().to.has_value());
}

TEST_CASE("a legacy v is 27, 28, or from 35 on a chain id and a parity") {
  const Transaction transaction = plain(TransactionType::legacy);
  for (const std::uint64_t v : {0U, 1U, 26U, 29U, 34U})
    check_refused(with_item(transaction, 6, item_of(Uint256(v))));
  const auto with_v = [&](const Uint256& v) {
    return decode_transaction(with_item(transaction, 6, item_of(v))).value();
  };
  CHECK_FALSE(with_v(27).chain_id.has_value());
  CHECK(with_v(28).signature.y_parity == 1);
  CHECK(with_v(35).chain_id == 0);
  CHECK(with_v(36).chain_id == 0);
  CHECK(with_v(37).chain_id == 1);
  CHECK(with_v(38).signature.y_parity == 1);
  CHECK(with_v(Uint256::from_parts(0, 0, 2, 34)).chain_id == ~0ULL);
  check_refused(with_item(transaction, 6, item_of(Uint256::from_parts(0, 0, 2, 35))));
}

TEST_CASE("a typed transaction's parity is 0 or 1") {
  for (const std::uint64_t parity : {2U, 27U, 37U}) {
    check_refused(with_item(plain(TransactionType::access_list), 8, item_of(Uint256(parity))));
    check_refused(with_item(plain(TransactionType::dynamic_fee), 9, item_of(Uint256(parity))));
  }
}

TEST_CASE("numbers beyond their range and priority above the maximum fee are refused") {
  const Uint256 two_64 = Uint256::from_parts(0, 0, 1, 0);
  const Transaction dynamic = plain(TransactionType::dynamic_fee);
  check_refused(with_item(dynamic, 0, item_of(two_64)));
  check_refused(with_item(dynamic, 1, item_of(two_64)));
  check_refused(with_item(dynamic, 1, item_of(Uint256(~0ULL))));
  CHECK(decode_transaction(with_item(dynamic, 1, item_of(Uint256(~0ULL - 1)))).has_value());
  check_refused(with_item(dynamic, 2, item_of(Uint256(21))));
  check_refused(with_item(dynamic, 3, item_of(Bytes(33, 1))));
  check_refused(with_item(dynamic, 4, item_of(two_64)));
  check_refused(with_item(dynamic, 6, item_of(Bytes(33, 1))));
  check_refused(with_item(dynamic, 6, item_of(Bytes{0, 1})));
}

TEST_CASE("an access list holds pairs of 20-byte addresses and lists of 32-byte keys, nothing else") {
  const auto refused = [](const Bytes& list) {
    check_refused(with_item(plain(TransactionType::access_list), 7, list));
    check_refused(with_item(plain(TransactionType::dynamic_fee), 8, list));
  };
  const auto entry = [](std::size_t address_size, std::size_t key_size, bool extra) {
    rlp::Encoder out;
    out.begin_list().begin_list().bytes(Bytes(address_size, 1));
    out.begin_list().bytes(Bytes(key_size, 1)).end_list();
    if (extra) out.u64(1);
    return out.end_list().end_list().take();
  };
  CHECK(decode_transaction(with_item(plain(TransactionType::access_list), 7, entry(20, 32, false)))
            .has_value());
  refused(entry(19, 32, false));
  refused(entry(21, 32, false));
  refused(entry(20, 31, false));
  refused(entry(20, 33, false));
  refused(entry(20, 32, true));
  refused(item_of(ByteView{}));
  refused(rlp::Encoder().begin_list().bytes(Bytes(20, 1)).end_list().take());
  refused(rlp::Encoder().begin_list().begin_list().bytes(Bytes(20, 1)).end_list().end_list().take());
}

TEST_CASE("signatures out of range are refused on decoding") {
  const Transaction transaction = plain(TransactionType::dynamic_fee);
  for (const std::size_t index : {10U, 11U}) {
    check_refused(with_item(transaction, index, item_of(Uint256())));
    check_refused(with_item(transaction, index, item_of(Bytes(32, 0xff))));
  }
  Bytes high_s(32, 0);
  high_s[0] = 0x80;
  check_refused(with_item(transaction, 11, item_of(high_s)));
}

TEST_CASE("the chain id of every protected type is part of what is signed") {
  for (const TransactionType type : kTypes) {
    Transaction transaction = plain(type);
    const Hash before = signing_hash(transaction);
    transaction.chain_id = 1;
    CHECK(signing_hash(transaction) != before);
    CHECK(recover_sender(transaction) != key_of(1).address());
  }
}
