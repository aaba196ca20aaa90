#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/commands.hpp"
#include "wallet/cli/transaction_list.hpp"
#include "wallet/cli/transaction_view.hpp"

namespace aitbc::cli {
namespace {

// A quantity of a document, as a cell; "-" where the node does not say.
Cell quantity_cell(const Json& value) {
  const auto number = value.u64();
  return number ? number_cell(*number) : Cell{"-", "null"};
}

Outcome<void> show_transaction(Context& context, const std::string& text) {
  AITBC_ASSIGN(const Hash hash, read_transaction_hash(text));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  const std::string params = json_array({json_text(hex::encode_prefixed(hash))});
  AITBC_ASSIGN(const Json transaction, node->call("eth_getTransactionByHash", params));
  if (transaction.is_null()) return unknown_transaction(text);
  AITBC_ASSIGN(const Json receipt, node->call("eth_getTransactionReceipt", params));
  context.output().record(describe_transaction(transaction, receipt));
  return {};
}

// "latest", a number, or a hash.
Outcome<Json> find_block(NodeClient& node, const std::string& which) {
  const bool is_hash = which.starts_with("0x") && which.size() == 66;
  if (is_hash) return node.call("eth_getBlockByHash", json_array({json_text(which), "false"}));
  std::string tag = which;
  if (which != "latest" && which != "earliest" && !hex::parse_quantity(which)) {
    const auto number = Uint256::from_decimal(which);
    if (!number || !number->fits_u64())
      return failed(Exit::usage, "'" + which + "' is not a block: give a number, a hash or 'latest'");
    tag = hex::quantity(*number);
  }
  return node.call("eth_getBlockByNumber", json_array({json_text(tag), "false"}));
}

Outcome<void> show_block(Context& context, const std::string& which) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Json block, find_block(*node, which));
  if (block.is_null()) return failed(Exit::refused, "the node has no block " + which);
  std::vector<std::string> hashes;
  std::string shown;
  for (const Json& transaction : block["transactions"].elements()) {
    hashes.push_back(transaction.dump());
    shown += "\n  " + printable(transaction.text());
  }
  const auto time = block["timestamp"].u64();
  const auto base_fee = block["baseFeePerGas"].number();
  context.output().record({
      {{"number", "Block"}, quantity_cell(block["number"])},
      {{"hash", "Hash"}, text_cell(block["hash"].text())},
      {{"parent_hash", "Parent"}, text_cell(block["parentHash"].text())},
      {{"timestamp", "Time"}, time ? time_cell(*time) : Cell{"-", "null"}},
      {{"proposer", "Proposer"}, address_cell(block["miner"].text())},
      {{"gas_used", "Gas used"}, quantity_cell(block["gasUsed"])},
      {{"gas_limit", "Gas limit"}, quantity_cell(block["gasLimit"])},
      {{"base_fee_per_gas", "Base fee per gas (base units)"},
       base_fee ? Cell{base_fee->to_decimal(), json_text(base_fee->to_decimal())} : Cell{"-", "null"}},
      {{"state_root", "State root"}, text_cell(block["stateRoot"].text())},
      {{"transactions", "Transactions"}, {std::to_string(hashes.size()) + shown, json_array(hashes)}},
  });
  return {};
}

Outcome<void> show_chain(Context& context) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const std::uint64_t chain_id, node->chain_id());
  AITBC_ASSIGN(const Json head,
               node->call("eth_getBlockByNumber", json_array({json_text("latest"), "false"})));
  AITBC_ASSIGN(const Json syncing, node->call("eth_syncing"));
  AITBC_ASSIGN(const Json peers, node->call("net_peerCount"));
  AITBC_ASSIGN(const Json version, node->call("web3_clientVersion"));
  AITBC_ASSIGN(const Fees fees, node->suggested_fees());
  const auto time = head["timestamp"].u64();
  const std::string fee = to_units_string(fees.max_fee_per_gas);
  context.output().record({
      {{"node", "Node"}, text_cell(version.text())},
      {{"rpc_url", "Address"}, text_cell(context.options.rpc_url)},
      {{"chain_id", "Chain id"}, number_cell(chain_id)},
      {{"head", "Latest block"}, quantity_cell(head["number"])},
      {{"head_hash", "Its hash"}, text_cell(head["hash"].text())},
      {{"head_time", "Its time"}, time ? time_cell(*time) : Cell{"-", "null"}},
      {{"syncing", "Syncing"}, boolean_cell(syncing.is_object())},
      {{"peers", "Peers"}, quantity_cell(peers)},
      {{"max_fee_per_gas", "Suggested fee per gas (base units)"}, {fee, json_text(fee)}},
  });
  return {};
}

}  // namespace

void add_chain_commands(CLI::App& root, Context& context) {
  auto hash = std::make_shared<std::string>();
  CLI::App* tx = root.add_subcommand("tx", "Show a transaction: its status, block, fee, and what it did");
  tx->add_option("hash", *hash, "Transaction hash")->required();
  tx->callback(
      [&context, hash] { context.action = [&context, hash] { return show_transaction(context, *hash); }; });

  auto which = std::make_shared<std::string>("latest");
  CLI::App* block = root.add_subcommand("block", "Show a block");
  block->add_option("block", *which, "Number, hash or 'latest'")->capture_default_str();
  block->callback(
      [&context, which] { context.action = [&context, which] { return show_block(context, *which); }; });

  root.add_subcommand("chain", "Show the node and the chain that it serves")->callback([&context] {
    context.action = [&context] { return show_chain(context); };
  });
}

}  // namespace aitbc::cli
