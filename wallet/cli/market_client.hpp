// Calls and views of the marketplace contract, by the names and JSON forms of its call table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/abi.hpp"
#include "wallet/cli/context.hpp"
#include "wallet/cli/submit.hpp"

namespace aitbc::cli {

// The result of a market_ method of the node; `params` is a JSON object by parameter name.
Outcome<Json> market_query(Context& context, std::string_view method, const JsonObject& params);

// A GPU as market_getGpu gives it.
Outcome<Json> find_gpu(Context& context, std::uint64_t id);

// The options of every list, and its output: `columns` name the cells that `row` makes of each item.
struct ListOptions {
  unsigned limit = 100;
  std::string cursor;
  bool newest_first = false;
};
void add_list_options(CLI::App& command, ListOptions& options);
using RowMaker = std::vector<Cell> (*)(const Json& item);
Outcome<void> print_list(Context& context, std::string_view method, JsonObject filters,
                         const ListOptions& options, Table table, RowMaker row);

// Narrow a list to what the text names: an account (wallet or address), a record. No text, no filter.
Outcome<void> filter_by_account(const Context& context, JsonObject& filters, std::string_view name,
                                const std::string& text);
Outcome<void> filter_by_id(market::Kind kind, JsonObject& filters, std::string_view name,
                           const std::string& text);

// Walks a whole list, page by page, until `visit` answers false.
Outcome<void> for_each_item(Context& context, std::string_view method, const JsonObject& filters,
                            const std::function<bool(const Json&)>& visit);

// Opens the wallet, sends the call, waits for it, and gives what it did.
Outcome<Submitted> market_call(Context& context, const std::string& wallet, std::string_view name,
                               std::string_view arguments, const SubmitOptions& options);
// The same with an opened wallet.
Outcome<Submitted> market_call(Context& context, const PrivateKey& key, std::string_view name,
                               std::string_view arguments, const SubmitOptions& options);

// The arguments of the first event of that name in a receipt; null when there is none or it was not waited
// for.
Json event_of(const Submitted& submitted, std::string_view name);

// Reads "gpu_3" or "3"; nothing has another id, so other texts are refused as ids that do not exist are.
Outcome<std::uint64_t> read_id(market::Kind kind, const std::string& text);
// Which kind of record an id with a prefix names; nullopt for a bare number.
std::optional<market::Kind> kind_of(const std::string& text);

// Amounts come as decimal strings of base units.
Cell units_cell(const Json& value);
// Of a JSON number of seconds since 1970; "-" for 0.
Cell moment_cell(const Json& value);
// As text, "-" when absent.
Cell plain_cell(const Json& value);

// Prints what a call did: `headline` and the fields for people, or one object with the transaction.
void report_call(const Context& context, std::string_view headline, const Record& fields,
                 const Submitted& submitted);

// How a booking or a service was closed, of the event or the record: state, what was paid, fee, refund.
Record closing_fields(const Json& closed);

// The --wallet option and those of submit().
struct CallOptions {
  std::string wallet;
  SubmitOptions submit;
};
void add_call_options(CLI::App& command, CallOptions& options);

// The wallet that was named, or AITBC_WALLET, or the one of the development network; a usage failure when
// there is none.
Outcome<std::string> spending_wallet(const Context& context, const std::string& given);

}  // namespace aitbc::cli
