#include <set>

#include "world.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

// What the test itself knows must be pooled: the last acknowledged transaction of each nonce.
using Promised = std::map<std::pair<Address, Nonce>, TransactionPtr>;

void add_and_note(World& world, const std::vector<TransactionPtr>& transactions, Promised& promised) {
  const auto answers = world.add_all(transactions);
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i].empty())
      promised[{transactions[i]->sender, transactions[i]->transaction.nonce}] = transactions[i];
}

// Batches, replacements, gaps and blocks; stops where the disk does.
void live(World& world, Promised& promised) {
  for (unsigned round = 0; round < 6; ++round) {
    std::vector<TransactionPtr> batch;
    for (int sender = 1; sender <= 3; ++sender)
      for (Nonce nonce = 2 * round; nonce < 2 * round + 4; ++nonce)
        batch.push_back(
            make({.from = sender, .nonce = nonce, .tip = 10 * (round + 1), .max_fee = 1'000 * (round + 1)}));
    add_and_note(world, batch, promised);
    add_and_note(world, {make({.from = 4, .nonce = round + 1})}, promised);
    if (round % 2 == 0) continue;
    const auto chosen = world.select();
    Accounts after = world.accounts;
    std::map<Address, AccountChange> changes;
    for (const auto& one : chosen) {
      AccountChange& change =
          changes.try_emplace(one->sender, AccountChange{one->sender, after[one->sender], {}}).first->second;
      ++after[one->sender].nonce;
      change.after = after[one->sender];
      promised.erase({one->sender, one->transaction.nonce});
    }
    world.accounts = after;
    std::vector<AccountChange> list;
    for (const auto& [address, change] : changes) list.push_back(change);
    if (!world.pool().committed({world.head(), chosen, list}, world.now)) return;
  }
}

World funded_world() {
  World world;
  for (int sender = 1; sender <= 4; ++sender) world.fund(sender, 1'000'000'000'000'000);
  world.open();
  return world;
}

void check_exactly(World& world, const Promised& promised) {
  std::set<Hash> pooled;
  for (const auto& [address, content] : world.pool().content())
    for (const auto* part : {&content.pending, &content.queued})
      for (const TransactionPtr& one : *part) CHECK(pooled.insert(one->hash).second);
  CHECK(pooled.size() == promised.size());
  for (const auto& [place, transaction] : promised) CHECK(pooled.contains(transaction->hash));
}

}  // namespace

TEST_CASE("after a power cut at any write every acknowledged transaction is there, and none twice") {
  World undisturbed = funded_world();
  Promised all;
  live(undisturbed, all);
  const std::uint64_t writes = undisturbed.store().writes();
  REQUIRE(writes > 12);
  for (std::uint64_t cut = 0; cut <= writes; ++cut) {
    for (const std::size_t kept : {std::size_t{0}, std::size_t{1}, std::size_t{100}}) {
      CAPTURE(cut);
      CAPTURE(kept);
      World world = funded_world();
      Promised promised;
      world.store().on_write([cut](std::uint64_t number, const WriteBatch&) -> Result<void> {
        if (number >= cut) return fail(ErrorCode::io, "power is off");
        return {};
      });
      live(world, promised);
      world.store().on_write({});
      world.store().crash(kept);
      world.reopen();
      check_exactly(world, promised);
      world.reopen();
      check_exactly(world, promised);
      CHECK(world.stored().size() == promised.size());
    }
  }
}

TEST_CASE("arrival order survives a restart") {
  World world = funded_world();
  for (const int sender : {3, 1, 4, 2}) REQUIRE(world.send({.from = sender}) == "");
  world.reopen();
  CHECK(text(world.select()) == "3:0 1:0 4:0 2:0");
  REQUIRE(world.send({.from = 3, .nonce = 1}) == "");
  CHECK(world.stored() == std::vector<std::uint64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("a pool of many is reloaded whole, with senders recovered on every core") {
  World world = funded_world();
  std::vector<TransactionPtr> many;
  for (Nonce nonce = 0; nonce < 500; ++nonce) many.push_back(make({.from = 1, .nonce = nonce}));
  for (const std::string& answer : world.add_all(many)) REQUIRE(answer == "");
  CHECK(world.store().writes() == 1);  // one synced batch for all
  world.reopen();
  const auto chosen = world.pool().select(Amount(7), 1'000'000'000, 1U << 30);
  REQUIRE(chosen.size() == many.size());
  for (std::size_t i = 0; i < many.size(); ++i) {
    CHECK(chosen[i]->hash == many[i]->hash);
    CHECK(chosen[i]->sender == many[i]->sender);
    CHECK(chosen[i]->wire == many[i]->wire);
  }
}

TEST_CASE("what became invalid while the node was down is dropped, also from the disk") {
  MempoolOptions options;
  options.lifetime = std::chrono::seconds(1'000);
  World world(options);
  for (int sender = 1; sender <= 5; ++sender) world.fund(sender, 1'000'000'000'000);
  world.open();
  REQUIRE(world.send({.from = 5}) == "");
  world.now += 500;
  REQUIRE(world.send({.from = 1, .nonce = 0}) == "");
  REQUIRE(world.send({.from = 1, .nonce = 1}) == "");
  REQUIRE(world.send({.from = 2}) == "");
  REQUIRE(world.send({.from = 3, .max_fee = 10, .gas = 25'000'000}) == "");
  REQUIRE(world.send({.from = 4}) == "");
  world.fund(1, 1'000'000'000'000, 1);
  world.fund(2, 20);
  world.set_gas_limit(20'000'000);
  world.now += 501;
  world.reopen();
  CHECK(text(world.select()) == "1:1 4:0");
  CHECK(world.stored() == std::vector<std::uint64_t>{2, 5});
}

TEST_CASE("another chain's or stricter rules drop what they forbid at the next start") {
  World world = funded_world();
  REQUIRE(world.send({.from = 1, .tip = 5}) == "");
  REQUIRE(world.send({.from = 2, .tip = 6}) == "");
  world.options.min_priority_fee = Amount(6);
  world.reopen();
  CHECK(text(world.select()) == "2:0");
  world.rules.chain_id = 1;
  world.reopen();
  CHECK(world.select().empty());
  CHECK(world.stored().empty());
}

TEST_CASE("a stored transaction that does not read is corruption, not a repair") {
  const auto open_with = [](Bytes key, Bytes value) {
    World world = funded_world();
    REQUIRE(world.send({}) == "");
    WriteBatch batch;
    batch.put(Table::mempool, std::move(key), std::move(value));
    REQUIRE(world.store().write(batch, Durability::synced));
    const auto opened = Mempool::open(world.store(), world.rules, world.options, world.head(), world.now);
    REQUIRE(!opened);
    CHECK(opened.error().code == ErrorCode::corruption);
    return opened.error().message;
  };
  const Bytes key{0, 0, 0, 0, 0, 0, 0, 9};
  CHECK(open_with(key, {1, 2, 3}) == "stored pool transaction 9 does not read: no arrival time");
  CHECK(open_with(key, Bytes(40, 0x02)).starts_with("stored pool transaction 9 does not read: "));
  CHECK(open_with({1, 2}, {}) == "a stored pool key has not 8 bytes");
}
