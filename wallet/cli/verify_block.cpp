#include "wallet/cli/verify_block.hpp"

#include <set>

#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "execution/trie.hpp"

namespace aitbc::cli {
namespace {

tl::unexpected<Failure> wrong(Height height, const std::string& what) {
  return failed(Exit::refused, "block " + std::to_string(height) + " is not what it claims: " + what);
}

Outcome<std::vector<Bytes>> raw_items(const Json& list) {
  std::vector<Bytes> out;
  for (const Json& item : list.elements()) {
    AITBC_ASSIGN(Bytes bytes, hex::decode(item.text()));
    out.push_back(std::move(bytes));
  }
  return out;
}

// QBFT's extra data: [vanity, [validators], vote, round, [seals]]. A header has it with round 0 and no seals;
// seals sign it with the round and no seals.
struct ExtraData {
  std::vector<Address> validators;
  Bytes sealed_form;
};

Result<ExtraData> read_extra_data(ByteView encoded, std::uint64_t round) {
  ExtraData out;
  AITBC_ASSIGN(rlp::Decoder items, rlp::decode_list(encoded));
  AITBC_ASSIGN(const ByteView vanity, items.raw());
  AITBC_ASSIGN(const ByteView validators, items.raw());
  AITBC_ASSIGN(const ByteView vote, items.raw());
  AITBC_ASSIGN(rlp::Decoder list, rlp::decode_list(validators));
  while (!list.at_end()) {
    AITBC_ASSIGN(const Address validator, list.fixed<Address>());
    out.validators.push_back(validator);
  }
  rlp::Encoder sealed;
  sealed.begin_list().raw(vanity).raw(validators).raw(vote).u64(round).begin_list().end_list().end_list();
  out.sealed_form = sealed.take();
  return out;
}

Outcome<void> check_seals(CheckedBlock& block, const Json& commit) {
  const Height height = block.header.number;
  block.round = commit["round"].u64().value_or(0);
  AITBC_ASSIGN(const ExtraData extra, read_extra_data(block.header.extra_data, block.round));
  Header sealed = block.header;
  sealed.extra_data = extra.sealed_form;
  const Hash digest = header_hash(sealed);
  std::set<Address> signers;
  for (const Json& item : commit["seals"].elements()) {
    AITBC_ASSIGN(const Bytes bytes, hex::decode(item.text()));
    AITBC_ASSIGN(const Signature seal, Signature::from_bytes(bytes));
    const auto signer = recover_address(digest, seal);
    if (signer &&
        std::find(extra.validators.begin(), extra.validators.end(), *signer) != extra.validators.end())
      signers.insert(*signer);
  }
  block.validators = extra.validators.size();
  block.seals = signers.size();
  const std::uint64_t quorum = (2 * block.validators + 2) / 3;
  if (height == 0 || block.seals >= quorum) return {};
  return wrong(height, std::to_string(block.seals) + " valid seals of " + std::to_string(block.validators) +
                           " validators, " + std::to_string(quorum) + " are needed");
}

}  // namespace

Outcome<CheckedBlock> check_block(NodeClient& node, Height height) {
  const std::string params = json_array({json_text(hex::quantity(height))});
  AITBC_ASSIGN(const Json shown,
               node.call("eth_getBlockByNumber", json_array({json_text(hex::quantity(height)), "false"})));
  if (shown.is_null()) return failed(Exit::refused, "the node has no block " + std::to_string(height));
  AITBC_ASSIGN(const Json raw_header, node.call("debug_getRawHeader", params));
  AITBC_ASSIGN(const Json raw_block, node.call("debug_getRawBlock", params));
  AITBC_ASSIGN(const Json raw_receipts, node.call("debug_getRawReceipts", params));
  AITBC_ASSIGN(const Json commit, node.call("qbft_getCommitSeals", params));

  CheckedBlock out;
  AITBC_ASSIGN(const Bytes header, hex::decode(raw_header.text()));
  AITBC_ASSIGN(const Bytes body, hex::decode(raw_block.text()));
  out.hash = keccak256(header);
  if (hex::encode_prefixed(out.hash) != shown["hash"].text()) return wrong(height, "its hash is another one");
  AITBC_ASSIGN(out.header, decode_header(header));
  AITBC_ASSIGN(rlp::Decoder block, rlp::decode_list(body));
  AITBC_TRY(block.raw());  // the header again
  AITBC_ASSIGN(rlp::Decoder transactions, block.list());
  while (!transactions.at_end()) {
    // Typed transactions are strings in the list, legacy ones lists.
    const bool is_legacy = transactions.next_is_list();
    AITBC_ASSIGN(const ByteView item, is_legacy ? transactions.raw() : transactions.bytes());
    out.transactions.emplace_back(item.begin(), item.end());
  }
  AITBC_ASSIGN(const std::vector<Bytes> receipts, raw_items(raw_receipts));
  if (trie::ordered_root(out.transactions) != out.header.transactions_root)
    return wrong(height, "its transactions do not add up to its transactions root");
  if (trie::ordered_root(receipts) != out.header.receipts_root)
    return wrong(height, "its receipts do not add up to its receipts root");
  AITBC_TRY(check_seals(out, commit));
  return out;
}

}  // namespace aitbc::cli
