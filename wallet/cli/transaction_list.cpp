#include "wallet/cli/transaction_list.hpp"

#include <map>

#include "codec/hex.hpp"

namespace aitbc::cli {
namespace {

constexpr std::uint64_t kPage = 100;

// Some arguments name a record in two: what kind, and a bare number.
bool is_target(const Json& object, const std::string& id) {
  const std::string kind = object["targetKind"].text();
  const bool on_service = kind == "service" || kind == "1";
  return on_service && "svc_" + object["targetId"].text() == id;
}

bool mentions(const Json& value, const std::string& id) {
  if (value.is_string()) return value.text() == id;
  if (value.is_object() && is_target(value, id)) return true;
  for (const Json& element : value.elements())
    if (mentions(element, id)) return true;
  for (const auto& [name, member] : value.members())
    if (mentions(member, id)) return true;
  return false;
}

bool is_about(const Json& transaction, const std::string& id) {
  return mentions(transaction["arguments"], id) || mentions(transaction["events"], id);
}

// Who proposed each block, asked once per block.
class Proposers {
 public:
  explicit Proposers(NodeClient& node) : node_(node) {}
  Outcome<std::string> of(const std::string& height) {
    const auto known = by_height_.find(height);
    if (known != by_height_.end()) return known->second;
    AITBC_ASSIGN(const Json block,
                 node_.call("eth_getBlockByNumber", json_array({json_text(height), "false"})));
    return by_height_[height] = address_cell(block["miner"].text()).shown;
  }

 private:
  NodeClient& node_;
  std::map<std::string, std::string> by_height_;
};

// What a call of the marketplace was about, for a column: the first ids among its events and arguments.
std::string summary(const Json& transaction) {
  if (transaction["type"].text() == "TRANSFER") return "";
  for (const Json& event : transaction["events"].elements())
    for (const auto& [name, value] : event["arguments"].members())
      if (name.ends_with("Id") && value.is_string()) return event["name"].text() + " " + value.text();
  return transaction["call"].text();
}

}  // namespace

Outcome<Hash> read_transaction_hash(const std::string& text) {
  if (const auto hash = hex::decode_fixed<Hash>(text)) return *hash;
  return failed(Exit::refused, "no transaction has the id '" + text + "': ids are hashes, 0x and 64 digits");
}

tl::unexpected<Failure> unknown_transaction(const std::string& text) {
  return failed(Exit::refused, "the node knows no transaction " + text +
                                   ": it was never sent there, or dropped from its pool");
}

Outcome<std::vector<Json>> find_transactions(Context& context, const TransactionQuery& query) {
  std::vector<Json> out;
  std::optional<std::uint64_t> to_block;
  for (;;) {
    JsonObject params;
    params.boolean("newestFirst", true).number("limit", kPage);
    if (query.account) params.text("account", hex::encode_prefixed(*query.account));
    if (to_block) params.number("toBlock", *to_block);
    AITBC_ASSIGN(const Json page, market_query(context, "market_getTransactions", params));
    for (const Json& transaction : page["transactions"].elements()) {
      if (out.size() == query.limit) return out;
      if (query.range && transaction["timestamp"].u64().value_or(0) < query.range->from) return out;
      if (query.record.empty() || is_about(transaction, query.record)) out.push_back(transaction);
    }
    to_block = page["nextBlock"].u64();
    if (!to_block) return out;
  }
}

Outcome<void> print_transactions(Context& context, const TransactionQuery& query) {
  AITBC_ASSIGN(const std::vector<Json> found, find_transactions(context, query));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  Proposers proposers(*node);
  Table table{{{"hash", "TRANSACTION"},
               {"type", "TYPE"},
               {"status", "STATUS"},
               {"block_number", "BLOCK"},
               {"timestamp", "TIME"},
               {"from", "FROM"},
               {"amount", "AMOUNT"},
               {"summary", "DID"}},
              {},
              "no transactions"};
  if (query.with_proposers) table.columns.push_back({"proposer", "PROPOSER"});
  for (const Json& each : found) {
    std::vector<Cell> row{plain_cell(each["hash"]),       plain_cell(each["type"]),
                          plain_cell(each["status"]),     number_cell(each["blockNumber"].u64().value_or(0)),
                          moment_cell(each["timestamp"]), address_cell(each["from"].text()),
                          units_cell(each["value"]),      text_cell(summary(each))};
    if (query.with_proposers) {
      AITBC_ASSIGN(const std::string proposer, proposers.of(each["blockNumber"].text()));
      row.push_back(text_cell(proposer));
    }
    table.rows.push_back(std::move(row));
  }
  context.output().table(table);
  return {};
}

}  // namespace aitbc::cli
