// EIP-712 data as people read it before they sign it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wallet/cli/json.hpp"

namespace aitbc::cli {

// One line per value, nested ones indented: who it is for (the domain), what it is (the primary type), what
// it says. `document` is eth_signTypedData_v4's JSON, already checked by eip712::hash_json(). Control
// characters are replaced, so that no text can hide another.
std::vector<std::string> typed_data_lines(const Json& document);

}  // namespace aitbc::cli
