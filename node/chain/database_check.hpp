// `db check`: recomputes what the database claims. Reads only.
#pragma once

#include <functional>

#include "base/result.hpp"
#include "consensus/engine.hpp"
#include "node/chain/chain.hpp"

namespace aitbc::chain {

struct DatabaseReport {
  Height head = 0;
  std::uint64_t blocks = 0;
  std::uint64_t transactions = 0;
  std::uint64_t accounts = 0;
  std::uint64_t storage_entries = 0;
  std::uint64_t trie_nodes = 0;
};

// For every block: header hash and link to its parent, consensus proof, transactions root, receipts root,
// bloom, gas, hash and transaction indexes. For the state: every root from the flat entries, the sum of
// balances, the modules' invariants. corruption names the first thing that does not hold. `progress` is told
// the height now and then; false stops with unavailable.
Result<DatabaseReport> check_database(const Chain& chain, const consensus::ConsensusEngine& engine,
                                      const std::function<bool(Height)>& progress);

}  // namespace aitbc::chain
