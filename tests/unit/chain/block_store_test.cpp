#include "node/chain/block_store.hpp"

#include "chain_fixture.hpp"
#include "node/chain/block_records.hpp"
#include "node/chain/schema.hpp"

using namespace aitbc;
using namespace aitbc::chain;
using namespace aitbc::chain::test;

namespace {

constexpr Height kHeight = 7;

struct Stored {
  std::unique_ptr<Store> store = make_memory_store();
  Block block;
  BlockOutcome outcome;

  // A block of so many transactions, the i-th with i gas used and i % 3 logs, and perhaps a system receipt.
  Stored(std::uint32_t transactions, bool system) {
    block.header.number = kHeight;
    for (std::uint32_t i = 0; i < transactions; ++i) {
      block.transactions.push_back(pay({1, Address(), Amount(1), i}));
      outcome.receipts.push_back(with_logs(i % 3));
      outcome.gas_used.push_back(i);
      outcome.effective_gas_price.push_back(Amount(i));
    }
    if (system) outcome.receipts.push_back(with_logs(2));
    WriteBatch batch;
    const StoredBody body = append_body(batch, kHeight, block.transactions, outcome);
    append_head(batch, block.header, header_hash(block.header), {}, body);
    REQUIRE(store->write(batch, Durability::synced).has_value());
  }

  static Receipt with_logs(std::size_t count) {
    Receipt receipt;
    for (std::size_t i = 0; i < count; ++i) {
      Log log;
      log.data = Bytes(i + 1, 7);
      receipt.logs.push_back(log);
    }
    return receipt;
  }
};

void check_reads_back(std::uint32_t count, bool system) {
  const Stored stored(count, system);
  const auto snapshot = stored.store->snapshot();
  const auto all = *read_transactions(*snapshot, kHeight);
  const auto hashes = *read_transaction_hashes(*snapshot, kHeight);
  const auto receipts = *read_receipts(*snapshot, kHeight);
  REQUIRE(all.size() == count);
  REQUIRE(hashes.size() == count);
  REQUIRE(receipts.size() == stored.outcome.receipts.size());
  std::uint64_t logs = 0;
  for (std::uint32_t i = 0; i < receipts.size(); ++i) {
    const auto receipt = *read_receipt(*snapshot, {kHeight, i});
    REQUIRE(receipt.has_value());
    CHECK(receipt->receipt.logs == stored.outcome.receipts[i].logs);
    CHECK(receipt->first_log_index == logs);
    CHECK(receipts[i].first_log_index == logs);
    logs += receipt->receipt.logs.size();
    const auto transaction = *read_transaction(*snapshot, {kHeight, i});
    if (i == count) {
      CHECK(transaction == nullptr);
      CHECK(find_transaction(*snapshot, system_transaction_hash(kHeight)).value()->index == i);
      continue;
    }
    CHECK(receipt->gas_used == i);
    REQUIRE(transaction != nullptr);
    CHECK(transaction->hash == stored.block.transactions[i]->hash);
    CHECK(transaction->sender == stored.block.transactions[i]->sender);
    CHECK(all[i]->wire == transaction->wire);
    CHECK(hashes[i] == transaction->hash);
    CHECK(find_transaction(*snapshot, transaction->hash).value()->index == i);
  }
  const auto beyond = static_cast<std::uint32_t>(receipts.size());
  CHECK_FALSE(read_receipt(*snapshot, {kHeight, beyond})->has_value());
  CHECK(*read_transaction(*snapshot, {kHeight, beyond}) == nullptr);
  CHECK(*read_transaction(*snapshot, {kHeight + 1, 0}) == nullptr);
}

}  // namespace

TEST_CASE("blocks of every number of pages read back, with and without a receipt of their own work") {
  for (const std::uint32_t count : {0U, 1U, 15U, 16U, 17U, 32U, 40U})
    for (const bool system : {false, true}) check_reads_back(count, system);
}

TEST_CASE("a page that is cut, too long or missing is corruption, never fewer transactions") {
  const Stored stored(40, false);
  const Bytes second = page_key(kHeight, 1);
  const Bytes page = **stored.store->get(Table::blocks, second);
  const auto code_with = [&](const std::optional<Bytes>& other) {
    WriteBatch harm;
    if (other)
      harm.put(Table::blocks, second, *other);
    else
      harm.erase(Table::blocks, second);
    REQUIRE(stored.store->write(harm, Durability::synced).has_value());
    const auto read = read_transactions(*stored.store->snapshot(), kHeight);
    CHECK(read_transaction_hashes(*stored.store->snapshot(), kHeight).has_value() == read.has_value());
    return read ? std::optional<ErrorCode>() : read.error().code;
  };
  Bytes twice = page;
  append(twice, page);
  CHECK(code_with(Bytes(page.begin(), page.end() - 1)) == ErrorCode::corruption);
  CHECK(code_with(twice) == ErrorCode::corruption);
  CHECK(code_with(std::nullopt) == ErrorCode::corruption);
  CHECK_FALSE(code_with(page).has_value());
}
