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
  if (!options.gpu.empty()) {
    AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, options.gpu));
    filters.text("gpuId", market::id_text(Kind::gpu, id));
  }
  if (!options.customer.empty()) {
    AITBC_ASSIGN(const Address customer, resolve_account(context, options.customer));
    filters.text("customer", hex::encode_prefixed(customer));
  }
  if (!options.provider.empty()) {
    AITBC_ASSIGN(const Address provider, resolve_account(context, options.provider));
    filters.text("provider", hex::encode_prefixed(provider));
  }
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

Outcome<void> settle_booking(Context& context, const SettleOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::booking, options.id));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "settleBooking",
                           JsonObject().number("bookingId", id).str(), options.call.submit));
  const Json event = event_of(submitted, "BookingClosed");
  report_call(context, "Booking settled: " + market::id_text(Kind::booking, id),
              {{{"booking_id", "Booking"}, text_cell(market::id_text(Kind::booking, id))},
               {{"state", "State"}, plain_cell(event["state"])},
               {{"paid", "Paid to the provider"}, units_cell(event["paid"])},
               {{"market_fee", "Market fee"}, units_cell(event["fee"])},
               {{"refund", "Refund"}, units_cell(event["refund"])}},
              submitted);
  return {};
}

Outcome<void> settle_service(Context& context, const SettleOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::service, options.id));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "settlePayment",
                           JsonObject().number("serviceId", id).str(), options.call.submit));
  const Json event = event_of(submitted, "ServiceClosed");
  report_call(context, "Service settled: " + market::id_text(Kind::service, id),
              {{{"service_id", "Service"}, text_cell(market::id_text(Kind::service, id))},
               {{"state", "State"}, plain_cell(event["state"])},
               {{"paid", "Paid to the provider"}, units_cell(event["paid"])},
               {{"market_fee", "Market fee"}, units_cell(event["fee"])},
               {{"refund", "Refund"}, units_cell(event["refund"])}},
              submitted);
  return {};
}

Outcome<void> settle(Context& context, const SettleOptions& options) {
  return kind_of(options.id) == Kind::service ? settle_service(context, options)
                                              : settle_booking(context, options);
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
