#include "node/chain/candidate.hpp"

#include <future>

#include "codec/hex.hpp"
#include "execution/flat_state.hpp"
#include "execution/trie.hpp"
#include "node/chain/block_validators.hpp"
#include "node/chain/history.hpp"

namespace aitbc::chain {
namespace {

// Bytes left for headers, list prefixes and the commit proof beside the transactions.
constexpr std::size_t kBlockOverheadBytes = 64U << 10;

// Starting a thread takes as long as the roots of some tens of transactions.
constexpr std::size_t kTransactionsWorthAThread = 32;

struct ListRoots {
  Hash transactions;
  Hash receipts;
};

ListRoots list_roots(std::span<const TransactionPtr> transactions, std::span<const Receipt> receipts) {
  std::vector<Bytes> items;
  items.reserve(std::max(transactions.size(), receipts.size()));
  for (const TransactionPtr& transaction : transactions) items.push_back(transaction->wire);
  ListRoots roots;
  roots.transactions = trie::ordered_root(items);
  items.clear();
  for (const Receipt& receipt : receipts) items.push_back(encode(receipt));
  roots.receipts = trie::ordered_root(items);
  return roots;
}

// What follows from a block's execution without its state root.
struct Body {
  ListRoots roots;
  StoredBody stored;
  WriteBatch batch;  // body and history
};

Body make_body(const Block& block, const BlockOutcome& outcome) {
  Body out;
  out.roots = list_roots(block.transactions, outcome.receipts);
  out.stored = append_body(out.batch, block.header.number, block.transactions, outcome);
  append_history(out.batch, block.header.number, outcome.diff);
  return out;
}

// Works out every root and what is to be written: the body on another core while the state's root is computed
// here. Meanwhile the body reads of the diff only what the state's update leaves alone: keys, and what was
// there before.
Result<ExecutedBlock> settle(const ExecutionSite& site, Block block, BlockOutcome outcome) {
  ExecutedBlock out;
  out.outcome = std::make_shared<BlockOutcome>(std::move(outcome));
  out.block = std::move(block);
  out.validators = site.context.validators;
  const bool is_worth_a_thread = out.block.transactions.size() >= kTransactionsWorthAThread;
  auto making = std::async(is_worth_a_thread ? std::launch::async : std::launch::deferred,
                           [&out] { return make_body(out.block, *out.outcome); });
  auto root = update_state_trie(*site.parent.snapshot, site.trie_cache, out.outcome->diff, out.batch);
  if (root) append_state_diff(out.batch, out.outcome->diff);
  Body body = making.get();
  if (!root) return fail(std::move(root).error());
  out.batch.append(std::move(body.batch));
  out.body = body.stored;

  Header& header = out.block.header;
  header.state_root = *root;
  header.transactions_root = body.roots.transactions;
  header.receipts_root = body.roots.receipts;
  header.logs_bloom = out.outcome->bloom;
  header.gas_used = out.outcome->total_gas_used;
  out.hash = header_hash(header);
  return out;
}

Result<void> compare_headers(const Header& given, const Header& computed) {
  const auto differs = [&](const char* field, const auto& a, const auto& b) -> Result<void> {
    return fail(ErrorCode::invalid_block, "block " + std::to_string(given.number) + " has a wrong " + field +
                                              ": " + hex::encode_prefixed(a) + ", computed " +
                                              hex::encode_prefixed(b));
  };
  if (given.transactions_root != computed.transactions_root)
    return differs("transactions root", given.transactions_root, computed.transactions_root);
  if (given.state_root != computed.state_root)
    return differs("state root", given.state_root, computed.state_root);
  if (given.receipts_root != computed.receipts_root)
    return differs("receipts root", given.receipts_root, computed.receipts_root);
  if (given.logs_bloom != computed.logs_bloom)
    return differs("logs bloom", given.logs_bloom, computed.logs_bloom);
  if (given.gas_used != computed.gas_used)
    return fail(ErrorCode::invalid_block, "block " + std::to_string(given.number) + " says it used " +
                                              std::to_string(given.gas_used) + " gas, computed " +
                                              std::to_string(computed.gas_used));
  return {};
}

Result<void> check_against_parent(const ExecutionSite& site, const Header& header) {
  const auto invalid = [&](const std::string& what) -> Result<void> {
    return fail(ErrorCode::invalid_block, "block " + std::to_string(header.number) + " " + what);
  };
  if (header.number != site.parent.head.number + 1)
    return fail(ErrorCode::conflict, "block " + std::to_string(header.number) + " cannot follow the head " +
                                         std::to_string(site.parent.head.number));
  if (header.parent_hash != site.parent.head_hash) return invalid("has another parent than the head");
  if (header.gas_limit != site.parent.head.gas_limit) return invalid("changes the gas limit");
  if (header.base_fee_per_gas != site.parent.next_base_fee) return invalid("has a wrong base fee");
  if (header.ommers_hash != kEmptyOmmersHash) return invalid("has ommers");
  return {};
}

}  // namespace

Result<ExecutedBlock> build_candidate(ExecutionSite& site, const Chain::BlockTemplate& fields,
                                      CandidateSource& candidates, std::size_t max_bytes) {
  site.context.timestamp = fields.timestamp;
  site.context.coinbase = fields.coinbase;
  AITBC_ASSIGN(site.context.validators, block_validators(fields.extra_data));
  Block block;
  Header& header = block.header;
  header.parent_hash = site.parent.head_hash;
  header.ommers_hash = kEmptyOmmersHash;
  header.coinbase = fields.coinbase;
  header.difficulty = site.parent.head.difficulty;
  header.number = fields.number;
  header.gas_limit = site.context.gas_limit;
  header.timestamp = fields.timestamp;
  header.extra_data = fields.extra_data;
  header.mix_hash = site.parent.head.mix_hash;
  header.base_fee_per_gas = site.context.base_fee;

  BlockExecutor executor(site.rules, site.context, site.state, site.modules);
  std::size_t bytes_left = max_bytes - std::min(kBlockOverheadBytes, max_bytes);
  for (;;) {
    const auto round = candidates.next(executor.gas_left(), bytes_left);
    if (round.empty()) break;
    for (const TransactionPtr& candidate : round) {
      if (candidate->wire.size() > bytes_left) continue;
      const Rejection rejection = executor.apply(*candidate);
      if (rejection == Rejection::local_failure) return fail(*executor.failure());
      if (rejection != Rejection::none) continue;  // its sender's later ones fail on their nonce
      bytes_left -= candidate->wire.size();
      block.transactions.push_back(candidate);
    }
  }
  AITBC_ASSIGN(BlockOutcome outcome, std::move(executor).finish());
  return settle(site, std::move(block), std::move(outcome));
}

Result<ExecutedBlock> execute_and_compare(ExecutionSite& site, const Block& block) {
  AITBC_TRY(check_against_parent(site, block.header));
  site.context.timestamp = block.header.timestamp;
  site.context.coinbase = block.header.coinbase;
  AITBC_ASSIGN(site.context.validators, block_validators(block.header.extra_data));
  AITBC_ASSIGN(BlockOutcome outcome,
               execute(site.rules, site.context, block.transactions, site.state, site.modules));
  AITBC_ASSIGN(ExecutedBlock executed, settle(site, block, std::move(outcome)));
  if (auto same = compare_headers(block.header, executed.block.header); !same) {
    site.trie_cache.forget();
    return fail(std::move(same).error());
  }
  return executed;
}

void forget_executed(std::optional<ExecutedBlock>& executed, TrieCache& trie_cache) {
  if (!executed) return;
  executed.reset();
  trie_cache.forget();
}

}  // namespace aitbc::chain
