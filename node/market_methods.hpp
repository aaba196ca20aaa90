// market_*: the marketplace's queries as JSON-RPC methods, and its transactions with their decoded arguments.
#pragma once

#include "node/chain/chain.hpp"
#include "node/rpc/registry.hpp"

namespace aitbc {

// `chain` must outlive the registry. `now` gives Unix time: what is due reads as done (a query never shows a
// stale status).
void register_market_methods(rpc::Registry& registry, const chain::Chain& chain,
                             std::function<Seconds()> now);

}  // namespace aitbc
