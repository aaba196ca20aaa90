// proof: a record of the marketplace, checked from the validators' seals down to its bytes.
#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "execution/trie.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/marketplace_groups.hpp"
#include "wallet/cli/verify_block.hpp"

namespace aitbc::cli {
namespace {

struct ProofOptions {
  std::string id;
  std::string kind;
};

tl::unexpected<Failure> unproven(const std::string& what) {
  return failed(Exit::refused, "the node's proof does not hold: " + what);
}

Outcome<std::vector<Bytes>> nodes_of(const Json& list) {
  std::vector<Bytes> out;
  for (const Json& node : list.elements()) {
    AITBC_ASSIGN(Bytes bytes, hex::decode(node.text()));
    out.push_back(std::move(bytes));
  }
  return out;
}

// The storage root in an account's trie value, rlp([nonce, balance, storage root, code hash]).
Result<Hash> storage_root(ByteView account) {
  AITBC_ASSIGN(rlp::Decoder fields, rlp::decode_list(account));
  AITBC_TRY(fields.u64());
  AITBC_TRY(fields.uint256());
  return fields.fixed<Hash>();
}

// header -> state root -> the contract's storage root -> the record's slot.
Outcome<std::optional<Bytes>> proven_word(const Header& header, const Json& proof) {
  AITBC_ASSIGN(const std::vector<Bytes> account_nodes, nodes_of(proof["accountProof"]));
  AITBC_ASSIGN(const std::vector<Bytes> storage_nodes, nodes_of(proof["storageProof"]));
  AITBC_ASSIGN(const Bytes key, hex::decode(proof["storageKey"].text()));
  const auto account = trie::verify_proof(header.state_root, keccak256(market::kContract), account_nodes);
  if (!account || !*account) return unproven("it does not lead from the state root to the contract");
  const auto root = storage_root(**account);
  if (!root) return unproven("the contract's account is malformed");
  const Hash slot = keccak256(key);
  auto word = trie::verify_proof(*root, keccak256(slot), storage_nodes);
  if (!word) return unproven("it does not lead from the contract's storage to the record");
  return *std::move(word);
}

Outcome<void> check_record(const std::optional<Bytes>& word, const Json& record) {
  if (!word) return record.is_null() ? Outcome<void>() : unproven("it shows that there is no such record");
  AITBC_ASSIGN(const Bytes bytes, hex::decode(record.text()));
  const Hash digest = keccak256(bytes);
  rlp::Encoder encoded;
  // A word without its leading zeros, as in every Ethereum storage trie.
  ByteView significant = digest;
  while (!significant.empty() && significant[0] == 0) significant = significant.subspan(1);
  encoded.bytes(significant);
  const ByteView expected = encoded.view();
  if (!std::equal(word->begin(), word->end(), expected.begin(), expected.end()))
    return unproven("the record's bytes are not those that the chain holds");
  return {};
}

Outcome<void> prove(Context& context, const ProofOptions& options) {
  JsonObject params;
  const auto kind = kind_of(options.id);
  if (options.kind.empty() && !kind)
    return failed(Exit::usage, "say what '" + options.id + "' is with --kind provider, stake, ...");
  params.text("kind", options.kind.empty() ? std::string(market::prefix_of(*kind)) : options.kind)
      .text("id", options.id);
  AITBC_ASSIGN(const Json proof, market_query(context, "market_getProof", params));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Bytes encoded, hex::decode(proof["header"].text()));
  AITBC_ASSIGN(const Header header, decode_header(encoded));
  AITBC_ASSIGN(const CheckedBlock block, check_block(*node, header.number));
  if (header_hash(header) != block.hash)
    return unproven("its header is not that of block " + std::to_string(header.number));
  AITBC_ASSIGN(const std::optional<Bytes> word, proven_word(header, proof));
  AITBC_TRY(check_record(word, proof["record"]));
  if (context.output().is_json()) {
    context.output().line(proof.dump());
    return {};
  }
  context.output().record({{{"id", "Record"}, text_cell(options.id)},
                           {{"exists", "Exists"}, boolean_cell(word.has_value())},
                           {{"block_number", "At block"}, number_cell(header.number)},
                           {{"block_hash", "Whose hash is"}, text_cell(hex::encode_prefixed(block.hash))},
                           {{"seals", "Seals of validators"}, number_cell(block.seals)},
                           {{"validators", "Of"}, number_cell(block.validators)},
                           {{"state_root", "State root"}, text_cell(hex::encode_prefixed(header.state_root))},
                           {{"record", "Record (RLP)"}, plain_cell(proof["record"])},
                           {{"verified", "Verified"}, boolean_cell(true)}});
  return {};
}

}  // namespace

void add_proof_command(CLI::App& root, Context& context) {
  add_command<ProofOptions>(
      root, context, "proof", "Prove what the chain holds of a record; with --format json the proof itself",
      [](CLI::App& command, ProofOptions& options) {
        command
            .add_option("id", options.id,
                        "Such as gpu_3; an address for a provider, PROVIDER:STAKER for a stake")
            ->required();
        command.add_option("--kind", options.kind,
                           "When the id does not say: provider, stake, params, roles, totals");
      },
      prove);
}

}  // namespace aitbc::cli
