// Providers: who they are, and that they are there.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/spec_writer.hpp"

namespace aitbc::rest {
namespace {

using market::GpuId;

constexpr std::array kProvider{
    OutField{"address", "account", Form::text, "of the provider"},
    OutField{"name", "name", Form::text, "for people"},
    OutField{"region", "region", Form::text, "where it is"},
    OutField{"endpoint", "endpoint", Form::text, "where it can be reached"},
    OutField{"created_at", "createdAt", Form::time, "when it registered"},
    OutField{"gpus", "gpus", Form::integer, "registered and not retired"},
    OutField{"listed_gpus", "listedGpus", Form::integer, "on the market"},
    OutField{"online", "liveness.online", Form::boolean, "whether its heartbeats come in time"},
    OutField{"alive_until", "liveness.aliveUntil", Form::time, "when the next one is due; null without one",
             true},
    OutField{"jailed_until", "liveness.jailedUntil", Form::time, "off the market until then; null: it is not",
             true},
    OutField{"staked", "staked", Form::amount, "AIT in its pool"},
    OutField{"active_stake", "activeStake", Form::amount, "AIT that is not on its way out"},
    OutField{"staker_count", "stakers", Form::integer, "accounts with stake"},
    OutField{"closed_bookings", "closedBookings", Form::integer, "so far"},
    OutField{"faulted_bookings", "faultedBookings", Form::integer, "of them, by its silence"},
    OutField{"completed_jobs", "completedJobs", Form::integer, "so far"},
    OutField{"earned", "earned", Form::amount, "AIT, fees deducted"},
    OutField{"average_rating", "averageRating", Form::number, "of its reviews", true},
    OutField{"total_reviews", "reviews", Form::integer, "that count"},
};
constexpr Shape kProviderShape{"Provider", kProvider};
constexpr std::array kRegistered{
    OutField{"address", "provider", Form::text, "of the provider"},
    OutField{"status", "registered", Form::constant, "registered"},
};
constexpr Shape kRegisteredShape{"ProviderRegistered", kRegistered};

constexpr std::array kUpdated{
    OutField{"address", "provider", Form::text, "of the provider"},
    OutField{"name", "name", Form::text, "for people"},
    OutField{"region", "region", Form::text, "where it is"},
    OutField{"endpoint", "endpoint", Form::text, "where it can be reached"},
};
constexpr Shape kUpdatedShape{"ProviderUpdated", kUpdated};
constexpr std::array kAlive{
    OutField{"address", "provider", Form::text, "of the provider"},
    OutField{"alive_until", "aliveUntil", Form::time, "when the next heartbeat is due"},
};
constexpr Shape kAliveShape{"ProviderAlive", kAlive};

constexpr std::array kOutage{
    OutField{"id", "id", Form::text, "id of the outage"},
    OutField{"at", "at", Form::time, "since when the provider was silent"},
    OutField{"phase", "phase", Form::text, "closing, judging, dividing, compensating or over"},
    OutField{"faulted_bookings", "faultedBookings", Form::integer, "that it ended"},
    OutField{"forgiven", "forgiven", Form::boolean, "because too many fell silent together"},
    OutField{"slashed", "slashed", Form::amount, "AIT taken from the pool"},
    OutField{"compensated", "compensated", Form::amount, "AIT that customers got"},
    OutField{"burned", "burned", Form::amount, "AIT"},
};
constexpr Shape kOutageShape{"Outage", kOutage};

struct ListProviders : QueryInput {
  std::optional<std::uint64_t> limit;
  std::optional<std::string> cursor;
  static constexpr auto kFields =
      std::tuple(input("limit", &ListProviders::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListProviders::cursor, "X-Next-Cursor of the page before"));
};
struct RegisterProvider : BodyInput {
  std::string name;
  std::optional<std::string> region, endpoint;
  static constexpr auto kFields =
      std::tuple(input("name", &RegisterProvider::name, "for people", {1, 128, {}}),
                 input("region", &RegisterProvider::region, "where it is", {0, 32, {}}),
                 input("endpoint", &RegisterProvider::endpoint, "where it can be reached", {0, 256, {}}));
};

RestResult<Page> get_by_address(const RestBackend& backend, const Address& account) {
  REST_ASSIGN(Answer record,
              ask(backend, "market_getProvider", Params().text("account", hex::checksummed(account))));
  return Page{std::move(record), {}, {}};
}

struct UpdateProvider : BodyInput {
  std::optional<std::string> name, region, endpoint;
  static constexpr auto kFields =
      std::tuple(input("name", &UpdateProvider::name, "for people", {1, 128, {}}),
                 input("region", &UpdateProvider::region, "where it is", {0, 32, {}}),
                 input("endpoint", &UpdateProvider::endpoint, "where it can be reached", {0, 256, {}}));
};
RestResult<Plan> plan_update(const RestBackend& backend, const UpdateProvider& body) {
  if (!body.caller) return refuse(422, "whose particulars? Give from or an X-Api-Key");
  REST_ASSIGN(const Answer provider,
              ask(backend, "market_getProvider", Params().text("account", hex::checksummed(*body.caller))));
  SpecWriter spec(provider.json());
  spec.text("name", body.name).text("region", body.region).text("endpoint", body.endpoint);
  return Plan{"updateProvider", spec.json()};
}

struct Heartbeat : BodyInput {
  std::optional<std::vector<std::string>> down;
  static constexpr auto kFields =
      std::tuple(input("down", &Heartbeat::down, "ids of the caller's GPUs that do not work"));
};
// Bit i stands for the provider's GPU number i.
RestResult<Plan> plan_heartbeat(const RestBackend& backend, const Heartbeat& body) {
  Bytes bits;
  for (const std::string& text : body.down.value_or(std::vector<std::string>())) {
    REST_ASSIGN(const std::uint64_t id, market::parse_id(market::Kind::gpu, text));
    REST_ASSIGN(const Answer gpu, ask_record(backend, "market_getGpu", to_text(GpuId{id})));
    if (body.caller && gpu.json().find("provider").string() != hex::checksummed(*body.caller))
      return refuse(403, text + " is not the caller's");
    const std::uint64_t number = gpu.json().find("number").u64().value_or(0);
    if (bits.size() <= number / 8) bits.resize(number / 8 + 1);
    bits[number / 8] = static_cast<std::uint8_t>(bits[number / 8] | 1U << number % 8);
  }
  const Hash recent = backend.chain.view()->head_hash;
  return Plan{"heartbeat", Params()
                               .text("down", hex::encode_prefixed(bits))
                               .text("recentBlock", hex::encode_prefixed(recent))
                               .json()};
}

}  // namespace

void register_provider_routes(Registry& registry) {
  registry.read(
      {"list_providers", "GET", "/v1/providers", "providers", "Providers", &kProviderShape, 200, true, {400}},
      [](const RestBackend& backend, const ListProviders& query) {
        return ask_page(backend, "market_listProviders", Params(), query.limit, query.cursor);
      });
  registry.read(
      {"get_provider",
       "GET",
       "/v1/providers/{address}",
       "providers",
       "A provider",
       &kProviderShape,
       200,
       false,
       {404}},
      [](const RestBackend& backend, const Address& account) { return get_by_address(backend, account); });
  registry.read({"list_outages",
                 "GET",
                 "/v1/providers/{address}/outages",
                 "providers",
                 "A provider's silences that ended bookings, newest first",
                 &kOutageShape,
                 200,
                 true,
                 {400, 404}},
                [](const RestBackend& backend, const Address& account, const ListProviders& query) {
                  Params params;
                  params.text("provider", hex::checksummed(account)).boolean("newestFirst", true);
                  return ask_page(backend, "market_listOutages", params, query.limit, query.cursor);
                });
  registry.write(
      {"register_provider",
       "POST",
       "/v1/providers",
       "providers",
       "Makes the caller a provider",
       &kRegisteredShape,
       201,
       false,
       {409}},
      {"registerProvider"},
      [](const RestBackend&, const RegisterProvider& body) -> RestResult<Plan> {
        return Plan{"registerProvider", Params()
                                            .text("name", body.name)
                                            .text("region", body.region.value_or(""))
                                            .text("endpoint", body.endpoint.value_or(""))
                                            .json()};
      },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("ProviderRegistered");
      });
  registry.write(
      {"update_provider",
       "PATCH",
       "/v1/providers",
       "providers",
       "Changes what is given of the caller's particulars",
       &kUpdatedShape,
       200,
       false,
       {404}},
      {"updateProvider"},
      [](const RestBackend& backend, const UpdateProvider& body) { return plan_update(backend, body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("ProviderUpdated");
      });
  registry.write(
      {"heartbeat",
       "POST",
       "/v1/providers/heartbeat",
       "providers",
       "Says that the caller's GPUs are there, all but those that are down",
       &kAliveShape,
       200,
       false,
       {404, 409}},
      {"heartbeat"},
      [](const RestBackend& backend, const Heartbeat& body) { return plan_heartbeat(backend, body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("Heartbeat");
      });
}

}  // namespace aitbc::rest
