#include "node/market_methods.hpp"

#include <algorithm>

#include "marketplace/abi.hpp"
#include "marketplace/marketplace.hpp"
#include "marketplace/queries.hpp"
#include "node/chain/block_store.hpp"

namespace aitbc {
namespace {

using namespace rpc;

constexpr std::size_t kDefaultLimit = 50;
constexpr std::size_t kMaxLimit = 500;
constexpr Height kMaxScannedBlocks = 10'000;  // of one call: its work is bounded, the cursor goes on

// A query's parameters in order, absent trailing ones left out.
std::string arguments_text(std::span<const Json> arguments) {
  std::size_t count = arguments.size();
  while (count > 0 && arguments[count - 1].is_null()) --count;
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + arguments[i].text();
  return text + "]";
}

Method query_method(const market::QueryMethod& query, const chain::Chain& chain,
                    const std::function<Seconds()>& now) {
  Method method;
  method.info.name = query.name;
  method.info.summary = query.description;
  method.info.result_schema = "{}";
  for (const market::QueryParam& param : query.params)
    method.info.params.push_back({std::string(param.name), param.required,
                                  R"({"type":")" + std::string(param.type) + R"(","description":")" +
                                      std::string(param.description) + "\"}"});
  method.handle = [&chain, now, name = std::string(query.name)](
                      Call& call, std::span<const Json> arguments) -> RpcResult<void> {
    const chain::ChainViewPtr view = chain.view();
    auto answer =
        market::query(*view->state, std::max(now(), view->head.timestamp), name, arguments_text(arguments));
    if (!answer && answer.error().code == ErrorCode::invalid_input)
      return rpc_fail(kInvalidParams, std::move(answer).error().message);
    if (!answer) return rpc_fail(std::move(answer).error());
    call.out.raw(*answer);
    return {};
  };
  return method;
}

bool is_for(const Transaction& transaction, const Address& contract) { return transaction.to == contract; }

void write_logs(JsonWriter& out, const chain::StoredReceipt& receipt) {
  out.key("events").begin_array();
  for (const Log& log : receipt.receipt.logs) {
    const auto decoded = market::decode_log(log);
    if (!decoded) continue;  // another contract's
    out.begin_object()
        .key("name")
        .text(decoded->name)
        .key("arguments")
        .raw(decoded->arguments_json)
        .end_object();
  }
  out.end_array();
}

// What a wallet or a page shows of one marketplace transaction.
RpcResult<void> write_transaction(JsonWriter& out, const chain::ChainView& view,
                                  const RecoveredTransaction& transaction,
                                  chain::TransactionLocation location) {
  RPC_ASSIGN(const auto header, chain::read_header(*view.snapshot, location.height));
  RPC_ASSIGN(const auto receipt, chain::read_receipt(*view.snapshot, location));
  if (!header || !receipt) return rpc_fail(Error{ErrorCode::corruption, "a transaction without its block"});
  out.begin_object();
  out.key("hash").data(transaction.hash).key("blockNumber").quantity(location.height);
  out.key("transactionIndex").quantity(location.index).key("timestamp").quantity(header->timestamp);
  out.key("from").data(transaction.sender);
  const auto decoded = market::decode_call(transaction.transaction.data);
  out.key("type").text(decoded ? decoded->type : "UNKNOWN").key("call");
  if (decoded)
    out.text(decoded->name).key("arguments").raw(decoded->arguments_json);
  else
    out.null().key("arguments").null();
  out.key("status")
      .text(receipt->receipt.succeeded ? "success" : "reverted")
      .key("gasUsed")
      .quantity(receipt->gas_used);
  write_logs(out, *receipt);
  out.end_object();
  return {};
}

RpcResult<void> get_transaction(Call& call, const chain::Chain& chain, const Address& contract,
                                const Hash& hash) {
  const chain::ChainViewPtr view = chain.view();
  RPC_ASSIGN(const auto location, chain::find_transaction(*view->snapshot, hash));
  TransactionPtr transaction;
  if (location) {
    RPC_ASSIGN(transaction, chain::read_transaction(*view->snapshot, *location));
  }
  if (!transaction || !is_for(transaction->transaction, contract)) {
    call.out.null();
    return {};
  }
  return write_transaction(call.out, *view, *transaction, *location);
}

struct Scan {
  Height from = 0;
  Height to = 0;
  std::size_t limit = kDefaultLimit;
};

// Writes whole blocks' worth until the limit is reached; answers the height to go on from, or nullopt at the
// end.
RpcResult<std::optional<Height>> write_range(Call& call, const chain::ChainView& view,
                                             const Address& contract, const Scan& scan) {
  std::size_t written = 0;
  for (Height height = scan.from; height <= scan.to; ++height) {
    if (written >= scan.limit || height - scan.from >= kMaxScannedBlocks) return std::optional(height);
    RPC_ASSIGN(const auto transactions, chain::read_transactions(*view.snapshot, height));
    for (std::uint32_t i = 0; i < transactions.size(); ++i) {
      if (!is_for(transactions[i]->transaction, contract)) continue;
      RPC_TRY(write_transaction(call.out, view, *transactions[i], {height, i}));
      ++written;
    }
  }
  return std::optional<Height>();
}

RpcResult<void> get_transactions(Call& call, const chain::Chain& chain, const Address& contract,
                                 std::optional<std::uint64_t> from, std::optional<std::uint64_t> to,
                                 std::optional<LooseCount> limit) {
  const chain::ChainViewPtr view = chain.view();
  const Scan scan{from.value_or(0), std::min(to.value_or(view->head.number), view->head.number),
                  static_cast<std::size_t>(limit ? limit->value : kDefaultLimit)};
  if (scan.limit < 1 || scan.limit > kMaxLimit)
    return rpc_fail(kInvalidParams, "invalid argument 2: the limit is 1 to " + std::to_string(kMaxLimit));
  call.out.begin_object().key("transactions").begin_array();
  RPC_ASSIGN(const std::optional<Height> next, write_range(call, *view, contract, scan));
  call.out.end_array().key("nextBlock");
  if (next)
    call.out.quantity(*next);
  else
    call.out.null();
  call.out.end_object();
  return {};
}

}  // namespace

void register_market_methods(Registry& registry, const chain::Chain& chain, std::function<Seconds()> now) {
  for (const market::QueryMethod& query : market::query_methods())
    registry.add(query_method(query, chain, now));
  const Address contract = make_marketplace()->address();
  registry.add(
      {"market_getTransaction",
       "A marketplace transaction with its type (REGISTER_GPU, BID, BOOK, ...), decoded arguments and "
       "events; null "
       "when there is none of that hash",
       {"hash"}},
      [&chain, contract](Call& call, Hash hash) { return get_transaction(call, chain, contract, hash); });
  registry.add({"market_getTransactions",
                "The marketplace's transactions in a range of blocks, oldest first, at least up to the "
                "limit's block; go on "
                "from nextBlock",
                {"fromBlock", "toBlock", "limit"}},
               [&chain, contract](Call& call, std::optional<std::uint64_t> from,
                                  std::optional<std::uint64_t> to, std::optional<LooseCount> limit) {
                 return get_transactions(call, chain, contract, from, to, limit);
               });
}

}  // namespace aitbc
