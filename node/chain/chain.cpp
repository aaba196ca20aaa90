#include "node/chain/chain.hpp"

#include <mutex>

#include "codec/hex.hpp"
#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "node/chain/block_validators.hpp"
#include "node/chain/candidate.hpp"
#include "node/chain/history.hpp"
#include "node/chain/schema.hpp"
#include "node/chain/state_cache.hpp"

namespace aitbc::chain {
namespace {

constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kGenesisKey = "genesis";
constexpr std::string_view kGenesisTextKey = "genesis_json";
constexpr std::string_view kHeadKey = "head";
constexpr std::size_t kRecentHashes = 256;
constexpr std::size_t kPrunedPerBlock = 64;

Bytes meta_key(std::string_view name) { return to_bytes(as_bytes(name)); }

Bytes be64_bytes(std::uint64_t value) {
  Bytes out;
  append_be64(out, value);
  return out;
}

Result<std::optional<std::uint64_t>> read_meta_u64(const Snapshot& snapshot, std::string_view name) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::meta, as_bytes(name)));
  if (!value) return std::nullopt;
  if (value->size() != 8)
    return fail(ErrorCode::corruption, "the database's entry '" + std::string(name) + "' is damaged");
  return std::optional(read_be64(*value));
}

}  // namespace

struct Chain::Impl {
  Store& store;
  genesis::Genesis genesis;
  Header genesis_header;
  Hash genesis_hash;
  Modules modules;
  ChainOptions options;

  // Published for readers.
  mutable std::mutex view_mutex;
  ChainViewPtr view;
  std::vector<Hash> view_hashes;  // of the view's head and the blocks before it

  // The chain thread's own.
  CachedStateView state;
  TrieCache trie_cache;
  std::vector<Hash> recent_hashes;  // the head's first
  std::optional<ExecutedBlock> executed;
  std::vector<std::function<void(const HeadEvent&)>> listeners;

  Impl(Store& the_store, const genesis::Genesis& the_genesis, Modules the_modules,
       const ChainOptions& the_options)
      : store(the_store),
        genesis(the_genesis),
        modules(the_modules),
        options(the_options),
        state(the_options.state_cache_bytes),
        trie_cache(the_options.trie_cache_bytes) {}

  const ChainRules& rules() const { return genesis.rules; }

  void publish(ChainViewPtr next) {
    state.rebase(next->snapshot);
    const std::lock_guard lock(view_mutex);
    view = std::move(next);
    view_hashes = recent_hashes;
  }

  ChainViewPtr current() const {
    const std::lock_guard lock(view_mutex);
    return view;
  }

  ChainViewPtr make_view(Header head, const Hash& hash, std::vector<Address> validators) const {
    auto next = std::make_shared<ChainView>();
    next->snapshot = store.snapshot();
    next->state = make_flat_state_view(next->snapshot);
    next->next_base_fee =
        next_base_fee(rules(), head.gas_limit, head.gas_used, head.base_fee_per_gas.value_or(Amount()));
    next->head = std::move(head);
    next->head_hash = hash;
    next->validators = std::move(validators);
    return next;
  }

  Result<void> create(const genesis::GenesisBlock& block);
  Result<void> load();
  Result<void> load_recent_hashes(const Snapshot& snapshot, Height head);
  ExecutionSite site(const ChainView& at) {
    return {rules(), next_context(at, 0, Address()), at, state, trie_cache, modules};
  }
  BlockContext next_context(const ChainView& at, Seconds timestamp, const Address& coinbase) const;
  Result<void> prune(const ChainView& at, Height height, WriteBatch& batch) const;
  // The remembered execution of exactly this block, or a fresh one.
  Result<ExecutedBlock> take_executed(const Block& block);
};

Result<void> Chain::Impl::create(const genesis::GenesisBlock& block) {
  WriteBatch batch = block.batch;  // state and trie
  append_chain(batch, genesis, block, 0);
  return store.write(batch, Durability::synced);
}

Result<void> Chain::Impl::load() {
  const auto snapshot = store.snapshot();
  AITBC_ASSIGN(const auto format, read_meta_u64(*snapshot, kFormatKey));
  if (format != kSchemaFormat)
    return fail(ErrorCode::corruption, "the database has format " + std::to_string(format.value_or(0)) +
                                           ", this program reads format " + std::to_string(kSchemaFormat) +
                                           ": export its blocks with the version that wrote it, import them "
                                           "with this one");
  AITBC_ASSIGN(const auto height, read_meta_u64(*snapshot, kHeadKey));
  if (!height) return fail(ErrorCode::corruption, "the database has a genesis but no head");
  AITBC_ASSIGN(auto head, read_header(*snapshot, *height));
  AITBC_ASSIGN(const auto meta, read_block_meta(*snapshot, *height));
  if (!head || !meta)
    return fail(ErrorCode::corruption, "the head block " + std::to_string(*height) + " is missing");
  if (header_hash(*head) != meta->hash)
    return fail(ErrorCode::corruption,
                "the head block " + std::to_string(*height) + " does not have its recorded hash");
  AITBC_ASSIGN(const Hash root, state_root(*snapshot));
  if (root != head->state_root)
    return fail(ErrorCode::corruption, "the state trie's root is " + hex::encode_prefixed(root) +
                                           ", the head block says " + hex::encode_prefixed(head->state_root));
  auto validators = block_validators(head->extra_data);
  if (!validators)
    return fail(ErrorCode::corruption,
                "block " + std::to_string(*height) + ", the head: " + validators.error().message);
  AITBC_TRY(load_recent_hashes(*snapshot, *height));
  publish(make_view(std::move(*head), meta->hash, std::move(*validators)));
  return {};
}

Result<void> Chain::Impl::load_recent_hashes(const Snapshot& snapshot, Height head) {
  for (Height back = 0; back <= head && recent_hashes.size() < kRecentHashes; ++back) {
    AITBC_ASSIGN(const auto meta, read_block_meta(snapshot, head - back));
    if (!meta) return fail(ErrorCode::corruption, "block " + std::to_string(head - back) + " is missing");
    recent_hashes.push_back(meta->hash);
  }
  return {};
}

BlockContext Chain::Impl::next_context(const ChainView& at, Seconds timestamp,
                                       const Address& coinbase) const {
  BlockContext context;
  context.number = at.head.number + 1;
  context.timestamp = timestamp;
  context.coinbase = coinbase;
  context.gas_limit = at.head.gas_limit;
  context.base_fee = at.next_base_fee;
  context.chain_id = rules().chain_id;
  context.validators = at.validators;
  return context;
}

Result<void> Chain::Impl::prune(const ChainView& at, Height height, WriteBatch& batch) const {
  if (!options.history_blocks || height <= *options.history_blocks) return {};
  return append_history_pruning(*at.snapshot, height - *options.history_blocks, kPrunedPerBlock, batch);
}

Result<ExecutedBlock> Chain::Impl::take_executed(const Block& block) {
  const ChainViewPtr at = current();
  if (executed && executed->hash == header_hash(block.header)) {
    ExecutedBlock out = std::move(*executed);
    executed.reset();
    return out;
  }
  forget_executed(executed, trie_cache);
  ExecutionSite where = site(*at);
  where.context.recent_hashes = recent_hashes;
  return execute_and_compare(where, block);
}

Result<bool> holds_chain(const Store& store) {
  AITBC_ASSIGN(const auto genesis, store.get(Table::meta, as_bytes(kGenesisKey)));
  return genesis.has_value();
}

void append_chain(WriteBatch& batch, const genesis::Genesis& genesis, const genesis::GenesisBlock& block,
                  Height head) {
  append_head(batch, block.header, block.hash, {}, StoredBody{});
  batch.put(Table::meta, meta_key(kFormatKey), be64_bytes(kSchemaFormat));
  batch.put(Table::meta, meta_key(kGenesisKey), to_bytes(block.hash));
  batch.put(Table::meta, meta_key(kGenesisTextKey), to_bytes(as_bytes(genesis::render_genesis(genesis))));
  batch.put(Table::meta, meta_key(kHeadKey), be64_bytes(head));
}

Chain::Chain() = default;
Chain::~Chain() = default;

Result<std::unique_ptr<Chain>> Chain::open(Store& store, const genesis::Genesis& genesis, Modules modules,
                                           const ChainOptions& options) {
  std::unique_ptr<Chain> chain(new Chain());
  chain->impl_ = std::make_unique<Impl>(store, genesis, modules, options);
  Impl& impl = *chain->impl_;
  AITBC_ASSIGN(const genesis::GenesisBlock block, genesis::build_genesis(genesis, modules));
  impl.genesis_header = block.header;
  impl.genesis_hash = block.hash;
  AITBC_ASSIGN(const auto stored, store.get(Table::meta, as_bytes(kGenesisKey)));
  if (stored && !equal(*stored, block.hash))
    return fail(ErrorCode::conflict, "the database belongs to another chain: its genesis block is " +
                                         hex::encode_prefixed(*stored) + ", the genesis file's is " +
                                         hex::encode_prefixed(block.hash));
  AITBC_TRY(block_validators(block.header.extra_data));
  if (!stored) AITBC_TRY(impl.create(block));
  AITBC_TRY(impl.load());
  return chain;
}

ChainViewPtr Chain::view() const { return impl_->current(); }
const ChainRules& Chain::rules() const { return impl_->rules(); }
Modules Chain::modules() const { return impl_->modules; }
const Hash& Chain::genesis_hash() const { return impl_->genesis_hash; }
const Header& Chain::genesis_header() const { return impl_->genesis_header; }

MempoolHead Chain::mempool_head() const {
  const ChainViewPtr at = view();
  return {at->state, at->next_base_fee, at->head.gas_limit};
}

BlockContext Chain::next_block_context(Seconds timestamp, const Address& coinbase) const {
  const std::lock_guard lock(impl_->view_mutex);
  BlockContext context = impl_->next_context(*impl_->view, timestamp, coinbase);
  context.recent_hashes = impl_->view_hashes;
  return context;
}

Result<Block> Chain::build(const BlockTemplate& fields, std::span<const TransactionPtr> candidates) {
  GivenCandidates given(candidates);
  return build(fields, given);
}

Result<Block> Chain::build(const BlockTemplate& fields, CandidateSource& candidates) {
  forget_executed(impl_->executed, impl_->trie_cache);
  const ChainViewPtr at = view();
  if (fields.number != at->head.number + 1)
    return fail(ErrorCode::conflict, "block " + std::to_string(fields.number) + " cannot follow the head " +
                                         std::to_string(at->head.number));
  ExecutionSite where = impl_->site(*at);
  where.context.recent_hashes = impl_->recent_hashes;
  AITBC_ASSIGN(impl_->executed, build_candidate(where, fields, candidates, impl_->options.max_block_bytes));
  return impl_->executed->block;
}

Result<void> Chain::check(const Block& block) {
  AITBC_ASSIGN(impl_->executed, impl_->take_executed(block));
  return {};
}

Result<void> Chain::commit(const Block& block, ByteView commit_proof, Durability durability) {
  AITBC_ASSIGN(ExecutedBlock done, impl_->take_executed(block));
  const Height height = block.header.number;
  const ChainViewPtr before = view();
  append_head(done.batch, done.block.header, done.hash, commit_proof, done.body);
  AITBC_TRY(impl_->prune(*before, height, done.batch));
  done.batch.put(Table::meta, meta_key(kHeadKey), be64_bytes(height));
  if (auto written = impl_->store.write(done.batch, durability); !written) {
    impl_->trie_cache.forget();
    return fail(std::move(written).error());
  }

  impl_->state.absorb(done.outcome->diff);
  impl_->recent_hashes.insert(impl_->recent_hashes.begin(), done.hash);
  if (impl_->recent_hashes.size() > kRecentHashes) impl_->recent_hashes.pop_back();
  const ChainViewPtr next = impl_->make_view(done.block.header, done.hash, std::move(done.validators));
  impl_->publish(next);
  const HeadEvent event{next, std::make_shared<const Block>(std::move(done.block)), std::move(done.outcome)};
  for (const auto& listener : impl_->listeners) listener(event);
  return {};
}

std::optional<Seconds> Chain::next_deadline() const {
  std::optional<Seconds> earliest;
  for (const Module* module : impl_->modules) {
    const auto next = module->next_deadline(impl_->state);
    if (next && (!earliest || *next < *earliest)) earliest = next;
  }
  return earliest;
}

void Chain::on_head(std::function<void(const HeadEvent&)> listener) {
  impl_->listeners.push_back(std::move(listener));
}

}  // namespace aitbc::chain
