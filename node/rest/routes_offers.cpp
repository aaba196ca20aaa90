// Offers of capacity, and bids on whatever is offered.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::BidId;
using market::Kind;

constexpr Seconds kOfferDuration = 3600;
constexpr std::size_t kMaxOffersSeen = 10'000;

// ---- offers

constexpr std::array kOffer{
    OutField{"id", "item.id", Form::text, "id of the offer"},
    OutField{"provider", "item.provider", Form::text, "address of the provider"},
    OutField{"capacity", "item.spec.capacity", Form::integer, "units offered"},
    OutField{"price", "item.pricePerHour", Form::amount, "AIT an hour now"},
    OutField{"sla", "item.spec.sla", Form::text, "what is promised"},
    OutField{"status", "status", Form::text, "open, reserved, closed or booked"},
    OutField{"created_at", "item.createdAt", Form::time, "when it was made"},
    OutField{"gpu_id", "item.gpuId", Form::text, "the GPU it was made from", true},
    OutField{"gpu_model", "gpu.model", Form::text, "its model", true},
    OutField{"gpu_memory_gb", "gpu.memoryGb", Form::integer, "its memory", true},
    OutField{"cuda_version", "gpu.cudaVersion", Form::text, "as declared", true},
    OutField{"region", "gpu.region", Form::text, "where it stands", true},
    OutField{"attributes", "item.spec.attributes", Form::pairs, "as declared"},
};
constexpr Shape kOfferShape{"Offer", kOffer};
constexpr std::array kSynced{
    OutField{"status", "ok", Form::constant, "ok"},
    OutField{"created_offers", "count", Form::integer, "how many were made"},
    OutField{"offer_ids", "ids", Form::texts, "their ids"},
};
constexpr Shape kSyncedShape{"OffersSynced", kSynced};

struct ListOffers : QueryInput {
  std::optional<std::string> status;
  std::optional<std::uint64_t> limit, offset;
  static constexpr auto kFields = std::tuple(
      input("status", &ListOffers::status, "present status", {0, 16, "open|reserved|closed|booked"}),
      input("limit", &ListOffers::limit, "how many, 100 when left out", kPageLimits),
      input("offset", &ListOffers::offset, "how many to leave out first", {0, 10'000, {}}));
};

// An open offer whose GPU is booked cannot be used now.
RestResult<std::string> with_gpu(const RestBackend& backend, Json offer, std::string& status) {
  REST_ASSIGN(const std::string gpu, linked(backend, "market_getGpu", offer.find("gpuId")));
  status = offer.find("state").string();
  const Answer record = Answer::parse(gpu);
  if (status == "open" && record.json().find("status").text() == R"("booked")") status = "booked";
  return Params().raw("item", offer.text()).raw("gpu", gpu).text("status", status).json();
}

RestResult<Page> list_offers(const RestBackend& backend, const ListOffers& query, bool of_gpus_only) {
  Params params;
  if (query.status) params.text("state", *query.status == "booked" ? "open" : *query.status);
  REST_ASSIGN(const std::vector<Answer> offers,
              ask_all(backend, "market_listOffers", params, kMaxOffersSeen));
  std::uint64_t skip = query.offset.value_or(0);
  std::uint64_t left = query.limit.value_or(kDefaultPage);
  std::string text = R"({"items":[)";
  for (const Answer& offer : offers) {
    if (left == 0) break;
    if (of_gpus_only && !offer.json().find("gpuId").is_string()) continue;
    std::string status;
    REST_ASSIGN(const std::string item, with_gpu(backend, offer.json(), status));
    if (query.status && *query.status != status) continue;
    if (skip > 0) {
      --skip;
      continue;
    }
    --left;
    text += (text.ends_with('[') ? "" : ",") + item;
  }
  return Page{Answer::parse(text + "]}"), "items", {}};
}

struct SyncOffers : BodyInput {
  std::optional<Address> provider;
  static constexpr auto kFields =
      std::tuple(input("provider", &SyncOffers::provider, "address; the caller when left out"));
};

RestResult<Plan> plan_sync(const RestBackend&, const SyncOffers& body) {
  const std::optional<Address> provider = body.provider ? body.provider : body.caller;
  if (!provider) return refuse(422, "whose GPUs? Give provider, from or an X-Api-Key");
  return Plan{"syncOffers",
              Params().text("provider", hex::checksummed(*provider)).number("firstGpuId", 0).json()};
}

RestResult<Answer> synced(const RestBackend&, const Done& done) {
  std::string ids;
  std::uint64_t count = 0;
  for (const market::Decoded& event : done.events) {
    if (event.name != "OfferCreated") continue;
    ids += (count++ == 0 ? "" : ",") + Answer::parse(event.arguments_json).json().find("offerId").text();
  }
  return Answer::parse(Params().number("count", count).raw("ids", "[" + ids + "]").json());
}

// ---- bids

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
  REST_ASSIGN(const Answer bid, ask(backend, "market_getBid", Params().text("id", to_text(id))));
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

template <class Id>
void register_bid_action(Registry& registry, const Describe& about, std::string call, std::string event) {
  registry.write(
      about, {call},
      [call](const RestBackend& backend, Id id) -> RestResult<Plan> {
        REST_TRY(ask(backend, "market_getBid", Params().text("id", to_text(id))));
        return Plan{call, Params().text("bidId", to_text(id)).json()};
      },
      [event](const RestBackend&, Id id, const market::Decoded& decoded) -> RestResult<Finish> {
        REST_TRY(same_id(decoded, "bidId", to_text(id)));
        return with_event(event);
      });
}

}  // namespace

void register_offer_routes(Registry& registry) {
  registry.read(
      {"list_offers", "GET", "/v1/marketplace/offers", "offers", "Offers of capacity", &kOfferShape, 200,
       true},
      [](const RestBackend& backend, const ListOffers& query) { return list_offers(backend, query, false); });
  registry.read(
      {"list_miner_offers", "GET", "/v1/marketplace/miner-offers", "offers",
       "Offers that were made from registered GPUs", &kOfferShape, 200, true},
      [](const RestBackend& backend, const ListOffers& query) { return list_offers(backend, query, true); });
  registry.write(
      {"sync_offers", "POST", "/v1/marketplace/sync-offers", "offers",
       "Makes offers of a provider's GPUs that have none, sixteen at a time", &kSyncedShape},
      {"syncOffers"},
      [](const RestBackend& backend, const SyncOffers& body) { return plan_sync(backend, body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> { return Finish(&synced); });
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
  register_bid_action<BidId>(registry,
                             {"accept_bid",
                              "POST",
                              "/v1/marketplace/bids/{bid_id}/accept",
                              "bids",
                              "By the provider: the bid becomes a booking or gets the service",
                              &kBidAcceptedShape,
                              200,
                              false,
                              {404, 409}},
                             "acceptBid", "BidAccepted");
  register_bid_action<BidId>(registry,
                             {"withdraw_bid",
                              "POST",
                              "/v1/marketplace/bids/{bid_id}/withdraw",
                              "bids",
                              "By the bidder: takes the bid back, with its money",
                              &kBidWithdrawnShape,
                              200,
                              false,
                              {404, 409}},
                             "withdrawBid", "BidClosed");
}

}  // namespace aitbc::rest
