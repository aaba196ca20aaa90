#include "wallet/cli/actions/activity.hpp"

#include "wallet/cli/transaction_list.hpp"

namespace aitbc::cli {
namespace {

Amount amount_of(const Json& value) { return parse_units(value.text()).value_or(Amount{}); }

std::optional<Amount> paid_out(const Json& record) {
  const auto earned = checked_add(amount_of(record["paid"]), amount_of(record["fee"]));
  return earned ? checked_add(*earned, amount_of(record["refund"])) : std::nullopt;
}

bool fee_is_right(const Json& record) {
  const auto gross = checked_add(amount_of(record["paid"]), amount_of(record["fee"]));
  const auto take_bps = record["rates"]["takeBps"].u64();
  return gross && take_bps && mul_div_floor(*gross, *take_bps, 10'000) == amount_of(record["fee"]);
}

bool job_adds_up(const Json& job) { return paid_out(job) == amount_of(job["payment"]) && fee_is_right(job); }

// Closed records of one list within the period; `holds` judges each.
Outcome<void> check_closed(Context& context, std::string_view method, const TimeRange& range,
                           PaymentCheck& out, const std::function<Outcome<bool>(const Json&)>& holds) {
  Outcome<void> result;
  AITBC_TRY(for_each_item(context, method, {}, [&](const Json& record) {
    const std::uint64_t closed = record["closedAt"].u64().value_or(0);
    if (closed == 0 || closed < range.from) return true;
    const Outcome<bool> verdict = holds(record);
    if (!verdict) {
      result = fail(verdict.error());
      return false;
    }
    ++out.checked;
    if (!*verdict) out.wrong.push_back(record["id"].text());
    return true;
  }));
  return result;
}

}  // namespace

bool service_adds_up(const Json& service) {
  const std::string state = service["state"].text();
  // What a dispute froze is divided by the dispute.
  if (state == "disputed" || state == "resolved") return true;
  return paid_out(service) == amount_of(service["locked"]) && fee_is_right(service);
}

Outcome<Activity> activity_in(Context& context, const TimeRange& range) {
  TransactionQuery query;
  query.range = range;
  query.limit = kMaxActivity;
  AITBC_ASSIGN(const std::vector<Json> found, find_transactions(context, query));
  Activity out;
  out.is_complete = found.size() < kMaxActivity;
  for (const Json& transaction : found) {
    ++out.transactions;
    ++out.by_type[transaction["type"].text()];
    out.reverted += transaction["status"].text() == "reverted" ? 1 : 0;
    out.gas_used += transaction["gasUsed"].u64().value_or(0);
    out.accounts.insert(transaction["from"].text());
    const std::uint64_t block = transaction["blockNumber"].u64().value_or(0);
    if (out.last_block == 0) out.last_block = block;
    out.first_block = block;
    for (const Json& event : transaction["events"].elements()) ++out.by_event[event["name"].text()];
  }
  return out;
}

Outcome<void> print_checks(Context& context, const std::vector<Check>& checks) {
  Table table{{{"check", "CHECK"}, {"holds", "HOLDS"}, {"detail", "DETAIL"}}, {}, ""};
  std::string broken;
  for (const Check& check : checks) {
    table.rows.push_back({text_cell(check.what), boolean_cell(check.holds), text_cell(check.detail)});
    if (!check.holds) broken += (broken.empty() ? "" : ", ") + check.what;
  }
  context.output().table(table);
  if (broken.empty()) return {};
  return failed(Exit::refused, "does not hold: " + broken);
}

Outcome<Check> check_books(Context& context) {
  AITBC_ASSIGN(const Json result, market_query(context, "market_reconcile", {}));
  const std::string counted = std::to_string(result["invariants"].size()) +
                              " invariants recounted at block " +
                              std::to_string(result["blockNumber"].u64().value_or(0));
  return Check{"the market's books agree", result["holds"].is_true(),
               result["holds"].is_true() ? counted : result["failure"].text()};
}

Outcome<PaymentCheck> check_payments(Context& context, const TimeRange& range) {
  PaymentCheck out;
  AITBC_TRY(
      check_closed(context, "market_listBookings", range, out, [&](const Json& booking) -> Outcome<bool> {
        AITBC_ASSIGN(const Json settlement,
                     market_query(context, "market_verifySettlement",
                                  JsonObject().raw("bookingId", booking["id"].dump())));
        return settlement["consistent"].is_true();
      }));
  AITBC_TRY(check_closed(context, "market_listServices", range, out,
                         [](const Json& service) -> Outcome<bool> { return service_adds_up(service); }));
  AITBC_TRY(check_closed(context, "market_listJobs", range, out,
                         [](const Json& job) -> Outcome<bool> { return job_adds_up(job); }));
  return out;
}

}  // namespace aitbc::cli
