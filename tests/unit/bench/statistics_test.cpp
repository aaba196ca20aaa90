#include "load/statistics.hpp"

#include <doctest/doctest.h>

using namespace aitbc::bench;

TEST_CASE("percentiles are values that were measured, by nearest rank") {
  std::vector<double> latencies;
  for (int i = 100; i > 0; --i) latencies.push_back(i);
  const Percentiles result = percentiles(latencies);
  CHECK(result.p50_ms == 50);
  CHECK(result.p90_ms == 90);
  CHECK(result.p99_ms == 99);
  CHECK(result.max_ms == 100);
}

TEST_CASE("one measurement is every percentile, none is zero") {
  CHECK(percentiles({7}).p50_ms == 7);
  CHECK(percentiles({7}).p99_ms == 7);
  CHECK(percentiles({}).max_ms == 0);
}
