// Runs storms by seed: aitbc-sim FIRST[-LAST]. Prints one line for each that breaks a promise, and a summary.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/sim/storm.hpp"

using namespace aitbc;
using namespace aitbc::sim;

namespace {

struct Totals {
  std::uint64_t seeds = 0;
  std::uint64_t failed = 0;
  Height blocks = 0;
  std::uint64_t transactions = 0;
  std::uint64_t messages = 0;
  qbft::Round highest_round = 0;
  Duration simulated{0};
  Duration longest_healing{0};
};

void add(Totals& totals, const StormResult& result) {
  ++totals.seeds;
  if (!result.violations.empty()) ++totals.failed;
  totals.blocks += result.blocks;
  totals.transactions += result.transactions;
  totals.messages += result.messages;
  totals.highest_round = std::max(totals.highest_round, result.highest_round);
  totals.simulated += result.simulated;
  totals.longest_healing = std::max(totals.longest_healing, result.healed_after);
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  const int read = argc == 2 ? std::sscanf(argv[1], "%lu-%lu", &first, &last) : 0;
  if (read < 1) {
    std::fprintf(stderr, "usage: %s FIRST[-LAST]\n", argv[0]);
    return 2;
  }
  if (read == 1) last = first;
  Totals totals;
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const StormResult result = run_storm(seed);
    for (const std::string& violation : result.violations)
      std::printf("seed %lu: %s (again: %s %lu)\n", seed, violation.c_str(), argv[0], seed);
    if (first == last) std::printf("trace %016lx\n", result.trace);
    std::fflush(stdout);
    add(totals, result);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const double simulated = std::chrono::duration<double>(totals.simulated).count();
  std::printf(
      "seeds %lu-%lu: %lu clean, %lu failed; %lu blocks and %lu transactions in storms, %lu messages, "
      "highest "
      "round %lu, longest recovery %ld ms; %.0f simulated seconds in %.1f s\n",
      first, last, totals.seeds - totals.failed, totals.failed, totals.blocks, totals.transactions,
      totals.messages, totals.highest_round, static_cast<long>(totals.longest_healing.count()), simulated,
      seconds);
  return totals.failed == 0 ? 0 : 1;
}
