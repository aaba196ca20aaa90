#include "node/rest/routes.hpp"

#include <cmath>

namespace aitbc::rest {
namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kMaxHours = 8760;

}  // namespace

void register_routes(Registry& registry) {
  register_gpu_routes(registry);
  register_listing_routes(registry);
  register_booking_routes(registry);
  register_order_routes(registry);
  register_review_routes(registry);
  register_market_routes(registry);
  register_offer_routes(registry);
  register_bid_routes(registry);
  register_auction_routes(registry);
  register_sealed_bid_routes(registry);
  register_service_routes(registry);
  register_job_routes(registry);
  register_job_work_routes(registry);
  register_provider_routes(registry);
  register_staking_routes(registry);
  register_dispute_routes(registry);
  register_signed_order_routes(registry);
  register_governance_routes(registry);
  register_chain_routes(registry);
}

RestResult<Answer> ask(const RestBackend& backend, std::string_view method, const Params& params) {
  return Answer::of(backend.query(method, params.json()));
}

RestResult<Answer> ask_record(const RestBackend& backend, std::string_view method, const std::string& id) {
  return ask(backend, method, Params().text("id", id));
}

RestResult<Page> record_page(const RestBackend& backend, std::string_view method, const std::string& id) {
  REST_ASSIGN(Answer record, ask_record(backend, method, id));
  return Page{std::move(record), {}, {}};
}

RestResult<Page> ask_page(const RestBackend& backend, std::string_view method, Params params,
                          const std::optional<std::uint64_t>& limit,
                          const std::optional<std::string>& cursor) {
  params.number("limit", limit.value_or(kDefaultPage));
  if (cursor) params.text("cursor", *cursor);
  REST_ASSIGN(Answer answer, ask(backend, method, params));
  const Json next = answer.json().find("nextCursor");
  std::optional<std::string> following;
  if (next.is_string()) following = std::string(next.string());
  return Page{std::move(answer), "items", std::move(following)};
}

RestResult<Page> extended(Page page, const std::function<RestResult<void>(Params& out, Json item)>& extend) {
  const Json items = at_path(page.source.json(), page.items);
  std::string text = R"({"items":[)";
  for (std::size_t i = 0; i < items.size(); ++i) {
    Params item;
    item.raw("item", items[i].text());
    REST_TRY(extend(item, items[i]));
    text += (i == 0 ? "" : ",") + item.json();
  }
  return Page{Answer::parse(text + "]}"), "items", std::move(page.next_cursor)};
}

RestResult<std::vector<Answer>> ask_all(const RestBackend& backend, std::string_view method,
                                        const Params& params, std::size_t most) {
  std::vector<Answer> out;
  std::optional<std::string> cursor;
  for (std::size_t seen = 0; seen < most;) {
    REST_ASSIGN(Page page, ask_page(backend, method, params, kPageLimits.max, cursor));
    const Json items = at_path(page.source.json(), page.items);
    seen += kPageLimits.max;
    for (std::size_t i = 0; i < items.size(); ++i) out.push_back(Answer::parse(items[i].text()));
    cursor = std::move(page.next_cursor);
    if (!cursor) break;
  }
  return out;
}

RestResult<std::string> linked(const RestBackend& backend, std::string_view method, Json id) {
  if (!id.is_string()) return std::string("null");
  REST_ASSIGN(std::string json, backend.query(method, Params().text("id", id.string()).json()));
  return json;
}

RestResult<void> same_id(const market::Decoded& call, std::string_view argument, const std::string& id) {
  const Answer arguments = Answer::parse(call.arguments_json);
  const Json given = arguments.json().find(argument);
  if (given.is_string() && given.string() == id) return {};
  return refuse(400, "the signed transaction is not about " + id);
}

RestResult<Seconds> seconds_of(std::string_view field, Hours hours) {
  const double seconds = std::round(hours.value * kSecondsPerHour);
  if (!(seconds >= 1) || hours.value > kMaxHours)
    return refuse(400, std::string(field) + " must be more than 0 and at most 8760");
  return static_cast<Seconds>(seconds);
}

Finish with_event(std::string event) {
  return [event = std::move(event)](const RestBackend&, const Done& done) { return done.event(event); };
}

RestResult<Finish> event_about(const market::Decoded& call, std::string_view argument, const std::string& id,
                               std::string event) {
  REST_TRY(same_id(call, argument, id));
  return with_event(std::move(event));
}

}  // namespace aitbc::rest
