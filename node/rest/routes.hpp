// Every route of the REST surface, by what it is about.
#pragma once

#include "node/rest/registry.hpp"

namespace aitbc::rest {

void register_gpu_routes(Registry& registry);           // what is for rent
void register_listing_routes(Registry& registry);       // what providers do with their GPUs
void register_booking_routes(Registry& registry);       // book and release by GPU
void register_order_routes(Registry& registry);         // bookings by their own id
void register_review_routes(Registry& registry);        // of GPUs and services
void register_market_routes(Registry& registry);        // pricing, statistics, categories
void register_offer_routes(Registry& registry);         // capacity in words
void register_bid_routes(Registry& registry);           // on whatever is offered
void register_auction_routes(Registry& registry);       // of every type
void register_sealed_bid_routes(Registry& registry);    // commit and reveal
void register_service_routes(Registry& registry);       // work for a price
void register_job_routes(Registry& registry);           // by the customer
void register_job_work_routes(Registry& registry);      // by the provider
void register_provider_routes(Registry& registry);      // who they are, and that they are there
void register_staking_routes(Registry& registry);       // pools
void register_dispute_routes(Registry& registry);       // and their verdicts
void register_signed_order_routes(Registry& registry);  // EIP-712
void register_governance_routes(Registry& registry);    // parameters, roles, proposals
void register_chain_routes(Registry& registry);         // accounts, transactions, blocks
void register_routes(Registry& registry);               // all of them

// ---- what the routes share

struct PageQuery {
  std::optional<std::uint64_t> limit;
  std::optional<std::string> cursor;
};
inline constexpr Limits kPageLimits{1, 500, {}};
inline constexpr std::uint64_t kDefaultPage = 100;

RestResult<Answer> ask(const RestBackend& backend, std::string_view method, const Params& params);
// A record by its id.
RestResult<Answer> ask_record(const RestBackend& backend, std::string_view method, const std::string& id);
RestResult<Page> record_page(const RestBackend& backend, std::string_view method, const std::string& id);
// A list query's answer: its items, and its cursor.
RestResult<Page> ask_page(const RestBackend& backend, std::string_view method, Params params,
                          const std::optional<std::uint64_t>& limit,
                          const std::optional<std::string>& cursor);
// The items of a list with something more beside each: {"item": ..., and what `extend` adds}.
RestResult<Page> extended(Page page, const std::function<RestResult<void>(Params& out, Json item)>& extend);
// All records that a list query finds, as far as `most` go.
RestResult<std::vector<Answer>> ask_all(const RestBackend& backend, std::string_view method,
                                        const Params& params, std::size_t most);

// The record of an id that another record names: JSON, "null" when it names none.
RestResult<std::string> linked(const RestBackend& backend, std::string_view method, Json id);
// Refused with 400 unless the call's argument is that id.
RestResult<void> same_id(const market::Decoded& call, std::string_view argument, const std::string& id);
// Refused with 400 unless 0 < hours <= 8760.
RestResult<Seconds> seconds_of(std::string_view field, Hours hours);
// A finish that answers with the arguments of one event.
Finish with_event(std::string event);
// The same, when the call's argument is that id.
RestResult<Finish> event_about(const market::Decoded& call, std::string_view argument, const std::string& id,
                               std::string event);

// A call that needs nothing but the record it is about.
struct IdCall {
  std::string call;      // "delistGpu"
  std::string argument;  // "gpuId"
  std::string record;    // the query that knows the record: "market_getGpu"
  std::string event;     // whose arguments are answered
};
template <class Id>
void register_id_call(Registry& registry, const Describe& about, const IdCall& what) {
  registry.write(
      about, {what.call},
      [what](const RestBackend& backend, Id id) -> RestResult<Plan> {
        REST_TRY(ask_record(backend, what.record, to_text(id)));
        return Plan{what.call, Params().text(what.argument, to_text(id)).json()};
      },
      [what](const RestBackend&, Id id, const market::Decoded& call) {
        return event_about(call, what.argument, to_text(id), what.event);
      });
}

}  // namespace aitbc::rest
