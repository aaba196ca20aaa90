// The reference page of the contract (docs/marketplace-calls.md): calls, events, errors, parameters and the
// registries, from the tables that the code itself runs on.
#pragma once

#include <string>

namespace aitbc::market {

std::string reference_page();

}  // namespace aitbc::market
