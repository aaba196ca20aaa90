// rpc_: the methods themselves.
#include <set>

#include "node/rpc/methods.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {

void register_discovery_methods(Registry& registry, const Backend& backend) {
  registry.add({"rpc_discover", "This document: every method in OpenRPC's form", {}, schema::kObject},
               [&registry, &backend](Call& call) -> RpcResult<void> {
                 call.out.raw(openrpc_document(registry, backend.client_version));
                 return {};
               });
  registry.add({"rpc_modules", "The namespaces and their versions", {}, schema::kObject},
               [&registry](Call& call) -> RpcResult<void> {
                 std::set<std::string> namespaces;
                 for (const auto& [name, method] : registry.methods())
                   namespaces.insert(name.substr(0, name.find('_')));
                 call.out.begin_object();
                 for (const std::string& name : namespaces) call.out.key(name).text("1.0");
                 call.out.end_object();
                 return {};
               });
}

void register_all(Registry& registry, const Backend& backend, const Services& services) {
  register_node_methods(registry, backend);
  register_state_methods(registry, backend);
  register_block_methods(registry, backend);
  register_transaction_methods(registry, backend);
  register_call_methods(registry, backend);
  register_fee_methods(registry, backend, services.fees);
  register_log_methods(registry, backend, services.filters);
  register_subscription_methods(registry, services.subscriptions);
  register_txpool_methods(registry, backend);
  register_debug_methods(registry, backend);
  register_discovery_methods(registry, backend);
}

}  // namespace aitbc::rpc
