// One random life of a network: bad weather, partitions, crashes, failing disks and Byzantine validators,
// then a healing phase in which every honest node must come back. Everything follows from the seed.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/cluster.hpp"

namespace aitbc::sim {

struct StormResult {
  std::vector<std::string> violations;
  std::uint64_t trace = 0;  // equal for equal runs
  Height blocks = 0;
  std::uint64_t transactions = 0;
  std::uint64_t messages = 0;
  qbft::Round highest_round = 0;
  Duration simulated{0};
  Duration healed_after{0};  // until every honest node had kBlocksAfterHealing blocks more than any before
};

inline constexpr Height kBlocksAfterHealing = 3;
// The longest round timeout of every storm, and how many of them healing may take.
inline constexpr Duration kLongestTimeout{4000};
inline constexpr int kTimeoutsToHeal = 20;

// `prepare` may change the cluster before anything happens.
StormResult run_storm(std::uint64_t seed, const std::function<void(Cluster&)>& prepare = {});

}  // namespace aitbc::sim
