#include "world.hpp"

#include "crypto/keccak.hpp"

namespace aitbc::test {

Result<std::optional<Account>> AccountsView::account(const Address& address) const {
  const auto at = accounts_.find(address);
  if (at == accounts_.end()) return std::nullopt;
  return at->second;
}

const PrivateKey& key_of(int sender) {
  static std::map<int, PrivateKey> keys;
  const auto known = keys.find(sender);
  if (known != keys.end()) return known->second;
  Bytes secret(32, 0x11);
  secret[30] = static_cast<std::uint8_t>(sender >> 8);
  secret[31] = static_cast<std::uint8_t>(sender);
  return keys.emplace(sender, *PrivateKey::from_bytes(secret)).first->second;
}

Address address_of(int sender) {
  static std::map<int, Address> addresses;
  const auto known = addresses.find(sender);
  return known != addresses.end() ? known->second
                                  : addresses.emplace(sender, key_of(sender).address()).first->second;
}

Transaction unsigned_transfer(const Transfer& transfer) {
  Transaction transaction;
  transaction.type = TransactionType::dynamic_fee;
  transaction.chain_id = kChainId;
  transaction.nonce = transfer.nonce;
  transaction.max_priority_fee_per_gas = transfer.tip;
  transaction.max_fee_per_gas = transfer.max_fee;
  transaction.gas_limit = transfer.gas;
  transaction.to = Address{};
  transaction.to->bytes[0] = 0xee;
  transaction.value = transfer.value;
  return transaction;
}

TransactionPtr signed_by(int sender, Transaction transaction) {
  sign_transaction(transaction, key_of(sender));
  auto recovered = recover_transaction(encode(transaction));
  REQUIRE(recovered);
  REQUIRE((*recovered)->sender == address_of(sender));
  return *recovered;
}

TransactionPtr make(const Transfer& transfer) {
  return signed_by(transfer.from, unsigned_transfer(transfer));
}

TransactionPtr make_unsigned(const Transfer& transfer) {
  auto recovered = std::make_shared<RecoveredTransaction>();
  recovered->transaction = unsigned_transfer(transfer);
  recovered->sender = address_of(transfer.from);
  recovered->wire = encode(recovered->transaction);
  append(recovered->wire, recovered->sender);  // tells senders apart, as a signature would
  recovered->hash = keccak256(recovered->wire);
  return recovered;
}

World::World(MempoolOptions chosen) : options(chosen) { rules.chain_id = kChainId; }

void World::fund(int sender, std::uint64_t balance, Nonce nonce) {
  Account account = Account::empty();
  account.balance = Amount(balance);
  account.nonce = nonce;
  accounts[address_of(sender)] = account;
}

MempoolHead World::head() const {
  return {std::make_shared<AccountsView>(accounts), Amount(base_fee_), gas_limit_};
}

void World::open() {
  auto opened = Mempool::open(*store_, rules, options, head(), now);
  REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().message));
  pool_ = std::move(*opened);
}

void World::reopen() {
  pool_.reset();
  open();
}

std::string World::add(const TransactionPtr& transaction) { return add_all({transaction}).front(); }

std::vector<std::string> World::add_all(const std::vector<TransactionPtr>& transactions) {
  std::vector<std::string> answers;
  for (const Result<void>& result : pool_->add(transactions, now))
    answers.push_back(result ? "" : result.error().message);
  return answers;
}

Result<void> World::commit(const std::vector<TransactionPtr>& transactions) {
  Accounts after = accounts;
  for (const TransactionPtr& one : transactions) {
    Account& sender = after[one->sender];
    const auto fee = effective_fee(one->transaction, Amount(base_fee_));
    REQUIRE(fee);
    const auto cost = checked_add(*checked_mul(fee->gas_price, 21'000), *to_amount(one->transaction.value));
    const auto left = checked_sub(sender.balance, *cost);
    REQUIRE(left);
    REQUIRE(sender.nonce == one->transaction.nonce);
    sender.balance = *left;
    ++sender.nonce;
  }
  return finish(transactions, std::move(after));
}

Result<void> World::commit_balances(const std::map<int, std::uint64_t>& balances) {
  Accounts after = accounts;
  for (const auto& [sender, balance] : balances) {
    Account& account = after.try_emplace(address_of(sender), Account::empty()).first->second;
    account.balance = Amount(balance);
  }
  return finish({}, std::move(after));
}

Result<void> World::finish(const std::vector<TransactionPtr>& transactions, Accounts after) {
  std::vector<AccountChange> changes;
  for (const auto& [address, account] : after) {
    const auto before = accounts.find(address);
    if (before == accounts.end())
      changes.push_back({address, std::nullopt, account});
    else if (before->second != account)
      changes.push_back({address, before->second, account});
  }
  accounts = std::move(after);
  return pool_->committed({head(), transactions, changes}, now);
}

std::vector<TransactionPtr> World::select() const {
  return pool_->select(Amount(base_fee_), gas_limit_, std::size_t{64} << 20);
}

std::vector<std::uint64_t> World::stored() const {
  std::vector<std::uint64_t> arrivals;
  const auto snapshot = store_->snapshot();
  const auto row = snapshot->iterate(Table::mempool);
  for (row->seek({}); row->valid(); row->next()) arrivals.push_back(read_be64(row->key()));
  return arrivals;
}

namespace {

std::string text(const RecoveredTransaction& transaction) {
  for (int sender = 1; sender < 10'000; ++sender)
    if (address_of(sender) == transaction.sender)
      return std::to_string(sender) + ":" + std::to_string(transaction.transaction.nonce);
  return "?";
}

}  // namespace

std::string text(const std::vector<TransactionPtr>& transactions) {
  std::string all;
  for (const TransactionPtr& one : transactions) all += (all.empty() ? "" : " ") + text(*one);
  return all;
}

std::string text(const Mempool::SenderContent& content) {
  return text(content.pending) + " | " + text(content.queued);
}

}  // namespace aitbc::test
