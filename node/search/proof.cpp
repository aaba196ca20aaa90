// Proofs of records: what a client needs to check a record against a block hash that it trusts.
#include "codec/hex.hpp"
#include "execution/state_trie.hpp"
#include "marketplace/json_form.hpp"
#include "marketplace/tables.hpp"
#include "node/search/node_queries.hpp"

namespace aitbc::search {
namespace {

using market::JsonWriter;
using market::Key;
using market::Kind;

Result<std::uint64_t> numbered(Kind kind, const std::optional<std::string_view>& id) {
  if (!id) return fail(ErrorCode::invalid_input, "missing value for id");
  const auto number = market::parse_id(kind, *id);
  if (!number) return fail(ErrorCode::invalid_input, "id: " + number.error().message);
  return *number;
}

Result<Address> account_of(const std::optional<std::string_view>& id) {
  if (!id) return fail(ErrorCode::invalid_input, "missing value for id");
  const auto account = hex::parse_address(*id);
  if (!account) return fail(ErrorCode::invalid_input, "id: " + account.error().message);
  return *account;
}

// "PROVIDER:STAKER"
Result<Bytes> stake_storage_key(const std::optional<std::string_view>& id) {
  const std::size_t colon = id ? id->find(':') : std::string_view::npos;
  if (colon == std::string_view::npos)
    return fail(ErrorCode::invalid_input, "id: of a stake it is PROVIDER:STAKER, two addresses");
  AITBC_ASSIGN(const Address provider, account_of(id->substr(0, colon)));
  AITBC_ASSIGN(const Address staker, account_of(id->substr(colon + 1)));
  return to_bytes(market::stake_key(provider, staker));
}

// Where the record stands in the contract's storage (marketplace/tables.hpp).
Result<Bytes> record_storage_key(std::string_view kind, const std::optional<std::string_view>& id) {
  if (kind == "params") return to_bytes(Key('P'));
  if (kind == "totals") return to_bytes(Key('T'));
  if (kind == "roles") return to_bytes(Key('R'));
  if (kind == "stake") return stake_storage_key(id);
  if (kind == "provider") {
    AITBC_ASSIGN(const Address account, account_of(id));
    return to_bytes(market::provider_key(account));
  }
  for (const Kind each : market::kNumberedKinds) {
    if (kind != market::kind_name(each) && kind != market::prefix_of(each)) continue;
    AITBC_ASSIGN(const std::uint64_t number, numbered(each, id));
    return to_bytes(market::record_key(each, number));
  }
  return fail(ErrorCode::invalid_input, "kind: there are no records of the kind '" + std::string(kind) + "'");
}

// Tries hold the state of the newest block only, so older ones are proved from a view kept of them.
Result<chain::ChainViewPtr> provable_view(const NodeQuery& q) {
  chain::ChainViewPtr view = q.chain.view();
  AITBC_ASSIGN(const Height height, resolve_block(*view, q.args.text("block")));
  if (height == view->head.number) return view;
  if (auto kept = q.recent.find(height)) return kept;
  return fail(ErrorCode::not_found, "no proof at block " + std::to_string(height) +
                                        ": there are proofs for the last " + std::to_string(kProvableBlocks) +
                                        " blocks that this node saw committed since its start");
}

void write_nodes(JsonWriter& out, std::string_view name, const std::vector<Bytes>& nodes) {
  out.key(name).begin_array();
  for (const Bytes& node : nodes) out.text(hex::encode_prefixed(node));
  out.end_array();
}

Result<std::string> get_proof(const NodeQuery& q) {
  AITBC_ASSIGN(const Bytes key, record_storage_key(*q.args.text("kind"), q.args.text("id")));
  AITBC_ASSIGN(const chain::ChainViewPtr view, provable_view(q));
  const Hash slot = storage_slot(key);
  AITBC_ASSIGN(const AccountProof proof, prove(*view->snapshot, market::kContract, {&slot, 1}));
  AITBC_ASSIGN(const auto record, view->state->storage(market::kContract, key));
  JsonWriter out;
  out.begin_object().key("blockNumber").text(hex::quantity(view->head.number));
  out.key("blockHash").text(hex::encode_prefixed(view->head_hash));
  out.key("header").text(hex::encode_prefixed(encode(view->head)));
  out.key("address").text(hex::checksummed(market::kContract));
  write_nodes(out, "accountProof", proof.nodes);
  out.key("storageHash").text(hex::encode_prefixed(proof.account.storage_root));
  out.key("storageKey").text(hex::encode_prefixed(key));
  out.key("slot").text(hex::encode_prefixed(slot));
  out.key("record");
  record ? out.text(hex::encode_prefixed(*record)) : out.null();
  write_nodes(out, "storageProof", proof.storage.at(0).nodes);
  out.end_object();
  return out.take();
}

}  // namespace

std::vector<NodeQueryEntry> proof_queries() {
  return {
      {{"market_getProof",
        "A record's bytes and the Merkle proofs that lead from the block's hash to them: "
        "keccak256(header) is the block hash, the account proof leads from the header's state root to the "
        "contract's storage root, the storage proof from there to keccak256(record) under keccak256(slot), "
        "slot = keccak256(storageKey). Without such a record the proofs show its absence.",
        {{"kind", "string", true,
          "gpu, booking, service, bid, review, unbonding, outage, offer, dispute, job, auction, proposal, "
          "provider, stake, params, roles or totals"},
         {"id", "string", false, "\"gpu_12\"; a provider's address; of a stake PROVIDER:STAKER"},
         {"block", "string", false,
          "number, hash or tag of one of the last blocks; the latest when left out"}},
        "{blockNumber, blockHash, header, address, accountProof, storageHash, storageKey, slot, record, "
        "storageProof}",
        false},
       &get_proof},
  };
}

}  // namespace aitbc::search
