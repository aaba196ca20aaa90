#include "tests/sim/storm.hpp"

#include <algorithm>

namespace aitbc::sim {
namespace {

ClusterOptions some_options(std::uint64_t seed, Random& random) {
  ClusterOptions options;
  options.seed = seed;
  const std::size_t sizes[] = {4, 4, 4, 4, 4, 4, 4, 5, 6, 7};
  options.validators = sizes[random.below(std::size(sizes))];
  options.full_nodes = random.chance(300) ? 1 : 0;
  options.snapshot_full_nodes = random.chance(500);
  options.ring = random.chance(100);
  // A node without old blocks beside a Byzantine one would cut a ring for those who need such blocks.
  if (options.ring) options.snapshot_full_nodes = false;
  options.max_clock_skew = random.up_to(Duration(300));
  options.max_chain_work = Duration(random.chance(200) ? 300 : 20);
  qbft::Schedule& schedule = options.config.schedule;
  schedule.block_period = Duration(random.chance(200) ? 200 : 1000);
  schedule.empty_block_period = Duration(random.chance(200) ? 5000 : 0);
  schedule.request_timeout = Duration(500);
  schedule.max_round_timeout = kLongestTimeout;
  return options;
}

// How many validators may break the rules or lose their memory. Two of them could cut a ring in two.
std::size_t faults_allowed(const ClusterOptions& options) {
  return std::min<std::size_t>((options.validators - 1) / 3, options.ring ? 1 : options.validators);
}

// Gives back how many validators are still to keep the rules.
std::size_t some_byzantine(Cluster& cluster, std::size_t faults, Random& random) {
  for (std::size_t i = random.below(faults + 1); i > 0; --i, --faults)
    cluster.make_byzantine(
        random.below(cluster.validators()),
        static_cast<qbft::test::Misbehaviour>(random.below(qbft::test::kMisbehaviours + 1)));
  return faults;
}

NetworkWeather some_network(Random& random) {
  NetworkWeather weather;
  if (random.chance(400)) weather.loss_per_mille = random.below(300);
  if (random.chance(400)) weather.duplicate_per_mille = random.below(300);
  if (random.chance(400)) weather.reorder_per_mille = random.below(1000);
  if (random.chance(200)) weather.disconnect_per_100000 = random.below(1000);
  weather.max_delay = Duration(random.chance(200) ? 1500 : 1 + random.below(200));
  return weather;
}

DiskWeather some_disks(Random& random) {
  DiskWeather weather;
  if (random.chance(300)) {
    weather.crash_before = random.below(2000);
    weather.crash_torn = random.below(1000);
    weather.crash_after = random.below(2000);
  }
  if (random.chance(150)) weather.failed_writes = random.below(2000);
  if (random.chance(100)) weather.failed_reads = random.below(20);
  if (random.chance(200)) {
    weather.slow_writes = random.below(100'000);
    weather.max_delay = Duration(random.below(800));
  }
  return weather;
}

void some_partition(Cluster& cluster, Random& random) {
  std::vector<int> groups(cluster.size(), 0);
  if (random.chance(250))
    for (int& group : groups) group = static_cast<int>(random.below(3));
  cluster.wires().partition(std::move(groups));
}

void some_deaths(Cluster& cluster, std::size_t& faults, Random& random) {
  for (NodeIndex i = 0; i < cluster.size(); ++i) {
    if (random.chance(100)) cluster.kill(i);
    if (random.chance(60)) cluster.power_cut(i);
    if (random.chance(500)) cluster.start(i);
  }
  for (NodeIndex i = cluster.validators(); i < cluster.size(); ++i)
    if (random.chance(100)) cluster.wipe(i);
  // A validator that lost its disk may vote again where it voted before: one fault less for the others.
  if (faults > 0 && random.chance(60)) {
    cluster.wipe(random.below(cluster.validators()));
    --faults;
  }
}

void heal_and_judge(Cluster& cluster, StormResult& result) {
  result.blocks = cluster.judge().highest();
  cluster.heal();
  const TimePoint healed = cluster.now();
  const Height goal = result.blocks + kBlocksAfterHealing;
  const auto all_there = [&] { return cluster.lowest_honest_head() >= goal; };
  if (!cluster.run_until(all_there, kTimeoutsToHeal * kLongestTimeout))
    cluster.judge().report("no recovery: lowest head " + std::to_string(cluster.lowest_honest_head()) +
                           ", goal " + std::to_string(goal));
  result.healed_after = std::chrono::duration_cast<Duration>(cluster.now() - healed);
  cluster.check_promises();
}

}  // namespace

StormResult run_storm(std::uint64_t seed, const std::function<void(Cluster&)>& prepare) {
  Random random(seed * 2 + 1);
  const ClusterOptions options = some_options(seed, random);
  Cluster cluster(options);
  const TimePoint began = cluster.now();
  std::size_t faults = some_byzantine(cluster, faults_allowed(options), random);
  if (prepare) prepare(cluster);
  for (std::uint64_t phases = 3 + random.below(5); phases > 0; --phases) {
    cluster.wires().weather = some_network(random);
    cluster.set_disk_weather(some_disks(random));
    some_partition(cluster, random);
    some_deaths(cluster, faults, random);
    for (std::uint64_t steps = 2 + random.below(8); steps > 0; --steps) {
      cluster.run_for(random.up_to(Duration(2000)));
      for (std::uint64_t actions = random.below(4); actions > 0; --actions) cluster.submit();
    }
  }
  StormResult result;
  heal_and_judge(cluster, result);
  result.violations = cluster.judge().violations();
  result.trace = cluster.scheduler().trace().digest();
  result.transactions = cluster.judge().transactions();
  result.messages = cluster.wires().messages();
  result.highest_round = cluster.judge().highest_round();
  result.simulated = std::chrono::duration_cast<Duration>(cluster.now() - began);
  return result;
}

}  // namespace aitbc::sim
