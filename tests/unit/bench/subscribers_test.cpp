#include "load/subscribers.hpp"

#include <doctest/doctest.h>

using namespace aitbc;
using namespace aitbc::bench;
using std::chrono::milliseconds;

namespace {

constexpr const char* kLog =
    R"({"timestamp":"2026-01-02T03:04:05.678Z","service":"aitbc-node","message":"started","head":"6"})"
    "\n"
    R"({"timestamp":"2026-01-02T03:04:06.001Z","message":"block committed","height":"7","hash":"0x12"})"
    "\n"
    R"({"timestamp":"2026-01-02T03:04:07.250Z","message":"block committed","height":"8","hash":"0x34"})";

}  // namespace

TEST_CASE("commit times come from the lines of committed blocks") {
  const CommitTimes times = parse_commit_times(kLog).value();
  REQUIRE(times.size() == 2);
  CHECK(times.at(7).time_since_epoch() == milliseconds(1'767'323'046'001));
  CHECK(times.at(8) - times.at(7) == milliseconds(1'249));
}

TEST_CASE("a line of a committed block that does not tell when is an error") {
  for (const char* line : {R"({"message":"block committed","height":"7"})",
                           R"({"timestamp":"yesterday","message":"block committed","height":"7"})",
                           R"({"timestamp":"2026-01-02T03:04:06Z","message":"block committed","height":"7"})",
                           R"({"timestamp":"2026-01-02T03:04:06.001Z","message":"block committed"})",
                           R"({"timestamp":"2026-01-02T03:04:06.001Z","message":"block committed","hei)"})
    CHECK(parse_commit_times(line).error().code == ErrorCode::invalid_input);
  CHECK(read_commit_times("/nowhere/at/all").error().code == ErrorCode::not_found);
}

TEST_CASE("delays count from the commit, or from the first who heard") {
  const CommitTimes commits = parse_commit_times(kLog).value();
  const Arrivals arrivals{{7, {commits.at(7) + milliseconds(30), commits.at(7) + milliseconds(10)}},
                          {8, {commits.at(8) + milliseconds(20), commits.at(8) + milliseconds(25)}}};
  const SubscribersReport after = evaluate(arrivals, 2, &commits).value();
  CHECK(after.complete());
  CHECK(after.from_commit);
  CHECK(after.delay.p50_ms == doctest::Approx(20));
  CHECK(after.delay.max_ms == doctest::Approx(30));
  const SubscribersReport behind = evaluate(arrivals, 2, nullptr).value();
  CHECK(behind.delay.p50_ms == doctest::Approx(0));
  CHECK(behind.delay.max_ms == doctest::Approx(20));
  CHECK_FALSE(evaluate(arrivals, 3, nullptr).value().complete());
}

TEST_CASE("a head that the log does not tell of is an error") {
  const CommitTimes commits = parse_commit_times(kLog).value();
  const Arrivals arrivals{{9, {commits.at(8)}}};
  CHECK(evaluate(arrivals, 1, &commits).error().message.find("block 9") != std::string::npos);
}
