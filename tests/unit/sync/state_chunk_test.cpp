#include "node/sync/state_chunk.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <map>

#include "crypto/keccak.hpp"
#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "storage/memory_store.hpp"
#include "tests/unit/consensus/random.hpp"

using namespace aitbc;
using namespace aitbc::sync;
using qbft::test::Random;

namespace {

Address some_address(Random& random) {
  Address address;
  for (std::uint8_t& byte : address.bytes) byte = static_cast<std::uint8_t>(random.next());
  return address;
}

// A store with this many accounts, two of which have storage.
struct Source {
  std::unique_ptr<Store> store = make_memory_store();
  Hash root;

  Source(std::size_t accounts, std::size_t entries, std::uint64_t seed) {
    Random random(seed);
    std::map<Address, Account> all;
    while (all.size() < accounts) {
      Account account = Account::empty();
      account.balance = Amount::from_units(1 + random.next());
      all[some_address(random)] = account;
    }
    StateDiff diff;
    for (const auto& [address, account] : all) diff.accounts.push_back({address, std::nullopt, account});
    for (const std::size_t owner : {std::size_t{0}, accounts / 2}) {
      std::map<Bytes, Bytes> storage;
      while (storage.size() < entries)
        storage[Bytes(1 + random.below(40), static_cast<std::uint8_t>(random.next()))] =
            Bytes(1 + random.below(90), 7);
      for (const auto& [key, value] : storage)
        diff.storage.push_back({diff.accounts[owner].address, key, std::nullopt, value});
    }
    WriteBatch batch;
    TrieCache cache(1U << 20);
    root = *update_state_trie(*store->snapshot(), cache, diff, batch);
    append_state_diff(batch, diff);
    REQUIRE(store->write(batch, Durability::synced));
  }
};

using Tamper = std::function<void(Chunk&)>;

// Copies the state piece by piece; the error of the first piece that is refused.
Result<void> copy_state(const Source& source, Store& target, std::size_t max_bytes,
                        const Tamper& tamper = {}) {
  const auto snapshot = source.store->snapshot();
  std::deque<Subtree> missing{{std::nullopt, Hash{}, 0, to_bytes(source.root)}};
  std::vector<Address> owners;
  const auto fetch = [&](const Cursor& cursor) {
    Chunk chunk = **read_chunk(*snapshot, *decode_cursor(encode(cursor)), max_bytes);
    if (tamper) tamper(chunk);
    return *decode_chunk(encode(chunk));
  };
  while (!missing.empty()) {
    const Subtree subtree = missing.front();
    missing.pop_front();
    AITBC_ASSIGN(const Verified verified, verify_subtree(subtree, fetch(cursor_of(subtree))));
    AITBC_TRY(target.write(verified.batch, Durability::buffered));
    missing.insert(missing.end(), verified.to_ask.begin(), verified.to_ask.end());
    owners.insert(owners.end(), verified.with_storage.begin(), verified.with_storage.end());
  }
  for (const Address& owner : owners) {
    Cursor cursor;
    cursor.kind = Cursor::Kind::storage_entries;
    cursor.address = owner;
    for (bool more = true; more;) {
      const Chunk chunk = fetch(cursor);
      AITBC_ASSIGN(const WriteBatch batch, verify_entries(target, cursor, chunk));
      AITBC_TRY(target.write(batch, Durability::buffered));
      more = !chunk.is_last;
      if (more) {
        cursor.key = chunk.items.back().key;
        cursor.key.push_back(0);
      }
    }
  }
  return {};
}

}  // namespace

TEST_CASE("a state copied in chunks of any size is the same, trie records included") {
  for (const std::size_t accounts : {1UL, 2UL, 17UL, 400UL}) {
    for (const std::size_t max_bytes : {1UL, 300UL, 4000UL, 1UL << 20}) {
      CAPTURE(accounts);
      CAPTURE(max_bytes);
      const Source source(accounts, 30, accounts * 31 + max_bytes);
      const auto target = make_memory_store();
      const auto copied = copy_state(source, *target, max_bytes);
      REQUIRE_MESSAGE(copied.has_value(), (copied ? "" : copied.error().message));
      const auto checked = check_state_trie(*target->snapshot());
      REQUIRE_MESSAGE(checked.has_value(), (checked ? "" : checked.error().message));
      CHECK(checked->root == source.root);
      CHECK(checked->accounts == accounts);
      CHECK(checked->storage_entries == check_state_trie(*source.store->snapshot())->storage_entries);
    }
  }
}

TEST_CASE("a piece with anything changed, added, left out or moved is refused at once") {
  const Source source(200, 30, 5);
  Random random(99);
  int refused = 0;
  for (int attempt = 0; attempt < 300; ++attempt) {
    std::uint64_t victim = random.below(40);  // which piece is changed
    bool changed = false;
    const auto target = make_memory_store();
    const auto copied = copy_state(source, *target, 1500, [&](Chunk& chunk) {
      if (changed || victim-- > 0) return;
      changed = true;
      if (!chunk.branch.empty()) {
        chunk.branch[random.below(chunk.branch.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
        return;
      }
      KeyValue& item = chunk.items[random.below(chunk.items.size())];
      switch (random.below(4)) {
        case 0:
          item.value[random.below(item.value.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
          break;
        case 1:
          item.key[random.below(item.key.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
          break;
        case 2:
          chunk.items.push_back(item);
          break;
        default:
          item.value.push_back(0);
          break;
      }
    });
    if (!changed) continue;
    CHECK_FALSE(copied.has_value());
    ++refused;
  }
  CHECK(refused > 100);
}

TEST_CASE("a leaf left out of a subtree is noticed in that very piece") {
  const Source source(50, 10, 8);
  const auto target = make_memory_store();
  int pieces = 0;
  const auto copied = copy_state(source, *target, 1U << 20, [&](Chunk& chunk) {
    if (pieces++ == 0) chunk.items.pop_back();
  });
  CHECK_FALSE(copied.has_value());
  CHECK(pieces == 1);
}

TEST_CASE("cursors and chunks that encode() would not make are refused") {
  CHECK_FALSE(decode_cursor(Bytes{}).has_value());
  CHECK_FALSE(decode_chunk(Bytes{0xc0}).has_value());
  Cursor cursor;
  cursor.kind = Cursor::Kind::account_subtree;
  cursor.nibbles = 65;
  CHECK_FALSE(decode_cursor(encode(cursor)).has_value());
  cursor.nibbles = 64;
  CHECK(*decode_cursor(encode(cursor)) == cursor);
}
