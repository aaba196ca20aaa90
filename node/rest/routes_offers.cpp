// Offers of capacity, in words or made from GPUs.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/spec_writer.hpp"

namespace aitbc::rest {
namespace {

using market::OfferId;

constexpr std::size_t kMaxOffersSeen = 10'000;

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

RestResult<Page> get_offer(const RestBackend& backend, OfferId id) {
  REST_ASSIGN(const Answer offer, ask_record(backend, "market_getOffer", to_text(id)));
  std::string status;
  REST_ASSIGN(const std::string item, with_gpu(backend, offer.json(), status));
  return Page{Answer::parse(item), {}, {}};
}

// ---- in words

constexpr std::array kCreated{
    OutField{"id", "offerId", Form::text, "id of the offer"},
    OutField{"status", "open", Form::constant, "open"},
    OutField{"capacity", "capacity", Form::integer, "units offered"},
    OutField{"price", "price", Form::amount, "AIT"},
};
constexpr Shape kCreatedShape{"OfferCreated", kCreated};
constexpr std::array kClosed{
    OutField{"id", "offerId", Form::text, "id of the offer"},
    OutField{"status", "closed", Form::constant, "closed"},
};
constexpr Shape kClosedShape{"OfferClosed", kClosed};

struct CreateOffer : BodyInput {
  std::uint64_t capacity = 1;
  Ait price;
  std::optional<std::string> sla;
  std::optional<std::vector<std::string>> attributes;
  static constexpr auto kFields =
      std::tuple(input("capacity", &CreateOffer::capacity, "units offered", {1, 1'000'000, {}}),
                 input("price", &CreateOffer::price, "AIT for a unit"),
                 input("sla", &CreateOffer::sla, "what is promised", {0, 256, {}}),
                 input("attributes", &CreateOffer::attributes, "name=value"));
};

RestResult<Plan> plan_offer(const CreateOffer& body) {
  REST_ASSIGN(const std::string attributes,
              attributes_of(body.attributes.value_or(std::vector<std::string>())));
  Params spec;
  spec.number("capacity", body.capacity).amount("price", body.price.value);
  spec.text("sla", body.sla.value_or("")).raw("attributes", attributes);
  return Plan{"createOffer", Params().raw("spec", spec.json()).json()};
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
  registry.read({"get_offer",
                 "GET",
                 "/v1/marketplace/offers/{offer_id}",
                 "offers",
                 "An offer",
                 &kOfferShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, OfferId id) { return get_offer(backend, id); });
  registry.write(
      {"create_offer", "POST", "/v1/marketplace/offers", "offers",
       "Offers capacity in words; accepted bids on it become services", &kCreatedShape, 201},
      {"createOffer"}, [](const RestBackend&, const CreateOffer& body) { return plan_offer(body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("OfferCreated");
      });
  register_id_call<OfferId>(registry,
                            {"close_offer",
                             "POST",
                             "/v1/marketplace/offers/{offer_id}/close",
                             "offers",
                             "By the provider: takes an offer back",
                             &kClosedShape,
                             200,
                             false,
                             {404, 409}},
                            {"closeOffer", "offerId", "market_getOffer", "OfferClosed"});
}

}  // namespace aitbc::rest
