// The market against a second, simple one. AITBC_PROPERTY_OPERATIONS says how many calls, AITBC_PROPERTY_SEED
// from which seed on; scripts/soak-marketplace plays a million.
#include <cstdlib>

#include "marketplace/call_table.hpp"
#include "property_play.hpp"

namespace aitbc::market::test {
namespace {

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

// Everything that happens without a call.
constexpr std::array kAutomatic = {
    "booking started",
    "booking completed",
    "booking evicted",
    "provider offline",
    "booking faulted by an outage",
    "booking faulted at its own time",
    "outage slashed",
    "outage forgiven",
    "customer compensated",
    "customer compensated in part",
    "slash divided",
    "provider jailed",
    "bid expired",
    "bid lost",
    "bid expired with its parent",
    "bid replaced by a better one",
    "service expired",
    "service not delivered",
    "service settled by silence",
    "stake came back",
    "dispute timed out",
    "job expired",
    "auction sold at its end",
    "auction ended unsold",
    "bond of a sealed bid burned",
    "price index",
    "proposal enacted",
    "proposal expired",
    "proposal failed",
};
// Never refused: these have no conditions.
constexpr std::array kUnconditional = {"getParams", "getTotals", "getRoles", "isNonceUsed"};

TEST_CASE("random calls do to the market what they do to a simple model of it") {
  // Many short histories: the whole storage is recounted at the end of each block.
  constexpr std::size_t kOperationsPerMarket = 2'000;
  const std::uint64_t wanted = number_from("AITBC_PROPERTY_OPERATIONS", 100'000);
  const std::uint64_t first_seed = number_from("AITBC_PROPERTY_SEED", 1);
  Coverage coverage;
  for (std::uint64_t seed = first_seed; coverage.operations < wanted; ++seed) {
    Play play(seed);
    const bool agreed = play.run(kOperationsPerMarket);
    coverage.add(play.coverage());
    REQUIRE_MESSAGE(agreed, "seed ", seed, ", ", play.report());
  }
  for (const Call& call : calls()) {
    const std::string name(call.name);
    if (name == "bookingOrderDigest" || name == "offerOrderDigest") continue;  // made on the way, always
    const bool unconditional =
        std::find(kUnconditional.begin(), kUnconditional.end(), name) != kUnconditional.end();
    CHECK_MESSAGE(coverage.calls[name][1] > 0, name, " never succeeded");
    CHECK_MESSAGE((unconditional || coverage.calls[name][0] > 0), name, " was never refused");
  }
  for (const char* event : kAutomatic)
    CHECK_MESSAGE(coverage.events[event] > 0, std::string(event), " never happened");
  for (const EventEntry& event : events())
    CHECK_MESSAGE(coverage.logs[std::string(event.name)] > 0, std::string(event.name), " was never logged");
  MESSAGE(coverage.operations, " operations");
}

}  // namespace
}  // namespace aitbc::market::test
