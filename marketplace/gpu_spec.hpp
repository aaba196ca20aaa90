// What a GPU may be described with.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// Empty category, strategy, refund share and durations take their defaults.
void fill_defaults(const Params& params, GpuSpec& spec);
Outcome<void> check_attributes(const std::vector<Attribute>& attributes);
Outcome<void> check_spec(const Params& params, const GpuSpec& spec);

}  // namespace aitbc::market
