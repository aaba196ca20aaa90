#include "wallet/notify/message.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "marketplace/events.hpp"

namespace aitbc::notify {
namespace {

template <market::Literal Name, class... Args>
MarketEvent event_of(const Args&... args) {
  Logs logs;
  market::emit<Name>(logs, args...);
  std::vector<std::string> topics;
  for (const Hash& topic : logs.front().topics) topics.push_back(cli::json_text(hex::encode_prefixed(topic)));
  cli::JsonObject log;
  log.text("address", hex::encode_prefixed(logs.front().address)).raw("topics", cli::json_array(topics));
  log.text("data", hex::encode_prefixed(logs.front().data))
      .text("blockNumber", "0x10")
      .text("logIndex", "0x2");
  log.text("transactionHash", "0xabc");
  const auto events = read_events(cli::Json::parse(cli::json_array({log.str()})).value());
  REQUIRE(events.size() == 1);
  return events.front();
}

MarketEvent auction(const std::string& title) {
  return event_of<"AuctionCreated">(market::AuctionId{2}, Address{}, market::GpuId{3}, std::string("dutch"),
                                    title, Amount::ait(100), Seconds{9});
}

TEST_CASE("a new auction in Slack: text, section and button") {
  CHECK(
      slack_message(auction("H100 for a week"), "https://explorer.example/tx/{tx}") ==
      R"({"text":"New auction created: H100 for a week","blocks":[{"type":"section","text":{"type":"mrkdwn",)"
      R"("text":"*New Auction Alert*\n\n*Title:* H100 for a week\n*Starting Price:* 100 AIT\n*Category:* dutch"}},)"
      R"({"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"View Auction"},)"
      R"("url":"https://explorer.example/tx/0xabc"}]}]})");
}

TEST_CASE("a bid in Slack is one sentence") {
  const auto event = event_of<"AuctionBidPlaced">(market::AuctionId{2}, Address{}, Amount::ait(7));
  CHECK(slack_message(event, "") == R"({"text":"New bid of 7 AIT placed on auction auc_2"})");
}

TEST_CASE("an embed in Discord: title, description, fields, color") {
  const auto event = event_of<"AuctionBidPlaced">(market::AuctionId{2}, Address{}, Amount::ait(7));
  CHECK(
      discord_message(event, "") ==
      R"({"embeds":[{"title":"A bid counts: auc_2","description":"AuctionBidPlaced in block 16","fields":[)"
      R"({"name":"Auction","value":"auc_2","inline":true},)"
      R"({"name":"Bidder","value":"0x0000000000000000000000000000000000000000","inline":true},)"
      R"({"name":"Amount","value":"7 AIT","inline":true}],"color":65280}],"allowed_mentions":{"parse":[]}})");
}

TEST_CASE("other events show every argument, amounts in AIT") {
  const auto event = event_of<"JobSubmitted">(market::JobId{5}, Address{}, Address{},
                                              std::string("inference"), Amount::ait(2), Seconds{9});
  CHECK(event.subject == "job_5");
  CHECK(event.shown("payment") == "2 AIT");
  const std::string text = slack_message(event, "");
  CHECK(text.find("*Job type:* inference") != std::string::npos);
  CHECK(text.find("\"actions\"") == std::string::npos);
}

TEST_CASE("text that users chose mentions nobody and formats nothing") {
  const std::string slack = slack_message(auction("<!channel> *big* & \"q\"\n"), "");
  CHECK(slack.find("<!channel>") == std::string::npos);
  CHECK(slack.find("&lt;!channel&gt;  big  &amp; \\\"q\\\"") != std::string::npos);
  const std::string discord = discord_message(auction("@everyone **big**"), "");
  CHECK(discord.find("\\\\@everyone \\\\*\\\\*big") != std::string::npos);
  CHECK(discord.find(R"("allowed_mentions":{"parse":[]})") != std::string::npos);
}

TEST_CASE("long text is cut between characters") {
  std::string title;
  for (int i = 0; i < 300; ++i) title += "\xc3\xa9";
  const std::string text = slack_message(auction(title), "");
  CHECK(text.find("\xc3\xa9...") != std::string::npos);
  CHECK(text.size() < 1'500);
}

}  // namespace
}  // namespace aitbc::notify
