// Which GPUs this machine has: asked of NVIDIA's management library (NVML), which is opened when the program
// runs, so that it need not be there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace aitbc::agent {

struct DetectedGpu {
  std::string uuid;  // "GPU-..."; unique in the world
  std::string model;
  std::uint32_t memory_gb = 0;  // rounded to whole GiB
  std::string cuda_version;     // of the driver: "12.4"
  std::string compute_capability;
  std::uint32_t cuda_cores = 0;  // 0 when the driver does not say
};

inline constexpr const char* kNvmlLibrary = "libnvidia-ml.so.1";

// Fails (not_found) when the library is not there, (unavailable) when it answers with an error, in the
// library's own words. A GPU that answers with an error (fallen off the bus) is left out.
Result<std::vector<DetectedGpu>> detect_gpus(const std::string& library = kNvmlLibrary);

}  // namespace aitbc::agent
