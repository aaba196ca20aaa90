// aitbc validator: votes and the set, against a node played by the test.
#include "tests/unit/wallet/cli_fixture.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

constexpr const char* kFirst = "0x1111111111111111111111111111111111111111";
constexpr const char* kSecond = "0x2222222222222222222222222222222222222222";

}  // namespace

TEST_CASE("a vote to add or remove reaches the node as such") {
  CliFixture cli;
  std::vector<std::string> votes;
  cli.node.on("qbft_proposeValidatorVote", [&](const cli::Json& params) -> FakeNode::Answer {
    votes.push_back(params[0].text() + (params[1].is_true() ? " add" : " remove"));
    return "true";
  });
  CHECK(cli.run({"validator", "propose", kFirst}).status == 0);
  CHECK(cli.run({"validator", "propose", kFirst, "--add"}).status == 0);
  CHECK(cli.run({"validator", "propose", kSecond, "--remove"}).status == 0);
  CHECK(votes == std::vector<std::string>{std::string(kFirst) + " add", std::string(kFirst) + " add",
                                          std::string(kSecond) + " remove"});
  CHECK(cli.run({"validator", "propose", kSecond, "--remove", "--add"}).status == 2);
  CHECK(cli.run({"validator", "propose", "0x12"}).status != 0);
  CHECK(votes.size() == 3);
}

TEST_CASE("a vote that the node does not have cannot be taken back") {
  CliFixture cli;
  cli.node.on("qbft_discardValidatorVote", "true");
  CHECK(cli.run({"validator", "discard", kFirst}).status == 0);
  cli.node.on("qbft_discardValidatorVote", "false");
  const CliResult refused = cli.run({"validator", "discard", kFirst});
  CHECK(refused.status == 1);
  CHECK(refused.err.find("no vote") != std::string::npos);
}

TEST_CASE("the votes are listed with what they are for") {
  CliFixture cli;
  cli.node.on("qbft_getPendingVotes", "{}");
  CHECK(cli.run({"validator", "votes"}).out.find("casts no votes") != std::string::npos);
  cli.node.on("qbft_getPendingVotes", std::string("{\"") + kFirst + "\":true,\"" + kSecond + "\":false}");
  const auto listed = cli::Json::parse(cli.run({"validator", "votes", "--format", "json"}).out);
  REQUIRE(listed.has_value());
  REQUIRE(listed->size() == 2);
  CHECK((*listed)[0]["vote"].text() == "add");
  CHECK((*listed)[1]["vote"].text() == "remove");
}

TEST_CASE("the list shows every validator of the next block, those without blocks too") {
  CliFixture cli;
  cli.node.on("eth_blockNumber", "\"0x10\"");
  cli.node.on("qbft_getValidatorsByBlockNumber", std::string("[\"") + kFirst + "\",\"" + kSecond + "\"]");
  cli.node.on("qbft_getSignerMetrics",
              std::string("[{\"address\":\"") + kFirst +
                  "\",\"proposedBlockCount\":\"0x7\",\"lastProposedBlockNumber\":\"0xf\"}]");
  const auto listed = cli::Json::parse(cli.run({"validator", "list", "--format", "json"}).out);
  REQUIRE(listed.has_value());
  REQUIRE(listed->size() == 2);
  CHECK((*listed)[0]["proposed"].u64() == 7);
  CHECK((*listed)[0]["last_block"].u64() == 15);
  CHECK((*listed)[1]["proposed"].u64() == 0);
  CHECK((*listed)[1]["last_block"].is_null());
}
