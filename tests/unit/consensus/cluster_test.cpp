#include "tests/unit/consensus/cluster.hpp"
#include "tests/unit/consensus/storm.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

Config quick_config() {
  Config config;
  config.schedule.block_period = milliseconds(1000);
  config.schedule.request_timeout = milliseconds(500);
  config.schedule.max_round_timeout = milliseconds(4000);
  return config;
}

void check_clean(const Cluster& cluster) {
  for (const std::string& violation : cluster.violations()) FAIL_CHECK(violation);
}

}  // namespace

TEST_CASE("validators in fair weather agree on a block each period, in round 0") {
  for (const std::size_t n : {1UL, 2UL, 3UL, 4UL, 7UL, 10UL}) {
    CAPTURE(n);
    ClusterOptions options;
    options.validators = n;
    options.config = quick_config();
    Cluster cluster(options);
    cluster.run_for(seconds(30));
    CHECK(cluster.lowest_honest_head() >= 29);
    CHECK(cluster.highest_round() == 0);
    check_clean(cluster);
  }
}

// AITBC_QBFT_SEEDS=FIRST-LAST runs others (one seed: FIRST-FIRST).
TEST_CASE("no storm makes the cluster fork, vote twice or stay down") {
  std::uint64_t first = 1;
  std::uint64_t last = 300;
  if (const char* range = std::getenv("AITBC_QBFT_SEEDS"))  // NOLINT(concurrency-mt-unsafe)
    REQUIRE(std::sscanf(range, "%lu-%lu", &first, &last) == 2);
  Duration longest{0};
  Round highest_round = 0;
  Height blocks = 0;
  std::uint64_t messages = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const StormResult result = run_storm(seed);
    for (const std::string& violation : result.violations) FAIL_CHECK("seed " << seed << ": " << violation);
    longest = std::max(longest, result.healed_after);
    highest_round = std::max(highest_round, result.highest_round);
    blocks += result.blocks;
    messages += result.messages;
  }
  MESSAGE("seeds " << first << "-" << last << ": " << blocks << " blocks in storms, highest round "
                   << highest_round << ", longest recovery " << longest.count() << " ms, " << messages
                   << " messages");
}

TEST_CASE(
    "a block that one validator committed alone stays the only one, whatever the next proposer forges") {
  for (int kind = 0; kind <= kMisbehaviours; ++kind) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      const StormResult result = run_lone_commit(seed, static_cast<Misbehaviour>(kind));
      for (const std::string& violation : result.violations)
        FAIL_CHECK("misbehaviour " << kind << ", seed " << seed << ": " << violation);
      CHECK(result.blocks >= 1);
    }
  }
}
