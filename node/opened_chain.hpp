// A database opened as a chain with its consensus engine: what the node and the offline commands share.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "consensus/qbft/engine.hpp"
#include "execution/module.hpp"
#include "node/chain/chain.hpp"
#include "node/config.hpp"
#include "storage/store.hpp"

namespace aitbc {

// Members are destroyed in reverse order: the chain before its store.
struct OpenedChain {
  std::unique_ptr<Store> store;
  std::unique_ptr<Module> marketplace;
  std::vector<const Module*> modules;
  genesis::Genesis genesis;
  std::unique_ptr<chain::Chain> chain;
  std::optional<PrivateKey> validator_key;
  std::unique_ptr<qbft::Engine> engine;
};

enum class OpenMode {
  validator,  // with the validator key, when the data directory has one
  follower,   // verifies only: offline commands
};
// conflict: another process has the database, or it belongs to another genesis (both hashes in the message).
// io and corruption: the database cannot be read; nothing is repaired.
Result<std::unique_ptr<OpenedChain>> open_chain(const NodeConfig& config, OpenMode mode);

// What the genesis file says of the engine.
qbft::Config engine_config(const genesis::QbftConfig& rules);

}  // namespace aitbc
