// Accounts and their storage: eth_getBalance and the like.
#include "crypto/keccak.hpp"
#include "execution/state_trie.hpp"
#include "node/rpc/block_ref.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

constexpr std::size_t kMaxProofSlots = 1024;
// The proof's object as in EIP-1186.
constexpr std::string_view kProofSchema =
    R"({"type":"object","required":["address","accountProof","balance","codeHash","nonce","storageHash","storageProof"]})";

RpcResult<Account> read_account(const chain::ChainView& view, const Address& address, const BlockRef& block) {
  RPC_ASSIGN(const auto state, state_after(view, block));
  RPC_ASSIGN(const auto account, state->account(address));
  return account.value_or(Account::empty());
}

ByteView code_at(Modules modules, const Address& address) {
  for (const Module* module : modules)
    if (module->address() == address) return module->code();
  return {};
}

// Tries hold only the newest state, so what is read from them is the head's.
RpcResult<void> require_head(const chain::ChainView& view, const BlockRef& block, std::string_view what) {
  RPC_ASSIGN(const Height height, resolve_existing(view, block));
  if (height == view.head.number) return {};
  return rpc_fail(kServerError, std::string(what) + " is available for the latest block only (" +
                                    std::to_string(view.head.number) + ")");
}

RpcResult<Hash> storage_at(const chain::ChainView& view, const Address& address, const Hash& slot,
                           const BlockRef& block) {
  RPC_ASSIGN(const Account account, read_account(view, address, block));
  if (account.storage_root == kEmptyTrieRoot) return Hash{};
  RPC_TRY(require_head(view, block, "storage by slot"));
  RPC_ASSIGN(const AccountProof proof, prove(*view.snapshot, address, {&slot, 1}));
  return proof.storage.at(0).word;
}

void write_nodes(JsonWriter& out, std::string_view name, const std::vector<Bytes>& nodes) {
  out.key(name).begin_array();
  for (const Bytes& node : nodes) out.data(node);
  out.end_array();
}

void write_proof(JsonWriter& out, const Address& address, const AccountProof& proof,
                 const std::vector<StorageSlot>& slots) {
  out.begin_object().key("address").data(address);
  write_nodes(out, "accountProof", proof.nodes);
  out.key("balance").quantity(proof.account.balance).key("codeHash").data(proof.account.code_hash);
  out.key("nonce").quantity(proof.account.nonce).key("storageHash").data(proof.account.storage_root);
  out.key("storageProof").begin_array();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    // The key comes back in the form in which it was asked for, as go-ethereum does.
    out.begin_object().key("key");
    if (slots[i].full_length)
      out.data(slots[i].slot);
    else
      out.quantity(Uint256::from_be(slots[i].slot));
    out.key("value").quantity(Uint256::from_be(proof.storage[i].word));
    write_nodes(out, "proof", proof.storage[i].nodes);
    out.end_object();
  }
  out.end_array().end_object();
}

RpcResult<void> get_proof(Call& call, const Backend& backend, const Address& address,
                          const std::vector<StorageSlot>& slots, const BlockRef& block) {
  if (slots.size() > kMaxProofSlots)
    return rpc_fail(kInvalidParams, "too many keys (max " + std::to_string(kMaxProofSlots) + ")");
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_TRY(require_head(*view, block, "eth_getProof"));
  std::vector<Hash> keys;
  for (const StorageSlot& slot : slots) keys.push_back(slot.slot);
  RPC_ASSIGN(const AccountProof proof, prove(*view->snapshot, address, keys));
  write_proof(call.out, address, proof, slots);
  return {};
}

RpcResult<Nonce> transaction_count(const Backend& backend, const Address& address, const BlockRef& block) {
  if (block.kind == BlockRef::Kind::pending) return backend.mempool.next_nonce(address);
  RPC_ASSIGN(const Account account, read_account(*backend.chain.view(), address, block));
  return account.nonce;
}

}  // namespace

void register_state_methods(Registry& registry, const Backend& backend) {
  using OptionalBlock = std::optional<BlockRef>;
  registry.add(
      {"eth_getBalance", "The balance of an account, in base units", {"address", "block"}, schema::kQuantity},
      [&backend](Call& call, Address address, OptionalBlock block) -> RpcResult<void> {
        RPC_ASSIGN(const Account account,
                   read_account(*backend.chain.view(), address, block.value_or(BlockRef{})));
        call.out.quantity(account.balance);
        return {};
      });
  registry.add({"eth_getTransactionCount",
                "The nonce of an account; with pending, after its pooled transactions",
                {"address", "block"},
                schema::kQuantity},
               [&backend](Call& call, Address address, OptionalBlock block) -> RpcResult<void> {
                 RPC_ASSIGN(const Nonce nonce,
                            transaction_count(backend, address, block.value_or(BlockRef{})));
                 call.out.quantity(nonce);
                 return {};
               });
  registry.add({"eth_getCode",
                "The code of an account; native contracts answer with a marker",
                {"address", "block"},
                schema::kData},
               [&backend](Call& call, Address address, OptionalBlock block) -> RpcResult<void> {
                 RPC_ASSIGN(const Account account,
                            read_account(*backend.chain.view(), address, block.value_or(BlockRef{})));
                 const bool has_code = account.code_hash != kEmptyKeccak;
                 call.out.data(has_code ? code_at(backend.chain.modules(), address) : ByteView{});
                 return {};
               });
  registry.add(
      {"eth_getStorageAt",
       "A word of an account's storage trie (latest block)",
       {"address", "slot", "block"},
       schema::kHash},
      [&backend](Call& call, Address address, StorageSlot slot, OptionalBlock block) -> RpcResult<void> {
        RPC_ASSIGN(const Hash word,
                   storage_at(*backend.chain.view(), address, slot.slot, block.value_or(BlockRef{})));
        call.out.data(word);
        return {};
      });
  registry.add({"eth_getProof",
                "Merkle proofs of an account and of words of its storage (EIP-1186, latest block)",
                {"address", "storageKeys", "block"},
                kProofSchema},
               [&backend](Call& call, Address address, std::vector<StorageSlot> slots,
                          OptionalBlock block) -> RpcResult<void> {
                 return get_proof(call, backend, address, slots, block.value_or(BlockRef{}));
               });
}

}  // namespace aitbc::rpc
