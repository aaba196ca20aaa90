#include "market_chain.hpp"

namespace aitbc::search::test {
namespace {

std::string voters(const json::value& roles) {
  std::string out;
  for (const json::value& each : roles.at("validators").as_array())
    out += (out.empty() ? "" : " ") + std::string(each.as_string());
  return out;
}

std::string status(const MarketChain& m) {
  return std::string(m.ask("market_getProposal", R"(["prop_1"])").at("state").as_string());
}

TEST_CASE("the validators of each block decide on the market's rules, and are shown with its roles") {
  MarketChain m;
  m.open_index();
  m.vote_in({kProvider, kCustomer, kRival});
  const std::string change = R"(["takeBps","300","0x0000000000000000000000000000000000000000"])";
  m.call(kProvider, "propose", change);
  m.commit();
  CHECK(status(m) == "voting");
  const std::string then = voters(m.ask("market_getRoles"));
  for (const std::uint8_t each : {kProvider, kCustomer, kRival})
    CHECK(then.find(address(each)) != std::string::npos);

  // Two of three approve, but the one who proposed it is out by then.
  m.vote_in({kCustomer, kRival, kArbitrator});
  m.call(kCustomer, "approve", R"(["prop_1"])");
  m.commit();
  CHECK(status(m) == "voting");
  CHECK(voters(m.ask("market_getRoles")).find(address(kProvider)) == std::string::npos);
  CHECK(voters(m.ask("market_getRoles", R"({"block":"1"})")) == then);
  m.call(kRival, "approve", R"(["prop_1"])");
  m.commit();
  CHECK(status(m) == "accepted");
}

}  // namespace
}  // namespace aitbc::search::test
