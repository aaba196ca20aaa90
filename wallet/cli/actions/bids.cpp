#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/option_values.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

constexpr const char* kServiceHelp = "Such as svc_3";

struct BidOptions {
  std::string service;
  std::string amount;
  std::string notes;
  CallOptions call;
};

Outcome<void> place_bid(Context& context, const BidOptions& options) {
  AITBC_ASSIGN(const std::uint64_t service, read_id(Kind::service, options.service));
  AITBC_ASSIGN(const Amount amount, ait_option(options.amount, "--amount"));
  JsonObject arguments;
  arguments.number("targetKind", 1).number("targetId", service).text("amount", to_units_string(amount));
  arguments.number("capacity", 1).number("duration", 0).text("notes", options.notes).number("ttl", 0);
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "placeBid", arguments.str(), options.call.submit));
  const Json event = event_of(submitted, "BidPlaced");
  report_call(context, "Bid placed: " + event["bidId"].text(),
              {{{"bid_id", "Bid"}, plain_cell(event["bidId"])},
               {{"service_id", "Service"}, text_cell(market::id_text(Kind::service, service))},
               {{"amount", "Locked"}, units_cell(event["amount"])},
               {{"expires_at", "Open until"}, moment_cell(event["expiresAt"])}},
              submitted);
  return {};
}

struct AcceptOptions {
  std::string service;
  std::string bid;
  CallOptions call;
};

Outcome<void> accept_bid(Context& context, const AcceptOptions& options) {
  AITBC_ASSIGN(const std::uint64_t service, read_id(Kind::service, options.service));
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::bid, options.bid));
  const std::string service_id = market::id_text(Kind::service, service);
  const std::string bid_id = market::id_text(Kind::bid, id);
  AITBC_ASSIGN(const Json bid, market_query(context, "market_getBid", JsonObject().text("id", bid_id)));
  if (bid["targetId"].text() != service_id)
    return failed(Exit::refused,
                  bid_id + " is a bid on " + bid["targetId"].text() + ", not on " + service_id);
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "acceptBid", JsonObject().number("bidId", id).str(),
                           options.call.submit));
  report_call(context, "Bid accepted: " + bid_id,
              {{{"bid_id", "Bid"}, text_cell(bid_id)},
               {{"service_id", "Service"}, text_cell(service_id)},
               {{"customer", "Customer"}, plain_cell(bid["bidder"])},
               {{"amount", "In escrow"}, units_cell(bid["amount"])}},
              submitted);
  return {};
}

struct PendingOptions {
  std::string service;
  std::string bidder;
  ListOptions list;
};

std::vector<Cell> bid_row(const Json& bid) {
  return {plain_cell(bid["id"]),     plain_cell(bid["targetId"]),   units_cell(bid["amount"]),
          plain_cell(bid["bidder"]), moment_cell(bid["expiresAt"]), plain_cell(bid["notes"])};
}

Outcome<void> pending_bids(Context& context, const PendingOptions& options) {
  JsonObject filters;
  filters.text("state", "open");
  AITBC_TRY(filter_by_id(Kind::service, filters, "serviceId", options.service));
  AITBC_TRY(filter_by_account(context, filters, "bidder", options.bidder));
  return print_list(context, "market_listBids", filters, options.list,
                    {{{"bid_id", "BID"},
                      {"target", "ON"},
                      {"amount", "AMOUNT"},
                      {"bidder", "BIDDER"},
                      {"expires_at", "OPEN UNTIL"},
                      {"notes", "NOTES"}},
                     {},
                     "no bids are waiting",
                     true},
                    bid_row);
}

struct SettleOptions {
  std::string service;
  std::string amount;
  CallOptions call;
};

// Refuses what would not pay exactly that.
Outcome<void> check_payable(const Json& service, const std::string& amount_text) {
  const std::string id = service["id"].text();
  if (service["state"].text() == "open")
    return failed(Exit::refused,
                  id + " is open: its provider has accepted no bid yet, so there is nothing to pay");
  if (amount_text.empty()) return {};
  AITBC_ASSIGN(const Amount amount, ait_option(amount_text, "--amount"));
  AITBC_ASSIGN(const Amount locked, parse_units(service["locked"].text()));
  if (amount == locked) return {};
  return failed(Exit::refused, id + " has " + to_ait_string(locked) + " AIT in escrow, not " +
                                   to_ait_string(amount) + ": nothing was paid");
}

Outcome<void> settle_payment(Context& context, const SettleOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::service, options.service));
  AITBC_ASSIGN(const Json service, market_query(context, "market_getService",
                                                JsonObject().text("id", market::id_text(Kind::service, id))));
  AITBC_TRY(check_payable(service, options.amount));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "settlePayment",
                           JsonObject().number("serviceId", id).str(), options.call.submit));
  Record fields{{{"service_id", "Service"}, plain_cell(service["id"])}};
  const Record closing = closing_fields(event_of(submitted, "ServiceClosed"));
  fields.insert(fields.end(), closing.begin(), closing.end());
  report_call(context, "Payment settled: " + service["id"].text(), fields, submitted);
  return {};
}

}  // namespace

void add_bid_actions(CLI::App& actions, Context& context) {
  add_command<BidOptions>(
      actions, context, "bid", "Bid for a service; the amount is locked while the bid is open",
      [](CLI::App& command, BidOptions& options) {
        command.add_option("--service-id", options.service, kServiceHelp)->required();
        command.add_option("--amount", options.amount, "In AIT")->required();
        command.add_option("--notes", options.notes, "For the provider");
        add_call_options(command, options.call);
      },
      place_bid);
  add_command<AcceptOptions>(
      actions, context, "accept-bid", "Accept a bid on a service of the wallet",
      [](CLI::App& command, AcceptOptions& options) {
        command.add_option("--service-id", options.service, kServiceHelp)->required();
        command.add_option("--bid-id", options.bid, "Such as bid_9")->required();
        add_call_options(command, options.call);
      },
      accept_bid);
  add_command<PendingOptions>(
      actions, context, "pending-bids", "List the bids that wait for an answer",
      [](CLI::App& command, PendingOptions& options) {
        command.add_option("--service-id", options.service, "Only on this service");
        command.add_option("--wallet", options.bidder, "Only of this bidder (wallet or address)");
        add_list_options(command, options.list);
      },
      pending_bids);
  add_command<SettleOptions>(
      actions, context, "settle-payment", "Pay the provider of a service",
      [](CLI::App& command, SettleOptions& options) {
        command.add_option("--service-id", options.service, kServiceHelp)->required();
        command.add_option("--amount", options.amount, "Refused unless it is what is in escrow, in AIT");
        add_call_options(command, options.call);
      },
      settle_payment);
}

}  // namespace aitbc::cli
