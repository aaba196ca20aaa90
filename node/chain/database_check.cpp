#include "node/chain/database_check.hpp"

#include "codec/hex.hpp"
#include "execution/chain_record.hpp"
#include "execution/state_trie.hpp"
#include "execution/trie.hpp"
#include "node/chain/history.hpp"

namespace aitbc::chain {
namespace {

tl::unexpected<Error> wrong(Height height, const std::string& what) {
  return fail(ErrorCode::corruption, "block " + std::to_string(height) + ": " + what);
}

Result<void> check_transactions(const Snapshot& snapshot, const Header& header, const BlockMeta& meta) {
  AITBC_ASSIGN(const auto transactions, read_transactions(snapshot, header.number));
  if (transactions.size() != meta.transaction_count) return wrong(header.number, "transactions are missing");
  std::vector<Bytes> wires;
  wires.reserve(transactions.size());
  for (std::uint32_t i = 0; i < transactions.size(); ++i) {
    wires.push_back(transactions[i]->wire);
    AITBC_ASSIGN(const auto location, find_transaction(snapshot, transactions[i]->hash));
    if (!location || location->height != header.number || location->index != i)
      return wrong(header.number, "the index does not lead to transaction " + std::to_string(i));
  }
  if (trie::ordered_root(wires) != header.transactions_root)
    return wrong(header.number, "its transactions do not have its transactions root");
  return {};
}

Result<void> check_receipts(const Snapshot& snapshot, const Header& header, const BlockMeta& meta) {
  AITBC_ASSIGN(const auto stored, read_receipts(snapshot, header.number));
  if (stored.size() != meta.receipt_count) return wrong(header.number, "receipts are missing");
  std::vector<Bytes> encoded;
  encoded.reserve(stored.size());
  Bloom bloom;
  for (const StoredReceipt& each : stored) {
    encoded.push_back(encode(each.receipt));
    merge(bloom, each.receipt.bloom);
  }
  if (trie::ordered_root(encoded) != header.receipts_root)
    return wrong(header.number, "its receipts do not have its receipts root");
  if (bloom != header.logs_bloom) return wrong(header.number, "its logs do not have its bloom");
  const Gas gas_used = stored.empty() ? 0 : stored.back().receipt.cumulative_gas_used;
  if (gas_used != header.gas_used) return wrong(header.number, "its receipts do not add up to its gas");
  return {};
}

Result<void> check_block(const Snapshot& snapshot, const Header& header, const BlockMeta& meta,
                         Height blocks_start) {
  const Height height = header.number;
  if (header_hash(header) != meta.hash) return wrong(height, "its header does not have its recorded hash");
  AITBC_ASSIGN(const auto indexed, find_block(snapshot, meta.hash));
  if (indexed != height) return wrong(height, "the index does not lead from its hash to it");
  if (height > 0 && height < blocks_start) return {};  // only its header is here
  AITBC_TRY(check_transactions(snapshot, header, meta));
  return check_receipts(snapshot, header, meta);
}

}  // namespace

Result<DatabaseReport> check_database(const Chain& chain, const consensus::ConsensusEngine& engine,
                                      const std::function<bool(Height)>& progress) {
  const ChainViewPtr view = chain.view();
  const Snapshot& snapshot = *view->snapshot;
  DatabaseReport report;
  report.head = view->head.number;
  AITBC_ASSIGN(const Height start, blocks_start(snapshot));
  std::optional<Header> parent;
  for (Height height = 0; height <= view->head.number; ++height) {
    if (progress && !progress(height)) return fail(ErrorCode::unavailable, "the check was stopped");
    AITBC_ASSIGN(auto header, read_header(snapshot, height));
    AITBC_ASSIGN(const auto meta, read_block_meta(snapshot, height));
    if (!header || !meta) return wrong(height, "it is missing");
    AITBC_TRY(check_block(snapshot, *header, *meta, start));
    if (parent) {
      if (header->parent_hash != header_hash(*parent))
        return wrong(height, "its parent hash is not its parent's hash");
      if (auto sealed = engine.verify(*header, *parent, meta->commit_proof); !sealed)
        return wrong(height, sealed.error().message);
    }
    report.blocks += 1;
    report.transactions += meta->transaction_count;
    parent = std::move(header);
  }

  AITBC_ASSIGN(const TrieCheckReport trie, check_state_trie(snapshot));
  if (trie.root != view->head.state_root)
    return wrong(view->head.number, "the state has the root " + hex::encode_prefixed(trie.root) +
                                        ", the header says " + hex::encode_prefixed(view->head.state_root));
  report.accounts = trie.accounts;
  report.storage_entries = trie.storage_entries;
  report.trie_nodes = trie.nodes;
  AITBC_TRY(check_supply(snapshot));
  for (const Module* module : chain.modules())
    if (auto holds = module->check_invariants(*view->state, view->head.timestamp); !holds)
      return fail(ErrorCode::corruption, holds.error().message);
  return report;
}

}  // namespace aitbc::chain
