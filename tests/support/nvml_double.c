/* Stands for NVIDIA's management library in tests: two GPUs, of which AITBC_TEST_NVML=lost loses the second, and
   AITBC_TEST_NVML=broken fails to start. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { unsigned long long total, free, used; } Memory;
static int gpus[2];

static int mode_is(const char* mode) {
  const char* now = getenv("AITBC_TEST_NVML");
  return now != NULL && strcmp(now, mode) == 0;
}
static unsigned index_of(void* device) { return (unsigned)((int*)device - gpus); }

int nvmlInit_v2(void) { return mode_is("broken") ? 9 : 0; }
int nvmlShutdown(void) { return 0; }
const char* nvmlErrorString(int code) { return code == 9 ? "Driver Not Loaded" : "Unknown Error"; }
int nvmlSystemGetCudaDriverVersion_v2(int* version) { *version = 12040; return 0; }
int nvmlDeviceGetCount_v2(unsigned* count) { *count = 2; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  if (index == 1 && mode_is("lost")) return 15; /* NVML_ERROR_GPU_IS_LOST */
  *device = &gpus[index];
  return 0;
}
int nvmlDeviceGetName(void* device, char* name, unsigned size) {
  snprintf(name, size, "%s", index_of(device) == 0 ? "NVIDIA H100 80GB HBM3" : "NVIDIA GeForce RTX 4090");
  return 0;
}
int nvmlDeviceGetUUID(void* device, char* uuid, unsigned size) {
  snprintf(uuid, size, "GPU-0000000%u-test", index_of(device));
  return 0;
}
int nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
  memory->total = index_of(device) == 0 ? 85520809984ULL : 25757220864ULL;
  memory->free = memory->total;
  memory->used = 0;
  return 0;
}
int nvmlDeviceGetCudaComputeCapability(void* device, int* major, int* minor) {
  *major = index_of(device) == 0 ? 9 : 8;
  *minor = index_of(device) == 0 ? 0 : 9;
  return 0;
}
int nvmlDeviceGetNumGpuCores(void* device, unsigned* cores) {
  *cores = index_of(device) == 0 ? 16896 : 16384;
  return 0;
}
