#include "tests/unit/consensus/storm.hpp"

#include <algorithm>

namespace aitbc::qbft::test {
namespace {

std::size_t some_size(Random& random) {
  const std::size_t sizes[] = {4, 4, 4, 4, 4, 5, 6, 7, 7, 10, 3, 2};
  return sizes[random.below(std::size(sizes))];
}

ClusterOptions some_options(std::uint64_t seed, Random& random) {
  ClusterOptions options;
  options.seed = seed;
  options.validators = some_size(random);
  options.ring = random.chance(150);
  options.max_clock_skew = Duration(random.below(300));
  options.max_work = Duration(random.chance(200) ? 300 : 20);
  Schedule& schedule = options.config.schedule;
  schedule.block_period = Duration(random.chance(300) ? 200 : 1000);
  schedule.empty_block_period = Duration(random.chance(200) ? 5000 : 0);
  schedule.request_timeout = Duration(500);
  schedule.max_round_timeout = Duration(4000);
  return options;
}

void some_byzantine(Cluster& cluster, std::size_t at_most, Random& random) {
  for (std::size_t i = random.below(at_most + 1); i > 0; --i)
    cluster.make_byzantine(random.below(cluster.size()),
                           static_cast<Misbehaviour>(random.below(kMisbehaviours + 1)));
}

Weather some_weather(Random& random) {
  Weather weather;
  if (random.chance(500)) weather.loss_per_mille = random.below(400);
  if (random.chance(500)) weather.duplicate_per_mille = random.below(300);
  weather.max_delay = Duration(random.chance(300) ? 2000 : 1 + random.below(200));
  if (random.chance(300)) weather.crash_per_mille_of_actions = random.below(20);
  return weather;
}

void some_partition(Cluster& cluster, Random& random) {
  std::vector<int> groups(cluster.size(), 0);
  if (random.chance(300))
    for (int& group : groups) group = static_cast<int>(random.below(3));
  cluster.partition(std::move(groups));
}

void some_restarts(Cluster& cluster, Random& random) {
  for (NodeIndex i = 0; i < cluster.size(); ++i) {
    if (random.chance(150)) cluster.crash(i);
    if (random.chance(400) && !cluster.is_running(i)) cluster.restart(i);
  }
}

StormResult heal_and_judge(Cluster& cluster) {
  StormResult result;
  result.blocks = cluster.highest_head();
  cluster.heal();
  const TimePoint healed = cluster.now();
  const Height goal = result.blocks + kBlocksAfterHealing;
  if (!cluster.run_until([&] { return cluster.lowest_honest_head() >= goal; }, kHealingLimit))
    cluster.report("no recovery: lowest head " + std::to_string(cluster.lowest_honest_head()) + ", goal " +
                   std::to_string(goal));
  result.healed_after = std::chrono::duration_cast<Duration>(cluster.now() - healed);
  result.violations = cluster.violations();
  result.highest_round = cluster.highest_round();
  result.messages = cluster.messages();
  return result;
}

}  // namespace

StormResult run_storm(std::uint64_t seed) {
  Random random(seed * 2 + 1);
  const ClusterOptions options = some_options(seed, random);
  Cluster cluster(options);
  // Two Byzantine nodes could cut a ring in two.
  some_byzantine(cluster, std::min<std::size_t>((cluster.size() - 1) / 3, options.ring ? 1 : cluster.size()),
                 random);
  const std::uint64_t phases = 3 + random.below(6);
  for (std::uint64_t phase = 0; phase < phases; ++phase) {
    cluster.weather = some_weather(random);
    some_partition(cluster, random);
    some_restarts(cluster, random);
    for (std::uint64_t step = 1 + random.below(8); step > 0; --step) {
      cluster.run_for(Duration(random.below(1500)));
      if (random.chance(500)) cluster.offer_work(random.below(cluster.size()));
    }
  }
  return heal_and_judge(cluster);
}

StormResult run_lone_commit(std::uint64_t seed, Misbehaviour misbehaviour) {
  ClusterOptions options;
  options.seed = seed;
  options.config.schedule.request_timeout = Duration(500);
  options.config.schedule.max_round_timeout = Duration(4000);
  Cluster cluster(options);
  // Validator r proposes block 1 in round r. Where validator 1 is the one to disappear, round 2 is the
  // Byzantine one's, which leaves it a round to lie about.
  const NodeIndex lone = seed % 3;
  cluster.make_byzantine(lone == 1 ? 2 : 1, misbehaviour);
  cluster.filter = [&](NodeIndex, NodeIndex to, const Message& message) {
    return to == lone || !std::holds_alternative<Commit>(message) || view_of(message).height != 1;
  };
  cluster.run_until([&] { return cluster.head(lone) == 1; }, Duration(60'000));
  cluster.crash(lone);
  cluster.filter = nullptr;
  cluster.run_for(Duration(5000));
  return heal_and_judge(cluster);
}

}  // namespace aitbc::qbft::test
