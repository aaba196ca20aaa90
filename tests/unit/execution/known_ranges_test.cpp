#include <doctest/doctest.h>

#include <random>
#include <set>

#include "execution/known_ranges.hpp"

using namespace aitbc;

namespace {

// Keys of one byte, the value 200 standing for the end of all keys.
constexpr unsigned kEnd = 200;
Bytes key_of(unsigned value) { return {static_cast<std::uint8_t>(value)}; }

}  // namespace

TEST_CASE("known ranges agree with a plain set of keys") {
  std::mt19937_64 random(11);
  for (int run = 0; run < 200; ++run) {
    KnownRanges ranges;
    std::set<unsigned> known;
    for (int step = 0; step < 20; ++step) {
      const auto from = static_cast<unsigned>(random() % kEnd);
      const auto until = std::min<unsigned>(kEnd, from + 1 + static_cast<unsigned>(random() % 30));
      ranges.add({key_of(from), until == kEnd ? std::nullopt : std::optional(key_of(until))});
      for (unsigned key = from; key < until; ++key) known.insert(key);
      std::size_t different = 0;
      for (unsigned key = 0; key < kEnd; ++key) {
        const KnownRanges::Range* const range = ranges.covering(key_of(key));
        different += (range != nullptr) != known.contains(key);
        // Ranges that touch are one: what comes right behind one is not known.
        if (range != nullptr && range->until) different += known.contains((*range->until)[0]);
        if (range != nullptr && range->from[0] > 0) different += known.contains(range->from[0] - 1U);
      }
      CHECK(different == 0);
    }
  }
}

TEST_CASE("what lies between two keys belongs to the range") {
  KnownRanges ranges;
  ranges.add({{1}, Bytes{3, 0}});
  CHECK(ranges.covering(Bytes{1, 255, 255}) != nullptr);
  CHECK(ranges.covering(Bytes{3}) != nullptr);
  CHECK(ranges.covering(Bytes{3, 0}) == nullptr);
  CHECK(ranges.covering(Bytes{}) == nullptr);
  ranges.add({{}, Bytes{1}});
  REQUIRE(ranges.covering(Bytes{}) != nullptr);
  CHECK(*ranges.covering(Bytes{})->until == Bytes{3, 0});
}
