#include "node/qbft_methods.hpp"

#include <map>

#include "consensus/qbft/commit_proof.hpp"
#include "consensus/qbft/extra_data.hpp"
#include "node/rpc/block_ref.hpp"

namespace aitbc {
namespace {

using namespace rpc;

constexpr Height kDefaultMetricsBlocks = 100;
constexpr Height kMaxMetricsBlocks = 10'000;

RpcResult<Header> header_of(const chain::ChainView& view, const BlockRef& block) {
  RPC_ASSIGN(const Height height, resolve_existing(view, block));
  RPC_ASSIGN(auto header, chain::read_header(*view.snapshot, height));
  if (!header) return rpc_fail(kServerError, "header not found");
  return std::move(*header);
}

void write_addresses(JsonWriter& out, const std::vector<Address>& addresses) {
  out.begin_array();
  for (const Address& address : addresses) out.data(address);
  out.end_array();
}

// latest: the set that made the head; pending: the set of the next block.
RpcResult<void> validators(Call& call, const chain::Chain& chain, const qbft::Engine& engine,
                           const BlockRef& block) {
  const chain::ChainViewPtr view = chain.view();
  RPC_ASSIGN(const Header header, header_of(*view, block));
  if (block.kind == BlockRef::Kind::pending) {
    RPC_ASSIGN(const qbft::ValidatorSet next, engine.validators_after(header));
    write_addresses(call.out, next.addresses());
    return {};
  }
  RPC_ASSIGN(const qbft::ExtraData extra, qbft::decode_extra_data(header.extra_data));
  write_addresses(call.out, extra.validators);
  return {};
}

RpcResult<void> commit_seals(Call& call, const chain::Chain& chain, const BlockRef& block) {
  const chain::ChainViewPtr view = chain.view();
  RPC_ASSIGN(const Height height, resolve_existing(*view, block));
  RPC_ASSIGN(const auto meta, chain::read_block_meta(*view->snapshot, height));
  call.out.begin_object();
  if (height == 0 || !meta) {  // nobody sealed the genesis block
    call.out.key("round").quantity(std::uint64_t{0}).key("seals").begin_array().end_array().end_object();
    return {};
  }
  RPC_ASSIGN(const qbft::CommitProof proof, qbft::decode_commit_proof(meta->commit_proof));
  call.out.key("round").quantity(proof.round).key("seals").begin_array();
  for (const Signature& seal : proof.seals) call.out.data(seal.to_bytes());
  call.out.end_array().end_object();
  return {};
}

struct SignerFigures {
  std::uint64_t proposed = 0;
  Height last_proposed = 0;
};

// Who proposed the blocks of a range; by default the last hundred.
RpcResult<void> signer_metrics(Call& call, const chain::Chain& chain, std::optional<BlockRef> from,
                               std::optional<BlockRef> to) {
  const chain::ChainViewPtr view = chain.view();
  RPC_ASSIGN(const Height last, resolve_existing(*view, to.value_or(BlockRef{})));
  Height first = last > kDefaultMetricsBlocks ? last - kDefaultMetricsBlocks + 1 : 1;
  if (from) {
    RPC_ASSIGN(first, resolve_existing(*view, *from));
  }
  if (first > last || last - first >= kMaxMetricsBlocks)
    return rpc_fail(kInvalidParams,
                    "the range is empty or longer than " + std::to_string(kMaxMetricsBlocks) + " blocks");
  std::map<Address, SignerFigures> figures;
  for (Height height = std::max<Height>(first, 1); height <= last; ++height) {
    RPC_ASSIGN(const auto header, chain::read_header(*view->snapshot, height));
    if (!header) return rpc_fail(kServerError, "header not found");
    SignerFigures& signer = figures[header->coinbase];
    signer.proposed += 1;
    signer.last_proposed = height;
  }
  call.out.begin_array();
  for (const auto& [address, signer] : figures)
    call.out.begin_object()
        .key("address")
        .data(address)
        .key("proposedBlockCount")
        .quantity(signer.proposed)
        .key("lastProposedBlockNumber")
        .quantity(signer.last_proposed)
        .end_object();
  call.out.end_array();
  return {};
}

void register_votes(Registry& registry, qbft::Engine& engine) {
  registry.add({"qbft_proposeValidatorVote",
                "Votes, in this validator's proposals, to add or drop a validator",
                {"address", "add"}},
               [&engine](Call& call, Address address, bool add) -> RpcResult<void> {
                 engine.votes().propose({address, add});
                 call.out.boolean(true);
                 return {};
               });
  registry.add({"qbft_discardValidatorVote", "Takes such a vote back", {"address"}},
               [&engine](Call& call, Address address) -> RpcResult<void> {
                 call.out.boolean(engine.votes().discard(address));
                 return {};
               });
  registry.add({"qbft_getPendingVotes", "The votes that this validator casts: address -> add?", {}},
               [&engine](Call& call) -> RpcResult<void> {
                 call.out.begin_object();
                 for (const auto& [address, add] : engine.votes().pending()) {
                   std::string key;
                   JsonWriter(key).data(address);
                   call.out.key(std::string_view(key).substr(1, key.size() - 2)).boolean(add);
                 }
                 call.out.end_object();
                 return {};
               });
}

}  // namespace

void register_qbft_methods(Registry& registry, const chain::Chain& chain, qbft::Engine& engine) {
  const auto by_block = [&chain, &engine](Call& call, BlockRef block) {
    return validators(call, chain, engine, block);
  };
  registry.add({"qbft_getValidatorsByBlockNumber",
                "The validators of a block; of the next one under `pending`",
                {"block"}},
               by_block);
  registry.add({"qbft_getValidatorsByBlockHash", "The validators of a block", {"hash"}},
               [by_block](Call& call, Hash hash) {
                 return by_block(call, BlockRef{BlockRef::Kind::hash, 0, hash});
               });
  registry.add({"qbft_getCommitSeals",
                "The round in which a block was committed and the validators' seals",
                {"block"}},
               [&chain](Call& call, BlockRef block) { return commit_seals(call, chain, block); });
  registry.add({"qbft_getSignerMetrics",
                "How many blocks each validator proposed in a range",
                {"fromBlock", "toBlock"}},
               [&chain](Call& call, std::optional<BlockRef> from, std::optional<BlockRef> to) {
                 return signer_metrics(call, chain, from, to);
               });
  registry.add({"qbft_getRequestTimeoutSeconds", "The timeout of a height's first round", {}},
               [&engine](Call& call) -> RpcResult<void> {
                 const auto timeout = engine.config().schedule.request_timeout;
                 call.out.number(static_cast<std::uint64_t>(
                     std::chrono::duration_cast<std::chrono::seconds>(timeout).count()));
                 return {};
               });
  register_votes(registry, engine);
}

}  // namespace aitbc
