#include <doctest/doctest.h>

#include "execution/transition.hpp"

using namespace aitbc;

namespace {

ChainRules rules(std::uint64_t least = 7) {
  ChainRules out;
  out.min_base_fee = Amount(least);
  return out;
}

}  // namespace

TEST_CASE("the base fee follows EIP-1559") {
  struct Case {
    std::uint64_t base_fee;
    Gas limit;
    Gas used;
    std::uint64_t next;
  };
  const Case cases[] = {
      // at, below and above the target
      {1'000'000'000, 20'000'000, 10'000'000, 1'000'000'000},
      {1'000'000'000, 20'000'000, 9'000'000, 987'500'000},
      {1'000'000'000, 20'000'000, 11'000'000, 1'012'500'000},
      // an empty and a full block move it by an eighth
      {1'000'000'000, 20'000'000, 0, 875'000'000},
      {1'000'000'000, 20'000'000, 20'000'000, 1'125'000'000},
      // divisions round down, one after the other
      {1'000'000'007, 30'000'001, 29'999'999, 1'124'999'999},
      {1'999, 30'000'000, 14'999'999, 1'999},
      // a rise is at least 1; a fall may be 0
      {7, 20'000'000, 10'000'001, 8},
      {7, 20'000'000, 9'999'999, 7},
      // mainnet blocks 12965000 and 12965001
      {1'000'000'000, 30'029'122, 30'025'257, 1'124'967'822},
  };
  for (const Case& c : cases) {
    CAPTURE(c.used);
    CHECK(next_base_fee(rules(), c.limit, c.used, Amount(c.base_fee)) == Amount(c.next));
  }
}

TEST_CASE("the base fee never falls below the chain's minimum") {
  CHECK(next_base_fee(rules(1'000'000), 1'000'000'000, 0, Amount(1'000'001)) == Amount(1'000'000));
  CHECK(next_base_fee(rules(1'000'000), 1'000'000'000, 0, Amount(5)) == Amount(1'000'000));
  CHECK(next_base_fee(rules(0), 1'000'000'000, 0, Amount(1)) == Amount(1));
}

TEST_CASE("a chain with a zero base fee keeps it at zero") {
  ChainRules free = rules();
  free.zero_base_fee = true;
  CHECK(next_base_fee(free, 20'000'000, 20'000'000, Amount(0)).is_zero());
  CHECK(next_base_fee(free, 20'000'000, 20'000'000, Amount(1000)).is_zero());
}

TEST_CASE("extreme parents neither overflow nor divide by zero") {
  CHECK(next_base_fee(rules(), ~Gas{0}, ~Gas{0}, Amount::max()) == Amount::max());
  CHECK(next_base_fee(rules(), 1, 1, Amount(1000)) == Amount(1000));
  CHECK(next_base_fee(rules(), 0, 0, Amount(1000)) == Amount(1000));
  ChainRules odd = rules();
  odd.elasticity = 1;
  CHECK(next_base_fee(odd, 1000, 0, Amount(8000)) == Amount(7000));
}
