// Records and events of the marketplace as they are, for commands that add nothing to them.
#pragma once

#include "marketplace/abi.hpp"
#include "wallet/cli/market_client.hpp"

namespace aitbc::cli {

// In the marketplace's JSON an amount is a decimal string, every other number a number, and times are told by
// their name. Keys become snake_case.
Cell generic_cell(std::string_view name, const Json& value);
Record generic_record(const Json& object);

// Everything that a transaction's events say, and the transaction.
void report_events(const Context& context, const Submitted& submitted);

// A list with one column per member: "id", "state", ...
struct GenericList {
  const char* method;
  std::vector<const char*> columns;  // the first is the id
  const char* when_empty;
};
Outcome<void> print_generic_list(Context& context, const GenericList& shape, const JsonObject& filters,
                                 const ListOptions& options);

}  // namespace aitbc::cli
