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

class QueryArgs;
class QueryIndex;

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
  bool of_state = true;     // the answer is that of one block's state
};

// In the order of the reference page.
std::span<const QueryMethod> query_methods();

// What a query reads.
struct QuerySite {
  const StateView& view;
  Seconds now = 0;                    // due records read as what they have become
  Seconds block_time = 0;             // of the state's block: what was due by then, it could have closed
  const QueryIndex* index = nullptr;  // of the same state; null: lists look at every record
  std::span<const Address> validators = {};  // of the state's block, ascending
};

// Answers JSON. not_found: no such record or method; invalid_input: the parameters do not fit; limit: more
// than one query may look at; io and corruption: the state could not be read.
Result<std::string> query(const QuerySite& site, std::string_view method, const QueryArgs& args);
// `params_json`: an array in the order of the parameters, trailing optional ones left out, or an object by
// name.
Result<std::string> query(const StateView& view, Seconds now, std::string_view method,
                          std::string_view params_json);

}  // namespace aitbc::market
