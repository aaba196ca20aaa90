// The market as a whole, its rules, and its calls.
#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "marketplace/auction_types.hpp"
#include "marketplace/categories.hpp"
#include "marketplace/end_block.hpp"
#include "marketplace/governance.hpp"
#include "marketplace/json_form.hpp"
#include "marketplace/pricing.hpp"
#include "marketplace/queried_directory.hpp"

namespace aitbc::market {
namespace {

constexpr std::uint64_t kCountDueLimit = 100'000;

Result<std::string> get_params_json(Query& q) {
  JsonWriter out;
  write_json(out, q.context.params);
  return out.take();
}

Result<std::string> get_roles_json(Query& q) {
  JsonWriter out;
  const RolesView view = get_roles(q.context).value();
  out.begin_object();
  write_json_fields(out, view.roles);
  write_json_member(out, "validators", view.validators);
  out.end_object();
  return out.take();
}

Result<std::string> get_stats(Query& q) {
  JsonWriter out;
  out.begin_object();
  write_json_fields(out, q.context.totals);
  for (const auto& [name, kind] :
       {std::pair("totalGpus", Kind::gpu), std::pair("totalBookings", Kind::booking),
        std::pair("totalServices", Kind::service), std::pair("totalBids", Kind::bid),
        std::pair("totalReviews", Kind::review), std::pair("totalOffers", Kind::offer),
        std::pair("totalJobs", Kind::job), std::pair("totalAuctions", Kind::auction)})
    write_json_member(out, name, last_id(q.context.state, kind));
  // Not at an old block with more GPUs than one query may look at.
  if (const auto directory = QueriedDirectory::of(q)) {
    const MarketFigures figures = directory->get().figures(q.context.params, q.context.now());
    out.key("availableGpus").number(figures.available_gpus);
    out.key("bookedGpus").number(figures.booked_gpus).key("offlineGpus").number(figures.offline_gpus);
    out.key("openCapacity").number(figures.open_capacity);
    write_json_member(out, "averagePricePerHour", figures.average_price);
  }
  // What comes due before the next block waits for that block only.
  write_json_member(out, "expiryBacklog", count_due(q.view, q.block_time, kCountDueLimit));
  out.end_object();
  return out.take();
}

Result<std::string> list_categories(Query&) {
  JsonWriter out;
  out.begin_array();
  for (const Category& category : categories()) {
    out.begin_object();
    out.key("id").text(category.id).key("name").text(category.name).key("icon").text(category.icon);
    out.key("description").text(category.description).key("requirements").begin_array();
    for (const Requirement& each : category.requirements) {
      out.begin_object().key("type").text(name_of(each.resource)).key("minimum").number(each.minimum);
      out.key("recommended").number(each.recommended).key("unit").text(each.unit).end_object();
    }
    out.end_array().key("pricing").begin_object().key("type").text(name_of(category.pricing));
    constexpr std::uint64_t kMilliAit = 1'000'000'000'000'000;
    write_json_member(out, "basePrice", Amount(category.base_price_milli_ait * kMilliAit));
    write_json_member(out, "unitPrice", Amount(category.unit_price_milli_ait * kMilliAit));
    out.end_object().end_object();
  }
  out.end_array();
  return out.take();
}

Result<std::string> list_auction_types(Query&) {
  JsonWriter out;
  out.begin_array();
  for (const AuctionType& type : auction_types()) {
    out.begin_object().key("name").text(type.name).key("description").text(type.meaning);
    out.key("creatorBuys").boolean(type.creator_buys);
    out.key("sealed").boolean(type.commit != nullptr).key("parameters").begin_array();
    for (const ParameterSpec& each : type.parameters) {
      out.begin_object().key("name").text(each.name).key("unit").text(each.unit);
      write_json_member(out, "minimum", each.minimum);
      write_json_member(out, "maximum", each.maximum);
      write_json_member(out, "default", each.fallback);
      out.key("description").text(each.meaning).end_object();
    }
    out.end_array().end_object();
  }
  out.end_array();
  return out.take();
}

Result<std::string> list_pricing_strategies(Query&) {
  JsonWriter out;
  out.begin_array();
  for (const PricingStrategy& each : pricing_strategies())
    out.begin_object().key("name").text(each.name).key("description").text(each.meaning).end_object();
  out.end_array();
  return out.take();
}

Result<std::string> encode_call_json(Query& q) {
  AITBC_ASSIGN(const Bytes calldata, encode_call(*q.args.text("name"), *q.args.text("arguments")));
  JsonWriter out;
  out.text(hex::encode_prefixed(calldata));
  return out.take();
}

Result<std::string> decode_call_json(Query& q) {
  AITBC_ASSIGN(const Bytes data, hex::decode(*q.args.text("data")));
  AITBC_ASSIGN(const Decoded decoded, decode_call(data));
  JsonWriter out;
  out.begin_object().key("name").text(decoded.name).key("type").text(decoded.type);
  out.key("arguments").raw(decoded.arguments_json).end_object();
  return out.take();
}

Result<std::string> get_abi(Query&) { return abi_json(); }

}  // namespace

std::vector<QueryEntry> market_queries() {
  return {
      {{"market_getParams", "The chain's market parameters.", {}, "parameters"}, &get_params_json},
      {{"market_getRoles",
        "Arbitrators, moderators, coordinators; and the block's validators, who govern.",
        {},
        "roles"},
       &get_roles_json},
      {{"market_getStats",
        "Sums and counts over all records, and how many closings are overdue.",
        {},
        "statistics"},
       &get_stats},
      {{"market_listCategories", "The registry of categories.", {}, "array of categories", false},
       &list_categories},
      {{"market_listAuctionTypes",
        "The registry of auction types.",
        {},
        "array of types with their parameters",
        false},
       &list_auction_types},
      {{"market_listPricingStrategies",
        "The registry of pricing strategies.",
        {},
        "array of strategies",
        false},
       &list_pricing_strategies},
      {{"market_getAbi", "The contract's ABI.", {}, "ABI JSON", false}, &get_abi},
      {{"market_encodeCall",
        "Calldata for a call of the contract.",
        {{"name", "string", true, "\"bookGpu\""},
         {"arguments", "string", true, "JSON text: an object by name or an array in order"}},
        "0x hex",
        false},
       &encode_call_json},
      {{"market_decodeCall",
        "The call, type and arguments behind calldata.",
        {{"data", "string", true, "0x hex"}},
        "{name, type, arguments}",
        false},
       &decode_call_json},
  };
}

}  // namespace aitbc::market
