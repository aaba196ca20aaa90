// verify-settlement, verify-provider, quality-metrics, satisfaction, privacy-audit: about one service or
// account.
#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/actions/activity.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/period.hpp"
#include "wallet/cli/statistics.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

struct SubjectOptions {
  std::string service;
  std::string booking;
  std::string wallet;
  std::string period = "30d";
};

Outcome<Json> find_record(Context& context, Kind kind, std::string_view method, const std::string& text) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(kind, text));
  return market_query(context, method, JsonObject().text("id", market::id_text(kind, id)));
}

Outcome<void> verify_booking(Context& context, const std::string& text) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::booking, text));
  AITBC_ASSIGN(const Json result,
               market_query(context, "market_verifySettlement",
                            JsonObject().text("bookingId", market::id_text(Kind::booking, id))));
  const bool holds = result["consistent"].is_true();
  context.output().record({{{"booking_id", "Booking"}, plain_cell(result["bookingId"])},
                           {{"settled", "Settled"}, boolean_cell(result["settled"].is_true())},
                           {{"locked", "Locked"}, units_cell(result["locked"])},
                           {{"paid", "Paid to the provider"}, units_cell(result["inRecord"]["paid"])},
                           {{"market_fee", "Market fee"}, units_cell(result["inRecord"]["fee"])},
                           {{"refund", "Refund"}, units_cell(result["inRecord"]["refund"])},
                           {{"consistent", "Agrees with its events"}, boolean_cell(holds)}});
  return holds ? Outcome<void>() : failed(Exit::refused, text + " was not settled as its events say");
}

// While it is open nothing is settled: what its bidders have in escrow is shown.
Outcome<void> verify_settlement(Context& context, const SubjectOptions& options) {
  if (options.service.empty() == options.booking.empty())
    return failed(Exit::usage, "of what: give either --service-id or --booking-id");
  if (!options.booking.empty()) return verify_booking(context, options.booking);
  AITBC_ASSIGN(const Json service, find_record(context, Kind::service, "market_getService", options.service));
  const bool closed = service["closedAt"].u64().value_or(0) != 0;
  Amount in_bids;
  JsonObject filters;
  filters.text("serviceId", service["id"].text()).text("state", "open");
  AITBC_TRY(for_each_item(context, "market_listBids", filters, [&](const Json& bid) {
    in_bids = checked_add(in_bids, parse_units(bid["amount"].text()).value_or(Amount{})).value_or(in_bids);
    return true;
  }));
  const bool holds = !closed || service_adds_up(service);
  context.output().record({{{"service_id", "Service"}, plain_cell(service["id"])},
                           {{"state", "State"}, plain_cell(service["state"])},
                           {{"settled", "Settled"}, boolean_cell(closed)},
                           {{"locked", "Locked by its customer"}, units_cell(service["locked"])},
                           {{"open_bids", "Locked by open bids"}, ait_cell(in_bids)},
                           {{"paid", "Paid to the provider"}, units_cell(service["paid"])},
                           {{"market_fee", "Market fee"}, units_cell(service["fee"])},
                           {{"refund", "Refund"}, units_cell(service["refund"])},
                           {{"consistent", "Adds up"}, boolean_cell(holds)}});
  return holds ? Outcome<void>()
               : failed(Exit::refused, service["id"].text() + ": what was paid is not what was locked");
}

// "99.5" of basis points; null when there is nothing to divide by.
Cell percent_cell(const Json& bps) {
  const auto value = bps.u64();
  return value ? decimal_cell(static_cast<double>(*value) / 100) : Cell{"-", "null"};
}

Record describe_quality(const Json& quality) {
  return {{{"provider", "Provider"}, plain_cell(quality["provider"])},
          {{"uptime_percent", "Uptime %"}, percent_cell(quality["uptimeBps"])},
          {{"outages", "Outages"}, plain_cell(quality["outages"])},
          {{"closed_bookings", "Closed bookings"}, plain_cell(quality["closedBookings"])},
          {{"completion_percent", "Completed of these %"}, percent_cell(quality["completionBps"])},
          {{"faulted_bookings", "Ended by its faults"}, plain_cell(quality["faultedBookings"])},
          {{"evicted_bookings", "Ended for better bids"}, plain_cell(quality["evictedBookings"])},
          {{"settled_services", "Settled services"}, plain_cell(quality["closedServices"])},
          {{"completed_jobs", "Completed jobs"}, plain_cell(quality["completedJobs"])},
          {{"average_rating", "Average rating"}, plain_cell(quality["averageRating"])},
          {{"reviews", "Reviews"}, plain_cell(quality["reviews"])},
          {{"earned", "Earned"}, units_cell(quality["earned"])}};
}

Outcome<Json> quality_of(Context& context, const std::string& account) {
  return market_query(context, "market_getQuality", JsonObject().text("provider", account));
}

Outcome<void> verify_provider(Context& context, const SubjectOptions& options) {
  AITBC_ASSIGN(const Address account, resolve_account(context, options.wallet));
  AITBC_ASSIGN(const Json quality, quality_of(context, hex::encode_prefixed(account)));
  AITBC_ASSIGN(const Json params, market_query(context, "market_getParams", {}));
  AITBC_ASSIGN(const Json provider,
               market_query(context, "market_getProvider",
                            JsonObject().text("account", hex::encode_prefixed(account))));
  Record record = describe_quality(quality);
  record.push_back({{"stake", "At stake"}, units_cell(provider["activeStake"])});
  record.push_back({{"minimum_stake", "Needed to list GPUs"}, units_cell(params["minStake"])});
  record.push_back({{"listed_gpus", "Listed GPUs"}, plain_cell(provider["listedGpus"])});
  record.push_back({{"jailed_until", "Jailed until"}, moment_cell(quality["jailedUntil"])});
  context.output().record(record);
  return {};
}

Outcome<void> quality_metrics(Context& context, const SubjectOptions& options) {
  AITBC_ASSIGN(const Json service, find_record(context, Kind::service, "market_getService", options.service));
  AITBC_ASSIGN(const Json quality, quality_of(context, service["provider"].text()));
  std::uint64_t bids = 0;
  AITBC_TRY(for_each_item(context, "market_listBids", JsonObject().text("serviceId", service["id"].text()),
                          [&](const Json&) {
                            ++bids;
                            return true;
                          }));
  Record record{{{"service_id", "Service"}, plain_cell(service["id"])},
                {{"state", "State"}, plain_cell(service["state"])},
                {{"bids", "Bids so far"}, number_cell(bids)}};
  if (!service["reviewId"].is_null()) {
    AITBC_ASSIGN(const Json review, market_query(context, "market_getReview",
                                                 JsonObject().raw("id", service["reviewId"].dump())));
    record.push_back({{"rating", "Its customer's rating"}, plain_cell(review["rating"])});
  }
  const Record of_provider = describe_quality(quality);
  record.insert(record.end(), of_provider.begin(), of_provider.end());
  context.output().record(record);
  return {};
}

// What a customer said and did: reviews, disputes, jobs that gave no result.
Outcome<void> satisfaction(Context& context, const SubjectOptions& options) {
  AITBC_ASSIGN(const Address customer, resolve_account(context, options.wallet));
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  JsonObject filters;
  filters.text("customer", hex::encode_prefixed(customer));
  std::uint64_t reviews = 0;
  std::uint64_t ratings = 0;
  std::uint64_t disputes = 0;
  std::uint64_t jobs = 0;
  std::uint64_t unfulfilled = 0;
  const auto is_recent = [&range](const Json& moment) { return moment.u64().value_or(0) >= range.from; };
  AITBC_TRY(for_each_item(context, "market_listReviews", filters, [&](const Json& review) {
    if (!is_recent(review["createdAt"])) return true;
    ++reviews;
    ratings += review["rating"].u64().value_or(0);
    return true;
  }));
  AITBC_TRY(for_each_item(context, "market_listDisputes", filters, [&](const Json& dispute) {
    disputes += is_recent(dispute["openedAt"]) ? 1 : 0;
    return true;
  }));
  AITBC_TRY(for_each_item(context, "market_listJobs", filters, [&](const Json& job) {
    if (!is_recent(job["createdAt"])) return true;
    ++jobs;
    unfulfilled += job["state"].text() == "failed" || job["state"].text() == "expired" ? 1 : 0;
    return true;
  }));
  context.output().record(
      {{{"customer", "Customer"}, address_cell(customer)},
       {{"period", "Period"}, text_cell(options.period)},
       {{"reviews", "Reviews written"}, number_cell(reviews)},
       {{"average_rating", "Average rating given"},
        reviews == 0 ? Cell{"-", "null"}
                     : decimal_cell(static_cast<double>(ratings) / static_cast<double>(reviews))},
       {{"disputes", "Disputes opened"}, number_cell(disputes)},
       {{"jobs", "Jobs submitted"}, number_cell(jobs)},
       {{"jobs_without_result", "Of these failed or expired"}, number_cell(unfulfilled)}});
  return {};
}

// What everybody can read about a service and the work done for it.
Outcome<void> privacy_audit(Context& context, const SubjectOptions& options) {
  AITBC_ASSIGN(const Json service, find_record(context, Kind::service, "market_getService", options.service));
  Table table{
      {{"record", "RECORD"}, {"field", "FIELD"}, {"bytes", "PUBLIC BYTES"}, {"note", "NOTE"}}, {}, ""};
  const auto add = [&table](const Json& record, const char* field, const char* note) {
    const Json value = std::string_view(field) == "result" ? record["result"]["uri"] : record[field];
    const std::string text = value.text();
    if (!text.empty())
      table.rows.push_back(
          {plain_cell(record["id"]), text_cell(field), number_cell(text.size()), text_cell(note)});
  };
  add(service, "description", "readable by everybody");
  add(service, "parameters", "readable by everybody");
  add(service, "resultUri", "whoever knows it asks its server");
  AITBC_TRY(for_each_item(context, "market_listBids", JsonObject().text("serviceId", service["id"].text()),
                          [&](const Json& bid) {
                            add(bid, "notes", "readable by everybody");
                            return true;
                          }));
  AITBC_TRY(
      for_each_item(context, "market_listJobs", JsonObject().raw("provider", service["provider"].dump()),
                    [&](const Json& job) {
                      if (job["targetId"].text() != service["id"].text()) return true;
                      add(job, "prompt", "readable by everybody; give --input-data to keep it off the chain");
                      add(job, "inputUri", "whoever knows it asks its server");
                      add(job, "result", "where it is; the provider's agent asks for an access signature");
                      return true;
                    }));
  table.when_empty = "nothing but names, prices and states is public";
  context.output().table(table);
  return {};
}

}  // namespace

void add_quality_actions(CLI::App& actions, Context& context) {
  const auto with_service = [](CLI::App& command, SubjectOptions& options) {
    command.add_option("--service-id", options.service, "Such as svc_3")->required();
  };
  const auto with_wallet = [](CLI::App& command, SubjectOptions& options) {
    command.add_option("--wallet", options.wallet, "Name of the wallet, or an address")->required();
  };
  add_command<SubjectOptions>(
      actions, context, "verify-settlement", "Check that what was paid is what was locked",
      [](CLI::App& command, SubjectOptions& options) {
        command.add_option("--service-id", options.service, "Of a service (svc_3)");
        command.add_option("--booking-id", options.booking, "Or of a booking (bk_7), from its events");
      },
      verify_settlement);
  add_command<SubjectOptions>(actions, context, "verify-provider", "Show how reliable a provider has been",
                              with_wallet, verify_provider);
  add_command<SubjectOptions>(actions, context, "quality-metrics", "Show how a service and its provider did",
                              with_service, quality_metrics);
  add_command<SubjectOptions>(
      actions, context, "satisfaction", "Show what a customer thought of its work",
      [with_wallet](CLI::App& command, SubjectOptions& options) {
        with_wallet(command, options);
        command.add_option("--period", options.period, "The last 24h, 7d, ...")->capture_default_str();
      },
      satisfaction);
  add_command<SubjectOptions>(actions, context, "privacy-audit", "Show what of a service everybody can read",
                              with_service, privacy_audit);
}

}  // namespace aitbc::cli
