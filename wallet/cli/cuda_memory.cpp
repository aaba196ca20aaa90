// The CUDA driver API, opened when it is there: nothing of it is needed to build or to run elsewhere.
// Signatures as in the CUDA Toolkit's driver API reference.
#include <dlfcn.h>

#include <algorithm>
#include <array>

#include "wallet/cli/resource_test.hpp"

namespace aitbc::cli {
namespace {

using Status = int;  // 0: success
using Device = int;
using Pointer = unsigned long long;
using CudaContext = void*;

struct Driver {
  Status (*init)(unsigned) = nullptr;
  Status (*device_count)(int*) = nullptr;
  Status (*device_get)(Device*, int) = nullptr;
  Status (*device_name)(char*, int, Device) = nullptr;
  Status (*context_retain)(CudaContext*, Device) = nullptr;
  Status (*context_set)(CudaContext) = nullptr;
  Status (*context_release)(Device) = nullptr;
  Status (*memory_info)(std::size_t*, std::size_t*) = nullptr;
  Status (*memory_alloc)(Pointer*, std::size_t) = nullptr;
  Status (*memory_free)(Pointer) = nullptr;
  Status (*memory_set)(Pointer, unsigned, std::size_t) = nullptr;
  Status (*copy_to_host)(void*, Pointer, std::size_t) = nullptr;
};

template <class Function>
bool load(void* library, const char* symbol, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, symbol));
  return function != nullptr;
}

// The library stays open until the process ends.
std::optional<Driver> open_driver() {
  void* library = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  Driver out;
  const bool complete =
      load(library, "cuInit", out.init) && load(library, "cuDeviceGetCount", out.device_count) &&
      load(library, "cuDeviceGet", out.device_get) && load(library, "cuDeviceGetName", out.device_name) &&
      load(library, "cuDevicePrimaryCtxRetain", out.context_retain) &&
      load(library, "cuCtxSetCurrent", out.context_set) &&
      load(library, "cuDevicePrimaryCtxRelease_v2", out.context_release) &&
      load(library, "cuMemGetInfo_v2", out.memory_info) && load(library, "cuMemAlloc_v2", out.memory_alloc) &&
      load(library, "cuMemFree_v2", out.memory_free) && load(library, "cuMemsetD32_v2", out.memory_set) &&
      load(library, "cuMemcpyDtoH_v2", out.copy_to_host);
  return complete ? std::optional(out) : std::nullopt;
}

class CudaMemory final : public TestMemory {
 public:
  CudaMemory(const Driver& driver, Device device, std::string name)
      : driver_(driver), device_(device), name_(std::move(name)) {}
  CudaMemory(const CudaMemory&) = delete;
  CudaMemory& operator=(const CudaMemory&) = delete;
  ~CudaMemory() override {
    if (memory_ != 0) driver_.memory_free(memory_);
    driver_.context_release(device_);
  }

  bool allocate(std::uint64_t bytes) {
    if (bytes == 0) {
      std::size_t free_bytes = 0;
      std::size_t total_bytes = 0;
      if (driver_.memory_info(&free_bytes, &total_bytes) != 0) return false;
      bytes = free_bytes / 5 * 4;
    }
    bytes_ = bytes / sizeof(std::uint32_t) * sizeof(std::uint32_t);
    return driver_.memory_alloc(&memory_, bytes_) == 0;
  }

  std::string name() const override { return name_; }
  std::uint64_t bytes() const override { return bytes_; }
  Outcome<void> fill(std::uint32_t word) override {
    if (driver_.memory_set(memory_, word, bytes_ / sizeof word) == 0) return {};
    return failed(Exit::local, "the GPU refused to write its memory");
  }
  Outcome<std::uint64_t> count_wrong(std::uint32_t word) override {
    std::vector<std::uint32_t> chunk((16U << 20) / sizeof(std::uint32_t));
    std::uint64_t wrong = 0;
    for (std::uint64_t at = 0; at < bytes_; at += chunk.size() * sizeof word) {
      const std::uint64_t size = std::min<std::uint64_t>(chunk.size() * sizeof word, bytes_ - at);
      if (driver_.copy_to_host(chunk.data(), memory_ + at, size) != 0)
        return failed(Exit::local, "the GPU refused to read its memory");
      const auto end = chunk.begin() + static_cast<std::ptrdiff_t>(size / sizeof word);
      wrong += static_cast<std::uint64_t>(
          std::count_if(chunk.begin(), end, [word](std::uint32_t each) { return each != word; }));
    }
    return wrong;
  }

 private:
  Driver driver_;
  Device device_;
  std::string name_;
  Pointer memory_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Outcome<std::unique_ptr<TestMemory>> cuda_memory(std::uint64_t bytes) {
  const auto driver = open_driver();
  int count = 0;
  Device device = 0;
  const bool found = driver && driver->init(0) == 0 && driver->device_count(&count) == 0 && count > 0 &&
                     driver->device_get(&device, 0) == 0;
  if (!found) return std::unique_ptr<TestMemory>();
  std::array<char, 128> name{};
  CudaContext context = nullptr;
  if (driver->device_name(name.data(), static_cast<int>(name.size() - 1), device) != 0 ||
      driver->context_retain(&context, device) != 0)
    return failed(Exit::local, "the GPU's driver does not let this program use it");
  auto memory = std::make_unique<CudaMemory>(*driver, device, name.data());
  if (driver->context_set(context) != 0 || !memory->allocate(bytes))
    return failed(Exit::local,
                  std::string(name.data()) + " has not that much memory free: give a smaller --memory");
  return std::unique_ptr<TestMemory>(std::move(memory));
}

}  // namespace aitbc::cli
