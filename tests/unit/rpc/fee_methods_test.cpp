#include "codec/hex.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {
namespace {

constexpr std::uint64_t kGwei = 1'000'000'000;

std::uint64_t number(const json::value& value) { return *hex::parse_quantity_u64(text(value)); }

}  // namespace

TEST_CASE("suggested fees are never zero: an empty chain suggests the floor over the base fee") {
  World world;
  CHECK(world.ask("eth_maxPriorityFeePerGas") == "0x3b9aca00");
  CHECK(number(world.ask("eth_gasPrice")) ==
        kGwei + static_cast<std::uint64_t>(world.chain().view()->next_base_fee.units()));
}

TEST_CASE("the suggested tip follows what recent transactions paid") {
  World world;
  const TransactionPtr transactions[] = {world.sign({.from = 1, .tip = 2 * kGwei}),
                                         world.sign({.from = 2, .tip = 3 * kGwei}),
                                         world.sign({.from = 3, .tip = 9 * kGwei})};
  world.commit(transactions);
  CHECK(number(world.ask("eth_maxPriorityFeePerGas")) == 3 * kGwei);
  // Cheap ones do not draw it below the floor.
  World cheap;
  cheap.commit(cheap.sign({.tip = 1}));
  CHECK(number(cheap.ask("eth_maxPriorityFeePerGas")) == kGwei);
}

TEST_CASE("the fee history goes up to the block asked for, with the base fee that follows") {
  World world;
  const TransactionPtr transactions[] = {world.sign({.from = 1, .gas_limit = 21'000, .tip = 2 * kGwei}),
                                         world.sign({.from = 2, .gas_limit = 21'000, .tip = 4 * kGwei})};
  world.commit(transactions);
  world.commit(std::span<const TransactionPtr>{});
  const json::value history = world.ask("eth_feeHistory", R"(["0x2","latest",[0,50,100]])");
  CHECK(history.at("oldestBlock") == "0x1");
  const json::array& rewards = history.at("reward").as_array();
  REQUIRE(rewards.size() == 2);
  CHECK(number(rewards[0].as_array()[0]) == 2 * kGwei);
  CHECK(number(rewards[0].as_array()[1]) == 2 * kGwei);
  CHECK(number(rewards[0].as_array()[2]) == 4 * kGwei);
  // A block without transactions: the floor, so that wallets do not take it for "nothing needs to be paid".
  CHECK(number(rewards[1].as_array()[0]) == kGwei);
  const json::array& base_fees = history.at("baseFeePerGas").as_array();
  REQUIRE(base_fees.size() == 3);
  CHECK(number(base_fees[2]) == world.chain().view()->next_base_fee.units());
  const json::array& ratios = history.at("gasUsedRatio").as_array();
  REQUIRE(ratios.size() == 2);
  CHECK(ratios[0].to_number<double>() ==
        doctest::Approx(42'000.0 / static_cast<double>(world.chain().view()->head.gas_limit)));
  CHECK(ratios[1].to_number<double>() == 0.0);

  const json::value older = world.ask("eth_feeHistory", R"([1,"0x1"])");
  CHECK(older.at("oldestBlock") == "0x1");
  CHECK(!older.as_object().contains("reward"));
  CHECK(number(older.at("baseFeePerGas").as_array()[1]) == number(base_fees[1]));
}

TEST_CASE("the fee history is bounded and its arguments are checked") {
  World world;
  world.commit(world.sign({}));
  CHECK(world.ask("eth_feeHistory", R"(["0xffffffff","latest",[]])").at("gasUsedRatio").as_array().size() ==
        2);
  CHECK(world.ask("eth_feeHistory", R"(["0x0","latest"])").at("gasUsedRatio").is_null());
  CHECK(world.error("eth_feeHistory", R"(["0x1","0x9"])").find("-32000 request beyond head block") == 0);
  CHECK(
      world.error("eth_feeHistory", R"(["0x1","latest",[50,10]])").find("-32602 invalid reward percentile") ==
      0);
  CHECK(world.error("eth_feeHistory", R"(["0x1","latest",[101]])").find("-32602 invalid reward percentile") ==
        0);
  CHECK(world.error("eth_feeHistory", R"(["0x1","latest",[-1]])").find("-32602 invalid reward percentile") ==
        0);
  CHECK(world.error("eth_feeHistory", R"(["0x1","latest",["x"]])").find("-32602 invalid argument 2") == 0);
  std::string many = "[0";
  for (int i = 0; i < 100; ++i) many += ",1";
  CHECK(world.error("eth_feeHistory", R"(["0x1","latest",)" + many + "]]")
            .find("-32602 over the query limit") == 0);
}

}  // namespace aitbc::rpc::test
