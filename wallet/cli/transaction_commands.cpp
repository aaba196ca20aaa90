// transaction verify|status|verify-propagation, and the transactions of an account or of the whole chain.
#include "codec/hex.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/commands.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/peers.hpp"
#include "wallet/cli/period.hpp"
#include "wallet/cli/transaction_list.hpp"
#include "wallet/cli/transaction_view.hpp"
#include "wallet/cli/verify_block.hpp"

namespace aitbc::cli {
namespace {

struct TransactionOptions {
  std::string id;
  std::vector<std::string> nodes;
};

struct Found {
  Hash hash;
  Json transaction;
  Json receipt;  // null while it is pending
};

Outcome<Found> find_transaction(Context& context, const std::string& text) {
  AITBC_ASSIGN(const Hash hash, read_transaction_hash(text));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  const std::string params = json_array({json_text(hex::encode_prefixed(hash))});
  Found out{hash, {}, {}};
  AITBC_ASSIGN(out.transaction, node->call("eth_getTransactionByHash", params));
  if (out.transaction.is_null()) return unknown_transaction(text);
  AITBC_ASSIGN(out.receipt, node->call("eth_getTransactionReceipt", params));
  return out;
}

Outcome<void> show_status(Context& context, const TransactionOptions& options) {
  AITBC_ASSIGN(const Found found, find_transaction(context, options.id));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Height head, node->head());
  Record record{{{"hash", "Transaction"}, text_cell(hex::encode_prefixed(found.hash))}};
  const auto block = found.receipt["blockNumber"].u64();
  if (!block) {
    record.push_back({{"status", "Status"}, text_cell("pending")});
    context.output().record(record);
    return {};
  }
  const bool succeeded = found.receipt["status"].u64() == 1U;
  record.push_back({{"status", "Status"}, text_cell(succeeded ? "success" : "failed")});
  record.push_back({{"block_number", "Block"}, number_cell(*block)});
  record.push_back({{"confirmations", "Confirmations"}, number_cell(head >= *block ? head - *block + 1 : 0)});
  record.push_back({{"final", "Final"}, boolean_cell(true)});  // every committed block is
  context.output().record(record);
  return {};
}

Outcome<void> verify(Context& context, const TransactionOptions& options) {
  AITBC_ASSIGN(const Found found, find_transaction(context, options.id));
  const auto height = found.receipt["blockNumber"].u64();
  if (!height)
    return failed(Exit::refused,
                  hex::encode_prefixed(found.hash) + " is in no block yet: verify it when it is");
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const CheckedBlock block, check_block(*node, *height));
  for (std::size_t i = 0; i < block.transactions.size(); ++i) {
    AITBC_ASSIGN(const TransactionPtr each, recover_transaction(block.transactions[i]));
    if (each->hash != found.hash) continue;
    context.output().record({
        {{"hash", "Transaction"}, text_cell(hex::encode_prefixed(found.hash))},
        {{"verified", "Verified"}, boolean_cell(true)},
        {{"from", "Signed by"}, address_cell(each->sender)},
        {{"nonce", "Nonce"}, number_cell(each->transaction.nonce)},
        {{"block_number", "In block"}, number_cell(*height)},
        {{"index", "At position"}, number_cell(i)},
        {{"block_hash", "Whose hash is"}, text_cell(hex::encode_prefixed(block.hash))},
        {{"seals", "Seals of validators"}, number_cell(block.seals)},
        {{"validators", "Of"}, number_cell(block.validators)},
    });
    return {};
  }
  return failed(Exit::refused, "block " + std::to_string(*height) + " does not contain the transaction");
}

Outcome<void> verify_propagation(Context& context, const TransactionOptions& options) {
  AITBC_ASSIGN(const Found found, find_transaction(context, options.id));
  const std::string params = json_array({json_text(hex::encode_prefixed(found.hash))});
  Table table{
      {{"node", "NODE"}, {"status", "STATUS"}, {"block_number", "BLOCK"}, {"block_hash", "BLOCK HASH"}},
      {},
      ""};
  std::string block_hash;
  bool everywhere = true;
  bool agree = true;
  AITBC_TRY(for_each_node(
      context, options.nodes, [&](const std::string& url, Outcome<NodeClient*> node) -> Outcome<void> {
        auto receipt =
            node ? (*node)->call("eth_getTransactionReceipt", params) : Outcome<Json>(fail(node.error()));
        if (!receipt) {
          everywhere = false;
          table.rows.push_back({text_cell(url), text_cell("away"), Cell{"-", "null"}, Cell{"-", "null"}});
          return {};
        }
        AITBC_ASSIGN(const Json pending, (*node)->call("eth_getTransactionByHash", params));
        const std::string hash = (*receipt)["blockHash"].text();
        everywhere = everywhere && !pending.is_null();
        agree = agree && (block_hash.empty() || hash.empty() || hash == block_hash);
        if (!hash.empty()) block_hash = hash;
        table.rows.push_back({text_cell(url),
                              text_cell(!receipt->is_null() ? "in a block"
                                        : pending.is_null() ? "unknown"
                                                            : "pending"),
                              plain_cell(receipt->is_null() ? Json() : (*receipt)["blockNumber"]),
                              plain_cell((*receipt)["blockHash"])});
        return {};
      }));
  context.output().table(table);
  if (!agree)
    return failed(Exit::refused, "the nodes have it in different blocks: they are not of one chain");
  return everywhere ? Outcome<void>() : failed(Exit::refused, "not every node has the transaction yet");
}

void describe_id(CLI::App& command, TransactionOptions& options) {
  command.add_option("--tx-id", options.id, "The transaction's hash")->required();
}

void describe_nodes(CLI::App& command, std::vector<std::string>& nodes) {
  command.add_option(
      "--node", nodes,
      "Another node to ask, http://HOST:PORT; may be repeated [AITBC_NODES, separated by commas]");
}

struct ListTransactionsOptions {
  std::string name;
  std::string address;
  unsigned limit = 50;
  std::string period;
  bool cross_node = false;
  std::vector<std::string> nodes;
};

Outcome<void> list_transactions(Context& context, const ListTransactionsOptions& options) {
  TransactionQuery query;
  query.limit = options.limit;
  query.with_proposers = options.cross_node;
  if (!options.name.empty()) {
    AITBC_ASSIGN(query.account, wallet_address(context, options.name));
  } else if (!options.address.empty()) {
    AITBC_ASSIGN(query.account, resolve_account(context, options.address));
  } else if (!options.cross_node) {
    return failed(Exit::usage,
                  "whose transactions: give --name or --address, or --cross-node for everybody's");
  }
  if (!options.period.empty()) {
    AITBC_ASSIGN(query.range, range_of(context, options.period));
  }
  AITBC_TRY(print_transactions(context, query));
  return options.cross_node ? print_agreement(context, options.nodes) : Outcome<void>();
}

void describe_list(CLI::App& command, ListTransactionsOptions& options) {
  command.add_option("--name", options.name, "Of this wallet");
  command.add_option("--address", options.address, "Of this address")->excludes("--name");
  command.add_option("--limit", options.limit, "At most so many, newest first")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  command.add_option("--period", options.period, "Only of the last 5m, 1h, 24h, 7d, ...");
  command.add_flag("--cross-node", options.cross_node,
                   "Say which validator proposed each, and whether the nodes have the same chain");
  describe_nodes(command, options.nodes);
  command.get_option("--node")->needs("--cross-node");
}

}  // namespace

void add_transaction_commands(CLI::App& root, Context& context) {
  add_command<ListTransactionsOptions>(root, context, "transactions", "List transactions, newest first",
                                       describe_list, list_transactions);
  CLI::App* group = add_group(root, "transaction", "Check a transaction");
  add_command<TransactionOptions>(*group, context, "status", "Show whether it is in a block, and how deep",
                                  describe_id, show_status);
  add_command<TransactionOptions>(
      *group, context, "verify",
      "Check its signature, its block's hash, roots and seals, not trusting the node", describe_id, verify);
  add_command<TransactionOptions>(
      *group, context, "verify-propagation", "Ask every known node for it",
      [](CLI::App& command, TransactionOptions& options) {
        describe_id(command, options);
        describe_nodes(command, options.nodes);
      },
      verify_propagation);
}

}  // namespace aitbc::cli
