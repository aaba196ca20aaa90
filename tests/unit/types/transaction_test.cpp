#include "types/transaction.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

using namespace aitbc;

namespace {

Transaction priced(const Uint256& max_fee, const Uint256& priority_fee) {
  Transaction out;
  out.max_fee_per_gas = max_fee;
  out.max_priority_fee_per_gas = priority_fee;
  return out;
}

const Uint256 kTooWide = Uint256::from_parts(0, 1, 0, 0);

}  // namespace

TEST_CASE("a plain transfer costs 21000 gas before execution") {
  Transaction transaction;
  transaction.to = Address{};
  CHECK(intrinsic_gas(transaction) == 21'000);
}

TEST_CASE("data costs 4 gas a zero byte and 16 another") {
  Transaction transaction;
  transaction.to = Address{};
  transaction.data = {0, 0, 0, 1, 2};
  CHECK(intrinsic_gas(transaction) == 21'000 + 3 * 4 + 2 * 16);
}

TEST_CASE("creation costs 32000 more and 2 for each begun word of init code") {
  Transaction transaction;
  CHECK(intrinsic_gas(transaction) == 53'000);
  transaction.data = Bytes(32, 1);
  CHECK(intrinsic_gas(transaction) == 53'000 + 32 * 16 + 2);
  transaction.data = Bytes(33, 1);
  CHECK(intrinsic_gas(transaction) == 53'000 + 33 * 16 + 4);
}

TEST_CASE("an access list costs 2400 an address and 1900 a key") {
  Transaction transaction;
  transaction.to = Address{};
  transaction.access_list = {{Address{}, {Hash{}, Hash{}}}, {Address{}, {}}};
  CHECK(intrinsic_gas(transaction) == 21'000 + 2 * 2'400 + 2 * 1'900);
}

TEST_CASE("the tip is the priority fee as far as the maximum fee leaves room for it") {
  const auto ample = effective_fee(priced(100, 10), Amount(50)).value();
  CHECK(ample.gas_price == Amount(60));
  CHECK(ample.tip_per_gas == Amount(10));
  const auto tight = effective_fee(priced(55, 10), Amount(50)).value();
  CHECK(tight.gas_price == Amount(55));
  CHECK(tight.tip_per_gas == Amount(5));
  const auto exact = effective_fee(priced(50, 10), Amount(50)).value();
  CHECK(exact.gas_price == Amount(50));
  CHECK(exact.tip_per_gas == Amount(0));
}

TEST_CASE("a legacy price goes to the proposer above the base fee") {
  const auto fee = effective_fee(priced(100, 100), Amount(30)).value();
  CHECK(fee.gas_price == Amount(100));
  CHECK(fee.tip_per_gas == Amount(70));
}

TEST_CASE("a maximum fee below the base fee or over 128 bits has no effective fee") {
  CHECK_FALSE(effective_fee(priced(49, 1), Amount(50)).has_value());
  CHECK_FALSE(effective_fee(priced(kTooWide, 1), Amount(50)).has_value());
  const auto largest = effective_fee(priced(Amount::max().to_uint256(), kTooWide), Amount(1)).value();
  CHECK(largest.gas_price == Amount::max());
}

TEST_CASE("another key's signature names another sender") {
  Transaction transaction = test::random_transaction(1);
  sign_transaction(transaction, test::key_of(1));
  CHECK(recover_sender(transaction).value() == test::key_of(1).address());
  sign_transaction(transaction, test::key_of(2));
  CHECK(recover_sender(transaction).value() == test::key_of(2).address());
}
