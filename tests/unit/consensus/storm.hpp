// One random life of a cluster: bad weather, partitions, crashes and Byzantine validators, then a healing
// phase in which it must come back. Everything follows from the seed.
#pragma once

#include <string>

#include "tests/unit/consensus/cluster.hpp"

namespace aitbc::qbft::test {

struct StormResult {
  std::vector<std::string> violations;
  Height blocks = 0;  // before healing
  Round highest_round = 0;
  Duration healed_after{
      0};  // until every honest node had kBlocksAfterHealing more blocks than any had before
  std::uint64_t messages = 0;
};

inline constexpr Height kBlocksAfterHealing = 3;
// Within which it must come back: 20 of the longest round timeouts.
inline constexpr Duration kHealingLimit{80'000};

StormResult run_storm(std::uint64_t seed);

// The moment that safety is about: one validator alone sees a block committed and disappears, and a Byzantine
// validator proposes next. Four validators, the second of them Byzantine in this way.
StormResult run_lone_commit(std::uint64_t seed, Misbehaviour misbehaviour);

}  // namespace aitbc::qbft::test
