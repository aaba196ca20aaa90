#include "wallet/cli/market_gpu_spec.hpp"

#include <CLI/CLI.hpp>
#include <limits>
#include <map>

#include "base/amount.hpp"
#include "codec/hex.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/option_values.hpp"
#include "wallet/kdf.hpp"

namespace aitbc::cli {
namespace {

constexpr std::uint64_t kMaxCount = std::numeric_limits<std::uint32_t>::max();

using Members = std::map<std::string, std::string>;  // JSON texts by name

std::string random_device_id() {
  std::array<std::uint8_t, 8> bytes{};
  wallet::fill_random(bytes);
  return "gpu-" + hex::encode(bytes);
}

void put_text(Members& members, const char* name, const std::string& value) {
  if (!value.empty()) members[name] = json_text(value);
}

std::string text_list(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(json_text(text));
  return json_array(items);
}

Outcome<std::string> attribute_list(const std::vector<std::string>& pairs) {
  std::vector<std::string> items;
  for (const std::string& pair : pairs) {
    const std::size_t at = pair.find('=');
    if (at == std::string::npos || at == 0)
      return failed(Exit::usage, "--attribute '" + pair + "' is not KEY=VALUE");
    JsonObject item;
    item.text("key", pair.substr(0, at)).text("value", pair.substr(at + 1));
    items.push_back(item.str());
  }
  return json_array(items);
}

Outcome<void> put_terms(Members& members, const GpuSpecOptions& options) {
  if (!options.price_per_hour.empty()) {
    AITBC_ASSIGN(const Amount price, ait_option(options.price_per_hour, "--price-per-hour"));
    members["pricePerHour"] = json_text(to_units_string(price));
  }
  if (!options.refund_percent.empty()) {
    AITBC_ASSIGN(const std::uint64_t bps, percent_option(options.refund_percent, "--refund-percent"));
    members["refundBps"] = std::to_string(bps);
  }
  if (options.min_hours > 0) {
    AITBC_ASSIGN(const std::uint64_t seconds, seconds_of_hours(options.min_hours, "--min-hours"));
    members["minDuration"] = std::to_string(seconds);
  }
  if (options.max_hours > 0) {
    AITBC_ASSIGN(const std::uint64_t seconds, seconds_of_hours(options.max_hours, "--max-hours"));
    members["maxDuration"] = std::to_string(seconds);
  }
  return {};
}

}  // namespace

void add_spec_options(CLI::App& command, GpuSpecOptions& options, bool required) {
  command.add_option("--model,--name", options.model, "Model, such as 'RTX 4090'")->required(required);
  command.add_option("--memory-gb,--memory", options.memory_gb, "Memory in GB")
      ->required(required)
      ->check([](const std::string& text) { return whole_number_fault(text, 1, kMaxCount); });
  command.add_option("--price-per-hour,--price", options.price_per_hour, "In AIT")->required(required);
  if (required) {
    command.add_option("--device-id", options.device_id, "Unique on the chain (default: a random one)");
  }
  command.add_option("--cuda-version", options.cuda_version, "Such as 12.4");
  command.add_option("--compute-capability", options.compute_capability, "Such as 8.9");
  command.add_option("--cuda-cores", options.cuda_cores)->check([](const std::string& text) {
    return whole_number_fault(text, 0, kMaxCount);
  });
  command.add_option("--region", options.region, "Where it stands");
  command.add_option("--capability", options.capabilities, "Such as fp16; may be repeated");
  command.add_option("--category", options.category, "Such as gpu-rental or ai-inference");
  command.add_option("--attribute", options.attributes, "KEY=VALUE; may be repeated");
  command.add_option("--refund-percent", options.refund_percent, "Of unused time, at an early release");
  command.add_option("--min-hours", options.min_hours, "Shortest booking")->check(CLI::NonNegativeNumber);
  command.add_option("--max-hours", options.max_hours, "Longest booking")->check(CLI::NonNegativeNumber);
  command.add_flag("--interruptible", options.interruptible, "Bookings may be ended by better bids");
}

Outcome<std::string> spec_json(const GpuSpecOptions& options, const Json& base) {
  Members members;
  // A GPU's record has other members than its specification too.
  for (const market::AbiParam& member : market::find_call("registerGpu")->inputs[0].components)
    if (const Json value = base[member.name]; !value.is_null()) members[member.name] = value.dump();
  if (base.is_null()) members["deviceId"] = json_text(random_device_id());
  put_text(members, "deviceId", options.device_id);
  put_text(members, "model", options.model);
  put_text(members, "memoryGb", options.memory_gb);
  put_text(members, "cudaVersion", options.cuda_version);
  put_text(members, "computeCapability", options.compute_capability);
  put_text(members, "cudaCores", options.cuda_cores);
  put_text(members, "region", options.region);
  put_text(members, "category", options.category);
  if (!options.capabilities.empty()) members["capabilities"] = text_list(options.capabilities);
  if (!options.attributes.empty()) {
    AITBC_ASSIGN(members["attributes"], attribute_list(options.attributes));
  }
  if (options.interruptible) members["interruptible"] = "true";
  AITBC_TRY(put_terms(members, options));
  JsonObject out;
  for (const auto& [name, value] : members) out.raw(name, value);
  return out.str();
}

}  // namespace aitbc::cli
