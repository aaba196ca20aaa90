// qbft_*: validators, votes, seals and signing statistics.
#pragma once

#include "consensus/qbft/engine.hpp"
#include "node/chain/chain.hpp"
#include "node/rpc/registry.hpp"

namespace aitbc {

// Both must outlive the registry.
void register_qbft_methods(rpc::Registry& registry, const chain::Chain& chain, qbft::Engine& engine);

}  // namespace aitbc
