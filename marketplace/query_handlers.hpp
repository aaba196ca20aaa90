// The handlers behind queries.hpp.
#pragma once

#include "marketplace/context.hpp"
#include "marketplace/query_args.hpp"
#include "marketplace/query_index.hpp"

namespace aitbc::market {

struct Query {
  const StateView& view;
  Context& context;  // for the calls' own view functions; its State is discarded
  const QueryArgs& args;
  const QueryIndex* index = nullptr;  // of the same state; null: there is none
  Seconds block_time = 0;             // of the state's block
};
using QueryHandler = Result<std::string> (*)(Query&);

struct QueryEntry {
  QueryMethod method;
  QueryHandler handler;
};
// Each file of handlers contributes its own.
std::vector<QueryEntry> record_queries();
std::vector<QueryEntry> directory_queries();
std::vector<QueryEntry> list_queries();
std::vector<QueryEntry> report_queries();
std::vector<QueryEntry> market_queries();
std::vector<QueryEntry> pricing_queries();

// What a view function refused, as an Error: not_found for the ...NotFound errors.
Error to_error(const Revert& revert);

inline constexpr std::uint64_t kDefaultPage = 100;
inline constexpr std::uint64_t kMaxPage = 500;
// A page looks at no more records than this: with filters that match little it comes back short, with a
// cursor.
inline constexpr std::uint64_t kMaxScan = 10'000;

}  // namespace aitbc::market
