#include "execution/state_trie.hpp"

#include <doctest/doctest.h>

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "model_state.hpp"
#include "storage/fault_store.hpp"
#include "storage/memory_store.hpp"
#include "types/header.hpp"

namespace aitbc {
namespace {

using test::BlockMaker;
using test::ModelState;

BlockMaker make_blocks(std::uint64_t seed) {
  static const auto addresses = test::clustered_addresses(24, 3);
  static const auto keys = test::clustered_storage_keys(16, 3);
  return BlockMaker(seed, addresses, keys);
}

void check_account_proof(const Snapshot& snapshot, const Hash& root, ModelState& state,
                         const Address& address, const Bytes& key) {
  const Hash slot = storage_slot(key);
  const auto proof = prove(snapshot, address, std::vector{slot});
  REQUIRE(proof);
  const auto proven = trie::verify_proof(root, keccak256(address), proof->nodes);
  REQUIRE(proven);
  const auto account = state.accounts.find(address);
  if (account == state.accounts.end()) {
    CHECK_FALSE(*proven);
    CHECK(proof->account == Account::empty());
  } else {
    CHECK(**proven == encode(account->second));
    CHECK(proof->account == account->second);
  }
  REQUIRE(proof->storage.size() == 1);
  const StorageProof& storage = proof->storage[0];
  const auto word = trie::verify_proof(proof->account.storage_root, keccak256(slot), storage.nodes);
  REQUIRE(word);
  const auto entry = state.storage[address].find(key);
  CHECK(storage.slot == slot);
  CHECK(word->has_value() == (entry != state.storage[address].end()));
  CHECK(storage.word == (*word ? storage_word(entry->second) : Hash{}));
  if (*word) {
    rlp::Encoder expected;
    expected.uint256(Uint256::from_be(storage.word));
    CHECK(**word == expected.take());
  }
}

}  // namespace

TEST_CASE("after each of thousands of random blocks the root is that of the state built anew") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    BlockMaker blocks = make_blocks(seed);
    ModelState state;
    const auto store = make_memory_store();
    // Caches of nothing, of almost nothing and of everything must not make a difference.
    TrieCache cache(seed % 3 == 0 ? 0 : seed % 3 == 1 ? 2000 : 1U << 20);
    for (int number = 0; number < 100; ++number) {
      CAPTURE(number);
      const auto root = test::commit(*store, cache, blocks.next(state));
      REQUIRE(root);
      REQUIRE(*root == test::root_of(state));
      REQUIRE(*state_root(*store->snapshot()) == *root);
    }
    const auto report = check_state_trie(*store->snapshot());
    REQUIRE(report);
    CHECK(report->root == test::root_of(state));
    CHECK(report->accounts == state.accounts.size());
  }
}

TEST_CASE("the diff gets the new storage roots") {
  const auto store = make_memory_store();
  TrieCache cache(1U << 20);
  const Address module{{1}};
  Account account = Account::empty();
  account.nonce = 1;
  StateDiff diff;
  diff.accounts.push_back({module, {}, account});
  diff.storage.push_back({module, {1}, {}, Bytes{7}});
  WriteBatch batch;
  REQUIRE(update_state_trie(*store->snapshot(), cache, diff, batch));
  CHECK(diff.accounts[0].after->storage_root == test::storage_root_of({{{1}, {7}}}));
}

TEST_CASE("proofs of what is there and of what is not hold against the root") {
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    BlockMaker blocks = make_blocks(seed);
    ModelState state;
    const auto store = make_memory_store();
    TrieCache cache(1U << 20);
    for (int number = 0; number < 30; ++number) {
      const auto root = test::commit(*store, cache, blocks.next(state));
      REQUIRE(root);
      test::root_of(state);
      for (int i = 0; i < 8; ++i)
        check_account_proof(*store->snapshot(), *root, state, blocks.any_address(), blocks.any_key());
    }
  }
}

TEST_CASE("an update that was not committed leaves nothing behind in the cache once it is forgotten") {
  BlockMaker blocks = make_blocks(7);
  ModelState state;
  const auto store = make_memory_store();
  TrieCache cache(1U << 20);
  for (int number = 0; number < 100; ++number) {
    ModelState other = state;
    StateDiff abandoned = blocks.next(other);
    WriteBatch ignored;
    REQUIRE(update_state_trie(*store->snapshot(), cache, abandoned, ignored));
    cache.forget();
    const auto root = test::commit(*store, cache, blocks.next(state));
    REQUIRE(root);
    REQUIRE(*root == test::root_of(state));
  }
}

TEST_CASE("a failing disk is reported by every operation and harms nothing") {
  BlockMaker blocks = make_blocks(11);
  ModelState state;
  const auto store = make_fault_store();
  TrieCache cache(0);
  std::uint64_t reads_until_fault = 0;
  const auto arm = [&](std::uint64_t reads) {
    reads_until_fault = reads;
    store->on_read([&](Table, ByteView) -> Result<void> {
      if (reads_until_fault == 0) return fail(ErrorCode::io, "unreadable");
      --reads_until_fault;
      return {};
    });
  };
  for (int number = 0; number < 60; ++number) {
    const StateDiff diff = blocks.next(state);
    for (std::uint64_t reads = 0;; ++reads) {  // fails at the first read, then at the second, ...
      arm(reads);
      const auto root = test::commit(*store, cache, diff);
      if (!root) REQUIRE(root.error().code == ErrorCode::io);
      if (!root) continue;
      store->on_read({});
      REQUIRE(*root == test::root_of(state));
      break;
    }
  }
  for (std::uint64_t reads = 0; reads < 20; ++reads) {
    arm(reads);
    const auto report = check_state_trie(*store->snapshot());
    REQUIRE_FALSE(report);
    arm(reads % 3);
    const auto proof = prove(*store->snapshot(), blocks.any_address(), {});
    CHECK((proof || proof.error().code == ErrorCode::io));
    CHECK(report.error().code == ErrorCode::io);
  }
}

TEST_CASE("the check of the state names what is wrong, whichever entry was altered, lost or added") {
  BlockMaker blocks = make_blocks(13);
  ModelState state;
  const auto store = make_memory_store();
  TrieCache cache(1U << 20);
  for (int number = 0; number < 40; ++number) REQUIRE(test::commit(*store, cache, blocks.next(state)));
  const auto snapshot = store->snapshot();
  REQUIRE(check_state_trie(*snapshot));
  const auto expect_corruption = [&](Table table, const Bytes& key, std::optional<Bytes> value) {
    const auto before = store->get(table, key);
    WriteBatch damage;
    value ? damage.put(table, key, *value) : damage.erase(table, key);
    REQUIRE(store->write(damage, Durability::buffered));
    const auto report = check_state_trie(*store->snapshot());
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::corruption);
    WriteBatch repair;
    *before ? repair.put(table, key, **before) : repair.erase(table, key);
    REQUIRE(store->write(repair, Durability::buffered));
  };
  for (const Table table : {Table::state, Table::trie}) {
    const auto it = snapshot->iterate(table);
    for (it->seek({}); it->valid(); it->next()) {
      Bytes value = to_bytes(it->value());
      value.push_back(1);
      expect_corruption(table, to_bytes(it->key()), value);
      expect_corruption(table, to_bytes(it->key()), std::nullopt);
      Bytes other_key = to_bytes(it->key());
      other_key.back() ^= 1;
      if (!store->get(table, other_key)->has_value())
        expect_corruption(table, other_key, to_bytes(it->value()));
    }
  }
  CHECK(check_state_trie(*store->snapshot()));
}

TEST_CASE("an empty state has the empty root and passes its check") {
  const auto store = make_memory_store();
  CHECK(*state_root(*store->snapshot()) == kEmptyTrieRoot);
  const auto report = check_state_trie(*store->snapshot());
  REQUIRE(report);
  CHECK(report->root == kEmptyTrieRoot);
  const auto proof = prove(*store->snapshot(), Address{}, std::vector{Hash{}});
  REQUIRE(proof);
  CHECK(proof->nodes.empty());
  StateDiff nothing;
  WriteBatch batch;
  TrieCache cache(0);
  CHECK(*update_state_trie(*store->snapshot(), cache, nothing, batch) == kEmptyTrieRoot);
  CHECK(batch.empty());
}

}  // namespace aitbc
