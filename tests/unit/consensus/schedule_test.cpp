#include "consensus/qbft/schedule.hpp"

#include <doctest/doctest.h>

#include "consensus/qbft/message_buffer.hpp"
#include "tests/unit/consensus/one_of_four.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;
using consensus::TimePoint;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("known fault: round timeouts that explode") {
  Schedule schedule;
  schedule.request_timeout = milliseconds(1000);
  schedule.max_round_timeout = seconds(30);
  const int expected[] = {1, 2, 4, 8, 16, 30, 30};
  for (Round round = 0; round < 7; ++round) CHECK(round_timeout(schedule, round) == seconds(expected[round]));
  for (const Round round : {10UL, 15UL, 63UL, 64UL, static_cast<unsigned long>(kMaxRound)})
    CHECK(round_timeout(schedule, round) == seconds(30));
  schedule.request_timeout = seconds(60);
  CHECK(round_timeout(schedule, 3) == seconds(60));
}

TEST_CASE("a period of whole seconds counts from the parent's timestamp, which all share") {
  Schedule schedule;
  schedule.block_period = seconds(2);
  schedule.empty_block_period = seconds(10);
  const TimePoint began(milliseconds(1'000'700));
  CHECK(earliest_proposal(schedule, 1000, began) == TimePoint(seconds(1002)));
  CHECK(earliest_empty_proposal(schedule, 1000, began) == TimePoint(seconds(1010)));
  schedule.empty_block_period = seconds(1);
  CHECK(earliest_empty_proposal(schedule, 1000, began) == TimePoint(seconds(1002)));
}

TEST_CASE("other periods count from when the parent began, and respect the parent's timestamp") {
  Schedule schedule;
  schedule.block_period = milliseconds(200);
  CHECK(earliest_proposal(schedule, 1000, TimePoint(milliseconds(1'000'700))) ==
        TimePoint(milliseconds(1'000'900)));
  CHECK(earliest_proposal(schedule, 1001, TimePoint(milliseconds(1'000'700))) ==
        TimePoint(milliseconds(1'001'000)));
}

TEST_CASE("a timestamp is the clock's second, never less than a period after the parent's") {
  Schedule schedule;
  CHECK(block_timestamp(schedule, 1000, TimePoint(milliseconds(1'005'999))) == 1005);
  CHECK(block_timestamp(schedule, 1000, TimePoint(milliseconds(999'000))) == 1001);
  CHECK(is_due(1006, TimePoint(milliseconds(1'005'000))));
  CHECK_FALSE(is_due(1006, TimePoint(milliseconds(1'004'999))));
  CHECK_FALSE(is_due(UINT64_MAX, TimePoint(milliseconds(1'005'000))));
}

namespace {

FutureMessages::Entry entry(const OneOfFour& node, std::size_t author, Height height,
                            std::size_t size = 100) {
  Message message = node.sign_prepare(author, 0, Hash{}, height);
  return {1, std::move(message), size};
}

}  // namespace

TEST_CASE("known fault: an unbounded backlog") {
  const OneOfFour node(0);
  FutureMessages future;
  std::size_t kept = 0;
  for (int i = 0; i < 5000; ++i) kept += future.add(entry(node, 0, 2), 4) ? 1 : 0;
  CHECK(kept == FutureMessages::kMaxMessages / 4);
  // One author's flood leaves the others their share.
  CHECK(future.add(entry(node, 1, 2), 4));
  CHECK_FALSE(future.add(entry(node, 2, 2, FutureMessages::kMaxBytes / 4 + 1), 4));
  CHECK(future.take(2).size() == kept + 1);
  CHECK(future.size() == 0);
  CHECK(future.bytes() == 0);
}

TEST_CASE("messages of passed heights are forgotten, later ones kept in order of arrival") {
  const OneOfFour node(0);
  FutureMessages future;
  for (const Height height : {3UL, 2UL, 4UL, 3UL}) CHECK(future.add(entry(node, height % 3, height), 4));
  const auto taken = future.take(3);
  REQUIRE(taken.size() == 2);
  CHECK(author_of(taken[0].message) == node.validators[0]);
  CHECK(future.size() == 1);
}

TEST_CASE("the memory of seen messages is bounded, and lets a repeated one pass once in a while") {
  SeenMessages seen;
  const TimePoint start(seconds(1000));
  Hash hash;
  seen.add(hash);
  CHECK_FALSE(seen.may_pass_again(hash, start + seconds(10), milliseconds(500)));  // never found right
  seen.note_passed(hash, start);
  CHECK_FALSE(seen.may_pass_again(hash, start + milliseconds(499), milliseconds(500)));
  CHECK(seen.may_pass_again(hash, start + milliseconds(500), milliseconds(500)));
  CHECK_FALSE(seen.may_pass_again(hash, start + milliseconds(999), milliseconds(500)));
  for (std::size_t i = 0; i < SeenMessages::kRemembered; ++i) {
    Hash other;
    other.bytes[0] = 1;
    other.bytes[1] = static_cast<std::uint8_t>(i >> 8);
    other.bytes[2] = static_cast<std::uint8_t>(i);
    seen.add(other);
  }
  CHECK_FALSE(seen.contains(hash));
}
