// One record by its id.
#include "marketplace/query_handlers.hpp"
#include "marketplace/query_json.hpp"

namespace aitbc::market {
namespace {

template <class View>
Result<std::string> answer(const Outcome<View>& view) {
  if (!view) return fail(to_error(view.error()));
  JsonWriter out;
  write_record(out, *view);
  return out.take();
}

Result<std::string> get_pricing_json(Query& q) {
  return answer(get_model_pricing(q.context, std::string(*q.args.text("model"))));
}

template <Kind K, auto Get>
Result<std::string> get_by_id(Query& q) {
  AITBC_ASSIGN(const auto id, required(q.args.id("id", K)));
  return answer(Get(q.context, Id<K>{id}));
}

Result<std::string> get_provider_json(Query& q) {
  AITBC_ASSIGN(const auto account, required(q.args.address("account")));
  return answer(get_provider(q.context, account));
}

Result<std::string> get_stake_json(Query& q) {
  AITBC_ASSIGN(const auto provider, required(q.args.address("provider")));
  AITBC_ASSIGN(const auto staker, required(q.args.address("staker")));
  const auto view = get_stake(q.context, provider, staker);
  if (!view) return fail(to_error(view.error()));
  JsonWriter out;
  write_json(out, *view);
  return out.take();
}

Result<std::string> is_available_json(Query& q) {
  AITBC_ASSIGN(const auto gpu, required(q.args.id("gpuId", Kind::gpu)));
  AITBC_ASSIGN(const auto start, required(q.args.number("start")));
  AITBC_ASSIGN(const auto end, required(q.args.number("end")));
  const auto available = is_available(q.context, GpuId{gpu}, start, end);
  if (!available) return fail(to_error(available.error()));
  return *available ? "true" : "false";
}

Result<std::string> quote_json(Query& q) {
  AITBC_ASSIGN(const auto gpu, required(q.args.id("gpuId", Kind::gpu)));
  AITBC_ASSIGN(const auto duration, required(q.args.number("duration")));
  const auto quote = quote_booking(q.context, GpuId{gpu}, duration);
  if (!quote) return fail(to_error(quote.error()));
  JsonWriter out;
  write_json(out, *quote);
  return out.take();
}

QueryParam id_param(std::string_view description) { return {"id", "string", true, description}; }

}  // namespace

std::vector<QueryEntry> record_queries() {
  return {
      {{"market_getGpu",
        "A GPU with its status, price and schedule now.",
        {id_param("\"gpu_12\" or 12")},
        "GPU"},
       &get_by_id<Kind::gpu, &get_gpu>},
      {{"market_getBooking", "A booking with its state now.", {id_param("\"bk_7\" or 7")}, "booking"},
       &get_by_id<Kind::booking, &get_booking>},
      {{"market_getBid", "A bid with its state now.", {id_param("\"bid_9\" or 9")}, "bid"},
       &get_by_id<Kind::bid, &get_bid>},
      {{"market_getService", "A service with its state now.", {id_param("\"svc_3\" or 3")}, "service"},
       &get_by_id<Kind::service, &get_service>},
      {{"market_getOffer", "An offer with its state and price now.", {id_param("\"off_1\" or 1")}, "offer"},
       &get_by_id<Kind::offer, &get_offer>},
      {{"market_getDispute", "A dispute with its state now.", {id_param("\"dsp_1\" or 1")}, "dispute"},
       &get_by_id<Kind::dispute, &get_dispute>},
      {{"market_getJob", "A job with its state now.", {id_param("\"job_5\" or 5")}, "job"},
       &get_by_id<Kind::job, &get_job>},
      {{"market_getAuction",
        "An auction with its state and price now.",
        {id_param("\"auc_2\" or 2")},
        "auction"},
       &get_by_id<Kind::auction, &get_auction>},
      {{"market_getProposal",
        "A proposal to change a parameter or a role, with its state now.",
        {id_param("\"prop_1\" or 1")},
        "proposal"},
       &get_by_id<Kind::proposal, &get_proposal>},
      {{"market_getPricing",
        "A GPU model's price index, its history, and the recommended price.",
        {{"model", "string", true, "exact name of the model"}},
        "pricing"},
       &get_pricing_json},
      {{"market_getReview", "A review.", {id_param("\"rv_4\" or 4")}, "review"},
       &get_by_id<Kind::review, &get_review>},
      {{"market_getProvider",
        "A provider, its stake and its record.",
        {{"account", "string", true, "the provider's address"}},
        "provider"},
       &get_provider_json},
      {{"market_getOutage",
        "A provider's silence and what came of it.",
        {id_param("\"out_2\" or 2")},
        "outage"},
       &get_by_id<Kind::outage, &get_outage>},
      {{"market_getStake",
        "What an account has staked on a provider, and the rewards it could claim.",
        {{"provider", "string", true, "address"}, {"staker", "string", true, "address"}},
        "{staked, rewards} in base units"},
       &get_stake_json},
      {{"market_isAvailable",
        "Whether a GPU can be booked for a time.",
        {{"gpuId", "string", true, "\"gpu_12\" or 12"},
         {"start", "integer", true, "Unix seconds"},
         {"end", "integer", true, "Unix seconds"}},
        "true or false"},
       &is_available_json},
      {{"market_quote",
        "What a booking from now on would lock.",
        {{"gpuId", "string", true, "\"gpu_12\" or 12"}, {"duration", "integer", true, "seconds"}},
        "{pricePerHour, cost} in base units"},
       &quote_json},
  };
}

}  // namespace aitbc::market
