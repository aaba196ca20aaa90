// The functions of NVIDIA's management library that are used here, with the types that its documentation
// gives them (NVML API reference). Declared here so that the library's header is not needed to build.
#pragma once

namespace aitbc::agent::nvml {

using Return = int;  // 0: success
using Device = void*;
struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

inline constexpr Return kSuccess = 0;
inline constexpr unsigned kNameSize = 96;
inline constexpr unsigned kUuidSize = 96;

using Init = Return (*)();                            // nvmlInit_v2
using Shutdown = Return (*)();                        // nvmlShutdown
using ErrorString = const char* (*)(Return);          // nvmlErrorString
using CudaVersion = Return (*)(int*);                 // nvmlSystemGetCudaDriverVersion_v2: 12040 for 12.4
using Count = Return (*)(unsigned*);                  // nvmlDeviceGetCount_v2
using HandleByIndex = Return (*)(unsigned, Device*);  // nvmlDeviceGetHandleByIndex_v2
using Text = Return (*)(Device, char*, unsigned);     // nvmlDeviceGetName, nvmlDeviceGetUUID
using MemoryInfo = Return (*)(Device, Memory*);       // nvmlDeviceGetMemoryInfo
using Capability = Return (*)(Device, int*, int*);    // nvmlDeviceGetCudaComputeCapability
using Cores = Return (*)(Device, unsigned*);          // nvmlDeviceGetNumGpuCores

}  // namespace aitbc::agent::nvml
