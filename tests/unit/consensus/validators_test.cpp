#include "consensus/qbft/validators.hpp"

#include <doctest/doctest.h>

#include "tests/unit/consensus/fixtures.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using test::address;

namespace {

ValidatorSet first(std::uint8_t n) {
  std::vector<Address> addresses;
  for (std::uint8_t i = 1; i <= n; ++i) addresses.push_back(address(static_cast<std::uint8_t>(10 * i)));
  return ValidatorSet(addresses);
}

}  // namespace

TEST_CASE("fault bound and quorum are floor((n-1)/3) and ceil(2n/3)") {
  const std::size_t bounds[] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3};
  const std::size_t quorums[] = {1, 2, 2, 3, 4, 4, 5, 6, 6, 7};
  for (std::uint8_t n = 1; n <= 10; ++n) {
    CHECK(first(n).fault_bound() == bounds[n - 1]);
    CHECK(first(n).quorum() == quorums[n - 1]);
  }
}

TEST_CASE("two quorums share an honest validator, and the honest ones are a quorum, for every size") {
  for (std::uint8_t n = 1; n <= 25; ++n) {
    const ValidatorSet set = first(n);
    CHECK(2 * set.quorum() > n + set.fault_bound());
    CHECK(n - set.fault_bound() >= set.quorum());
  }
}

TEST_CASE("the proposer of round r is the r-th after the parent's successor") {
  const ValidatorSet set = first(4);
  CHECK(set.proposer(address(20), 0) == address(30));
  CHECK(set.proposer(address(20), 1) == address(40));
  CHECK(set.proposer(address(20), 2) == address(10));
  CHECK(set.proposer(address(40), 0) == address(10));
  CHECK(set.proposer(address(40), 1'000'001) == address(20));
}

TEST_CASE("after a removed proposer the next higher address has its turn, wrapping") {
  const ValidatorSet set = first(4);
  CHECK(set.proposer(address(25), 0) == address(30));
  CHECK(set.proposer(address(25), 1) == address(40));
  CHECK(set.proposer(address(41), 0) == address(10));
  CHECK(set.proposer(Address{}, 0) == address(10));  // the genesis block's coinbase
}

TEST_CASE("a legal proposer up to a round is one of the turns so far") {
  const ValidatorSet set = first(4);
  CHECK(set.is_proposer_up_to(address(30), address(20), 0));
  CHECK_FALSE(set.is_proposer_up_to(address(40), address(20), 0));
  CHECK(set.is_proposer_up_to(address(40), address(20), 1));
  CHECK_FALSE(set.is_proposer_up_to(address(20), address(20), 2));
  CHECK(set.is_proposer_up_to(address(20), address(20), 3));
  CHECK_FALSE(set.is_proposer_up_to(address(99), address(20), 100));
}
