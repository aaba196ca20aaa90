#include "base/check.hpp"
#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "execution/chain_record.hpp"
#include "execution/flat_state.hpp"
#include "execution/module_set.hpp"
#include "execution/state_trie.hpp"
#include "genesis/genesis.hpp"
#include "genesis/header_constants.hpp"
#include "storage/memory_store.hpp"

namespace aitbc::genesis {
namespace {

// Of everything that decides whether a block is valid and that the first block and state do not show by
// themselves. Timeouts are not among it: a node may be patient.
Hash rules_digest(const Genesis& genesis) {
  const ChainRules& rules = genesis.rules;
  rlp::Encoder out;
  out.begin_list()
      .text("aitbc/rules/1")
      .u64(rules.chain_id)
      .bytes(rules.treasury)
      .boolean(rules.zero_base_fee)
      .amount(rules.min_base_fee)
      .u64(rules.elasticity)
      .u64(rules.base_fee_denominator)
      .u64(genesis.qbft.block_period_ms)
      .u64(genesis.qbft.epoch_length)
      .end_list();
  return keccak256(out.view());
}

// Money at these addresses would not be a module's own doing, and could never be spent.
Result<void> check_is_users(const std::string& key, const Address& address, const ModuleSet& modules) {
  if (modules.find(address) == nullptr && address != kChainRecordAddress) return {};
  return fail(ErrorCode::invalid_input, "genesis: " + key + ": belongs to the chain itself");
}

Result<void> allocate(const Genesis& genesis, const ModuleSet& modules, State& state) {
  AITBC_TRY(check_is_users("config.treasury", genesis.rules.treasury, modules));
  for (const auto& [address, entry] : genesis.alloc) {
    AITBC_TRY(check_is_users("alloc." + hex::checksummed(address), address, modules));
    if (!state.mint(address, entry.balance))
      return fail(ErrorCode::invalid_input, "genesis: alloc: the balances add up to more than 2^128 - 1");
    if (entry.nonce != 0) state.set_nonce(address, entry.nonce);
  }
  return {};
}

Result<void> start_modules(const Genesis& genesis, const ModuleSet& modules, State& state) {
  for (const Module* module : modules.ascending()) {
    state.set_nonce(module->address(), 1);  // as a contract's is (EIP-161)
    state.set_code_hash(module->address(), keccak256(module->code()));
    AITBC_TRY(module->genesis(state, genesis.marketplace));
  }
  return {};
}

Result<StateDiff> first_state(const Genesis& genesis, const ModuleSet& modules) {
  const EmptyStateView nothing;
  State state(nothing);
  AITBC_TRY(allocate(genesis, modules, state));
  AITBC_TRY(start_modules(genesis, modules, state));
  record_rules(state, rules_digest(genesis));
  AITBC_TRY(record_issuance(state));
  StateDiff diff = std::move(state).take_diff();
  AITBC_CHECK(conserves_money(diff), "genesis makes money only by mint");
  return diff;
}

Header first_header(const Genesis& genesis, const Hash& state_root) {
  Header header;
  header.ommers_hash = kEmptyOmmersHash;
  header.coinbase = genesis.coinbase;
  header.state_root = state_root;
  header.transactions_root = kEmptyTrieRoot;
  header.receipts_root = kEmptyTrieRoot;
  header.difficulty = kDifficulty;
  header.gas_limit = genesis.gas_limit;
  header.timestamp = genesis.timestamp;
  header.extra_data = genesis.extra_data;
  header.mix_hash = *hex::decode_fixed<Hash>(kMixHash);
  header.base_fee_per_gas = genesis.base_fee;
  return header;
}

}  // namespace

Result<GenesisBlock> build_genesis(const Genesis& genesis, Modules modules) {
  AITBC_TRY(validate(genesis));
  GenesisBlock block;
  AITBC_ASSIGN(block.diff, first_state(genesis, ModuleSet(modules)));
  const std::unique_ptr<Store> nothing = make_memory_store();
  TrieCache cache(0);
  AITBC_ASSIGN(const Hash root, update_state_trie(*nothing->snapshot(), cache, block.diff, block.batch));
  append_state_diff(block.batch, block.diff);
  block.header = first_header(genesis, root);
  block.hash = header_hash(block.header);
  return block;
}

}  // namespace aitbc::genesis
