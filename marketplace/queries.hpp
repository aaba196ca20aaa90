// Questions about the market, in JSON: what the market_* methods of the RPC answer. They read one state and
// change nothing. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "execution/state_view.hpp"

namespace aitbc::market {

struct QueryParam {
  std::string_view name;
  std::string_view
      type;  // JSON schema type: "string", "integer", "boolean"; ids are strings such as "gpu_12"
  bool required = false;
  std::string_view description;
};

struct QueryMethod {
  std::string_view name;  // "market_getGpu"
  std::string_view description;
  std::vector<QueryParam> params;
  std::string_view result;  // what comes back, in words
};

// In the order of the reference page.
std::span<const QueryMethod> query_methods();

// `params_json`: an array in the order of the parameters, trailing optional ones left out, or an object by
// name. Answers JSON. not_found: no such record or method; invalid_input: the parameters do not fit; io and
// corruption: the state could not be read.
Result<std::string> query(const StateView& state, Seconds now, std::string_view method,
                          std::string_view params_json);

}  // namespace aitbc::market
