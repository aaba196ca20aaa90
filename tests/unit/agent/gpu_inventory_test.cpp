#include "wallet/agent/gpu_inventory.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "wallet/agent/config.hpp"

namespace aitbc::agent {
namespace {

class NvmlMode {
 public:
  explicit NvmlMode(const char* mode) { ::setenv("AITBC_TEST_NVML", mode, 1); }
  ~NvmlMode() { ::unsetenv("AITBC_TEST_NVML"); }
};

TEST_CASE("the management library's GPUs, in the market's terms") {
  const auto gpus = detect_gpus(AITBC_NVML_DOUBLE);
  REQUIRE_MESSAGE(gpus, gpus.error().message);
  REQUIRE(gpus->size() == 2);
  const DetectedGpu& first = gpus->front();
  CHECK(first.uuid == "GPU-00000000-test");
  CHECK(first.model == "NVIDIA H100 80GB HBM3");
  CHECK(first.memory_gb == 80);
  CHECK(first.cuda_version == "12.4");
  CHECK(first.compute_capability == "9.0");
  CHECK(first.cuda_cores == 16896);
  CHECK(gpus->back().memory_gb == 24);
}

TEST_CASE("a machine without the library says so, and a driver that does not start in its own words") {
  CHECK(detect_gpus("libaitbc-no-such-library.so").error().code == ErrorCode::not_found);
  const NvmlMode broken("broken");
  const auto gpus = detect_gpus(AITBC_NVML_DOUBLE);
  REQUIRE_FALSE(gpus);
  CHECK(gpus.error().code == ErrorCode::unavailable);
  CHECK(gpus.error().message.find("Driver Not Loaded") != std::string::npos);
}

TEST_CASE("a GPU that fell off the bus is left out") {
  const NvmlMode lost("lost");
  const auto gpus = detect_gpus(AITBC_NVML_DOUBLE);
  REQUIRE(gpus);
  CHECK(gpus->size() == 1);
}

TEST_CASE("detected GPUs are offered on the common terms, declared ones on their own") {
  AgentConfig config;
  config.has_detected_terms = true;
  config.detected_defaults.price_per_hour = Amount::ait(3);
  GpuOffer own;
  own.device_id = "GPU-00000001-test";
  own.model = "a better name";
  own.price_per_hour = Amount::ait(5);
  config.declared = {own};
  const auto offers = offered_gpus(config, detect_gpus(AITBC_NVML_DOUBLE).value());
  REQUIRE(offers.size() == 2);
  CHECK(offers[0].model == "a better name");
  CHECK(offers[0].price_per_hour == Amount::ait(5));
  CHECK(offers[0].is_detected);
  CHECK(offers[1].device_id == "GPU-00000000-test");
  CHECK(offers[1].price_per_hour == Amount::ait(3));
  config.has_detected_terms = false;
  CHECK(offered_gpus(config, detect_gpus(AITBC_NVML_DOUBLE).value()).size() == 1);
}

}  // namespace
}  // namespace aitbc::agent
