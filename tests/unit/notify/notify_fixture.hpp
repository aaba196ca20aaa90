// A chain of logs that a test writes, and a webhook that answers as it says.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <sstream>

#include "marketplace/events.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/wallet/cli_fixture.hpp"
#include "wallet/notify/channel_feed.hpp"

namespace aitbc::test {

class NotifyFixture {
 public:
  using Reply = tl::expected<web::HttpReply, web::HttpFailure>;

  NotifyFixture();
  // A bid of so much on an auction.
  void bid(std::uint64_t block, std::uint64_t log, std::uint64_t auction, Amount amount);
  static Reply status(unsigned code, std::string retry_after = "") {
    return web::HttpReply{code, "", std::move(retry_after)};
  }
  static Reply lost(bool was_sent) { return tl::unexpected(web::HttpFailure{was_sent, "the line is dead"}); }

  // A feed as a new process makes it, already open.
  notify::ChannelFeed start(Height head);
  void advance(notify::ChannelFeed& feed, Height head);

  TempFolder folder;
  FakeNode fake;
  std::ostringstream logged;
  notify::NotifyConfig config;
  notify::Channel channel;
  std::uint64_t now_ms = 1'000'000;
  std::vector<std::string> posted;  // bodies
  std::deque<Reply> answers;        // in order; none left: 200
  std::function<void()> while_posting;
  std::uint64_t chain_id = 7;

 private:
  FakeClient client_{fake};
  cli::NodeClient node_;
  cli::ServiceLog log_;
  std::vector<std::pair<std::uint64_t, std::string>> logs_;  // by block
};

}  // namespace aitbc::test
