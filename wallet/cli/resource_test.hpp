// resource test: whether this machine's GPU memory keeps what is written to it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "wallet/cli/context.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

// Memory that can be filled and checked in passes.
class TestMemory {
 public:
  virtual ~TestMemory() = default;
  virtual std::string name() const = 0;
  virtual std::uint64_t bytes() const = 0;
  // Writes the word everywhere.
  virtual Outcome<void> fill(std::uint32_t word) = 0;
  // Reads all of it back; how many words are not that one.
  virtual Outcome<std::uint64_t> count_wrong(std::uint32_t word) = 0;
};

// Of the first NVIDIA GPU, through the driver's libcuda.so.1 when that is installed; nullptr when there is
// none. `bytes` 0: four fifths of what is free.
Outcome<std::unique_ptr<TestMemory>> cuda_memory(std::uint64_t bytes);
// Of this process.
Outcome<std::unique_ptr<TestMemory>> host_memory(std::uint64_t bytes);

void add_resource_test(CLI::App& resource, Context& context);

}  // namespace aitbc::cli
