// The simulator's only randomness: everything follows from one seed.
#pragma once

#include "node/runtime/runtime.hpp"
#include "tests/unit/consensus/random.hpp"

namespace aitbc::sim {

class Random : public qbft::test::Random {
 public:
  using qbft::test::Random::Random;
  Duration up_to(Duration longest) {
    return Duration(static_cast<std::int64_t>(below(static_cast<std::uint64_t>(longest.count()) + 1)));
  }
};

}  // namespace aitbc::sim
