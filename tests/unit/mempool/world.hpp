// A small chain around a pool: accounts, blocks and a disk that can fail.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mempool/mempool.hpp"
#include "storage/fault_store.hpp"

namespace aitbc::test {

inline constexpr std::uint64_t kChainId = 661'436;
inline constexpr Seconds kStart = 1'766'828'620;

using Accounts = std::map<Address, Account>;

class AccountsView final : public StateView {
 public:
  explicit AccountsView(Accounts accounts) : accounts_(std::move(accounts)) {}
  Result<std::optional<Account>> account(const Address& address) const override;
  Result<std::optional<Bytes>> storage(const Address&, ByteView) const override { return std::nullopt; }
  Result<std::optional<KeyValue>> storage_lower_bound(const Address&, ByteView) const override {
    return std::nullopt;
  }

 private:
  Accounts accounts_;
};

// A transfer to nobody in particular; what a test does not care about has a harmless value.
struct Transfer {
  int from = 1;
  Nonce nonce = 0;
  std::uint64_t tip = 1;
  std::uint64_t max_fee = 1'000;
  std::uint64_t value = 0;
  Gas gas = 21'000;
};

const PrivateKey& key_of(int sender);
Address address_of(int sender);
Transaction unsigned_transfer(const Transfer& transfer);
// Signed, encoded and recovered as it would arrive.
TransactionPtr signed_by(int sender, Transaction transaction);
TransactionPtr make(const Transfer& transfer);
// Without a signature, for tests that need many and never read them back from the disk.
TransactionPtr make_unsigned(const Transfer& transfer);

class World {
 public:
  explicit World(MempoolOptions chosen = {});

  // What a sender has; Accounts not named have nothing.
  void fund(int sender, std::uint64_t balance, Nonce nonce = 0);
  void set_base_fee(std::uint64_t base_fee) { base_fee_ = base_fee; }
  void set_gas_limit(Gas gas_limit) { gas_limit_ = gas_limit; }
  MempoolHead head() const;

  void open();
  // As after `kill -9`: nothing of the pool's memory survives.
  void reopen();
  Mempool& pool() { return *pool_; }
  FaultStore& store() { return *store_; }

  // "" when admitted, otherwise why not.
  std::string send(const Transfer& transfer) { return add(make(transfer)); }
  std::string add(const TransactionPtr& transaction);
  std::vector<std::string> add_all(const std::vector<TransactionPtr>& transactions);

  // Executes the transactions as a block and tells the pool.
  Result<void> commit(const std::vector<TransactionPtr>& transactions);
  // A block without transactions that gives accounts new balances.
  Result<void> commit_balances(const std::map<int, std::uint64_t>& balances);

  // What would go into a block now.
  std::vector<TransactionPtr> select() const;
  // The arrival numbers on the disk.
  std::vector<std::uint64_t> stored() const;

  MempoolOptions options;
  ChainRules rules;
  Accounts accounts;
  Seconds now = kStart;

 private:
  Result<void> finish(const std::vector<TransactionPtr>& transactions, Accounts after);

  std::unique_ptr<FaultStore> store_ = make_fault_store();
  std::unique_ptr<Mempool> pool_;
  std::uint64_t base_fee_ = 7;
  Gas gas_limit_ = 30'000'000;
};

// "1:0 1:1 2:0": sender and nonce of each.
std::string text(const std::vector<TransactionPtr>& transactions);
// "1:0 1:1 | 1:3": pending and queued of one sender.
std::string text(const Mempool::SenderContent& content);

}  // namespace aitbc::test
