// Every route of the REST surface, by what it is about.
#pragma once

#include "node/rest/registry.hpp"

namespace aitbc::rest {

void register_gpu_routes(Registry& registry);
void register_booking_routes(Registry& registry);  // book, release, orders, reviews
void register_market_routes(Registry& registry);   // pricing, statistics, categories
void register_offer_routes(Registry& registry);    // offers, bids
void register_auction_routes(Registry& registry);
void register_service_routes(Registry& registry);   // services, jobs
void register_provider_routes(Registry& registry);  // providers, staking, disputes
void register_chain_routes(Registry& registry);     // accounts, transactions, blocks
void register_routes(Registry& registry);           // all of them

// ---- what the routes share

struct PageQuery {
  std::optional<std::uint64_t> limit;
  std::optional<std::string> cursor;
};
inline constexpr Limits kPageLimits{1, 500, {}};
inline constexpr std::uint64_t kDefaultPage = 100;

RestResult<Answer> ask(const RestBackend& backend, std::string_view method, const Params& params);
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

}  // namespace aitbc::rest
