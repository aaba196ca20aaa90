// The registry of categories: what a kind of service needs and how it is priced.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace aitbc::market {

enum class Resource : std::uint8_t { gpu, cpu, memory, storage };
enum class PricingModel : std::uint8_t { fixed, hourly, per_unit };

struct Requirement {
  Resource resource;
  std::uint32_t minimum;
  std::uint32_t recommended;
  std::string_view unit;
};

struct Category {
  std::string_view id;
  std::string_view name;
  std::string_view icon;
  std::string_view description;
  std::span<const Requirement> requirements;
  PricingModel pricing;
  // In thousandths of an AIT: what a newcomer may take as a first asking price.
  std::uint32_t base_price_milli_ait;
  std::uint32_t unit_price_milli_ait;
};

// In order of id.
std::span<const Category> categories();
// nullptr when there is none.
const Category* find_category(std::string_view id);

std::string_view name_of(Resource resource);
std::string_view name_of(PricingModel model);

}  // namespace aitbc::market
