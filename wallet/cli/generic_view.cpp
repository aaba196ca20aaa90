#include "wallet/cli/generic_view.hpp"

#include <algorithm>
#include <array>

#include "wallet/cli/transaction_view.hpp"

namespace aitbc::cli {
namespace {

constexpr std::array<std::string_view, 10> kMoments = {"start",       "end",       "deadline",  "until",
                                                       "expiry",      "deliverBy", "settlesAt", "nextChange",
                                                       "windowStart", "windowEnd"};

// Numbers of base units. By name, since a text that people chose may be all digits, too.
constexpr std::array<std::string_view, 38> kMoney = {"activeStake",
                                                     "amount",
                                                     "averagePricePerHour",
                                                     "bond",
                                                     "burned",
                                                     "collateral",
                                                     "compensated",
                                                     "contested",
                                                     "contestedGross",
                                                     "contestedKept",
                                                     "cost",
                                                     "currentPrice",
                                                     "currentPricePerHour",
                                                     "earned",
                                                     "fee",
                                                     "fees",
                                                     "frozen",
                                                     "held",
                                                     "index",
                                                     "locked",
                                                     "maxPricePerHour",
                                                     "minDisputeBond",
                                                     "minStake",
                                                     "mintPerUnit",
                                                     "minted",
                                                     "money",
                                                     "paid",
                                                     "payment",
                                                     "price",
                                                     "pricePerHour",
                                                     "recommendedPrice",
                                                     "refund",
                                                     "rewards",
                                                     "secondPrice",
                                                     "slashed",
                                                     "staked",
                                                     "toCoordinators",
                                                     "weight"};

bool is_moment(std::string_view name) {
  return name.ends_with("At") || name.ends_with("Until") ||
         std::find(kMoments.begin(), kMoments.end(), name) != kMoments.end();
}

std::string snake_case(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper) out += '_';
    out += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string title_of(std::string_view name) {
  std::string out = snake_case(name);
  std::replace(out.begin(), out.end(), '_', ' ');
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

bool is_money(std::string_view name) { return std::find(kMoney.begin(), kMoney.end(), name) != kMoney.end(); }

}  // namespace

Cell generic_cell(std::string_view name, const Json& value) {
  if (value.is_string() && is_money(name)) return units_cell(value);
  if (!value.is_string() && value.u64() && is_moment(name)) return moment_cell(value);
  return plain_cell(value);
}

Record generic_record(const Json& object) {
  Record out;
  for (const auto& [name, value] : object.members())
    out.push_back({{snake_case(name), title_of(name)}, generic_cell(name, value)});
  return out;
}

void report_events(const Context& context, const Submitted& submitted) {
  Output output = context.output();
  std::vector<std::string> events;
  const Json logs = submitted.receipt ? submitted.receipt->document["logs"] : Json();
  for (const Json& document : logs.elements()) {
    const auto log = read_log(document);
    const auto event =
        log ? market::decode_log(*log) : Result<market::Decoded>(fail(ErrorCode::not_found, ""));
    if (!event) continue;
    const Record record = generic_record(Json::parse(event->arguments_json).value_or(Json()));
    if (output.is_json()) {
      events.push_back(JsonObject().text("event", event->name).raw("arguments", json_of(record)).str());
    } else {
      output.line(title_of(event->name));
      output.record(record);
    }
  }
  Record transaction = describe(submitted);
  if (output.is_json())
    transaction.push_back({{"events", ""}, {"", json_array(events)}});
  else
    transaction.erase(transaction.begin());  // the hash was printed when the node took it
  output.record(transaction);
}

Outcome<void> print_generic_list(Context& context, const GenericList& shape, const JsonObject& filters,
                                 const ListOptions& options) {
  JsonObject params = filters;
  params.number("limit", options.limit);
  if (!options.cursor.empty()) params.text("cursor", options.cursor);
  if (options.newest_first) params.boolean("newestFirst", true);
  AITBC_ASSIGN(const Json page, market_query(context, shape.method, params));
  Table table{{}, {}, shape.when_empty};
  for (const char* column : shape.columns) {
    std::string title = title_of(column);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    table.columns.push_back({snake_case(column), title});
  }
  for (const Json& item : page["items"].elements()) {
    auto& row = table.rows.emplace_back();
    for (const char* column : shape.columns) row.push_back(generic_cell(column, item[column]));
  }
  context.output().table(table);
  if (const Json next = page["nextCursor"]; !next.is_null())
    context.note("there are more: --cursor " + printable(next.text()));
  return {};
}

}  // namespace aitbc::cli
