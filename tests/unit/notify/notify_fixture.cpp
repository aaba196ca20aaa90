#include "tests/unit/notify/notify_fixture.hpp"

#include "codec/hex.hpp"

namespace aitbc::test {

using cli::Json;

NotifyFixture::NotifyFixture()
    : node_(client_), log_(logged, false, "aitbc-notify", [] { return std::uint64_t{0}; }) {
  config.state_folder = folder.path();
  channel.name = "ops";
  channel.url = web::parse_url("https://hooks.example/secret").value();
  fake.on("eth_getLogs", [this](const Json& params) -> FakeNode::Answer {
    const Json filter = params[std::size_t{0}];
    std::vector<std::string> found;
    for (const auto& [block, log] : logs_)
      if (block >= filter["fromBlock"].u64() && block <= filter["toBlock"].u64()) found.push_back(log);
    return cli::json_array(found);
  });
}

void NotifyFixture::bid(std::uint64_t block, std::uint64_t log, std::uint64_t auction, Amount amount) {
  Logs out;
  market::emit<"AuctionBidPlaced">(out, market::AuctionId{auction}, Address{}, amount);
  logs_.emplace_back(block, log_json(out.front(), block, log));
}

notify::ChannelFeed NotifyFixture::start(Height head) {
  notify::ChannelFeed feed(
      channel, config, log_,
      [this](const notify::Channel&, std::string body) -> Reply {
        posted.push_back(std::move(body));
        if (while_posting) while_posting();
        if (answers.empty()) return status(200);
        Reply answer = answers.front();
        answers.pop_front();
        return answer;
      },
      [this] { return now_ms; });
  const auto opened = feed.open({chain_id, Hash{}}, head);
  REQUIRE_MESSAGE(opened, opened.error().message);
  return feed;
}

void NotifyFixture::advance(notify::ChannelFeed& feed, Height head) {
  const auto done = feed.advance(node_, head);
  REQUIRE_MESSAGE(done, done.error().message);
}

}  // namespace aitbc::test
