#include "wallet/notify/channel_feed.hpp"

#include <fstream>
#include <stdexcept>

#include "tests/unit/notify/notify_fixture.hpp"

namespace aitbc::notify {
namespace {

using test::NotifyFixture;

TEST_CASE_FIXTURE(NotifyFixture, "each event is posted once, in order, and a restart goes on where it was") {
  config.from_block = 0;
  for (std::uint64_t i = 0; i < 5; ++i) bid(10 + i / 2, i % 2, i + 1, Amount::ait(i + 1));
  {
    ChannelFeed feed = start(11);
    advance(feed, 11);
    CHECK(posted.size() == 4);
    advance(feed, 11);
  }
  ChannelFeed again = start(12);
  advance(again, 12);
  REQUIRE(posted.size() == 5);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(posted[i].find("auc_" + std::to_string(i + 1)) != std::string::npos);
  CHECK(again.state().delivered == 5);
}

TEST_CASE_FIXTURE(NotifyFixture, "a first start posts what comes from then on") {
  bid(10, 0, 1, Amount::ait(1));
  bid(11, 0, 2, Amount::ait(1));
  ChannelFeed feed = start(10);
  advance(feed, 11);
  REQUIRE(posted.size() == 1);
  CHECK(posted.front().find("auc_2") != std::string::npos);
}

TEST_CASE_FIXTURE(NotifyFixture,
                  "what was certainly not posted is tried again with growing pauses, in order") {
  config.from_block = 0;
  bid(1, 0, 1, Amount::ait(1));
  bid(1, 1, 2, Amount::ait(1));
  answers = {status(503), lost(false), status(429, "30"), status(200)};
  ChannelFeed feed = start(1);
  advance(feed, 1);
  CHECK(posted.size() == 1);
  now_ms += 999;
  advance(feed, 1);
  CHECK(posted.size() == 1);
  now_ms += 1;
  advance(feed, 1);
  CHECK(posted.size() == 2);
  now_ms += 2'000;
  advance(feed, 1);
  CHECK(posted.size() == 3);
  now_ms += 29'999;
  advance(feed, 1);
  CHECK(posted.size() == 3);
  now_ms += 1;
  advance(feed, 1);
  REQUIRE(posted.size() == 5);
  CHECK(posted[3] == posted[0]);
  CHECK(posted[4].find("auc_2") != std::string::npos);
  CHECK(feed.state().delivered == 2);
  CHECK(logged.str().find("secret") == std::string::npos);
}

TEST_CASE_FIXTURE(NotifyFixture, "what may have arrived is never posted again") {
  config.from_block = 0;
  bid(1, 0, 1, Amount::ait(1));
  bid(1, 1, 2, Amount::ait(1));
  answers = {lost(true), status(504)};
  ChannelFeed feed = start(1);
  advance(feed, 1);
  CHECK(posted.size() == 2);
  CHECK(feed.state().uncertain == 2);
  ChannelFeed again = start(1);
  advance(again, 1);
  CHECK(posted.size() == 2);
}

TEST_CASE_FIXTURE(NotifyFixture, "a process that dies while it posts does not post that event again") {
  config.from_block = 0;
  bid(1, 0, 1, Amount::ait(1));
  bid(1, 1, 2, Amount::ait(1));
  while_posting = [] { throw std::runtime_error("killed"); };
  {
    ChannelFeed feed = start(1);
    CHECK_THROWS(advance(feed, 1));
  }
  while_posting = nullptr;
  ChannelFeed again = start(1);
  advance(again, 1);
  REQUIRE(posted.size() == 2);
  CHECK(posted[1].find("auc_2") != std::string::npos);
  CHECK(again.state().uncertain == 1);
  CHECK(logged.str().find("may not have been posted") != std::string::npos);
}

TEST_CASE_FIXTURE(NotifyFixture,
                  "a message that is refused is left out, a webhook that is gone holds the channel") {
  config.from_block = 0;
  bid(1, 0, 1, Amount::ait(1));
  bid(1, 1, 2, Amount::ait(1));
  answers = {status(400), status(404)};
  ChannelFeed feed = start(1);
  advance(feed, 1);
  CHECK(feed.state().refused == 1);
  CHECK(posted.size() == 2);
  now_ms += 599'999;
  advance(feed, 1);
  CHECK(posted.size() == 2);
  now_ms += 1;
  advance(feed, 1);
  CHECK(posted.size() == 3);
  CHECK(feed.state().delivered == 1);
}

TEST_CASE_FIXTURE(NotifyFixture, "filters: by event, record, amount") {
  config.from_block = 0;
  bid(1, 0, 1, Amount::ait(1));
  bid(1, 1, 2, Amount::ait(5));
  bid(1, 2, 3, Amount::ait(9));
  SUBCASE("amount") { channel.min_amount = Amount::ait(5); }
  SUBCASE("record") { channel.records = {"auc_3", "auc_2"}; }
  ChannelFeed feed = start(1);
  advance(feed, 1);
  CHECK(posted.size() == 2);
  channel.events = {"BookingCreated"};
  channel.name = "other";
  ChannelFeed other = start(1);
  advance(other, 1);
  CHECK(posted.size() == 2);
}

TEST_CASE_FIXTURE(NotifyFixture, "a cursor of another chain or a damaged one stops the channel") {
  config.from_block = 0;
  ChannelFeed feed = start(1);
  CHECK(feed.open({chain_id + 1, Hash{}}, 1).error().message.find("another chain") != std::string::npos);
  std::ofstream(folder.path() / "ops.cursor.json") << "{}";
  CHECK(Cursor(folder.path(), "ops").load().error().code == ErrorCode::corruption);
}

TEST_CASE_FIXTURE(NotifyFixture, "many blocks without an event are skipped for good") {
  config.from_block = 0;
  ChannelFeed feed = start(5'000);
  advance(feed, 5'000);
  CHECK(feed.state().next == Position{5'001, 0});
  CHECK(Cursor(folder.path(), "ops").load().value()->next == Position{5'001, 0});
}

}  // namespace
}  // namespace aitbc::notify
