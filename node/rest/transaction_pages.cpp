#include "node/rest/transaction_pages.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "marketplace/tables.hpp"
#include "node/chain/block_store.hpp"

namespace aitbc::rest {
namespace {

Params describe_transaction(const RecoveredTransaction& transaction) {
  Params out;
  out.text("hash", hex::encode_prefixed(transaction.hash)).text("from", hex::checksummed(transaction.sender));
  if (transaction.transaction.to) out.text("to", hex::checksummed(*transaction.transaction.to));
  out.amount("value", to_amount(transaction.transaction.value).value_or(Amount()));
  out.number("nonce", transaction.transaction.nonce);
  if (transaction.transaction.to != market::kContract) return out;
  if (const auto call = market::decode_call(transaction.transaction.data))
    out.text("type", call->type).raw("arguments", call->arguments_json);
  return out;
}

RestResult<std::string> included_json(const chain::ChainView& view, const RecoveredTransaction& transaction,
                                      chain::TransactionLocation location) {
  REST_ASSIGN(const auto receipt, chain::read_receipt(*view.snapshot, location));
  REST_ASSIGN(const auto header, chain::read_header(*view.snapshot, location.height));
  if (!receipt || !header) return refuse(500, "a transaction without its block");
  Params out = describe_transaction(transaction);
  out.text("status", receipt->receipt.succeeded ? "success" : "reverted").number("height", location.height);
  out.number("time", header->timestamp);
  out.amount("fee", checked_mul(receipt->effective_gas_price, receipt->gas_used).value_or(Amount()));
  return out.json();
}

// Blocks that one page looks into: most may be empty.
constexpr std::uint64_t kBlocksOfPage = 10'000;

// Where a list goes on: at the transactions of a block with lower indexes.
struct ListPosition {
  Height height = 0;
  std::optional<std::uint64_t> below;  // absent: all of them
};

std::string cursor_text(const ListPosition& at) {
  return std::to_string(at.height) + (at.below ? "." + std::to_string(*at.below) : "");
}

tl::unexpected<Problem> bad_cursor() {
  return refuse(400, "cursor: give the X-Next-Cursor of the page before");
}

RestResult<std::uint64_t> parse_part(std::string_view text) {
  const auto number = Uint256::from_decimal(text);
  if (!number || !number->fits_u64()) return bad_cursor();
  return number->low_u64();
}

RestResult<ListPosition> parse_cursor(std::string_view text) {
  const std::size_t dot = text.find('.');
  ListPosition out;
  REST_ASSIGN(out.height, parse_part(text.substr(0, dot)));
  if (dot != std::string_view::npos) {
    REST_ASSIGN(out.below, parse_part(text.substr(dot + 1)));
  }
  return out;
}

RestResult<ListPosition> first_position(const chain::ChainView& view, const ListTransactions& query) {
  const Height head = view.head.number;
  if (query.block.value_or(0) > head) return refuse(404, "no block " + std::to_string(*query.block));
  if (!query.cursor) return ListPosition{query.block.value_or(head), {}};
  REST_ASSIGN(const ListPosition out, parse_cursor(*query.cursor));
  if (out.height > head || (query.block && out.height != *query.block)) return bad_cursor();
  return out;
}

}  // namespace

RestResult<Page> get_transaction(const RestBackend& backend, const Hash& hash) {
  const TransactionPtr pooled = backend.mempool.find(hash);  // before the view: it may be included in between
  const chain::ChainViewPtr view = backend.chain.view();
  REST_ASSIGN(const auto location, chain::find_transaction(*view->snapshot, hash));
  if (location) {
    REST_ASSIGN(const TransactionPtr found, chain::read_transaction(*view->snapshot, *location));
    if (found != nullptr) {
      REST_ASSIGN(const std::string json, included_json(*view, *found, *location));
      return Page{Answer::parse(json), {}, {}};
    }
  }
  if (pooled == nullptr) return refuse(404, "no transaction " + hex::encode_prefixed(hash));
  return Page{Answer::parse(describe_transaction(*pooled).text("status", "pending").json()), {}, {}};
}

RestResult<Page> list_transactions(const RestBackend& backend, const ListTransactions& query) {
  const chain::ChainViewPtr view = backend.chain.view();
  REST_ASSIGN(ListPosition at, first_position(*view, query));
  const std::uint64_t limit = query.limit.value_or(kDefaultPage);
  std::string items;
  std::optional<std::string> next;
  for (std::uint64_t found = 0, blocks = 0;; ++blocks) {
    if (found == limit || blocks == kBlocksOfPage) {
      next = cursor_text(at);
      break;
    }
    REST_ASSIGN(const auto meta, chain::read_block_meta(*view->snapshot, at.height));
    if (!meta) break;  // a node that began from a snapshot has none that are older
    std::uint64_t left =
        std::min<std::uint64_t>(at.below.value_or(meta->transaction_count), meta->transaction_count);
    for (; left > 0 && found < limit; --left, ++found) {
      const chain::TransactionLocation location{at.height, static_cast<std::uint32_t>(left - 1)};
      REST_ASSIGN(const TransactionPtr transaction, chain::read_transaction(*view->snapshot, location));
      if (transaction == nullptr) return refuse(500, "a block without its transaction");
      REST_ASSIGN(const std::string json, included_json(*view, *transaction, location));
      items += (items.empty() ? "" : ",") + json;
    }
    if (left > 0) {
      at.below = left;
    } else if (query.block || at.height == 0) {
      break;
    } else {
      at = {at.height - 1, {}};
    }
  }
  return Page{Answer::parse(R"({"items":[)" + items + "]}"), "items", std::move(next)};
}

}  // namespace aitbc::rest
