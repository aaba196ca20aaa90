#include "wallet/cli/resource_test.hpp"

#include <array>
#include <new>

#include "wallet/cli/command.hpp"
#include "wallet/cli/progress.hpp"
#include "wallet/cli/statistics.hpp"

namespace aitbc::cli {
namespace {

constexpr std::array<std::uint32_t, 4> kPatterns{0x00000000U, 0xffffffffU, 0x55555555U, 0xaaaaaaaaU};
constexpr std::uint64_t kHostDefault_mb = 256;

struct TestOptions {
  std::string type = "gpu";
  bool memory_stress = false;
  double duration_s = 0;
  std::uint64_t memory_mb = 0;
};

class HostMemory final : public TestMemory {
 public:
  explicit HostMemory(std::vector<std::uint32_t> words) : words_(std::move(words)) {}
  std::string name() const override { return "host memory"; }
  std::uint64_t bytes() const override { return words_.size() * sizeof(std::uint32_t); }
  Outcome<void> fill(std::uint32_t word) override {
    volatile std::uint32_t* at = words_.data();
    for (std::size_t i = 0; i < words_.size(); ++i) at[i] = word;
    return {};
  }
  Outcome<std::uint64_t> count_wrong(std::uint32_t word) override {
    const volatile std::uint32_t* at = words_.data();
    std::uint64_t wrong = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) wrong += at[i] != word ? 1 : 0;
    return wrong;
  }

 private:
  std::vector<std::uint32_t> words_;
};

// The GPU's memory, or this process's where there is no GPU: that is what jobs of a declared one use.
Outcome<std::unique_ptr<TestMemory>> memory_to_test(Context& context, const TestOptions& options) {
  if (options.type == "gpu") {
    AITBC_ASSIGN(std::unique_ptr<TestMemory> memory, cuda_memory(options.memory_mb << 20));
    if (memory) return memory;
    context.note("note: this machine has no NVIDIA GPU with a driver, so its host memory is tested");
  }
  return host_memory((options.memory_mb == 0 ? kHostDefault_mb : options.memory_mb) << 20);
}

struct Passes {
  std::uint64_t count = 0;
  std::uint64_t wrong_words = 0;
  double seconds = 0;
};

// Whole passes until the time is up: all patterns once at least, or with `once` exactly once.
Outcome<Passes> run_passes(Context& context, TestMemory& memory, double duration_s, bool once) {
  Passes out;
  Progress progress(context);
  for (std::size_t i = 0; i < kPatterns.size() || (!once && progress.seconds() < duration_s); ++i) {
    const std::uint32_t pattern = kPatterns[i % kPatterns.size()];
    AITBC_TRY(memory.fill(pattern));
    AITBC_ASSIGN(const std::uint64_t wrong, memory.count_wrong(pattern));
    out.wrong_words += wrong;
    ++out.count;
    progress.show("testing " + memory.name() + ": " + std::to_string(out.count) + " passes");
  }
  out.seconds = progress.seconds();
  return out;
}

Outcome<void> test_resource(Context& context, const TestOptions& options) {
  if (options.duration_s != 0 && !options.memory_stress)
    return failed(Exit::usage,
                  "--duration is for --memory-stress; without it there is one pass of each pattern");
  AITBC_ASSIGN(const std::unique_ptr<TestMemory> memory, memory_to_test(context, options));
  AITBC_ASSIGN(const Passes passes, run_passes(context, *memory, options.duration_s, !options.memory_stress));
  const double moved = 2.0 * static_cast<double>(memory->bytes()) * static_cast<double>(passes.count);
  context.output().record({
      {{"device", "Tested"}, text_cell(memory->name())},
      {{"bytes", "Bytes"}, number_cell(memory->bytes())},
      {{"passes", "Passes, each written and read back"}, number_cell(passes.count)},
      {{"seconds", "Seconds"}, decimal_cell(passes.seconds)},
      {{"gigabytes_per_second", "GB/s"}, decimal_cell(moved / 1e9 / passes.seconds)},
      {{"wrong_words", "Words that did not read as written"}, number_cell(passes.wrong_words)},
  });
  if (passes.wrong_words == 0) return {};
  return failed(Exit::refused, "the memory is faulty: take this device off the market");
}

}  // namespace

Outcome<std::unique_ptr<TestMemory>> host_memory(std::uint64_t bytes) {
  try {
    return std::unique_ptr<TestMemory>(
        std::make_unique<HostMemory>(std::vector<std::uint32_t>(bytes / sizeof(std::uint32_t))));
  } catch (const std::bad_alloc&) {
    return failed(Exit::local, "this machine has not that much memory: give a smaller --memory");
  }
}

void add_resource_test(CLI::App& resource, Context& context) {
  add_command<TestOptions>(
      resource, context, "test", "Write patterns to this machine's GPU memory and read them back",
      [](CLI::App& command, TestOptions& options) {
        command.add_option("--type", options.type, "gpu, or memory for the host's")
            ->check(CLI::IsMember({"gpu", "memory"}))
            ->capture_default_str();
        command.add_flag("--memory-stress", options.memory_stress, "Go on for --duration");
        command.add_option("--duration", options.duration_s, "Seconds of a stress test")
            ->check(CLI::Range(0.001, 86'400.0));
        command
            .add_option("--memory", options.memory_mb,
                        "How much, in MB (default: four fifths of what the GPU has free, 256 of the host's)")
            ->check(CLI::Range(1, 1 << 20));
      },
      test_resource);
}

}  // namespace aitbc::cli
