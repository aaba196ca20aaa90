// The chain: opens the database, builds, checks and commits blocks, and publishes the head. The only writer
// of blocks and state.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "execution/transition.hpp"
#include "genesis/genesis.hpp"
#include "mempool/mempool.hpp"
#include "node/chain/block_store.hpp"
#include "storage/store.hpp"

namespace aitbc::chain {

// What readers see: one head and the store as it was when that head was committed. Immutable, shared.
struct ChainView {
  std::shared_ptr<const Snapshot> snapshot;
  Header head;
  Hash head_hash;
  Amount next_base_fee;
  std::vector<Address> validators;         // of the head, ascending
  std::shared_ptr<const StateView> state;  // after the head
};
using ChainViewPtr = std::shared_ptr<const ChainView>;

// What a commit tells its listeners.
struct HeadEvent {
  ChainViewPtr view;
  std::shared_ptr<const Block> block;
  std::shared_ptr<const BlockOutcome> outcome;
};

struct ChainOptions {
  // Heights whose state stays readable behind the head; nullopt keeps all.
  std::optional<Height> history_blocks;
  std::size_t trie_cache_bytes = 48U << 20;
  std::size_t state_cache_bytes = 96U << 20;
  std::size_t max_block_bytes = 16U << 20;
};

// How a block is final for the outside of the chain: verified by whoever calls commit.
class Chain {
 public:
  // Creates the genesis state in an empty store, or opens what is there. conflict, with both hashes in the
  // message, when the store holds another genesis; corruption when its format or head does not read.
  static Result<std::unique_ptr<Chain>> open(Store& store, const genesis::Genesis& genesis, Modules modules,
                                             const ChainOptions& options);
  ~Chain();

  // Thread-safe. Never null.
  ChainViewPtr view() const;
  const ChainRules& rules() const;
  Modules modules() const;
  const Hash& genesis_hash() const;
  const Header& genesis_header() const;
  MempoolHead mempool_head() const;

  // The context in which the block after the head executes; its validators are the head's, since a vote that
  // the head completes shows in the next header only.
  BlockContext next_block_context(Seconds timestamp, const Address& coinbase) const;

  // ---- one thread, the chain's own, calls what follows

  struct BlockTemplate {
    Height number = 0;
    Seconds timestamp = 0;
    Address coinbase;
    Bytes extra_data;
  };
  // Difficulty and mix hash are the parent's. Executes the transactions that fit, best first as they come, on
  // the head. The result is remembered until the next commit, so that committing it executes nothing again.
  Result<Block> build(const BlockTemplate& fields, CandidateSource& candidates);
  Result<Block> build(const BlockTemplate& fields, std::span<const TransactionPtr> candidates);
  // Executes the block on the head and compares roots, gas, bloom and base fee. Remembered as by build().
  Result<void> check(const Block& block);
  // Stores the block: one batch with everything. Publishes the new view, then calls the listeners. Executes
  // first when the block was neither built nor checked here.
  Result<void> commit(const Block& block, ByteView commit_proof, Durability durability = Durability::synced);

  // When a module has work of its own to do next, after the head; nullopt: none has any.
  std::optional<Seconds> next_deadline() const;

  // Called by commit() on the chain thread, after publication. Before the first commit only.
  void on_head(std::function<void(const HeadEvent&)> listener);

 private:
  Chain();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Whether Chain::open would find a chain in the store rather than make one.
Result<bool> holds_chain(const Store& store);
// The puts that make `head` the head of a chain that starts with this genesis block: for whoever brings state
// and headers by another way than by executing blocks.
void append_chain(WriteBatch& batch, const genesis::Genesis& genesis, const genesis::GenesisBlock& block,
                  Height head);

}  // namespace aitbc::chain
