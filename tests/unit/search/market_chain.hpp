// A chain with the marketplace over a memory store, the search index that follows it, and the queries.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <memory>

#include "marketplace/abi.hpp"
#include "marketplace/marketplace.hpp"
#include "node/search/market_reader.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/chain/chain_fixture.hpp"

namespace aitbc::search::test {

namespace json = boost::json;
using chain::test::key_of;

inline constexpr Seconds kHour = 3'600;
// Accounts by the seed of their key.
inline constexpr std::uint8_t kProvider = 1;
inline constexpr std::uint8_t kCustomer = 2;
inline constexpr std::uint8_t kRival = 3;
inline constexpr std::uint8_t kArbitrator = 4;

class MarketChain {
 public:
  // `marketplace`: the genesis section, the development network's when left out.
  explicit MarketChain(std::string_view marketplace = {});

  // ---- the chain
  // A call, to be part of the next block.
  void call(std::uint8_t from, std::string_view name, const std::string& arguments);
  // Commits the calls so far, `seconds` after the last block; each must succeed.
  void commit(Seconds seconds = 1);
  // From the next block on these validate.
  void vote_in(std::initializer_list<std::uint8_t> seeds);
  const chain::ChainView& head() const { return *view_; }
  chain::Chain& chain() { return *chain_; }
  Seconds now() const { return view_->head.timestamp; }

  // ---- shorthands, committed
  void register_provider();
  void register_gpu(const std::string& device, const std::string& model, unsigned memory_gb,
                    const std::string& price, const std::string& region = "eu-west");

  // ---- the index
  void open_index();  // follows from then on
  void close_index() { reader_.reset(), index_.reset(); }
  const std::filesystem::path& folder() const { return folder_; }

  // ---- the queries
  json::value ask(std::string_view method, const std::string& params = "{}") const;
  Error ask_badly(std::string_view method, const std::string& params = "{}") const;
  const MarketReader& reader() const { return *reader_; }

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<Module> module_;
  const Module* modules_[1];
  genesis::Genesis genesis_;
  Bytes extra_data_ = genesis_.extra_data;  // of the next block
  std::unique_ptr<chain::Chain> chain_;
  chain::ChainViewPtr view_;
  std::vector<TransactionPtr> pending_;
  std::map<std::uint8_t, Nonce> nonces_;
  aitbc::test::TempFolder temporary_;
  std::filesystem::path folder_;
  std::unique_ptr<SearchIndex> index_;
  std::unique_ptr<MarketReader> reader_;
};

std::string ids(const json::value& page);
std::string address(std::uint8_t seed);

}  // namespace aitbc::search::test
