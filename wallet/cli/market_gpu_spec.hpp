// What a provider says about a GPU on the command line.
#pragma once

#include <string>
#include <vector>

#include "wallet/cli/json.hpp"
#include "wallet/cli/outcome.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

// Options that were not given stay empty.
struct GpuSpecOptions {
  std::string device_id;
  std::string model;
  std::string memory_gb;
  std::string cuda_version;
  std::string compute_capability;
  std::string cuda_cores;
  std::string region;
  std::vector<std::string> capabilities;
  std::string category;
  std::vector<std::string> attributes;  // "key=value"
  std::string price_per_hour;           // in AIT
  std::string refund_percent;
  double min_hours = 0;
  double max_hours = 0;
  bool interruptible = false;
};

// With `required`, those that a new GPU cannot do without are.
void add_spec_options(CLI::App& command, GpuSpecOptions& options, bool required);

// The contract's GpuSpec as JSON: that of `base`, a GPU (null for a new one), with what was given put in its
// place. Fails (usage) naming the option that does not fit.
Outcome<std::string> spec_json(const GpuSpecOptions& options, const Json& base);

}  // namespace aitbc::cli
