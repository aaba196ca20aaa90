#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/marketplace_groups.hpp"
#include "wallet/cli/option_values.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

struct SubmitBidOptions {
  std::string target;
  std::string amount;
  double hours = 0;
  std::uint64_t capacity = 1;
  std::string notes;
  double ttl_hours = 0;
  CallOptions call;
};

// The arguments of placeBid.
Outcome<std::string> bid_arguments(const SubmitBidOptions& options) {
  const bool on_service = kind_of(options.target) == Kind::service;
  AITBC_ASSIGN(const std::uint64_t target, read_id(on_service ? Kind::service : Kind::gpu, options.target));
  AITBC_ASSIGN(const Amount amount, ait_option(options.amount, "--amount"));
  std::uint64_t duration = 0;
  if (!on_service) {
    AITBC_ASSIGN(duration, seconds_of_hours(options.hours, "--hours"));
  } else if (options.hours != 0) {
    return failed(Exit::usage, "--hours is for bids on GPUs; a service has its own time of delivery");
  }
  std::uint64_t ttl = 0;
  if (options.ttl_hours != 0) {
    AITBC_ASSIGN(ttl, seconds_of_hours(options.ttl_hours, "--ttl-hours"));
  }
  JsonObject out;
  out.number("targetKind", on_service ? 1 : 0).number("targetId", target);
  out.text("amount", to_units_string(amount))
      .number("capacity", options.capacity)
      .number("duration", duration);
  return out.text("notes", options.notes).number("ttl", ttl).str();
}

Outcome<void> submit_bid(Context& context, const SubmitBidOptions& options) {
  AITBC_ASSIGN(const std::string arguments, bid_arguments(options));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "placeBid", arguments, options.call.submit));
  const Json event = event_of(submitted, "BidPlaced");
  report_call(context, "Bid placed: " + event["bidId"].text(),
              {{{"bid_id", "Bid"}, plain_cell(event["bidId"])},
               {{"target", "On"}, text_cell(options.target)},
               {{"amount", "Locked"}, units_cell(event["amount"])},
               {{"expires_at", "Open until"}, moment_cell(event["expiresAt"])}},
              submitted);
  return {};
}

Outcome<void> show_bid(Context& context, const std::string& text) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::bid, text));
  AITBC_ASSIGN(const Json bid, market_query(context, "market_getBid",
                                            JsonObject().text("id", market::id_text(Kind::bid, id))));
  context.output().record({
      {{"bid_id", "Bid"}, plain_cell(bid["id"])},
      {{"status", "Status"}, plain_cell(bid["state"])},
      {{"target", "On"}, plain_cell(bid["targetId"])},
      {{"bidder", "Bidder"}, plain_cell(bid["bidder"])},
      {{"amount", "Amount"}, units_cell(bid["amount"])},
      {{"capacity", "Capacity"}, plain_cell(bid["capacity"])},
      {{"duration_seconds", "Duration (s)"}, plain_cell(bid["duration"])},
      {{"notes", "Notes"}, plain_cell(bid["notes"])},
      {{"created_at", "Made"}, moment_cell(bid["createdAt"])},
      {{"expires_at", "Open until"}, moment_cell(bid["expiresAt"])},
      {{"booking_id", "Became booking"}, plain_cell(bid["bookingId"])},
  });
  return {};
}

struct ListBidsOptions {
  std::string target;
  std::string bidder;
  std::string status;
  ListOptions list;
};

std::vector<Cell> bid_row(const Json& bid) {
  return {plain_cell(bid["id"]),    plain_cell(bid["targetId"]),   units_cell(bid["amount"]),
          plain_cell(bid["state"]), moment_cell(bid["expiresAt"]), plain_cell(bid["bidder"]),
          plain_cell(bid["notes"])};
}

Outcome<void> list_bids(Context& context, const ListBidsOptions& options) {
  JsonObject filters;
  const bool on_service = kind_of(options.target) == Kind::service;
  AITBC_TRY(filter_by_id(on_service ? Kind::service : Kind::gpu, filters, on_service ? "serviceId" : "gpuId",
                         options.target));
  AITBC_TRY(filter_by_account(context, filters, "bidder", options.bidder));
  if (!options.status.empty()) filters.text("state", options.status);
  return print_list(context, "market_listBids", filters, options.list,
                    {{{"bid_id", "BID"},
                      {"target", "ON"},
                      {"amount", "AMOUNT"},
                      {"status", "STATUS"},
                      {"expires_at", "OPEN UNTIL"},
                      {"bidder", "BIDDER"},
                      {"notes", "NOTES"}},
                     {},
                     "no bids"},
                    bid_row);
}

struct BidIdOptions {
  std::string bid;
  CallOptions call;
};

Outcome<void> accept_bid(Context& context, const BidIdOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::bid, options.bid));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "acceptBid", JsonObject().number("bidId", id).str(),
                           options.call.submit));
  const Json event = event_of(submitted, "BidAccepted");
  report_call(context, "Bid accepted: " + market::id_text(Kind::bid, id),
              {{{"bid_id", "Bid"}, text_cell(market::id_text(Kind::bid, id))},
               {{"bidder", "Bidder"}, plain_cell(event["bidder"])},
               {{"booking_id", "Booking"}, plain_cell(event["bookingId"])}},
              submitted);
  return {};
}

Outcome<void> withdraw_bid(Context& context, const BidIdOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::bid, options.bid));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "withdrawBid",
                           JsonObject().number("bidId", id).str(), options.call.submit));
  const Json event = event_of(submitted, "BidClosed");
  report_call(context, "Bid withdrawn: " + market::id_text(Kind::bid, id),
              {{{"bid_id", "Bid"}, text_cell(market::id_text(Kind::bid, id))},
               {{"refund", "Refund"}, units_cell(event["refund"])}},
              submitted);
  return {};
}

using BidWork = Outcome<void> (*)(Context&, const BidIdOptions&);

void add_bid_call(CLI::App& group, Context& context, const char* name, const char* help, BidWork work) {
  auto options = std::make_shared<BidIdOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("bid", options->bid, "Such as bid_9")->required();
  add_call_options(*command, options->call);
  command->callback([&context, options, work] {
    context.action = [&context, options, work] { return work(context, *options); };
  });
}

}  // namespace

void add_bid_commands(CLI::App& market, Context& context) {
  CLI::App* group =
      market.add_subcommand("bid", "Bids on GPUs and services; their money is locked while they are open");
  group->require_subcommand(1);

  auto placed = std::make_shared<SubmitBidOptions>();
  CLI::App* command = group->add_subcommand("submit", "Bid for a GPU or a service");
  command->add_option("target", placed->target, "The GPU (gpu_3) or service (svc_2)")->required();
  command->add_option("--amount", placed->amount, "For all of it, in AIT")->required();
  command->add_option("--hours,--duration-hours", placed->hours, "How long a GPU is wanted");
  command->add_option("--capacity", placed->capacity)->capture_default_str();
  command->add_option("--notes", placed->notes, "For the provider");
  command->add_option("--ttl-hours", placed->ttl_hours, "How long the bid is open (default: the chain's)");
  add_call_options(*command, placed->call);
  command->callback(
      [&context, placed] { context.action = [&context, placed] { return submit_bid(context, *placed); }; });

  auto shown = std::make_shared<std::string>();
  CLI::App* details = group->add_subcommand("details", "Show a bid");
  details->add_option("bid", *shown, "Such as bid_9")->required();
  details->callback(
      [&context, shown] { context.action = [&context, shown] { return show_bid(context, *shown); }; });

  auto options = std::make_shared<ListBidsOptions>();
  CLI::App* list = group->add_subcommand("list", "List bids");
  list->add_option("--target", options->target, "Only on this GPU (gpu_3) or service (svc_2)");
  list->add_option("--wallet,--bidder", options->bidder, "Only of this bidder (name of a wallet or address)");
  list->add_option("--status", options->status)
      ->check(CLI::IsMember({"open", "accepted", "lost", "withdrawn", "expired"}));
  add_list_options(*list, options->list);
  list->callback(
      [&context, options] { context.action = [&context, options] { return list_bids(context, *options); }; });

  add_bid_call(*group, context, "accept", "Accept a bid on what you offer", accept_bid);
  add_bid_call(*group, context, "withdraw", "Take an open bid back, with its money", withdraw_bid);
}

}  // namespace aitbc::cli
