// Audits: what can be checked is checked, what can only be counted is counted.
#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/actions/activity.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/transaction_list.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

struct AuditOptions {
  std::string period = "24h";
  std::string record;
};

Outcome<void> print_trail(Context& context, const std::string& id) {
  Table table{{{"block_number", "BLOCK"},
               {"timestamp", "TIME"},
               {"event", "EVENT"},
               {"type", "BY"},
               {"transaction", "TRANSACTION"},
               {"arguments", "ARGUMENTS"}},
              {},
              "nothing has happened to " + id};
  AITBC_TRY(for_each_item(context, "market_getEvents", JsonObject().text("id", id), [&](const Json& event) {
    table.rows.push_back({number_cell(event["blockNumber"].u64().value_or(0)),
                          moment_cell(event["timestamp"]), plain_cell(event["name"]),
                          plain_cell(event["transactionType"]), plain_cell(event["transactionHash"]),
                          plain_cell(event["arguments"])});
    return true;
  }));
  context.output().table(table);
  return {};
}

void add_counts(Record& record, const Activity& activity) {
  record.push_back({{"transactions", "Market transactions"}, number_cell(activity.transactions)});
  record.push_back({{"reverted", "Of these reverted"}, number_cell(activity.reverted)});
  record.push_back({{"accounts", "Accounts that sent them"}, number_cell(activity.accounts.size())});
  record.push_back({{"first_block", "First block"}, number_cell(activity.first_block)});
  record.push_back({{"last_block", "Last block"}, number_cell(activity.last_block)});
  record.push_back({{"complete", "Nothing left out"}, boolean_cell(activity.is_complete)});
  std::string shown;
  JsonObject types;
  for (const auto& [type, count] : activity.by_type) {
    shown += "\n  " + type + ": " + std::to_string(count);
    types.number(type, count);
  }
  record.push_back({{"by_type", "By type"}, {shown.empty() ? "-" : shown, types.str()}});
}

Outcome<void> audit(Context& context, const AuditOptions& options) {
  if (!options.record.empty()) return print_trail(context, options.record);
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  AITBC_ASSIGN(const Activity activity, activity_in(context, range));
  Record record{{{"period", "Period"}, text_cell(options.period)}};
  add_counts(record, activity);
  context.output().record(record);
  return {};
}

// Money, people and what went wrong, over the period; and the head that this is true of.
Outcome<void> regulatory_audit(Context& context, const AuditOptions& options) {
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  AITBC_ASSIGN(const Activity activity, activity_in(context, range));
  AITBC_ASSIGN(const Json volume,
               market_query(context, "market_getVolume", JsonObject().text("period", options.period)));
  AITBC_ASSIGN(const Json params, market_query(context, "market_getParams", {}));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Json head,
               node->call("eth_getBlockByNumber", json_array({json_text("latest"), "false"})));
  const auto count = [&activity](const char* event) {
    const auto found = activity.by_event.find(event);
    return number_cell(found == activity.by_event.end() ? 0 : found->second);
  };
  Record record{{{"period", "Period"}, text_cell(options.period)},
                {{"as_of_block", "As of block"}, number_cell(head["number"].u64().value_or(0))},
                {{"block_hash", "Its hash"}, text_cell(head["hash"].text())},
                {{"volume", "Turned over"}, units_cell(volume["volume"])},
                {{"fees", "Market fees"}, units_cell(volume["fee"])},
                {{"take_bps", "Fee rate (1/100 %)"}, plain_cell(params["takeBps"])},
                {{"treasury", "Treasury"}, plain_cell(params["treasury"])},
                {{"new_providers", "New providers"}, count("ProviderRegistered")},
                {{"disputes_opened", "Disputes opened"}, count("DisputeOpened")},
                {{"reviews_hidden", "Reviews hidden"}, count("ReviewHidden")},
                {{"disputes_closed", "Disputes decided in the period"}, plain_cell(volume["disputes"])}};
  add_counts(record, activity);
  context.output().record(record);
  return {};
}

Outcome<void> financial_audit(Context& context, const AuditOptions& options) {
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  AITBC_ASSIGN(const Json volume,
               market_query(context, "market_getVolume", JsonObject().text("period", options.period)));
  AITBC_ASSIGN(const PaymentCheck payments, check_payments(context, range));
  AITBC_ASSIGN(const Check books, check_books(context));
  Check flows{"paid + fee + refund of what closed is what was locked", payments.wrong.empty(),
              std::to_string(payments.checked) + " closed records checked"};
  if (!context.output().is_json())
    context.output().record({{{"volume", "Turned over"}, units_cell(volume["volume"])},
                             {{"paid", "Paid to providers"}, units_cell(volume["paid"])},
                             {{"fees", "Market fees"}, units_cell(volume["fee"])},
                             {{"refunds", "Refunded to customers"}, units_cell(volume["refund"])}});
  return print_checks(context, {flows, books});
}

Outcome<void> payment_verify(Context& context, const AuditOptions& options) {
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  AITBC_ASSIGN(const PaymentCheck payments, check_payments(context, range));
  std::string wrong;
  for (const std::string& id : payments.wrong) wrong += (wrong.empty() ? "" : ", ") + id;
  context.output().record({{{"period", "Closed in the last"}, text_cell(options.period)},
                           {{"checked", "Closed records checked"}, number_cell(payments.checked)},
                           {{"wrong", "Whose payments do not add up"}, number_cell(payments.wrong.size())}});
  if (wrong.empty()) return {};
  return failed(Exit::refused, "these do not add up: " + wrong);
}

Outcome<void> reconcile(Context& context, const AuditOptions& options) {
  AITBC_TRY(range_of(context, options.period));
  AITBC_ASSIGN(const Json result, market_query(context, "market_reconcile", {}));
  Record record{{{"block_number", "At block"}, number_cell(result["blockNumber"].u64().value_or(0))},
                {{"block_hash", "Its hash"}, plain_cell(result["blockHash"])},
                {{"holds", "Everything agrees"}, boolean_cell(result["holds"].is_true())},
                {{"accounts", "Accounts recounted"}, plain_cell(result["accounts"])},
                {{"minted", "Minted"}, units_cell(result["minted"])},
                {{"burned", "Burned"}, units_cell(result["burned"])}};
  std::string shown;
  for (const Json& each : result["invariants"].elements())
    shown += "\n  " + each["name"].text() + ": " + each["counted"].text() + " of " + each["expected"].text() +
             " " + each["unit"].text() + (each["holds"].is_true() ? "" : " - DOES NOT HOLD");
  record.push_back({{"invariants", "Recounted"}, {shown, result["invariants"].dump()}});
  context.output().record(record);
  if (result["holds"].is_true()) return {};
  return failed(Exit::refused, "the books do not agree: " + result["failure"].text());
}

// Listed GPUs have their stake behind them, nobody in jail takes work, nothing is overdue, payments add up.
Outcome<void> compliance_check(Context& context, const AuditOptions& options) {
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  AITBC_ASSIGN(const Json params, market_query(context, "market_getParams", {}));
  AITBC_ASSIGN(const Json stats, market_query(context, "market_getStats", {}));
  AITBC_ASSIGN(const Amount min_stake, parse_units(params["minStake"].text()));
  std::uint64_t providers = 0;
  std::uint64_t understaked = 0;
  std::uint64_t jailed = 0;
  std::set<std::string> without_stake;
  std::set<std::string> in_jail;
  AITBC_TRY(for_each_item(context, "market_listProviders", {}, [&](const Json& provider) {
    ++providers;
    const std::string account = provider["account"].text();
    if (parse_units(provider["activeStake"].text()).value_or(Amount{}) < min_stake)
      without_stake.insert(account);
    if (provider["liveness"]["jailedUntil"].u64().value_or(0) > context.env.unix_now())
      in_jail.insert(account);
    return true;
  }));
  AITBC_TRY(for_each_item(context, "market_listGpus", JsonObject().text("status", "available"),
                          [&](const Json& gpu) {
                            understaked += without_stake.contains(gpu["provider"].text()) ? 1 : 0;
                            jailed += in_jail.contains(gpu["provider"].text()) ? 1 : 0;
                            return true;
                          }));
  const std::uint64_t overdue = stats["expiryBacklog"].u64().value_or(0);
  AITBC_ASSIGN(const PaymentCheck payments, check_payments(context, range));
  AITBC_ASSIGN(const Check books, check_books(context));
  return print_checks(
      context,
      {{"every available GPU has its provider's minimum stake behind it", understaked == 0,
        std::to_string(providers) + " providers, " + to_ait_string(min_stake) + " AIT each"},
       {"no jailed provider's GPU is available", jailed == 0, std::to_string(in_jail.size()) + " in jail"},
       {"nothing that is due waits to be closed", overdue == 0, std::to_string(overdue) + " waiting"},
       {"what closed in the period paid what it had locked", payments.wrong.empty(),
        std::to_string(payments.checked) + " records"},
       books});
}

using AuditWork = Outcome<void> (*)(Context&, const AuditOptions&);

void add_audit(CLI::App& actions, Context& context, const char* name, const char* help, AuditWork work) {
  add_command<AuditOptions>(
      actions, context, name, help,
      [](CLI::App& command, AuditOptions& options) {
        command.add_option("--period", options.period, "The last 1h, 24h, 7d, ...")->capture_default_str();
      },
      work);
}

}  // namespace

void add_audit_actions(CLI::App& actions, Context& context) {
  add_command<AuditOptions>(
      actions, context, "audit", "Count what was done in a period, or show every event of one record",
      [](CLI::App& command, AuditOptions& options) {
        command.add_option("--period", options.period, "The last 1h, 24h, 7d, ...")->capture_default_str();
        command.add_option("--id", options.record,
                           "A record (svc_3, bk_7, ...) or an address: its whole trail");
      },
      audit);
  add_audit(actions, context, "compliance-check", "Check that the market keeps its own rules",
            compliance_check);
  add_audit(actions, context, "regulatory-audit", "Report money, accounts and disputes of a period",
            regulatory_audit);
  add_audit(actions, context, "financial-audit", "Check all payments of a period, and the books",
            financial_audit);
  add_audit(actions, context, "payment-verify", "Check that what closed in a period paid what it had locked",
            payment_verify);
  add_audit(actions, context, "reconcile", "Recount every record, lock and balance of the chain", reconcile);
}

}  // namespace aitbc::cli
