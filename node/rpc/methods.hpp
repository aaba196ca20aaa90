// Registration of every method, by subject.
#pragma once

#include "node/rpc/backend.hpp"
#include "node/rpc/registry.hpp"

namespace aitbc::rpc {

class FeeOracle;
class Filters;
class Subscriptions;

// What methods keep between calls. All are thread-safe.
struct Services {
  FeeOracle& fees;
  Filters& filters;
  Subscriptions& subscriptions;
};

// All of them. Everything must outlive the registry.
void register_all(Registry& registry, const Backend& backend, const Services& services);

void register_node_methods(Registry& registry,
                           const Backend& backend);  // net_, web3_, admin_, eth_syncing, ...
void register_state_methods(Registry& registry, const Backend& backend);
void register_block_methods(Registry& registry, const Backend& backend);
void register_transaction_methods(Registry& registry, const Backend& backend);
void register_call_methods(Registry& registry, const Backend& backend);
void register_fee_methods(Registry& registry, const Backend& backend, FeeOracle& fees);
void register_log_methods(Registry& registry, const Backend& backend, Filters& filters);
void register_subscription_methods(Registry& registry, Subscriptions& subscriptions);
void register_txpool_methods(Registry& registry, const Backend& backend);
void register_debug_methods(Registry& registry, const Backend& backend);
// rpc_discover and rpc_modules describe what is registered when they are called.
void register_discovery_methods(Registry& registry, const Backend& backend);

}  // namespace aitbc::rpc
