// Auctions of every type in the marketplace's registry.
#include <algorithm>
#include <array>

#include "codec/hex.hpp"
#include "marketplace/auction_types.hpp"
#include "node/rest/auction_lookup.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::AuctionId;

constexpr Seconds kDefaultDuration = 3600;
constexpr std::string_view kDefaultCategory = "gpu-rental";

constexpr std::array kCreated{
    OutField{"auction_id", "auctionId", Form::text, "id of the auction"},
};
constexpr Shape kCreatedShape{"AuctionCreated", kCreated};
constexpr std::array kState{
    OutField{"auction_id", "auction.id", Form::text, "id of the auction"},
    OutField{"type", "auction.auctionType", Form::text, "its type"},
    OutField{"title", "auction.title", Form::text, "for people"},
    OutField{"current_price", "auction.currentPrice", Form::amount, "AIT"},
    OutField{"next_decrement", "next", Form::integer, "seconds until the price changes; 0 when it does not"},
    OutField{"total_bids", "auction.totalBids", Form::integer, "bids so far"},
    OutField{"status", "status", Form::text, "active, closing, sold, unsold or cancelled"},
    OutField{"winner", "auction.winner", Form::text, "address; zero while there is none"},
    OutField{"booking_id", "auction.bookingId", Form::text, "that it led to", true},
    OutField{"service_id", "auction.serviceId", Form::text, "that it led to", true},
};
constexpr Shape kStateShape{"AuctionState", kState};
constexpr std::array kAuction{
    OutField{"auction_id", "id", Form::text, "id of the auction"},
    OutField{"type", "auctionType", Form::text, "its type"},
    OutField{"title", "title", Form::text, "for people"},
    OutField{"creator", "creator", Form::text, "address"},
    OutField{"gpu_id", "gpuId", Form::text, "whose time is auctioned", true},
    OutField{"current_price", "currentPrice", Form::amount, "AIT"},
    OutField{"total_bids", "totalBids", Form::integer, "bids so far"},
    OutField{"status", "state", Form::text, "open, closing, sold, unsold or cancelled"},
    OutField{"created_at", "createdAt", Form::time, "when it was opened"},
    OutField{"deadline", "deadline", Form::time, "when it is over", true},
};
constexpr Shape kAuctionShape{"Auction", kAuction};
constexpr std::array kCancelled{
    OutField{"auction_id", "auctionId", Form::text, "id of the auction"},
    OutField{"status", "state", Form::text, "cancelled"},
};
constexpr Shape kCancelledShape{"AuctionCancelled", kCancelled};
constexpr std::array kBidPlaced{
    OutField{"auction_id", "auctionId", Form::text, "id of the auction"},
    OutField{"bidder", "bidder", Form::text, "address"},
    OutField{"amount", "amount", Form::amount, "AIT"},
};
constexpr Shape kBidPlacedShape{"AuctionBid", kBidPlaced};

struct CreateAuction : BodyInput {
  std::string title;
  std::optional<std::string> description, category;
  std::optional<market::GpuId> gpu_id;
  std::optional<Hours> duration_hours, lifetime_hours;
  std::optional<Ait> start_price, reserve_price, decrement_rate;
  std::optional<std::uint64_t> decrement_interval;
  std::optional<std::vector<std::string>> parameters;
  static constexpr auto kFields = std::tuple(
      input("title", &CreateAuction::title, "for people", {1, 128, {}}),
      input("description", &CreateAuction::description, "for people", {0, 1024, {}}),
      input("start_price", &CreateAuction::start_price, "AIT"),
      input("reserve_price", &CreateAuction::reserve_price, "AIT"),
      input("decrement_rate", &CreateAuction::decrement_rate, "AIT that a dutch auction's price falls by"),
      input("decrement_interval", &CreateAuction::decrement_interval, "seconds between its falls",
            {1, 31'536'000, {}}),
      input("parameters", &CreateAuction::parameters,
            "further parameters of the type: name=value; AIT, seconds or a count"),
      input("gpu_id", &CreateAuction::gpu_id, "GPU whose time is auctioned; work when left out"),
      input("category", &CreateAuction::category, "of the work; gpu-rental when left out"),
      input("duration_hours", &CreateAuction::duration_hours,
            "of the booking or of the work; 1 when left out"),
      input("lifetime_hours", &CreateAuction::lifetime_hours, "how long the auction is open"));
};

const market::AuctionType* find_type(std::string_view name) {
  for (const market::AuctionType& type : market::auction_types())
    if (type.name == name) return &type;
  return nullptr;
}

RestResult<Amount> parameter_value(const market::ParameterSpec& spec, std::string_view text) {
  const auto value = spec.unit == "base units" ? parse_ait(text) : parse_units(text);
  if (!value) return refuse(422, std::string(spec.name) + ": " + value.error().message);
  return *value;
}

// The parameters given, each of which the type must have.
RestResult<std::string> parameters_of(const market::AuctionType& type, const CreateAuction& body) {
  std::vector<std::pair<std::string, Amount>> given;
  if (body.start_price) given.emplace_back("startPrice", body.start_price->value);
  if (body.reserve_price) given.emplace_back("reservePrice", body.reserve_price->value);
  if (body.decrement_rate) given.emplace_back("decrementRate", body.decrement_rate->value);
  if (body.decrement_interval) given.emplace_back("decrementInterval", Amount(*body.decrement_interval));
  for (const std::string& text : body.parameters.value_or(std::vector<std::string>())) {
    const std::string name = text.substr(0, text.find('='));
    const auto spec = std::find_if(type.parameters.begin(), type.parameters.end(),
                                   [&](const market::ParameterSpec& each) { return each.name == name; });
    if (spec == type.parameters.end() || name.size() == text.size())
      return refuse(422, "a " + std::string(type.name) + " auction has no parameter " + text);
    REST_ASSIGN(const Amount value, parameter_value(*spec, std::string_view(text).substr(name.size() + 1)));
    given.emplace_back(name, value);
  }
  std::string out = "[";
  for (const auto& [name, value] : given)
    out += (out.size() == 1 ? "" : ",") + Params().text("name", name).amount("value", value).json();
  return out + "]";
}

RestResult<Plan> plan_auction(const std::string& type_name, const CreateAuction& body) {
  const market::AuctionType* type = find_type(type_name);
  if (type == nullptr) return refuse(404, "there is no auction type " + type_name);
  if (body.start_price && body.reserve_price && type_name == "dutch" &&
      body.reserve_price->value >= body.start_price->value)
    return refuse(400, "Reserve price must be less than start price");
  Seconds duration = kDefaultDuration;
  Seconds lifetime = 0;
  if (body.duration_hours) {
    REST_ASSIGN(duration, seconds_of("duration_hours", *body.duration_hours));
  }
  if (body.lifetime_hours) {
    REST_ASSIGN(lifetime, seconds_of("lifetime_hours", *body.lifetime_hours));
  }
  REST_ASSIGN(const std::string parameters, parameters_of(*type, body));
  Params spec;
  spec.text("auctionType", type_name)
      .text("title", body.title)
      .text("description", body.description.value_or(""));
  spec.number("gpuId", body.gpu_id ? body.gpu_id->value : 0);
  spec.text("category", body.gpu_id ? "" : body.category.value_or(std::string(kDefaultCategory)));
  spec.number("duration", duration).number("lifetime", lifetime).raw("parameters", parameters);
  return Plan{"createAuction", Params().raw("spec", spec.json()).json()};
}

RestResult<Page> get_state(const RestBackend& backend, const std::string& type, AuctionId id) {
  REST_ASSIGN(const Answer auction, auction_of_type(backend, type, id));
  const Seconds now = std::max(backend.now(), backend.chain.view()->head.timestamp);
  const Json next = auction.json().find("nextChange");
  const std::string_view state = auction.json().find("state").string();
  Params out;
  out.raw("auction", auction.text()).text("status", state == "open" ? "active" : state);
  out.number("next", next.is_null() ? 0 : next.u64().value_or(now) - std::min(now, next.u64().value_or(now)));
  return Page{Answer::parse(out.json()), {}, {}};
}

struct ListAuctions : QueryInput {
  std::optional<std::string> type, status, gpu_id, cursor;
  std::optional<Address> creator;
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields = std::tuple(
      input("type", &ListAuctions::type, "exact"),
      input("status", &ListAuctions::status, "present state", {0, 16, "open|closing|sold|unsold|cancelled"}),
      input("gpu_id", &ListAuctions::gpu_id, "only of this GPU"),
      input("creator", &ListAuctions::creator, "only of this creator"),
      input("limit", &ListAuctions::limit, "how many, 100 when left out", kPageLimits),
      input("cursor", &ListAuctions::cursor, "X-Next-Cursor of the page before"));
};
RestResult<Page> list_auctions(const RestBackend& backend, const ListAuctions& query) {
  Params params;
  if (query.type) params.text("auctionType", *query.type);
  if (query.status) params.text("state", *query.status);
  if (query.gpu_id) params.text("gpuId", *query.gpu_id);
  if (query.creator) params.text("creator", hex::checksummed(*query.creator));
  return ask_page(backend, "market_listAuctions", params.boolean("newestFirst", true), query.limit,
                  query.cursor);
}

struct BidAuction : BodyInput {
  Ait amount;
  static constexpr auto kFields = std::tuple(input(
      "amount", &BidAuction::amount, "AIT: the most (dutch), the bid (english), the least (procurement)"));
};

void register_bidding(Registry& registry) {
  registry.write(
      {"bid_auction",
       "POST",
       "/v1/marketplace/extensions/{type}-auction/{auction_id}/bid",
       "auctions",
       "An open bid",
       &kBidPlacedShape,
       201,
       false,
       {404, 409}},
      {"bidAuction"},
      [](const RestBackend& backend, const std::string& type, AuctionId id,
         const BidAuction& body) -> RestResult<Plan> {
        REST_TRY(auction_of_type(backend, type, id));
        return Plan{"bidAuction",
                    Params().text("auctionId", to_text(id)).amount("amount", body.amount.value).json()};
      },
      [](const RestBackend&, const std::string&, AuctionId id, const market::Decoded& call) {
        return event_about(call, "auctionId", to_text(id), "AuctionBidPlaced");
      });
  registry.write(
      {"cancel_auction",
       "POST",
       "/v1/marketplace/extensions/{type}-auction/{auction_id}/cancel",
       "auctions",
       "By the creator, while nobody has bid",
       &kCancelledShape,
       200,
       false,
       {404, 409}},
      {"cancelAuction"},
      [](const RestBackend& backend, const std::string& type, AuctionId id) -> RestResult<Plan> {
        REST_TRY(auction_of_type(backend, type, id));
        return Plan{"cancelAuction", Params().text("auctionId", to_text(id)).json()};
      },
      [](const RestBackend&, const std::string&, AuctionId id, const market::Decoded& call) {
        return event_about(call, "auctionId", to_text(id), "AuctionClosed");
      });
}

}  // namespace

void register_auction_routes(Registry& registry) {
  registry.write(
      {"create_auction",
       "POST",
       "/v1/marketplace/extensions/{type}-auction/create",
       "auctions",
       "Auctions a GPU's time or a piece of work",
       &kCreatedShape,
       201,
       false,
       {404, 409}},
      {"createAuction"},
      [](const RestBackend&, const std::string& type, const CreateAuction& body) {
        return plan_auction(type, body);
      },
      [](const RestBackend&, const std::string&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("AuctionCreated");
      });
  registry.read({"get_auction_state",
                 "GET",
                 "/v1/marketplace/extensions/{type}-auction/{auction_id}/state",
                 "auctions",
                 "An auction with its price now",
                 &kStateShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, const std::string& type, AuctionId id) {
                  return get_state(backend, type, id);
                });
  registry.read(
      {"list_auctions",
       "GET",
       "/v1/marketplace/auctions",
       "auctions",
       "Auctions of every type, newest first",
       &kAuctionShape,
       200,
       true,
       {400}},
      [](const RestBackend& backend, const ListAuctions& query) { return list_auctions(backend, query); });
  register_bidding(registry);
}

}  // namespace aitbc::rest
