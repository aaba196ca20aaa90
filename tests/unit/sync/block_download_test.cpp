#include "node/sync/block_download.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace aitbc;
using namespace aitbc::sync;
using std::chrono::seconds;

namespace {

constexpr TimePoint kStart{seconds(1'000'000)};

std::vector<p2p::SealedBlock> some_blocks(std::uint64_t count, std::size_t bytes = 10) {
  return std::vector<p2p::SealedBlock>(count, p2p::SealedBlock{Bytes(bytes, 1), Bytes()});
}

struct World {
  BlockDownload download;
  TimePoint now = kStart;
  std::vector<p2p::PeerId> overdue;

  explicit World(DownloadOptions options = {}) : download(options) {}
  std::vector<BlockDownload::Request> plan() {
    overdue.clear();
    return download.plan(now, overdue);
  }
  BlockDownload::Answer answer(const BlockDownload::Request& request, std::uint64_t count) {
    return download.receive(request.peer, request.number, some_blocks(count), now);
  }
};

DownloadOptions small_ranges() {
  DownloadOptions options;
  options.blocks_per_request = 10;
  return options;
}

}  // namespace

TEST_CASE("ranges are asked of all peers at once and handed over in order, however they arrive") {
  World world(small_ranges());
  world.download.set_head(1, 60);
  world.download.set_head(2, 60);
  world.download.set_head(3, 60);
  auto requests = world.plan();
  REQUIRE(requests.size() == 6);  // two of each peer
  std::set<p2p::PeerId> peers;
  for (const auto& request : requests) peers.insert(request.peer);
  CHECK(peers.size() == 3);
  for (std::size_t i = requests.size(); i-- > 1;)
    CHECK(world.answer(requests[i], 10) == BlockDownload::Answer::taken);
  CHECK_FALSE(world.download.take().has_value());
  CHECK(world.answer(requests[0], 10) == BlockDownload::Answer::taken);
  Height next = 1;
  while (const auto run = world.download.take()) {
    CHECK(run->from == next);
    next += run->blocks.size();
  }
  CHECK(next == 61);
  CHECK(world.download.waiting_bytes() == 0);
}

TEST_CASE("what a peer leaves out is asked for again") {
  World world(small_ranges());
  world.download.set_head(1, 10);
  CHECK(world.answer(world.plan().at(0), 4) == BlockDownload::Answer::taken);
  CHECK(world.download.take()->blocks.size() == 4);
  const auto rest = world.plan();
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].from == 5);
  CHECK(rest[0].count == 6);
}

TEST_CASE("a peer that does not answer is asked once more later, and everybody else first") {
  World world(small_ranges());
  world.download.set_head(1, 10);
  const auto first = world.plan().at(0);
  world.download.set_head(2, 10);
  CHECK(world.plan().empty());
  world.now += seconds(5);
  CHECK(world.download.next_deadline() == world.now);
  const auto again = world.plan();
  CHECK(world.overdue == std::vector<p2p::PeerId>{1});
  REQUIRE(again.size() == 1);
  CHECK(again[0].peer == 2);
  // The late answer is nobody's fault and of no use.
  CHECK(world.answer(first, 10) == BlockDownload::Answer::stale);
  world.now += seconds(5);
  const auto third = world.plan();
  CHECK(world.overdue == std::vector<p2p::PeerId>{2});
  REQUIRE(third.size() == 1);
  CHECK(third[0].peer == 1);  // both have failed, and the first one has rested
}

TEST_CASE("a peer alone that fails is tried again after a rest that doubles") {
  World world(small_ranges());
  world.download.set_head(1, 10);
  Duration longest{0};
  for (int failure = 0; failure < 12; ++failure) {
    TimePoint asked = world.now;
    while (world.plan().empty()) {
      REQUIRE(world.download.next_deadline().has_value());
      world.now = *world.download.next_deadline();
    }
    longest = std::max(longest, std::chrono::duration_cast<Duration>(world.now - asked));
  }
  CHECK(longest >= seconds(60));
  CHECK(longest <= seconds(66));
}

TEST_CASE("a peer whose head was a lie is not asked beyond what it has") {
  World world(small_ranges());
  world.download.set_head(1, 1'000'000);
  world.download.set_head(2, 10);
  for (const auto& request : world.plan())
    world.answer(request, request.peer == 2 || request.from == 1 ? request.count : 0);
  CHECK(world.download.highest() == 10);
}

TEST_CASE("more blocks than were asked for are refused") {
  World world(small_ranges());
  world.download.set_head(1, 10);
  CHECK(world.answer(world.plan().at(0), 11) == BlockDownload::Answer::wrong);
  CHECK_FALSE(world.download.take().has_value());
}

TEST_CASE("what waits for the import is bounded by number and by bytes") {
  DownloadOptions options = small_ranges();
  options.ranges_ahead = 5;
  options.max_bytes = 1000;
  World world(options);
  world.download.set_head(1, 100'000);
  std::size_t ranges = 0;
  for (auto requests = world.plan(); !requests.empty(); requests = world.plan())
    for (const auto& request : requests) {
      ++ranges;
      world.answer(request, 10);
    }
  CHECK(ranges == 5);

  World heavy(options);
  heavy.download.set_head(1, 100'000);
  const auto requests = heavy.plan();
  heavy.download.receive(1, requests.at(0).number, some_blocks(10, 200), heavy.now);
  CHECK(heavy.download.waiting_bytes() == 2000);
  heavy.download.receive(1, requests.at(1).number, {}, heavy.now);
  heavy.download.set_head(1, 200'000);
  heavy.now += seconds(100);
  CHECK(heavy.plan().size() <= 4);  // only what was planned before
  CHECK(heavy.download.take().has_value());
  CHECK(heavy.download.waiting_bytes() == 0);
}

TEST_CASE("blocks that came another way are not asked for any more") {
  World world(small_ranges());
  world.download.set_head(1, 40);
  const auto requests = world.plan();
  REQUIRE(requests.size() == 2);
  world.download.set_own_head(15);
  CHECK(world.answer(requests[0], 10) == BlockDownload::Answer::stale);
  CHECK(world.answer(requests[1], 10) == BlockDownload::Answer::stale);
  CHECK(world.plan().at(0).from == 16);
}

TEST_CASE("after a bad block everything from there on is fetched again, without the peer that sent it") {
  World world(small_ranges());
  world.download.set_head(1, 20);
  world.download.set_head(2, 20);
  for (const auto& request : world.plan()) world.answer(request, 10);
  const auto run = world.download.take();
  REQUIRE(run.has_value());
  world.download.remove(run->peer);
  world.download.restart_at(4);
  const auto again = world.plan();
  REQUIRE(again.size() == 2);
  CHECK(again[0].from == 4);
  for (const auto& request : again) CHECK(request.peer != run->peer);
}

TEST_CASE("a peer that goes takes its requests with it") {
  World world(small_ranges());
  world.download.set_head(1, 20);
  CHECK(world.plan().size() == 2);
  world.download.remove(1);
  CHECK_FALSE(world.download.has_peers());
  CHECK(world.plan().empty());
  world.download.set_head(2, 20);
  CHECK(world.plan().size() == 2);
}
