#include "wallet/cli/market_client.hpp"

#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/transaction_view.hpp"

namespace aitbc::cli {
namespace {

constexpr const char* kDevnetWallet = "genesis-ops";

Outcome<CallRequest> encode_request(std::string_view name, std::string_view arguments) {
  CallRequest out;
  out.to = market::kContract;
  AITBC_ASSIGN(out.data, market::encode_call(name, arguments));
  return out;
}

}  // namespace

Outcome<Json> market_query(Context& context, std::string_view method, const JsonObject& params) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  return node->call(method, params.str());
}

void add_list_options(CLI::App& command, ListOptions& options) {
  command.add_option("--limit", options.limit, "At most so many")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  command.add_option("--cursor", options.cursor, "Where the list before ended");
  command.add_flag("--newest-first", options.newest_first);
}

Outcome<void> print_list(Context& context, std::string_view method, JsonObject filters,
                         const ListOptions& options, Table table, RowMaker row) {
  filters.number("limit", options.limit);
  if (!options.cursor.empty()) filters.text("cursor", options.cursor);
  if (options.newest_first) filters.boolean("newestFirst", true);
  AITBC_ASSIGN(const Json page, market_query(context, method, filters));
  for (const Json& item : page["items"].elements()) table.rows.push_back(row(item));
  context.output().table(table);
  const Json next = page["nextCursor"];
  if (!next.is_null()) context.note("there are more: --cursor " + printable(next.text()));
  return {};
}

Outcome<void> filter_by_account(const Context& context, JsonObject& filters, std::string_view name,
                                const std::string& text) {
  if (text.empty()) return {};
  AITBC_ASSIGN(const Address account, resolve_account(context, text));
  filters.text(name, hex::encode_prefixed(account));
  return {};
}

Outcome<void> filter_by_id(market::Kind kind, JsonObject& filters, std::string_view name,
                           const std::string& text) {
  if (text.empty()) return {};
  AITBC_ASSIGN(const std::uint64_t id, read_id(kind, text));
  filters.text(name, market::id_text(kind, id));
  return {};
}

Outcome<void> for_each_item(Context& context, std::string_view method, const JsonObject& filters,
                            const std::function<bool(const Json&)>& visit) {
  constexpr std::uint64_t kPage = 500;
  Json cursor;
  do {
    JsonObject params = filters;
    params.number("limit", kPage);
    if (!cursor.is_null()) params.raw("cursor", cursor.dump());
    AITBC_ASSIGN(const Json page, market_query(context, method, params));
    for (const Json& item : page["items"].elements())
      if (!visit(item)) return {};
    cursor = page["nextCursor"];
  } while (!cursor.is_null());
  return {};
}

Outcome<Submitted> market_call(Context& context, const std::string& wallet, std::string_view name,
                               std::string_view arguments, const SubmitOptions& options) {
  // Arguments that make no sense are found before a password is asked for.
  AITBC_TRY(encode_request(name, arguments));
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, wallet));
  return market_call(context, key, name, arguments, options);
}

Outcome<Submitted> market_call(Context& context, const PrivateKey& key, std::string_view name,
                               std::string_view arguments, const SubmitOptions& options) {
  AITBC_ASSIGN(const CallRequest request, encode_request(name, arguments));
  return submit(context, key, request, options);
}

Json event_of(const Submitted& submitted, std::string_view name) {
  if (!submitted.receipt) return {};
  for (const Json& document : submitted.receipt->document["logs"].elements()) {
    const auto log = read_log(document);
    if (!log) continue;
    const auto event = market::decode_log(*log);
    if (!event || event->name != name) continue;
    return Json::parse(event->arguments_json).value_or(Json());
  }
  return {};
}

Outcome<std::uint64_t> read_id(market::Kind kind, const std::string& text) {
  const auto id = market::parse_id(kind, text);
  if (id && *id != 0) return *id;
  return failed(Exit::refused,
                "nothing has the id '" + text + "': such ids look like " + market::id_text(kind, 1));
}

std::optional<market::Kind> kind_of(const std::string& text) {
  for (const market::Kind kind : market::kNumberedKinds) {
    const std::string prefix = std::string(market::prefix_of(kind)) + "_";
    if (text.starts_with(prefix)) return kind;
  }
  return std::nullopt;
}

Cell units_cell(const Json& value) {
  const auto number = value.number();
  const auto amount = number ? to_amount(*number) : std::nullopt;
  return amount ? ait_cell(*amount) : Cell{"-", "null"};
}

Cell moment_cell(const Json& value) {
  const auto seconds = value.u64();
  return seconds && *seconds != 0 ? time_cell(*seconds) : Cell{"-", "null"};
}

Cell plain_cell(const Json& value) {
  if (value.is_null()) return {"-", "null"};
  return {printable(value.text()), value.dump()};
}

void report_call(const Context& context, std::string_view headline, const Record& fields,
                 const Submitted& submitted) {
  Output output = context.output();
  Record transaction = describe(submitted);
  if (output.is_json()) {
    Record all = fields;
    all.insert(all.end(), transaction.begin(), transaction.end());
    return output.record(all);
  }
  if (!submitted.receipt) return;  // the hash was printed; what the call did is not known yet
  output.line(headline);
  transaction.erase(transaction.begin());
  output.record(fields);
  output.record(transaction);
}

Record closing_fields(const Json& closed) {
  return {{{"state", "State"}, plain_cell(closed["state"])},
          {{"paid", "Paid to the provider"}, units_cell(closed["paid"])},
          {{"market_fee", "Market fee"}, units_cell(closed["fee"])},
          {{"refund", "Refund"}, units_cell(closed["refund"])}};
}

Outcome<std::string> spending_wallet(const Context& context, const std::string& given) {
  if (!given.empty()) return given;
  if (const auto chosen = context.env.variable("AITBC_WALLET"); chosen && !chosen->empty()) return *chosen;
  if (context.wallets().contains(kDevnetWallet)) return std::string(kDevnetWallet);
  return failed(Exit::usage, "--wallet is missing: name the wallet that pays, or set AITBC_WALLET");
}

void add_call_options(CLI::App& command, CallOptions& options) {
  command.add_option("--wallet", options.wallet, "Name of the wallet that acts and pays the fee")->required();
  add_submit_options(command, options.submit);
}

}  // namespace aitbc::cli
