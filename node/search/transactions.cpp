// Transactions with their type, arguments and events.
#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "marketplace/json_form.hpp"
#include "node/search/keys.hpp"
#include "node/search/node_queries.hpp"
#include "node/search/transaction_json.hpp"

namespace aitbc::search {
namespace {

using market::JsonWriter;

constexpr std::uint64_t kDefaultLimit = 50;
constexpr std::uint64_t kMaxLimit = 500;
constexpr Height kMaxScannedBlocks = 10'000;  // of one call: its work is bounded, nextBlock goes on

Result<std::string> get_transaction(const NodeQuery& q) {
  AITBC_ASSIGN(const Hash hash, hex::decode_fixed<Hash>(*q.args.text("hash")));
  const chain::ChainViewPtr view = q.chain.view();
  AITBC_ASSIGN(const auto location, chain::find_transaction(*view->snapshot, hash));
  if (!location) return "null";
  AITBC_ASSIGN(const TransactionPtr transaction, chain::read_transaction(*view->snapshot, *location));
  if (!transaction || transaction->transaction.to != market::kContract) return "null";
  JsonWriter out;
  AITBC_TRY(write_transaction(out, *view, *transaction, *location));
  return out.take();
}

struct Scan {
  Height from = 0;
  Height to = 0;
  std::uint64_t limit = kDefaultLimit;
  bool newest_first = false;
  std::optional<Address> account;
  std::optional<std::string_view> type;
};

Result<Scan> parse_scan(const NodeQuery& q, const chain::ChainView& view) {
  Scan out;
  // A node that began from a snapshot has no transactions of the blocks before it.
  AITBC_ASSIGN(const Height first, chain::blocks_start(*view.snapshot));
  AITBC_ASSIGN(const auto from, q.args.number("fromBlock"));
  AITBC_ASSIGN(const auto to, q.args.number("toBlock"));
  AITBC_ASSIGN(const auto limit, q.args.number("limit"));
  AITBC_ASSIGN(const auto newest, q.args.boolean("newestFirst"));
  AITBC_ASSIGN(out.account, q.args.address("account"));
  out.from = std::max(from.value_or(0), first);
  out.to = std::min(to.value_or(view.head.number), view.head.number);
  out.limit = limit.value_or(kDefaultLimit);
  out.newest_first = newest.value_or(false);
  out.type = q.args.text("type");
  if (out.limit < 1 || out.limit > kMaxLimit)
    return fail(ErrorCode::invalid_input, "limit: must be between 1 and " + std::to_string(kMaxLimit));
  return out;
}

// The blocks that a scan looks at, one by one: every one of the range, or those with the account.
class Blocks {
 public:
  Blocks(const Scan& scan, const Snapshot* entries) : scan_(scan) {
    if (!scan.account) return;
    prefix_ = account_prefix(*scan.account);
    iterator_ = entries->iterate(Table::index);
  }

  // The next one at or beyond `height` in the scan's order.
  Result<std::optional<Height>> seek(Height height) {
    if (height < scan_.from || height > scan_.to) return std::nullopt;
    if (!iterator_) return height;
    Bytes key = prefix_;
    append_be64(key, height);
    scan_.newest_first ? iterator_->seek_for_prev(key) : iterator_->seek(key);
    if (!iterator_->valid() || !starts_with(iterator_->key(), prefix_)) {
      AITBC_TRY(iterator_->status());
      return std::nullopt;
    }
    const Height found = read_be64(iterator_->key().subspan(prefix_.size()));
    return found >= scan_.from && found <= scan_.to ? std::optional(found) : std::nullopt;
  }

 private:
  const Scan& scan_;
  Bytes prefix_;
  std::unique_ptr<Iterator> iterator_;
};

bool concerns(const Scan& scan, const RecoveredTransaction& transaction) {
  if (scan.type && transaction_type(transaction) != *scan.type) return false;
  if (!scan.account) return transaction.transaction.to == market::kContract;
  return transaction.sender == *scan.account || transaction.transaction.to == *scan.account;
}

// Whole blocks until the limit is reached; answers the block to go on from, nullopt at the end.
Result<std::optional<Height>> write_range(JsonWriter& out, const chain::ChainView& view, const Scan& scan,
                                          Blocks& blocks) {
  std::uint64_t written = 0;
  AITBC_ASSIGN(auto height, blocks.seek(scan.newest_first ? scan.to : scan.from));
  for (Height looked_at = 0; height; ++looked_at) {
    if (written >= scan.limit || looked_at >= kMaxScannedBlocks) return height;
    AITBC_ASSIGN(const auto transactions, chain::read_transactions(*view.snapshot, *height));
    const auto count = static_cast<std::uint32_t>(transactions.size());
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t index = scan.newest_first ? count - 1 - i : i;
      if (!concerns(scan, *transactions[index])) continue;
      AITBC_TRY(write_transaction(out, view, *transactions[index], {*height, index}));
      ++written;
    }
    if (scan.newest_first && *height == 0) return std::nullopt;
    AITBC_ASSIGN(height, blocks.seek(scan.newest_first ? *height - 1 : *height + 1));
  }
  return std::nullopt;
}

Result<std::string> get_transactions(const NodeQuery& q) {
  AITBC_ASSIGN(const IndexReading reading, q.index.read());
  const chain::ChainView& view = reading.chain();
  AITBC_ASSIGN(const Scan scan, parse_scan(q, view));
  Blocks blocks(scan, reading.entries().get());
  JsonWriter out;
  out.begin_object().key("transactions").begin_array();
  AITBC_ASSIGN(const auto next, write_range(out, view, scan, blocks));
  out.end_array().key("nextBlock");
  next ? out.text(hex::quantity(*next)) : out.null();
  out.end_object();
  return out.take();
}

}  // namespace

std::string transaction_type(const RecoveredTransaction& transaction) {
  if (transaction.transaction.to != market::kContract) return "TRANSFER";
  const auto decoded = market::decode_call(transaction.transaction.data);
  return decoded ? decoded->type : "UNKNOWN";
}

void write_events(JsonWriter& out, const Logs& logs) {
  out.key("events").begin_array();
  for (const Log& log : logs) {
    const auto decoded = market::decode_log(log);
    if (!decoded) continue;  // another contract's
    out.begin_object().key("name").text(decoded->name).key("arguments").raw(decoded->arguments_json);
    out.end_object();
  }
  out.end_array();
}

Result<void> write_transaction(JsonWriter& out, const chain::ChainView& view,
                               const RecoveredTransaction& transaction, chain::TransactionLocation location) {
  AITBC_ASSIGN(const auto header, chain::read_header(*view.snapshot, location.height));
  AITBC_ASSIGN(const auto receipt, chain::read_receipt(*view.snapshot, location));
  if (!header || !receipt) return fail(ErrorCode::corruption, "a transaction without its block");
  const Transaction& fields = transaction.transaction;
  const bool market_call = fields.to == market::kContract;
  const auto decoded = market_call ? market::decode_call(fields.data)
                                   : fail(ErrorCode::not_found, "not a call of the marketplace");
  out.begin_object().key("hash").text(hex::encode_prefixed(transaction.hash));
  out.key("blockNumber").text(hex::quantity(location.height));
  out.key("transactionIndex").text(hex::quantity(location.index));
  out.key("timestamp").text(hex::quantity(header->timestamp));
  out.key("from").text(hex::checksummed(transaction.sender)).key("to");
  fields.to ? out.text(hex::checksummed(*fields.to)) : out.null();
  out.key("value").text(fields.value.to_decimal());
  out.key("type").text(!market_call ? "TRANSFER" : decoded ? decoded->type : "UNKNOWN").key("call");
  decoded ? out.text(decoded->name) : out.null();
  out.key("arguments");
  decoded ? out.raw(decoded->arguments_json) : out.null();
  out.key("status").text(receipt->receipt.succeeded ? "success" : "reverted");
  out.key("gasUsed").text(hex::quantity(receipt->gas_used));
  write_events(out, receipt->receipt.logs);
  out.end_object();
  return {};
}

std::vector<NodeQueryEntry> transaction_queries() {
  return {
      {{"market_getTransaction",
        "A marketplace transaction with its type (REGISTER_GPU, BID, BOOK, ...), decoded arguments and "
        "events.",
        {{"hash", "string", true, "of the transaction"}},
        "transaction; null when there is none of that hash",
        false},
       &get_transaction},
      {{"market_getTransactions",
        "The marketplace's transactions in a range of blocks; with an account all that it sent or received. "
        "Whole blocks until the limit is reached; go on from nextBlock (as toBlock when newestFirst).",
        {{"fromBlock", "integer", false, "0 when left out"},
         {"toBlock", "integer", false, "the head when left out"},
         {"limit", "integer", false, "1 to 500, 50 when left out"},
         {"account", "string", false, "address"},
         {"type", "string", false, "BOOK, BID, TRANSFER, ..."},
         {"newestFirst", "boolean", false, "descending blocks"}},
        "{transactions, nextBlock}: null at the end",
        false},
       &get_transactions},
  };
}

}  // namespace aitbc::search
