// Services: work that providers offer for a price.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/spec_writer.hpp"

namespace aitbc::rest {
namespace {

using market::ServiceId;

constexpr std::uint64_t kOfService = 1;  // as placeBid counts kinds of targets

constexpr std::array kService{
    OutField{"id", "id", Form::text, "id of the service"},
    OutField{"provider", "provider", Form::text, "address of the provider"},
    OutField{"name", "name", Form::text, "for people"},
    OutField{"category", "category", Form::text, "id of the category"},
    OutField{"price", "price", Form::amount, "AIT asked"},
    OutField{"description", "description", Form::text, "for people"},
    OutField{"parameters", "parameters", Form::text, "as declared"},
    OutField{"status", "state", Form::text, "present state"},
    OutField{"created_at", "createdAt", Form::time, "when it was offered"},
    OutField{"deadline", "deadline", Form::time, "when its present state ends by itself", true},
    OutField{"customer", "customer", Form::text, "address; zero while it is open"},
    OutField{"locked", "locked", Form::amount, "AIT that the customer locked"},
    OutField{"result_uri", "resultUri", Form::text, "where the result is"},
    OutField{"paid", "paid", Form::amount, "AIT that the provider got"},
    OutField{"refund", "refund", Form::amount, "AIT that came back"},
};
constexpr Shape kServiceShape{"Service", kService};
constexpr std::array kServiceChanged{OutField{"id", "serviceId", Form::text, "id of the service"}};
constexpr Shape kServiceChangedShape{"ServiceChanged", kServiceChanged};
constexpr std::array kUpdated{
    OutField{"id", "serviceId", Form::text, "id of the service"},
    OutField{"status", "updated", Form::constant, "updated"},
    OutField{"price", "price", Form::amount, "AIT asked"},
};
constexpr Shape kUpdatedShape{"ServiceUpdated", kUpdated};
constexpr std::array kBidPlaced{OutField{"id", "bidId", Form::text, "id of the bid"}};
constexpr Shape kServiceBidShape{"ServiceBid", kBidPlaced};

struct ListServices : QueryInput {
  std::optional<std::string> query, category, status, cursor;
  std::optional<Address> provider, customer;
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields =
      std::tuple(input("query", &ListServices::query, "words in name, description or category"),
                 input("category", &ListServices::category, "id of the category"),
                 input("provider", &ListServices::provider, "only of this provider"),
                 input("customer", &ListServices::customer, "only of this customer"),
                 input("status", &ListServices::status, "present state",
                       {0, 16, "open|assigned|delivered|settled|cancelled|expired|disputed|resolved"}),
                 input("limit", &ListServices::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListServices::cursor, "X-Next-Cursor of the page before"));
};

RestResult<Page> list_services(const RestBackend& backend, const ListServices& query) {
  Params params;
  if (query.query) params.text("query", *query.query);
  if (query.category) params.text("category", *query.category);
  if (query.status) params.text("state", *query.status);
  if (query.provider) params.text("provider", hex::checksummed(*query.provider));
  if (query.customer) params.text("customer", hex::checksummed(*query.customer));
  return ask_page(backend, "market_listServices", params, query.limit, query.cursor);
}

struct CreateService : BodyInput {
  std::string name;
  std::optional<std::string> category, description, parameters;
  Ait price;
  std::optional<std::uint64_t> delivery_seconds, lifetime_seconds;
  static constexpr auto kFields = std::tuple(
      input("name", &CreateService::name, "for people", {1, 128, {}}),
      input("category", &CreateService::category, "id; ai-inference when left out"),
      input("price", &CreateService::price, "AIT asked"),
      input("description", &CreateService::description, "for people", {0, 1024, {}}),
      input("parameters", &CreateService::parameters, "of the provider's own making", {0, 1024, {}}),
      input("delivery_seconds", &CreateService::delivery_seconds, "time for the work"),
      input("lifetime_seconds", &CreateService::lifetime_seconds, "how long it is offered"));
};

RestResult<Plan> plan_service(const CreateService& body) {
  Params spec;
  spec.text("name", body.name).text("category", body.category.value_or("ai-inference"));
  spec.amount("price", body.price.value).text("description", body.description.value_or(""));
  spec.text("parameters", body.parameters.value_or(""))
      .number("deliveryTime", body.delivery_seconds.value_or(0));
  return Plan{"createService",
              Params().raw("spec", spec.number("lifetime", body.lifetime_seconds.value_or(0)).json()).json()};
}

struct UpdateService : BodyInput {
  std::optional<std::string> name, category, description, parameters;
  std::optional<Ait> price;
  std::optional<std::uint64_t> delivery_seconds, lifetime_seconds;
  static constexpr auto kFields = std::tuple(
      input("name", &UpdateService::name, "for people", {1, 128, {}}),
      input("category", &UpdateService::category, "id of the category"),
      input("price", &UpdateService::price, "AIT asked"),
      input("description", &UpdateService::description, "for people", {0, 1024, {}}),
      input("parameters", &UpdateService::parameters, "of the provider's own making", {0, 1024, {}}),
      input("delivery_seconds", &UpdateService::delivery_seconds, "time for the work"),
      input("lifetime_seconds", &UpdateService::lifetime_seconds, "how long it is offered, from now on"));
};

RestResult<Plan> plan_update(const RestBackend& backend, ServiceId id, const UpdateService& body) {
  REST_ASSIGN(const Answer service, ask_record(backend, "market_getService", to_text(id)));
  SpecWriter spec(service.json());
  spec.text("name", body.name).text("category", body.category).amount("price", body.price);
  spec.text("description", body.description).text("parameters", body.parameters);
  spec.number("deliveryTime", body.delivery_seconds).number("lifetime", body.lifetime_seconds);
  return Plan{"updateService", Params().text("serviceId", to_text(id)).raw("spec", spec.json()).json()};
}

struct BidOnService : BodyInput {
  Ait price;
  std::optional<std::string> notes;
  std::optional<std::uint64_t> ttl_seconds;
  static constexpr auto kFields = std::tuple(
      input("price", &BidOnService::price, "AIT, locked until the bid is closed"),
      input("notes", &BidOnService::notes, "in words", {0, 1024, {}}),
      input("ttl_seconds", &BidOnService::ttl_seconds, "how long the bid stands", {1, 31'536'000, {}}));
};
RestResult<Plan> plan_service_bid(const RestBackend& backend, ServiceId id, const BidOnService& body) {
  REST_TRY(ask_record(backend, "market_getService", to_text(id)));
  Params call;
  call.number("targetKind", kOfService)
      .number("targetId", id.value)
      .amount("amount", body.price.value)
      .number("capacity", 1);
  call.number("duration", 0)
      .text("notes", body.notes.value_or(""))
      .number("ttl", body.ttl_seconds.value_or(0));
  return Plan{"placeBid", call.json()};
}

// Bids are placed on targets of several kinds.
RestResult<Finish> match_service_bid(ServiceId id, const market::Decoded& call) {
  const Answer arguments = Answer::parse(call.arguments_json);
  if (arguments.json().find("targetKind").u64() != kOfService ||
      arguments.json().find("targetId").u64() != id.value)
    return refuse(400, "the signed transaction is not about " + to_text(id));
  return with_event("BidPlaced");
}

struct Deliver : BodyInput {
  std::optional<Hash> result_digest;
  std::optional<std::string> result_uri;
  static constexpr auto kFields =
      std::tuple(input("result_digest", &Deliver::result_digest, "keccak256 of the result"),
                 input("result_uri", &Deliver::result_uri, "where it is", {0, 256, {}}));
};
RestResult<Plan> plan_delivery(ServiceId id, const Deliver& body) {
  Params call;
  call.text("serviceId", to_text(id));
  call.text("resultDigest", hex::encode_prefixed(body.result_digest.value_or(Hash{})));
  return Plan{"deliverService", call.text("resultUri", body.result_uri.value_or("")).json()};
}

void register_closing(Registry& registry, const Describe& about, std::string call) {
  register_id_call<ServiceId>(registry, about,
                              {std::move(call), "serviceId", "market_getService", "ServiceClosed"});
}

}  // namespace

void register_service_routes(Registry& registry) {
  registry.read(
      {"list_services",
       "GET",
       "/v1/marketplace/services",
       "services",
       "Services that pass every filter",
       &kServiceShape,
       200,
       true,
       {400}},
      [](const RestBackend& backend, const ListServices& query) { return list_services(backend, query); });
  registry.read({"get_service",
                 "GET",
                 "/v1/marketplace/services/{service_id}",
                 "services",
                 "A service",
                 &kServiceShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, ServiceId id) {
                  return record_page(backend, "market_getService", to_text(id));
                });
  registry.write(
      {"create_service", "POST", "/v1/marketplace/services", "services", "Offers a service",
       &kServiceChangedShape, 201},
      {"createService"}, [](const RestBackend&, const CreateService& body) { return plan_service(body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("ServiceCreated");
      });
  registry.write(
      {"update_service",
       "PATCH",
       "/v1/marketplace/services/{service_id}",
       "services",
       "By the provider: changes what is given; bids on the old form lose",
       &kUpdatedShape,
       200,
       false,
       {404, 409}},
      {"updateService"},
      [](const RestBackend& backend, ServiceId id, const UpdateService& body) {
        return plan_update(backend, id, body);
      },
      [](const RestBackend&, ServiceId id, const market::Decoded& call) {
        return event_about(call, "serviceId", to_text(id), "ServiceUpdated");
      });
  registry.write(
      {"bid_on_service",
       "POST",
       "/v1/marketplace/services/{service_id}/bids",
       "services",
       "Bids on a service and locks the price",
       &kServiceBidShape,
       202,
       false,
       {404, 409}},
      {"placeBid"},
      [](const RestBackend& backend, ServiceId id, const BidOnService& body) {
        return plan_service_bid(backend, id, body);
      },
      [](const RestBackend&, ServiceId id, const market::Decoded& call) {
        return match_service_bid(id, call);
      });
  registry.write(
      {"deliver_service",
       "POST",
       "/v1/marketplace/services/{service_id}/deliver",
       "services",
       "By the provider: the work is done",
       &kServiceChangedShape,
       200,
       false,
       {404, 409}},
      {"deliverService"},
      [](const RestBackend&, ServiceId id, const Deliver& body) { return plan_delivery(id, body); },
      [](const RestBackend&, ServiceId id, const market::Decoded& call) {
        return event_about(call, "serviceId", to_text(id), "ServiceDelivered");
      });
  register_closing(registry,
                   {"settle_service",
                    "POST",
                    "/v1/marketplace/services/{service_id}/settle",
                    "services",
                    "By the customer: pays the provider now",
                    &kServiceChangedShape,
                    200,
                    false,
                    {404, 409}},
                   "settlePayment");
  register_closing(registry,
                   {"close_service",
                    "POST",
                    "/v1/marketplace/services/{service_id}/close",
                    "services",
                    "By the provider: withdraws a service",
                    &kServiceChangedShape,
                    200,
                    false,
                    {404, 409}},
                   "closeService");
}

}  // namespace aitbc::rest
