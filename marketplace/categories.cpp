#include "marketplace/categories.hpp"

#include <algorithm>

namespace aitbc::market {

const Category* find_category(std::string_view id) {
  const auto all = categories();
  const auto at = std::find_if(all.begin(), all.end(), [&](const Category& each) { return each.id == id; });
  return at == all.end() ? nullptr : &*at;
}

std::string_view name_of(Resource resource) {
  switch (resource) {
    case Resource::gpu:
      return "gpu";
    case Resource::cpu:
      return "cpu";
    case Resource::memory:
      return "memory";
    case Resource::storage:
      return "storage";
  }
  return "?";
}

std::string_view name_of(PricingModel model) {
  switch (model) {
    case PricingModel::fixed:
      return "fixed";
    case PricingModel::hourly:
      return "hourly";
    case PricingModel::per_unit:
      return "per-unit";
  }
  return "?";
}

}  // namespace aitbc::market
