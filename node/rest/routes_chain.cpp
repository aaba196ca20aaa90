// Accounts, transactions and blocks.
#include <array>
#include <charconv>

#include "codec/hex.hpp"
#include "node/chain/block_store.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/transaction_pages.hpp"

namespace aitbc::rest {
namespace {

// ---- accounts

constexpr std::array kAccount{
    OutField{"address", "address", Form::text, "of the account"},
    OutField{"balance", "balance", Form::amount, "AIT"},
    OutField{"nonce", "nonce", Form::integer, "transactions in blocks"},
    OutField{"pending_nonce", "pending", Form::integer, "transactions with those that wait"},
    OutField{"block_number", "height", Form::integer, "of the block that this is the state of"},
};
constexpr Shape kAccountShape{"Account", kAccount};

RestResult<Page> get_account(const RestBackend& backend, const Address& address) {
  const chain::ChainViewPtr view = backend.chain.view();
  REST_ASSIGN(const auto found, view->state->account(address));
  const Account account = found.value_or(Account::empty());
  Params out;
  out.text("address", hex::checksummed(address))
      .amount("balance", account.balance)
      .number("nonce", account.nonce);
  out.number("pending", backend.mempool.next_nonce(address)).number("height", view->head.number);
  return Page{Answer::parse(out.json()), {}, {}};
}

// ---- transactions

constexpr std::array kSent{
    OutField{"status", "success", Form::constant, "success"},
    OutField{"from", "from", Form::text, "address of the sender"},
};
constexpr Shape kSentShape{"TransactionSent", kSent};

// ---- blocks

constexpr std::array kBlock{
    OutField{"number", "number", Form::integer, "height"},
    OutField{"hash", "hash", Form::text, "of the header"},
    OutField{"parent_hash", "parent", Form::text, "of the block before"},
    OutField{"timestamp", "time", Form::time, "of the block"},
    OutField{"proposer", "proposer", Form::text, "address of the validator"},
    OutField{"transactions", "transactions", Form::integer, "how many"},
    OutField{"gas_used", "gasUsed", Form::integer, "by all of them"},
    OutField{"gas_limit", "gasLimit", Form::integer, "of the block"},
    OutField{"size", "size", Form::integer, "bytes"},
};
constexpr Shape kBlockShape{"Block", kBlock};

RestResult<std::string> block_json(const chain::ChainView& view, Height height) {
  REST_ASSIGN(const auto header, chain::read_header(*view.snapshot, height));
  REST_ASSIGN(const auto meta, chain::read_block_meta(*view.snapshot, height));
  if (!header || !meta) return refuse(404, "no block " + std::to_string(height));
  Params out;
  out.number("number", height).text("hash", hex::encode_prefixed(meta->hash));
  out.text("parent", hex::encode_prefixed(header->parent_hash)).number("time", header->timestamp);
  out.text("proposer", hex::checksummed(header->coinbase)).number("transactions", meta->transaction_count);
  out.number("gasUsed", header->gas_used)
      .number("gasLimit", header->gas_limit)
      .number("size", meta->size_bytes);
  return out.json();
}

RestResult<Height> resolve(const chain::ChainView& view, const std::string& reference) {
  if (reference == "latest") return view.head.number;
  Height height = 0;
  const auto [end, error] = std::from_chars(reference.data(), reference.data() + reference.size(), height);
  if (error == std::errc{} && end == reference.data() + reference.size()) return height;
  const auto hash = hex::decode_fixed<Hash>(reference);
  if (!hash) return refuse(404, "no block " + reference + ": give a number, a hash or latest");
  REST_ASSIGN(const auto found, chain::find_block(*view.snapshot, *hash));
  if (!found) return refuse(404, "no block " + reference);
  return *found;
}

RestResult<Page> get_block(const RestBackend& backend, const std::string& reference) {
  const chain::ChainViewPtr view = backend.chain.view();
  REST_ASSIGN(const Height height, resolve(*view, reference));
  REST_ASSIGN(const std::string json, block_json(*view, height));
  return Page{Answer::parse(json), {}, {}};
}

struct ListBlocks : QueryInput {
  std::optional<std::uint64_t> limit, cursor;
  static constexpr auto kFields =
      std::tuple(input("limit", &ListBlocks::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListBlocks::cursor, "height to begin with, going down"));
};
RestResult<Page> list_blocks(const RestBackend& backend, const ListBlocks& query) {
  const chain::ChainViewPtr view = backend.chain.view();
  const Height first = std::min(query.cursor.value_or(view->head.number), view->head.number);
  const Height count = std::min(query.limit.value_or(kDefaultPage), first + 1);
  std::string text = R"({"items":[)";
  for (Height i = 0; i < count; ++i) {
    REST_ASSIGN(const std::string block, block_json(*view, first - i));
    text += (i == 0 ? "" : ",") + block;
  }
  std::optional<std::string> next;
  if (count <= first) next = std::to_string(first - count);
  return Page{Answer::parse(text + "]}"), "items", std::move(next)};
}

}  // namespace

void register_chain_routes(Registry& registry) {
  registry.read(
      {"get_account",
       "GET",
       "/v1/accounts/{address}",
       "chain",
       "An account",
       &kAccountShape,
       200,
       false,
       {404},
       true},
      [](const RestBackend& backend, const Address& address) { return get_account(backend, address); });
  registry.read({"get_transaction",
                 "GET",
                 "/v1/transactions/{tx_hash}",
                 "chain",
                 "A transaction, in a block or waiting for one",
                 &kTransactionShape,
                 200,
                 false,
                 {404},
                 true},
                [](const RestBackend& backend, const Hash& hash) { return get_transaction(backend, hash); });
  registry.read({"list_transactions",
                 "GET",
                 "/v1/transactions",
                 "chain",
                 "Transactions in blocks, newest first",
                 &kTransactionShape,
                 200,
                 true,
                 {400, 404}},
                [](const RestBackend& backend, const ListTransactions& query) {
                  return list_transactions(backend, query);
                });
  registry.pass_on({"send_transaction",
                    "POST",
                    "/v1/transactions",
                    "chain",
                    "Sends any signed transaction and answers when it is in a block",
                    &kSentShape,
                    201,
                    false,
                    {409}},
                   [](const RestBackend&, const Done& done) -> RestResult<Answer> {
                     return Answer::parse(Params().text("from", hex::checksummed(done.sender)).json());
                   });
  registry.read(
      {"list_blocks", "GET", "/v1/blocks", "chain", "Blocks, newest first", &kBlockShape, 200, true},
      [](const RestBackend& backend, const ListBlocks& query) { return list_blocks(backend, query); });
  registry.read(
      {"get_block",
       "GET",
       "/v1/blocks/{number_or_hash}",
       "chain",
       "A block by number, hash or latest",
       &kBlockShape,
       200,
       false,
       {404}},
      [](const RestBackend& backend, const std::string& reference) { return get_block(backend, reference); });
}

}  // namespace aitbc::rest
