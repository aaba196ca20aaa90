// Request targets taken apart (RFC 3986).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace aitbc::rest {

// invalid_input: a '%' without two digits, or bytes that are not UTF-8 without control characters.
Result<std::string> percent_decode(std::string_view text);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;
inline constexpr std::size_t kMaxQueryPairs = 64;
// "a=1&b=x%20y" in order; '+' means a space, as forms write it. limit: more than kMaxQueryPairs.
Result<QueryPairs> parse_query(std::string_view query);

// The segments of "/v1/gpu/gpu_1", decoded.
Result<std::vector<std::string>> split_path(std::string_view path);

}  // namespace aitbc::rest
