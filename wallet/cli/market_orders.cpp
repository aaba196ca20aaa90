#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/marketplace_groups.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

Record describe_booking(const Json& booking) {
  return {
      {{"booking_id", "Booking"}, plain_cell(booking["id"])},
      {{"state", "State"}, plain_cell(booking["state"])},
      {{"gpu_id", "GPU"}, plain_cell(booking["gpuId"])},
      {{"customer", "Customer"}, plain_cell(booking["customer"])},
      {{"provider", "Provider"}, plain_cell(booking["provider"])},
      {{"start_time", "Start"}, moment_cell(booking["start"])},
      {{"end_time", "End"}, moment_cell(booking["end"])},
      {{"price_per_hour", "Price per hour"}, units_cell(booking["pricePerHour"])},
      {{"total_cost", "Locked"}, units_cell(booking["locked"])},
      {{"paid", "Paid to the provider"}, units_cell(booking["paid"])},
      {{"market_fee", "Market fee"}, units_cell(booking["fee"])},
      {{"refund", "Refund"}, units_cell(booking["refund"])},
      {{"job", "Job"}, plain_cell(booking["job"])},
      {{"bid_id", "From bid"}, plain_cell(booking["bidId"])},
      {{"review_id", "Review"}, plain_cell(booking["reviewId"])},
  };
}

Outcome<void> show_order(Context& context, const std::string& text) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::booking, text));
  AITBC_ASSIGN(const Json booking, market_query(context, "market_getBooking",
                                                JsonObject().text("id", market::id_text(Kind::booking, id))));
  context.output().record(describe_booking(booking));
  return {};
}

struct ListOrdersOptions {
  std::string gpu;
  std::string customer;
  std::string provider;
  std::string status;
  ListOptions list;
};

std::vector<Cell> order_row(const Json& booking) {
  return {plain_cell(booking["id"]),       plain_cell(booking["gpuId"]),    plain_cell(booking["state"]),
          units_cell(booking["locked"]),   plain_cell(booking["duration"]), moment_cell(booking["start"]),
          plain_cell(booking["customer"]), plain_cell(booking["job"])};
}

Outcome<void> list_orders(Context& context, const ListOrdersOptions& options) {
  JsonObject filters;
  AITBC_TRY(filter_by_id(Kind::gpu, filters, "gpuId", options.gpu));
  AITBC_TRY(filter_by_account(context, filters, "customer", options.customer));
  AITBC_TRY(filter_by_account(context, filters, "provider", options.provider));
  if (!options.status.empty()) filters.text("state", options.status);
  return print_list(context, "market_listBookings", filters, options.list,
                    {{{"order_id", "ORDER"},
                      {"gpu_id", "GPU"},
                      {"status", "STATUS"},
                      {"total_cost", "COST"},
                      {"duration_seconds", "SECONDS"},
                      {"start_time", "START"},
                      {"customer", "CUSTOMER"},
                      {"job_id", "JOB"}},
                     {},
                     "no bookings"},
                    order_row);
}

struct SettleOptions {
  std::string id;
  CallOptions call;
};

// What can be settled: the call, its argument, the event that tells how it ended.
struct Settlement {
  Kind kind;
  const char* call;
  const char* argument;
  const char* event;
  Column id;
};

Outcome<void> settle(Context& context, const SettleOptions& options) {
  static const Settlement kBooking{
      Kind::booking, "settleBooking", "bookingId", "BookingClosed", {"booking_id", "Booking"}};
  static const Settlement kService{
      Kind::service, "settlePayment", "serviceId", "ServiceClosed", {"service_id", "Service"}};
  const Settlement& what = kind_of(options.id) == Kind::service ? kService : kBooking;
  AITBC_ASSIGN(const std::uint64_t number, read_id(what.kind, options.id));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, what.call,
                           JsonObject().number(what.argument, number).str(), options.call.submit));
  const std::string id = market::id_text(what.kind, number);
  Record fields{{what.id, text_cell(id)}};
  const Record closing = closing_fields(event_of(submitted, what.event));
  fields.insert(fields.end(), closing.begin(), closing.end());
  report_call(context, what.id.title + " settled: " + id, fields, submitted);
  return {};
}

}  // namespace

void add_order_commands(CLI::App& market, Context& context) {
  CLI::App* orders = market.add_subcommand("orders", "Bookings of GPUs");
  orders->require_subcommand(1);
  auto shown = std::make_shared<std::string>();
  CLI::App* details = orders->add_subcommand("details", "Show a booking");
  details->add_option("booking", *shown, "Such as bk_7")->required();
  details->callback(
      [&context, shown] { context.action = [&context, shown] { return show_order(context, *shown); }; });

  auto options = std::make_shared<ListOrdersOptions>();
  CLI::App* list = orders->add_subcommand("list", "List bookings");
  list->add_option("--gpu", options->gpu, "Only of this GPU");
  list->add_option("--wallet,--customer", options->customer,
                   "Only of this customer (name of a wallet or address)");
  list->add_option("--provider", options->provider, "Only of this provider (name of a wallet or address)");
  list->add_option("--status", options->status, "scheduled, active, completed, released, cancelled, ...");
  add_list_options(*list, options->list);
  list->callback([&context, options] {
    context.action = [&context, options] { return list_orders(context, *options); };
  });

  add_order_calls(*orders, context);

  auto settled = std::make_shared<SettleOptions>();
  CLI::App* command =
      market.add_subcommand("settle", "Close a booking that is due, or pay a delivered service");
  command->add_option("id", settled->id, "The booking (bk_7) or service (svc_2)")->required();
  add_call_options(*command, settled->call);
  command->callback(
      [&context, settled] { context.action = [&context, settled] { return settle(context, *settled); }; });
}

}  // namespace aitbc::cli
