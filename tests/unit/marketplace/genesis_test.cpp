#include "market.hpp"

namespace aitbc::market::test {
namespace {

std::string refused(std::string_view params) {
  const aitbc::test::MapStateView empty;
  State state(empty);
  const auto made = make_marketplace()->genesis(state, params);
  REQUIRE_FALSE(made.has_value());
  return made.error().message;
}

TEST_CASE("the genesis section sets parameters by name, the others keep their defaults") {
  Market m(R"({"takeBps": 1000, "minStake": "5000000000000000000",
               "treasury": "0x00000000000000000000000000000000000000ff"})");
  CHECK(m.params().take_bps == 1'000);
  CHECK(m.params().min_stake == Amount::ait(5));
  CHECK(m.treasury() == aitbc::test::address_of(0xff));
  CHECK(m.params().max_closings_per_block == 512);
}

TEST_CASE("a genesis section that makes no sense is refused by name") {
  CHECK(refused("[]") == "marketplace: must be a JSON object");
  CHECK(refused("{") == "marketplace: must be a JSON object");
  CHECK(refused(R"({"takebps": 1})") == "marketplace.takebps: no such parameter");
  CHECK(refused(R"({"validators": []})") == "marketplace.validators: no such parameter");
  CHECK(refused(R"({"takeBps": 10001})") == "marketplace: shares in basis points are at most 10000");
  CHECK(refused(R"({"takeBps": 70000})") == "marketplace.takeBps: must be a whole number in range");
  CHECK(refused(R"({"takeBps": -1})") == "marketplace.takeBps: must be a whole number in range");
  CHECK(refused(R"({"takeBps": 1.5})") == "marketplace.takeBps: must be a whole number in range");
  CHECK(refused(R"({"minStake": 5})") == "marketplace.minStake: must be a decimal string of base units");
  CHECK(refused(R"({"maxBooking": 0})") == "marketplace: times are between 1 second and 100 years");
  CHECK(refused(R"({"defaultBidTtl": 99999999})") == "marketplace: a default exceeds its maximum");
  CHECK(refused(R"({"maxClosingsPerBlock": 0})") == "marketplace: maxClosingsPerBlock must not be 0");
  CHECK(refused(R"({"treasury": "nobody"})").starts_with("marketplace.treasury: "));
}

TEST_CASE("the contract starts without a balance and with code") {
  aitbc::test::MapStateView rich;
  rich.fund(kContract, Amount(1));
  State state(rich);
  CHECK_FALSE(make_marketplace()->genesis(state, "{}").has_value());
  Market m;
  CHECK(m.state().account(kContract).code_hash != Account::empty().code_hash);
  CHECK(m.module().code().size() == 1);
}

}  // namespace
}  // namespace aitbc::market::test
