#include "market_chain.hpp"

#include "codec/hex.hpp"
#include "storage/memory_store.hpp"

namespace aitbc::search::test {

namespace {

genesis::Genesis genesis_with(std::string_view marketplace) {
  genesis::Genesis genesis = chain::test::small_genesis();
  if (!marketplace.empty()) genesis.marketplace = marketplace;
  return genesis;
}

}  // namespace

MarketChain::MarketChain(std::string_view marketplace)
    : store_(make_memory_store()),
      module_(make_marketplace()),
      modules_{module_.get()},
      genesis_(genesis_with(marketplace)),
      folder_(temporary_.path() / "search") {
  auto opened = chain::Chain::open(*store_, genesis_, modules_, {});
  REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
  chain_ = std::move(*opened);
  view_ = chain_->view();
  chain_->on_head([this](const chain::HeadEvent& event) {
    if (index_) index_->on_head(event);
    if (reader_) reader_->on_head(event);
  });
}

void MarketChain::call(std::uint8_t from, std::string_view name, const std::string& arguments) {
  const auto calldata = market::encode_call(name, arguments);
  REQUIRE_MESSAGE(calldata.has_value(), (calldata ? "" : calldata.error().message));
  Transaction transaction;
  transaction.chain_id = genesis_.rules.chain_id;
  transaction.nonce = nonces_[from]++;
  transaction.max_fee_per_gas = Uint256(100'000'000'000);
  transaction.max_priority_fee_per_gas = Uint256(1'000'000'000);
  transaction.gas_limit = 2'000'000;
  transaction.to = market::kContract;
  transaction.data = *calldata;
  sign_transaction(transaction, key_of(from));
  pending_.push_back(*recover_transaction(encode(transaction)));
}

void MarketChain::commit(Seconds seconds) {
  const Header head = view_->head;
  const chain::Chain::BlockTemplate fields{head.number + 1, head.timestamp + seconds, key_of(200).address(),
                                           extra_data_};
  const auto block = chain_->build(fields, pending_);
  REQUIRE(block.has_value());
  REQUIRE(block->transactions.size() == pending_.size());
  pending_.clear();
  const auto committed = chain_->commit(*block, header_hash(block->header));
  REQUIRE(committed.has_value());
  view_ = chain_->view();
  const auto receipts = chain::read_receipts(*view_->snapshot, head.number + 1);
  REQUIRE(receipts.has_value());
  for (const chain::StoredReceipt& receipt : *receipts) REQUIRE(receipt.receipt.succeeded);
}

void MarketChain::vote_in(std::initializer_list<std::uint8_t> seeds) {
  std::vector<Address> validators;
  for (const std::uint8_t seed : seeds) validators.push_back(key_of(seed).address());
  extra_data_ = genesis::encode_extra_data(validators);
}

void MarketChain::register_provider() {
  call(kProvider, "registerProvider", R"(["Nordlicht","eu-west","https://n.example"])");
  call(kProvider, "stake", "[\"" + address(kProvider) + "\",\"200000000000000000000\"]");
  commit();
}

void MarketChain::register_gpu(const std::string& device, const std::string& model, unsigned memory_gb,
                               const std::string& price, const std::string& region) {
  const json::object spec{{"deviceId", device},
                          {"model", model},
                          {"memoryGb", memory_gb},
                          {"cudaVersion", "12.4"},
                          {"computeCapability", "8.9"},
                          {"cudaCores", 16384},
                          {"region", region},
                          {"capabilities", json::array{"fp16", "nvenc"}},
                          {"category", "gpu-rental"},
                          {"attributes", json::array{}},
                          {"pricePerHour", price},
                          {"pricingStrategy", ""},
                          {"refundBps", 0},
                          {"minDuration", 0},
                          {"maxDuration", 0},
                          {"interruptible", false}};
  call(kProvider, "registerGpu", json::serialize(json::array{spec}));
}

void MarketChain::open_index() {
  close_index();
  auto opened = SearchIndex::open(folder_, *chain_);
  REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
  index_ = std::move(*opened);
  index_->start(nullptr, [](const Error& error) { FAIL_CHECK(error.message); });
  reader_ = std::make_unique<MarketReader>(*chain_, *index_, [this] { return now(); });
}

json::value MarketChain::ask(std::string_view method, const std::string& params) const {
  const auto answer = reader_->answer(method, params);
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().message));
  return json::parse(*answer);
}

Error MarketChain::ask_badly(std::string_view method, const std::string& params) const {
  const auto answer = reader_->answer(method, params);
  REQUIRE_FALSE(answer.has_value());
  return answer.error();
}

std::string ids(const json::value& page) {
  std::string out;
  for (const json::value& item : page.at("items").as_array())
    out += (out.empty() ? "" : " ") + std::string(item.at("id").as_string());
  return out;
}

std::string address(std::uint8_t seed) { return hex::checksummed(key_of(seed).address()); }

}  // namespace aitbc::search::test
