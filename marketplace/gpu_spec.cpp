// What a GPU may be described with.
#include "marketplace/gpu_spec.hpp"

#include "marketplace/categories.hpp"
#include "marketplace/pricing.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxWord = 64;
constexpr std::size_t kMaxVersion = 16;
constexpr std::size_t kMaxRegion = 32;
constexpr std::size_t kMaxList = 16;
constexpr std::size_t kMaxAttributeValue = 128;
constexpr std::string_view kDefaultCategory = "gpu-rental";

Outcome<void> check_lists(const GpuSpec& spec) {
  if (spec.capabilities.size() > kMaxList) return revert<"ListTooLong">("capabilities", kMaxList);
  for (const std::string& capability : spec.capabilities)
    MARKET_TRY(check_required_text("capabilities", capability, kMaxRegion));
  return check_attributes(spec.attributes);
}

Outcome<void> check_terms(const Params& params, const GpuSpec& spec) {
  // A price at which the longest booking overflows, with what strategies may add, could never be booked.
  const Amount highest = Amount::from_units(Amount::max().units() / params.max_booking / 2);
  MARKET_TRY(check_range("pricePerHour", spec.price_per_hour, Amount(1), highest));
  MARKET_TRY(check_range("refundBps", spec.refund_bps, params.min_refund_bps, 10'000));
  MARKET_TRY(check_range("maxDuration", spec.max_duration, 1, params.max_booking));
  return check_range("minDuration", spec.min_duration, 1, spec.max_duration);
}

}  // namespace

void fill_defaults(const Params& params, GpuSpec& spec) {
  if (spec.category.empty()) spec.category = kDefaultCategory;
  if (spec.pricing_strategy.empty()) spec.pricing_strategy = pricing_strategies()[0].name;
  if (spec.refund_bps == 0) spec.refund_bps = params.min_refund_bps;
  if (spec.max_duration == 0) spec.max_duration = params.max_booking;
  if (spec.min_duration == 0) spec.min_duration = 1;
}

Outcome<void> check_attributes(const std::vector<Attribute>& attributes) {
  if (attributes.size() > kMaxList) return revert<"ListTooLong">("attributes", kMaxList);
  for (const Attribute& attribute : attributes) {
    MARKET_TRY(check_required_text("attributes.key", attribute.key, kMaxRegion));
    MARKET_TRY(check_text("attributes.value", attribute.value, kMaxAttributeValue));
  }
  return {};
}

Outcome<void> check_spec(const Params& params, const GpuSpec& spec) {
  MARKET_TRY(check_required_text("deviceId", spec.device_id, kMaxWord));
  MARKET_TRY(check_required_text("model", spec.model, kMaxWord));
  MARKET_TRY(check_range("memoryGb", spec.memory_gb, 1, 1'000'000));
  MARKET_TRY(check_text("cudaVersion", spec.cuda_version, kMaxVersion));
  MARKET_TRY(check_text("computeCapability", spec.compute_capability, kMaxVersion));
  MARKET_TRY(check_text("region", spec.region, kMaxRegion));
  MARKET_TRY(check_lists(spec));
  if (find_category(spec.category) == nullptr) return revert<"UnknownCategory">(spec.category);
  if (find_pricing_strategy(spec.pricing_strategy) == nullptr)
    return revert<"UnknownPricingStrategy">(spec.pricing_strategy);
  return check_terms(params, spec);
}

}  // namespace aitbc::market
