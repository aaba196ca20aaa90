#include "wallet/agent/gpu_inventory.hpp"

#include <dlfcn.h>

#include <array>

#include "wallet/agent/nvml_api.hpp"

namespace aitbc::agent {
namespace {

constexpr unsigned long long kGiB = 1ULL << 30;

// The library, open and initialised for as long as the object lives.
class Nvml {
 public:
  Nvml() = default;
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;
  ~Nvml() {
    if (is_initialised_) shutdown_();
    if (library_ != nullptr) ::dlclose(library_);
  }

  Result<void> open(const std::string& name) {
    library_ = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr)
      return fail(ErrorCode::not_found, "NVIDIA's management library " + name + " is not on this machine");
    const bool complete =
        load(init_, "nvmlInit_v2") && load(shutdown_, "nvmlShutdown") &&
        load(error_string_, "nvmlErrorString") && load(cuda_version_, "nvmlSystemGetCudaDriverVersion_v2") &&
        load(count_, "nvmlDeviceGetCount_v2") && load(handle_, "nvmlDeviceGetHandleByIndex_v2") &&
        load(name_, "nvmlDeviceGetName") && load(uuid_, "nvmlDeviceGetUUID") &&
        load(memory_, "nvmlDeviceGetMemoryInfo") && load(capability_, "nvmlDeviceGetCudaComputeCapability");
    if (!complete) return fail(ErrorCode::unavailable, name + " lacks functions that are needed");
    load(cores_, "nvmlDeviceGetNumGpuCores");  // since driver 470
    AITBC_TRY(check(init_(), "start"));
    is_initialised_ = true;
    return {};
  }

  Result<std::vector<DetectedGpu>> gpus() const {
    int version = 0;
    AITBC_TRY(check(cuda_version_(&version), "tell the CUDA version"));
    unsigned count = 0;
    AITBC_TRY(check(count_(&count), "count the GPUs"));
    std::vector<DetectedGpu> out;
    for (unsigned i = 0; i < count; ++i) {
      DetectedGpu gpu;
      gpu.cuda_version = std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
      if (describe(i, gpu)) out.push_back(std::move(gpu));
    }
    return out;
  }

 private:
  template <class Function>
  bool load(Function& out, const char* symbol) {
    out = reinterpret_cast<Function>(::dlsym(library_, symbol));
    return out != nullptr;
  }

  Result<void> check(nvml::Return code, const char* doing) const {
    if (code == nvml::kSuccess) return {};
    return fail(ErrorCode::unavailable,
                std::string("the NVIDIA driver cannot ") + doing + ": " + error_string_(code));
  }

  bool describe(unsigned index, DetectedGpu& out) const {
    nvml::Device device = nullptr;
    std::array<char, nvml::kNameSize> name{};
    std::array<char, nvml::kUuidSize> uuid{};
    nvml::Memory memory{};
    int major = 0;
    int minor = 0;
    if (handle_(index, &device) != nvml::kSuccess ||
        name_(device, name.data(), nvml::kNameSize) != nvml::kSuccess ||
        uuid_(device, uuid.data(), nvml::kUuidSize) != nvml::kSuccess ||
        memory_(device, &memory) != nvml::kSuccess || capability_(device, &major, &minor) != nvml::kSuccess)
      return false;
    name.back() = uuid.back() = '\0';
    out.model = name.data();
    out.uuid = uuid.data();
    out.memory_gb = static_cast<std::uint32_t>((memory.total + kGiB / 2) / kGiB);
    out.compute_capability = std::to_string(major) + "." + std::to_string(minor);
    unsigned cores = 0;
    if (cores_ != nullptr && cores_(device, &cores) == nvml::kSuccess) out.cuda_cores = cores;
    return !out.uuid.empty();
  }

  void* library_ = nullptr;
  bool is_initialised_ = false;
  nvml::Init init_ = nullptr;
  nvml::Shutdown shutdown_ = nullptr;
  nvml::ErrorString error_string_ = nullptr;
  nvml::CudaVersion cuda_version_ = nullptr;
  nvml::Count count_ = nullptr;
  nvml::HandleByIndex handle_ = nullptr;
  nvml::Text name_ = nullptr;
  nvml::Text uuid_ = nullptr;
  nvml::MemoryInfo memory_ = nullptr;
  nvml::Capability capability_ = nullptr;
  nvml::Cores cores_ = nullptr;
};

}  // namespace

Result<std::vector<DetectedGpu>> detect_gpus(const std::string& library) {
  Nvml nvml;
  AITBC_TRY(nvml.open(library));
  return nvml.gpus();
}

}  // namespace aitbc::agent
