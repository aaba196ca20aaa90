// One block executed on the head but not committed: its roots, receipts, and the writes that would make it
// the head.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "execution/state_trie.hpp"
#include "execution/transition.hpp"
#include "node/chain/block_store.hpp"
#include "node/chain/chain.hpp"
#include "storage/store.hpp"

namespace aitbc::chain {

struct ExecutedBlock {
  Block block;
  Hash hash;
  std::shared_ptr<BlockOutcome> outcome;  // its diff carries the new storage roots
  WriteBatch batch;                       // state, trie nodes, history and body
  StoredBody body;                        // as the batch has it
  std::vector<Address> validators;        // of the block, ascending
};

// Where and on what a block executes. Everything referred to outlives the call.
struct ExecutionSite {
  const ChainRules& rules;
  BlockContext context;
  const ChainView& parent;
  const StateView& state;  // the parent's
  TrieCache& trie_cache;   // at the parent's root; after success at the block's
  Modules modules;
};

// Executes what fits of the candidates and fills in the header.
Result<ExecutedBlock> build_candidate(ExecutionSite& site, const Chain::BlockTemplate& fields,
                                      CandidateSource& candidates, std::size_t max_bytes);
// Executes a given block and compares its header with the outcome: invalid_block names the first difference.
Result<ExecutedBlock> execute_and_compare(ExecutionSite& site, const Block& block);
// Drops an execution that will not be committed, and the trie cache that followed it.
void forget_executed(std::optional<ExecutedBlock>& executed, TrieCache& trie_cache);

}  // namespace aitbc::chain
