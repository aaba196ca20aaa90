// JSON-RPC requests of any form against the methods of a node with a short chain.
#include <cstdlib>

#include "node/json/json_value.hpp"
#include "node/rpc/fee_oracle.hpp"
#include "node/rpc/filters.hpp"
#include "node/rpc/json_rpc.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/subscriptions.hpp"
#include "storage/memory_store.hpp"

namespace {

using namespace aitbc;

// What the methods stand on. Never destroyed: the process ends with the last input.
struct Node {
  std::unique_ptr<Store> store = make_memory_store();
  std::unique_ptr<chain::Chain> chain;
  std::unique_ptr<Mempool> pool;
  rpc::Registry registry;
  std::unique_ptr<rpc::Backend> backend;
  rpc::FeeOracle fees{Amount(1'000'000'000)};
  std::unique_ptr<rpc::Filters> filters;
  rpc::Subscriptions subscriptions{[](const std::function<void()>& task) { task(); }, 8};
  std::unique_ptr<rpc::JsonRpc> json_rpc;

  Node() {
    std::array<std::uint8_t, 32> secret{};
    secret[31] = 1;
    const Address validator = PrivateKey::from_bytes(secret)->address();
    const genesis::Genesis genesis =
        genesis::with_validators(genesis::parse_genesis(genesis::devnet_json()).value(), {&validator, 1});
    chain = std::move(chain::Chain::open(*store, genesis, {}, {}).value());
    for (Height height = 1; height <= 3; ++height) {
      const Block block =
          chain->build({height, genesis.timestamp + height, validator, genesis.extra_data}, {}).value();
      if (!chain->commit(block, {})) std::abort();
    }
    pool = std::move(
        Mempool::open(*store, chain->rules(), {}, chain->mempool_head(), genesis.timestamp).value());
    backend = std::make_unique<rpc::Backend>(
        rpc::Backend{.chain = *chain, .mempool = *pool, .client_version = "fuzz", .now = [genesis] {
                       return genesis.timestamp + 10;
                     }});
    filters = std::make_unique<rpc::Filters>(*backend);
    rpc::register_all(registry, *backend, {fees, *filters, subscriptions});
    json_rpc = std::make_unique<rpc::JsonRpc>(registry, rpc::JsonRpcOptions{});
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Node* node = new Node;
  const std::string response = node->json_rpc->handle({reinterpret_cast<const char*>(data), size});
  // Whatever was asked, the answer is JSON itself.
  if (!response.empty() && !JsonDocument().parse(response)) std::abort();
  return 0;
}
