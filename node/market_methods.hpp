// market_*: the marketplace's queries as JSON-RPC methods.
#pragma once

#include "node/rpc/registry.hpp"
#include "node/search/market_reader.hpp"

namespace aitbc {

// `reader` must outlive the registry.
void register_market_methods(rpc::Registry& registry, const search::MarketReader& reader);

}  // namespace aitbc
