// A chain over a memory store with a contract, a pool and every method on top: what tests of methods ask.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <memory>
#include <set>
#include <string>

#include "crypto/keccak.hpp"
#include "node/rpc/fee_oracle.hpp"
#include "node/rpc/filters.hpp"
#include "node/rpc/json_rpc.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/subscriptions.hpp"
#include "tests/support/test_module.hpp"
#include "tests/unit/chain/chain_fixture.hpp"

namespace aitbc::rpc::test {

namespace json = boost::json;
using chain::test::key_of;

Address contract_address();
// What the contract does is chosen by the first byte of the calldata.
inline constexpr std::uint8_t kStore = 1;   // stores the rest under "key" and logs topic "stored" with it
inline constexpr std::uint8_t kRevert = 2;  // reverts with Error("no luck")
inline constexpr std::uint8_t kRevertCustom = 3;  // reverts with the rest
inline constexpr std::uint8_t kReturn = 4;        // returns the rest
inline constexpr std::uint8_t kWantsGas = 5;      // uses little gas, but wants 100,000 to be there
inline constexpr std::uint8_t kTimestamp = 6;     // returns the block's timestamp and number
inline constexpr std::uint8_t kRemind = 7;        // makes the end of the block log "reminder"
inline constexpr std::uint8_t kHeartbeat = 8;     // reverts unless the rest is the hash of a recent block
inline constexpr std::uint8_t kValidators = 9;    // returns the block's validators, one after the other

struct TransactionFields {
  std::uint8_t from = 1;
  TransactionType type = TransactionType::dynamic_fee;
  std::optional<Address> to = Address{};
  Uint256 value = 0;
  Nonce nonce = 0;
  Bytes data = {};
  Gas gas_limit = 200'000;
  Uint256 tip = 2'000'000'000;
  Uint256 max_fee = 100'000'000'000;
  AccessList access_list = {};
};

class World {
 public:
  explicit World(JsonRpcOptions options = {});

  // ---- the chain
  TransactionPtr sign(const TransactionFields& fields) const;
  // Commits a block with these transactions and tells the pool and subscribers.
  Block commit(std::span<const TransactionPtr> transactions);
  // From the next block on these validate.
  void vote_in(std::span<const Address> validators) { extra_data_ = genesis::encode_extra_data(validators); }
  Block commit(const TransactionPtr& transaction) { return commit({&transaction, 1}); }
  Hash head_hash() const { return chain_->view()->head_hash; }

  // ---- the methods
  // The whole response, over a WebSocket when a subscriber is given.
  json::value respond(std::string_view method, std::string_view params,
                      const Subscriber& subscriber = nullptr);
  json::value ask(std::string_view method, std::string_view params = "[]",
                  const Subscriber& subscriber = nullptr);
  // The error's code and message: "-32000 nonce too low".
  std::string error(std::string_view method, std::string_view params = "[]",
                    const Subscriber& subscriber = nullptr);

  chain::Chain& chain() { return *chain_; }
  Mempool& pool() { return *pool_; }
  const JsonRpc& rpc() const { return rpc_; }

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<aitbc::test::TestModule> contract_;
  const Module* modules_[1];
  genesis::Genesis genesis_;
  Bytes extra_data_ = genesis_.extra_data;  // of the next block
  std::unique_ptr<chain::Chain> chain_;
  std::unique_ptr<Mempool> pool_;
  FeeOracle fees_;
  std::unique_ptr<Filters> filters_;
  std::unique_ptr<Subscriptions> subscriptions_;

 public:
  Seconds now;
  Backend backend;  // to be changed before the first call only
  Registry registry;

 private:
  JsonRpc rpc_;
};

// "0x..." of bytes, in quotes.
std::string quoted(ByteView bytes);
std::string hex_of(std::uint64_t value);
std::string_view text(const json::value& value);
std::set<std::string> keys_of(const json::value& object);

}  // namespace aitbc::rpc::test
