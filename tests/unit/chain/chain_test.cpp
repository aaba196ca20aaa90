#include "chain_fixture.hpp"
#include "execution/state_trie.hpp"
#include "node/chain/history.hpp"
#include "storage/fault_store.hpp"

using namespace aitbc;
using namespace aitbc::chain;
using namespace aitbc::chain::test;

TEST_CASE("a built block commits and becomes the head with its receipts and indexes") {
  TestChain test;
  const Address to = key_of(50).address();
  const std::vector<TransactionPtr> transactions{pay({1, to, Amount(5), 0}), pay({2, to, Amount(7), 0})};
  const Block block = test.extend(transactions);
  const auto view = test.chain->view();
  CHECK(view->head == block.header);
  CHECK(view->head.number == 1);
  CHECK(test.balance(to) == Amount(12));
  const auto location = find_transaction(*view->snapshot, transactions[1]->hash);
  REQUIRE(location->has_value());
  CHECK((*location)->height == 1);
  const auto receipt = read_receipt(*view->snapshot, **location);
  REQUIRE(receipt->has_value());
  CHECK((*receipt)->receipt.succeeded);
  CHECK((*receipt)->gas_used == 21'000);
  const auto stored = read_block(*view->snapshot, 1);
  REQUIRE(stored->has_value());
  CHECK((*stored)->header == block.header);
  CHECK((*stored)->transactions.at(0)->sender == key_of(1).address());
  CHECK((*stored)->transactions.at(0)->wire == transactions[0]->wire);
}

TEST_CASE("a block is full when its gas is used, not when the limits of its transactions add up") {
  TestChain test;
  const Gas half = test.genesis.gas_limit / 2;
  const auto pool_store = make_memory_store();
  const auto pool =
      *Mempool::open(*pool_store, test.chain->rules(), {}, test.chain->mempool_head(), Seconds{});
  std::vector<TransactionPtr> transactions;
  for (std::uint8_t from = 1; from <= 5; ++from)
    transactions.push_back(pay({.from = from, .to = key_of(50).address(), .gas = half}));
  for (const auto& admitted : pool->add(transactions, Seconds{})) REQUIRE(admitted.has_value());

  const auto candidates = pool->candidates(test.chain->view()->next_base_fee);
  const auto block = test.chain->build(test.next_fields(), *candidates);
  REQUIRE(block.has_value());
  // Each uses 21,000 of its half: after the first two, only one more may begin at a time.
  CHECK(block->transactions.size() == 5);
  CHECK(block->header.gas_used == 5 * 21'000);
}

TEST_CASE("what may use more gas than the block has left waits for another block") {
  TestChain test;
  const Gas all = test.genesis.gas_limit;
  const auto pool_store = make_memory_store();
  const auto pool =
      *Mempool::open(*pool_store, test.chain->rules(), {}, test.chain->mempool_head(), Seconds{});
  std::vector<TransactionPtr> transactions{pay({.from = 1, .to = key_of(50).address(), .gas = all}),
                                           pay({.from = 2, .to = key_of(50).address(), .gas = all})};
  for (const auto& admitted : pool->add(transactions, Seconds{})) REQUIRE(admitted.has_value());
  const auto candidates = pool->candidates(test.chain->view()->next_base_fee);
  const auto block = test.chain->build(test.next_fields(), *candidates);
  REQUIRE(block.has_value());
  CHECK(block->transactions.size() == 1);
}

TEST_CASE("the head's state root is what the trie holds after every block") {
  TestChain test;
  for (Nonce nonce = 0; nonce < 20; ++nonce) {
    std::vector<TransactionPtr> transactions;
    for (std::uint8_t from = 1; from <= 4; ++from)
      transactions.push_back(
          pay({from, key_of(static_cast<std::uint8_t>(60 + nonce % 7)).address(), Amount(from), nonce}));
    test.extend(transactions);
    const auto view = test.chain->view();
    CHECK(*state_root(*view->snapshot) == view->head.state_root);
  }
  const auto report = check_state_trie(*test.chain->view()->snapshot);
  REQUIRE(report.has_value());
  CHECK(report->root == test.chain->view()->head.state_root);
}

TEST_CASE("a block that is large enough for two threads is stored whole, and checked alike elsewhere") {
  TestChain proposer;
  TestChain validator;
  const Address to = key_of(50).address();
  for (Nonce round = 0; round < 3; ++round) {
    std::vector<TransactionPtr> transactions;
    for (Nonce i = 0; i < 12; ++i)
      for (std::uint8_t from = 1; from <= 8; ++from)
        transactions.push_back(pay({from, to, Amount(from), round * 12 + i}));
    const Block block = proposer.extend(transactions);
    REQUIRE(validator.chain->check(block).has_value());
    REQUIRE(validator.chain->commit(block, {}).has_value());
    const auto view = validator.chain->view();
    CHECK(view->head_hash == proposer.chain->view()->head_hash);
    const auto stored = read_block(*view->snapshot, round + 1);
    REQUIRE(stored->has_value());
    REQUIRE((*stored)->transactions.size() == transactions.size());
    for (std::size_t i = 0; i < transactions.size(); ++i)
      CHECK((*stored)->transactions[i]->hash == transactions[i]->hash);
    CHECK(read_receipts(*view->snapshot, round + 1)->size() == transactions.size());
    const auto location = find_transaction(*view->snapshot, transactions.back()->hash);
    REQUIRE(location->has_value());
    CHECK((*location)->index == transactions.size() - 1);
  }
  const auto view = validator.chain->view();
  for (Height height = 0; height <= 3; ++height) {
    const auto account = (*state_at(view->snapshot, 3, height))->account(to);
    const Amount balance = *account ? (*account)->balance : Amount();
    CHECK(balance == Amount(height * 12 * 36));  // 36: 1 to 8 added up
  }
}

TEST_CASE("a proposed block is checked without leaving a trace, and committing it executes nothing again") {
  TestChain proposer;
  TestChain validator;
  const std::vector<TransactionPtr> transactions{pay({1, key_of(9).address(), Amount(3), 0})};
  const Block block = *proposer.chain->build(proposer.next_fields(), transactions);
  const Hash before = validator.chain->view()->head_hash;
  REQUIRE(validator.chain->check(block).has_value());
  CHECK(validator.chain->view()->head_hash == before);
  REQUIRE(validator.chain->commit(block, {}).has_value());
  CHECK(validator.chain->view()->head_hash == header_hash(block.header));
}

TEST_CASE("a checked block that is never committed leaves the chain able to build another") {
  TestChain test;
  const Address to = key_of(9).address();
  REQUIRE(test.chain->build(test.next_fields(), std::vector{pay({1, to, Amount(3), 0})}).has_value());
  test.extend(std::vector{pay({2, to, Amount(4), 0})});
  CHECK(test.balance(to) == Amount(4));
  CHECK(*state_root(*test.chain->view()->snapshot) == test.chain->view()->head.state_root);
}

TEST_CASE("a block with any wrong field is refused by name and changes nothing") {
  TestChain test;
  const Block good =
      *test.chain->build(test.next_fields(), std::vector{pay({1, key_of(9).address(), Amount(3), 0})});
  const auto refused = [&](const char* word, auto change) {
    Block bad = good;
    change(bad.header);
    const auto checked = test.chain->check(bad);
    REQUIRE_FALSE(checked.has_value());
    INFO(checked.error().message);
    CHECK(checked.error().message.find(word) != std::string::npos);
    CHECK(test.chain->view()->head.number == 0);
  };
  refused("state root", [](Header& header) { header.state_root.bytes[0] ^= 1; });
  refused("receipts root", [](Header& header) { header.receipts_root.bytes[0] ^= 1; });
  refused("transactions root", [](Header& header) { header.transactions_root.bytes[0] ^= 1; });
  refused("bloom", [](Header& header) { header.logs_bloom.bytes[0] ^= 1; });
  refused("gas", [](Header& header) { header.gas_used += 1; });
  refused("gas limit", [](Header& header) { header.gas_limit += 1; });
  refused("base fee", [](Header& header) { header.base_fee_per_gas = Amount(1); });
  refused("parent", [](Header& header) { header.parent_hash.bytes[0] ^= 1; });
  refused("follow", [](Header& header) { header.number += 1; });
  REQUIRE(test.chain->commit(good, {}).has_value());
}

TEST_CASE("another genesis for an existing database is refused with both hashes") {
  TestChain test;
  genesis::Genesis other = test.genesis;
  other.timestamp += 1;
  const auto opened = Chain::open(*test.store, other, {}, {});
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::conflict);
  CHECK(opened.error().message.find("0x") != opened.error().message.rfind("0x"));
}

TEST_CASE("a reopened chain goes on from its head") {
  TestChain test;
  const Block first = test.extend(std::vector{pay({1, key_of(9).address(), Amount(3), 0})});
  test.chain = test.open();
  CHECK(test.chain->view()->head == first.header);
  test.extend(std::vector{pay({1, key_of(9).address(), Amount(4), 1})});
  CHECK(test.balance(key_of(9).address()) == Amount(7));
}

TEST_CASE("old balances are read from history until it is pruned") {
  TestChain test;
  test.chain = test.open({.history_blocks = 5});
  const Address to = key_of(9).address();
  for (Nonce nonce = 0; nonce < 12; ++nonce) test.extend(std::vector{pay({1, to, Amount(10), nonce})});
  const auto view = test.chain->view();
  for (Height height = 7; height <= 12; ++height) {
    const auto state = state_at(view->snapshot, 12, height);
    REQUIRE(state.has_value());
    const auto account = (*state)->account(to);
    REQUIRE(account->has_value());
    CHECK((*account)->balance == Amount(10 * height));
  }
  const auto pruned = state_at(view->snapshot, 12, 3);
  REQUIRE_FALSE(pruned.has_value());
  CHECK(pruned.error().message.find("pruned") != std::string::npos);
  CHECK_FALSE(state_at(view->snapshot, 12, 13).has_value());
}

TEST_CASE("an account that did not exist yet is absent from the state of then") {
  TestChain test;
  test.extend({});
  test.extend(std::vector{pay({1, key_of(9).address(), Amount(10), 0})});
  const auto state = state_at(test.chain->view()->snapshot, 2, 1);
  REQUIRE(state.has_value());
  CHECK_FALSE((*state)->account(key_of(9).address())->has_value());
}

TEST_CASE("a failing disk fails the commit, and the reopened chain is wholly before or after it") {
  for (const bool fails_before : {true, false}) {
    auto store = make_fault_store();
    const genesis::Genesis genesis = small_genesis();
    auto chain = std::move(*Chain::open(*store, genesis, {}, {}));
    const Block block = *chain->build({1, genesis.timestamp + 1, key_of(200).address(), genesis.extra_data},
                                      std::vector{pay({1, key_of(9).address(), Amount(3), 0})});
    if (fails_before)
      store->on_write(
          [](std::uint64_t, const WriteBatch&) -> Result<void> { return fail(ErrorCode::io, "disk full"); });
    CHECK(chain->commit(block, {}).has_value() == !fails_before);
    CHECK(chain->view()->head.number == (fails_before ? 0 : 1));
    store->on_write(nullptr);
    store->crash(0);
    const auto reopened = Chain::open(*store, genesis, {}, {});
    REQUIRE(reopened.has_value());
    CHECK((*reopened)->view()->head.number == (fails_before ? 0 : 1));
    CHECK(check_state_trie(*(*reopened)->view()->snapshot).has_value());
  }
}
