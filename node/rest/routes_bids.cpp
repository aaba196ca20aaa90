// Bids on GPUs, services and offers.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::BidId;
using market::Kind;

constexpr Seconds kOfferDuration = 3600;
constexpr std::size_t kMaxOffersSeen = 10'000;

constexpr std::array kBid{
    OutField{"id", "item.id", Form::text, "id of the bid"},
    OutField{"provider", "provider", Form::text, "address of who offers the target"},
    OutField{"bidder", "item.bidder", Form::text, "address of who bids"},
    OutField{"target_kind", "item.targetKind", Form::text, "gpu, service or offer"},
    OutField{"target_id", "item.targetId", Form::text, "id of the target"},
    OutField{"capacity", "item.capacity", Form::integer, "units asked for"},
    OutField{"price", "item.amount", Form::amount, "AIT locked"},
    OutField{"notes", "item.notes", Form::text, "in the bidder's words"},
    OutField{"status", "status", Form::text, "pending, accepted, rejected, withdrawn or expired"},
    OutField{"submitted_at", "item.createdAt", Form::time, "when it was placed"},
    OutField{"expires_at", "item.expiresAt", Form::time, "when its money comes back at the latest"},
    OutField{"booking_id", "item.bookingId", Form::text, "that it became", true},
    OutField{"service_id", "item.serviceId", Form::text, "that it became", true},
};
constexpr Shape kBidShape{"Bid", kBid};
constexpr std::array kBidPlaced{OutField{"id", "bidId", Form::text, "id of the bid"}};
constexpr Shape kBidPlacedShape{"BidPlaced", kBidPlaced};
constexpr std::array kBidAccepted{
    OutField{"id", "bidId", Form::text, "id of the bid"},
    OutField{"status", "accepted", Form::constant, "accepted"},
    OutField{"booking_id", "bookingId", Form::text, "that it became", true},
    OutField{"service_id", "serviceId", Form::text, "that it got or became", true},
};
constexpr Shape kBidAcceptedShape{"BidAccepted", kBidAccepted};
constexpr std::array kBidWithdrawn{
    OutField{"id", "bidId", Form::text, "id of the bid"},
    OutField{"status", "state", Form::text, "withdrawn"},
    OutField{"refund", "refund", Form::amount, "AIT that came back"},
};
constexpr Shape kBidWithdrawnShape{"BidWithdrawn", kBidWithdrawn};

std::string_view bid_status(std::string_view state) {
  if (state == "open") return "pending";
  return state == "lost" ? "rejected" : state;
}
std::string_view bid_state(std::string_view status) {
  if (status == "pending") return "open";
  return status == "rejected" ? "lost" : status;
}

RestResult<void> describe_bid(const RestBackend& backend, Params& out, Json bid) {
  const std::string_view kind = bid.find("targetKind").string();
  const std::string_view method = kind == "gpu"       ? "market_getGpu"
                                  : kind == "service" ? "market_getService"
                                                      : "market_getOffer";
  REST_ASSIGN(const std::string target, linked(backend, method, bid.find("targetId")));
  out.text("provider", Answer::parse(target).json().find("provider").string());
  out.text("status", bid_status(bid.find("state").string()));
  return {};
}

struct ListBids : QueryInput {
  std::optional<std::string> status, gpu_id, service_id, cursor;
  std::optional<Address> bidder;
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields =
      std::tuple(input("status", &ListBids::status, "present status",
                       {0, 16, "pending|accepted|rejected|withdrawn|expired"}),
                 input("bidder", &ListBids::bidder, "only of this bidder"),
                 input("gpu_id", &ListBids::gpu_id, "only on this GPU"),
                 input("service_id", &ListBids::service_id, "only on this service"),
                 input("limit", &ListBids::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListBids::cursor, "X-Next-Cursor of the page before"));
};

RestResult<Page> list_bids(const RestBackend& backend, const ListBids& query) {
  Params params;
  if (query.status) params.text("state", bid_state(*query.status));
  if (query.bidder) params.text("bidder", hex::checksummed(*query.bidder));
  if (query.gpu_id) params.text("gpuId", *query.gpu_id);
  if (query.service_id) params.text("serviceId", *query.service_id);
  REST_ASSIGN(Page page, ask_page(backend, "market_listBids", params.boolean("newestFirst", true),
                                  query.limit, query.cursor));
  return extended(std::move(page), [&](Params& out, Json item) { return describe_bid(backend, out, item); });
}

RestResult<Page> get_bid(const RestBackend& backend, BidId id) {
  REST_ASSIGN(const Answer bid, ask_record(backend, "market_getBid", to_text(id)));
  Params out;
  out.raw("item", bid.text());
  REST_TRY(describe_bid(backend, out, bid.json()));
  return Page{Answer::parse(out.json()), {}, {}};
}

struct PlaceBid : BodyInput {
  std::optional<Address> provider;
  std::optional<market::OfferId> offer_id;
  std::optional<market::GpuId> gpu_id;
  std::optional<market::ServiceId> service_id;
  std::optional<std::uint64_t> capacity, ttl_seconds;
  Ait price;
  std::optional<Hours> duration_hours;
  std::optional<std::string> notes;
  static constexpr auto kFields = std::tuple(
      input("provider", &PlaceBid::provider, "whose cheapest open offer of that capacity is bid on"),
      input("offer_id", &PlaceBid::offer_id, "or this offer"),
      input("gpu_id", &PlaceBid::gpu_id, "or this GPU"),
      input("service_id", &PlaceBid::service_id, "or this service"),
      input("capacity", &PlaceBid::capacity, "units asked for; 1 when left out", {1, 1'000'000, {}}),
      input("price", &PlaceBid::price, "AIT, locked until the bid is closed"),
      input("duration_hours", &PlaceBid::duration_hours,
            "of the booking, needed for a GPU; of an offer's work, 1 when left out"),
      input("notes", &PlaceBid::notes, "in words", {0, 1024, {}}),
      input("ttl_seconds", &PlaceBid::ttl_seconds, "how long the bid stands", {1, 31'536'000, {}}));
};

// The provider's open offer with room for the capacity that asks least.
RestResult<std::string> cheapest_offer(const RestBackend& backend, const Address& provider,
                                       std::uint64_t capacity) {
  REST_ASSIGN(
      const std::vector<Answer> offers,
      ask_all(backend, "market_listOffers",
              Params().text("provider", hex::checksummed(provider)).text("state", "open"), kMaxOffersSeen));
  std::optional<Amount> best;
  std::string id;
  for (const Answer& offer : offers) {
    const std::uint64_t reserved = offer.json().find("reserved").u64().value_or(0);
    if (at_path(offer.json(), "spec.capacity").u64().value_or(0) < reserved + capacity) continue;
    REST_ASSIGN(const Amount price, parse_units(offer.json().find("pricePerHour").string()));
    if (best && *best <= price) continue;
    best = price;
    id = offer.json().find("id").string();
  }
  if (!best) return refuse(404, "the provider has no open offer of that capacity");
  return id;
}

RestResult<Plan> plan_bid(const RestBackend& backend, const PlaceBid& body) {
  const int targets =
      (body.provider ? 1 : 0) + (body.offer_id ? 1 : 0) + (body.gpu_id ? 1 : 0) + (body.service_id ? 1 : 0);
  if (targets != 1) return refuse(422, "give one of provider, offer_id, gpu_id and service_id");
  if (body.gpu_id && !body.duration_hours) return refuse(422, "a bid on a GPU needs duration_hours");
  const std::uint64_t capacity = body.capacity.value_or(1);
  Seconds duration = body.service_id ? 0 : kOfferDuration;
  if (body.duration_hours && !body.service_id) {
    REST_ASSIGN(duration, seconds_of("duration_hours", *body.duration_hours));
  }
  Params call;
  if (body.gpu_id)
    call.number("targetKind", 0).number("targetId", body.gpu_id->value);
  else if (body.service_id)
    call.number("targetKind", 1).number("targetId", body.service_id->value);
  else {
    std::string offer = body.offer_id ? to_text(*body.offer_id) : std::string();
    if (body.provider) {
      REST_ASSIGN(offer, cheapest_offer(backend, *body.provider, capacity));
    }
    REST_ASSIGN(const std::uint64_t id, market::parse_id(Kind::offer, offer));
    call.number("targetKind", 2).number("targetId", id);
  }
  call.amount("amount", body.price.value).number("capacity", capacity).number("duration", duration);
  call.text("notes", body.notes.value_or("")).number("ttl", body.ttl_seconds.value_or(0));
  return Plan{"placeBid", call.json()};
}

}  // namespace

void register_bid_routes(Registry& registry) {
  registry.write(
      {"place_bid",
       "POST",
       "/v1/marketplace/bids",
       "bids",
       "Bids on an offer, a GPU or a service and locks the price",
       &kBidPlacedShape,
       202,
       false,
       {404, 409}},
      {"placeBid"}, [](const RestBackend& backend, const PlaceBid& body) { return plan_bid(backend, body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("BidPlaced");
      });
  registry.read({"list_bids",
                 "GET",
                 "/v1/marketplace/bids",
                 "bids",
                 "Bids, newest first",
                 &kBidShape,
                 200,
                 true,
                 {400}},
                [](const RestBackend& backend, const ListBids& query) { return list_bids(backend, query); });
  registry.read(
      {"get_bid", "GET", "/v1/marketplace/bids/{bid_id}", "bids", "A bid", &kBidShape, 200, false, {404}},
      [](const RestBackend& backend, BidId id) { return get_bid(backend, id); });
  register_id_call<BidId>(registry,
                          {"accept_bid",
                           "POST",
                           "/v1/marketplace/bids/{bid_id}/accept",
                           "bids",
                           "By the provider: the bid becomes a booking or gets the service",
                           &kBidAcceptedShape,
                           200,
                           false,
                           {404, 409}},
                          {"acceptBid", "bidId", "market_getBid", "BidAccepted"});
  register_id_call<BidId>(registry,
                          {"withdraw_bid",
                           "POST",
                           "/v1/marketplace/bids/{bid_id}/withdraw",
                           "bids",
                           "By the bidder: takes the bid back, with its money",
                           &kBidWithdrawnShape,
                           200,
                           false,
                           {404, 409}},
                          {"withdrawBid", "bidId", "market_getBid", "BidClosed"});
}

}  // namespace aitbc::rest
