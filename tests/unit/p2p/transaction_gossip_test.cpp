// Transactions between peers: who is told, who is asked, and what is done with what comes.
#include "node/p2p/transaction_gossip.hpp"

#include <doctest/doctest.h>

#include "crypto/keccak.hpp"
#include "tests/unit/chain/chain_fixture.hpp"
#include "tests/unit/p2p/stage.hpp"

using namespace aitbc;
using namespace aitbc::p2p;
using namespace aitbc::p2p::test;
using chain::test::Payment;

namespace {

struct Stage {
  chain::test::TestChain chain;
  std::unique_ptr<Mempool> pool =
      *Mempool::open(*chain.store, chain.chain->rules(), {}, chain.chain->mempool_head(), 1'764'000'000);
  HandRuntime runtime;
  HandNetwork network;
  TransactionGossip gossip{{network, runtime, *pool}};

  Stage() {
    network.add_listener(gossip);
    pool->on_admitted([this](std::span<const TransactionPtr> admitted) { gossip.announce(admitted); });
    gossip.start();
  }
  void settle() { runtime.advance(Duration(50)); }
  TransactionPtr make(Nonce nonce) const {
    return chain::test::pay(Payment{1, chain::test::key_of(2).address(), Amount(1), nonce});
  }
  bool has(const TransactionPtr& transaction) const { return pool->find(transaction->hash) != nullptr; }
  void admit(const TransactionPtr& transaction) { pool->add(std::span(&transaction, 1), 1'764'000'000); }
};

}  // namespace

TEST_CASE("what is admitted is announced once to each peer, many hashes in one message") {
  Stage stage;
  stage.network.connect(1);
  stage.network.connect(2);
  stage.settle();
  for (Nonce nonce = 0; nonce < 5; ++nonce) stage.admit(stage.make(nonce));
  stage.settle();
  const auto sent = stage.network.sent;
  REQUIRE(sent.size() == 2);
  CHECK(std::get<TransactionHashes>(sent[0].message).hashes.size() == 5);
  stage.network.sent.clear();
  stage.settle();
  CHECK(stage.network.sent.empty());
}

TEST_CASE(
    "an announced transaction is fetched from its announcer, admitted and announced to the others only") {
  Stage stage;
  for (const PeerId id : std::initializer_list<PeerId>{1, 2, 3}) stage.network.connect(id);
  const TransactionPtr transaction = stage.make(0);
  stage.network.receive(1, TransactionHashes{{transaction->hash}});
  CHECK(stage.network.take<GetTransactions>(1) == std::vector{GetTransactions{{transaction->hash}}});
  stage.network.receive(2, TransactionHashes{{transaction->hash}});  // announced again: not asked twice
  CHECK(stage.network.sent.empty());
  stage.network.receive(1, Transactions{{transaction->wire}});
  stage.settle();
  CHECK(stage.has(transaction));
  REQUIRE(stage.network.sent.size() == 1);
  CHECK(stage.network.sent[0].peer == 3);
  CHECK(stage.network.sent[0].message == Message(TransactionHashes{{transaction->hash}}));
  CHECK(stage.network.punished.empty());
}

TEST_CASE("what is here already, or was, is not asked for") {
  Stage stage;
  stage.network.connect(1);
  const TransactionPtr transaction = stage.make(0);
  stage.admit(transaction);
  stage.settle();
  stage.network.sent.clear();
  stage.network.receive(1, TransactionHashes{{transaction->hash}});
  CHECK(stage.network.sent.empty());
}

TEST_CASE("who does not answer is passed over for another announcer") {
  Stage stage;
  for (const PeerId id : std::initializer_list<PeerId>{1, 2}) stage.network.connect(id);
  const TransactionPtr transaction = stage.make(0);
  stage.network.receive(1, TransactionHashes{{transaction->hash}});
  stage.network.receive(2, TransactionHashes{{transaction->hash}});
  stage.network.sent.clear();
  stage.runtime.advance(TransactionGossip::kAnswerTime * 3 / 2);
  CHECK(stage.network.take<GetTransactions>(2) == std::vector{GetTransactions{{transaction->hash}}});
  stage.network.receive(2, Transactions{{transaction->wire}});
  stage.settle();
  CHECK(stage.has(transaction));
}

TEST_CASE("an announcer who left is not asked") {
  Stage stage;
  for (const PeerId id : std::initializer_list<PeerId>{1, 2}) stage.network.connect(id);
  const TransactionPtr transaction = stage.make(0);
  stage.network.receive(1, TransactionHashes{{transaction->hash}});
  stage.network.receive(2, TransactionHashes{{transaction->hash}});
  stage.network.drop(2);
  stage.network.sent.clear();
  stage.runtime.advance(TransactionGossip::kAnswerTime * 2);
  CHECK(stage.network.sent.empty());
  stage.network.receive(1, TransactionHashes{{transaction->hash}});  // named again, it is asked for again
  CHECK(stage.network.take<GetTransactions>(1).size() == 1);
}

TEST_CASE("requests are answered with what the pool has") {
  Stage stage;
  stage.network.connect(1);
  const TransactionPtr known = stage.make(0);
  stage.admit(known);
  stage.settle();
  stage.network.sent.clear();
  stage.network.receive(1, GetTransactions{{known->hash, stage.make(1)->hash}});
  CHECK(stage.network.take<Transactions>(1) == std::vector{Transactions{{known->wire}}});
  stage.network.receive(1, GetTransactions{{stage.make(1)->hash}});
  CHECK(stage.network.sent.empty());
}

TEST_CASE("a transaction nobody asked for is not examined, and costs its sender") {
  Stage stage;
  stage.network.connect(1);
  const TransactionPtr transaction = stage.make(0);
  stage.network.receive(1, Transactions{{transaction->wire}});
  stage.settle();
  CHECK(!stage.has(transaction));
  CHECK(stage.network.punished == std::vector<std::pair<PeerId, Offence>>{{1, Offence::nuisance}});
}

TEST_CASE("bytes that cannot be a transaction are a forgery, though their hash was asked for") {
  Stage stage;
  stage.network.connect(1);
  const Bytes forged(100, 0x02);
  stage.network.receive(1, TransactionHashes{{keccak256(forged)}});
  stage.network.receive(1, Transactions{{forged}});
  stage.settle();
  CHECK(stage.network.punished == std::vector<std::pair<PeerId, Offence>>{{1, Offence::forgery}});
}

TEST_CASE("what the pool refuses is nobody's fault, and may come again") {
  Stage stage;
  stage.network.connect(1);
  const TransactionPtr far = stage.make(5000);
  stage.network.receive(1, TransactionHashes{{far->hash}});
  stage.network.receive(1, Transactions{{far->wire}});
  stage.settle();
  CHECK(!stage.has(far));
  CHECK(stage.network.punished.empty());
  stage.network.sent.clear();
  stage.network.receive(1, TransactionHashes{{far->hash}});
  CHECK(stage.network.take<GetTransactions>(1).size() == 1);
}

TEST_CASE("who connects is told of everything that waits") {
  Stage stage;
  for (Nonce nonce = 0; nonce < 3; ++nonce) stage.admit(stage.make(nonce));
  stage.settle();
  stage.network.connect(1);
  stage.settle();
  const auto told = stage.network.take<TransactionHashes>(1);
  REQUIRE(told.size() == 1);
  CHECK(told[0].hashes.size() == 3);
}

TEST_CASE("what waits long is named again, though it was announced before") {
  Stage stage;
  stage.network.connect(1);
  stage.admit(stage.make(0));
  stage.settle();
  stage.network.sent.clear();
  stage.runtime.advance(TransactionGossip::kReminder);
  CHECK(stage.network.take<TransactionHashes>(1).size() == 1);
}

TEST_CASE("one peer's announcements fill only its share of what is fetched") {
  Stage stage;
  for (const PeerId id : std::initializer_list<PeerId>{1, 2}) stage.network.connect(id);
  std::size_t asked = 0;
  for (std::uint64_t message = 0; message < 10; ++message) {
    TransactionHashes all;
    for (std::uint64_t i = 0; i < kMaxHashes; ++i) {
      Bytes seed;
      append_be64(seed, message * kMaxHashes + i);
      all.hashes.push_back(keccak256(seed));
    }
    stage.network.receive(1, all);
    for (const GetTransactions& request : stage.network.take<GetTransactions>(1))
      asked += request.hashes.size();
  }
  CHECK(asked == TransactionGossip::kMaxWantedOfPeer);
  stage.network.receive(2, TransactionHashes{{stage.make(0)->hash}});
  CHECK(stage.network.take<GetTransactions>(2).size() == 1);
}

TEST_CASE("a peer that asks for the same again and again is answered for a while only") {
  Stage stage;
  stage.network.connect(1);
  TransactionPtr large = [] {
    Transaction transaction;
    transaction.chain_id = chain::test::small_genesis().rules.chain_id;
    transaction.max_fee_per_gas = Uint256(100'000'000'000);
    transaction.gas_limit = 10'000'000;
    transaction.to = chain::test::key_of(2).address();
    transaction.data = Bytes(100'000, 0);
    sign_transaction(transaction, chain::test::key_of(1));
    return *recover_transaction(encode(transaction));
  }();
  stage.admit(large);
  stage.settle();
  REQUIRE(stage.has(large));
  stage.network.sent.clear();
  for (int i = 0; i < 2000; ++i) stage.network.receive(1, GetTransactions{{large->hash}});
  const std::size_t answered = stage.network.take<Transactions>(1).size();
  CHECK(answered > 500);
  CHECK(answered < 1000);
  CHECK(stage.network.punished.size() == 2000 - answered);
  stage.runtime.advance(std::chrono::seconds(10));
  stage.network.sent.clear();
  stage.network.receive(1, GetTransactions{{large->hash}});
  CHECK(stage.network.take<Transactions>(1).size() == 1);
}
