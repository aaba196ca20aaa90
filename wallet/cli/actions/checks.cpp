// connectivity-test, health-check, integrity-check, debug: whether things are as they should be.
#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/actions/activity.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/peers.hpp"
#include "wallet/cli/progress.hpp"
#include "wallet/cli/statistics.hpp"
#include "wallet/cli/transaction_list.hpp"
#include "wallet/cli/transaction_view.hpp"
#include "wallet/cli/verify_block.hpp"

namespace aitbc::cli {
namespace {

constexpr int kPings = 5;
// A chain with waiting transactions and no new block for so long has stopped.
constexpr std::uint64_t kStalled_s = 30;

struct CheckOptions {
  std::vector<std::string> nodes;
  std::string transaction;
  unsigned blocks = 20;
};

Outcome<void> connectivity(Context& context, const CheckOptions& options) {
  Table table{{{"node", "NODE"},
               {"reachable", "ANSWERS"},
               {"median_ms", "MS"},
               {"chain_id", "CHAIN"},
               {"head", "HEAD"},
               {"peers", "PEERS"}},
              {},
              ""};
  std::optional<std::uint64_t> chain;
  bool all = true;
  bool one_chain = true;
  AITBC_TRY(for_each_node(
      context, options.nodes, [&](const std::string& url, Outcome<NodeClient*> node) -> Outcome<void> {
        if (!node) {
          all = false;
          table.rows.push_back({text_cell(url),
                                boolean_cell(false),
                                {"-", "null"},
                                {"-", "null"},
                                {"-", "null"},
                                {"-", "null"}});
          return {};
        }
        Samples times;
        for (int i = 0; i < kPings; ++i) {
          const auto start = context.env.now();
          AITBC_ASSIGN([[maybe_unused]] const Height answer, (*node)->head());
          times.add(std::chrono::duration<double, std::milli>(context.env.now() - start).count());
        }
        AITBC_ASSIGN(const std::uint64_t id, (*node)->chain_id());
        AITBC_ASSIGN(const Height head, (*node)->head());
        AITBC_ASSIGN(const Json peers, (*node)->call("net_peerCount"));
        one_chain = one_chain && chain.value_or(id) == id;
        chain = id;
        table.rows.push_back({text_cell(url), boolean_cell(true), times.cell(50), number_cell(id),
                              number_cell(head), number_cell(peers.u64().value_or(0))});
        return {};
      }));
  context.output().table(table);
  if (!all) return failed(Exit::unreachable, "not every node answers: start it, or correct its address");
  return one_chain ? Outcome<void>() : failed(Exit::refused, "the nodes are of different chains");
}

Outcome<void> health(Context& context, const CheckOptions&) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Json syncing, node->call("eth_syncing"));
  AITBC_ASSIGN(const Json head,
               node->call("eth_getBlockByNumber", json_array({json_text("latest"), "false"})));
  AITBC_ASSIGN(const Json pool, node->call("txpool_status"));
  AITBC_ASSIGN(const Json validators, node->call("qbft_getValidatorsByBlockNumber", "[\"latest\"]"));
  AITBC_ASSIGN(const Json signers, node->call("qbft_getSignerMetrics"));
  AITBC_ASSIGN(const Json stats, market_query(context, "market_getStats", {}));
  const std::uint64_t timestamp = head["timestamp"].u64().value_or(0);
  const std::uint64_t now = context.env.unix_now();
  const std::uint64_t age = now > timestamp ? now - timestamp : 0;
  const std::uint64_t waiting = pool["pending"].u64().value_or(0);
  const std::uint64_t overdue = stats["expiryBacklog"].u64().value_or(0);
  return print_checks(
      context,
      {{"the node has all blocks that it knows of", !syncing.is_object(),
        syncing.is_object() ? "it is catching up"
                            : "head " + std::to_string(head["number"].u64().value_or(0))},
       {"blocks come while transactions wait", waiting == 0 || age < kStalled_s,
        "last block " + std::to_string(age) + " s ago, " + std::to_string(waiting) + " waiting"},
       {"validators propose blocks", head["number"].u64() == 0U || signers.size() > 0,
        std::to_string(signers.size()) + " of " + std::to_string(validators.size()) +
            " in the last 100 blocks"},
       {"nothing that is due waits to be closed", overdue == 0, std::to_string(overdue) + " waiting"}});
}

// Recomputes hashes, roots and seals of the newest blocks and the links between them; the node recounts the
// rest.
Outcome<void> integrity(Context& context, const CheckOptions& options) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Height head, node->head());
  const Height first = head - std::min<Height>(head, options.blocks - 1);
  Progress progress(context);
  Check blocks{"newest blocks: hashes, roots, seals, links", true,
               "blocks " + std::to_string(first) + " to " + std::to_string(head)};
  std::optional<Hash> parent;
  for (Height height = first; height <= head && blocks.holds; ++height) {
    progress.show("checking block " + std::to_string(height) + " of " + std::to_string(head));
    const auto block = check_block(*node, height);
    if (!block && block.error().code != Exit::refused) return fail(block.error());
    if (!block) blocks = {blocks.what, false, block.error().message};
    if (block && parent && block->header.parent_hash != *parent)
      blocks = {blocks.what, false, "block " + std::to_string(height) + " does not follow the one before it"};
    if (block) parent = block->hash;
  }
  AITBC_ASSIGN(const Check books, check_books(context));
  return print_checks(context, {blocks, books});
}

Outcome<void> debug_transaction(Context& context, const CheckOptions& options) {
  AITBC_ASSIGN(const Hash hash, read_transaction_hash(options.transaction));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  const std::string params = json_array({json_text(hex::encode_prefixed(hash))});
  AITBC_ASSIGN(const Json transaction, node->call("eth_getTransactionByHash", params));
  if (transaction.is_null()) return unknown_transaction(options.transaction);
  AITBC_ASSIGN(const Json receipt, node->call("eth_getTransactionReceipt", params));
  Record record = describe_transaction(transaction, receipt);
  record.push_back({{"gas_limit", "Gas limit"}, number_cell(transaction["gas"].u64().value_or(0))});
  AITBC_ASSIGN(const Json raw, node->call("debug_getRawTransaction", params));
  record.push_back({{"wire_bytes", "Bytes on the wire"}, number_cell(raw.text().size() / 2 - 1)});
  if (!receipt.is_null() && receipt["status"].u64() == 0U) {
    CallRequest call;
    AITBC_ASSIGN(call.from, hex::parse_address(transaction["from"].text()));
    AITBC_ASSIGN(call.to, hex::parse_address(transaction["to"].text()));
    AITBC_ASSIGN(call.data, hex::decode(transaction["input"].text()));
    call.value = to_amount(transaction["value"].number().value_or(Uint256{})).value_or(Amount{});
    record.push_back({{"reason", "Why it failed"},
                      text_cell(revert_reason(*node, call, receipt["blockNumber"].u64().value_or(0)))});
  }
  context.output().record(record);
  return {};
}

}  // namespace

void add_check_actions(CLI::App& actions, Context& context) {
  add_command<CheckOptions>(
      actions, context, "connectivity-test", "Ask every known node for its head",
      [](CLI::App& command, CheckOptions& options) {
        command.add_option("--node", options.nodes,
                           "Another node to ask, http://HOST:PORT; may be repeated [AITBC_NODES]");
      },
      connectivity);
  add_command<CheckOptions>(
      actions, context, "health-check", "Check that the node follows and that blocks come",
      [](CLI::App&, CheckOptions&) {}, health);
  add_command<CheckOptions>(
      actions, context, "integrity-check", "Recompute the newest blocks, and have the node recount its books",
      [](CLI::App& command, CheckOptions& options) {
        command.add_option("--blocks", options.blocks, "How many")
            ->check(CLI::Range(1, 10'000))
            ->capture_default_str();
      },
      integrity);
  add_command<CheckOptions>(
      actions, context, "debug", "Show all about a transaction: its call, its events, and why it failed",
      [](CLI::App& command, CheckOptions& options) {
        command.add_option("--transaction-id", options.transaction, "The transaction's hash")->required();
      },
      debug_transaction);
}

}  // namespace aitbc::cli
