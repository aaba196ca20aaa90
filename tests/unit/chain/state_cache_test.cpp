#include "node/chain/state_cache.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <random>

#include "execution/flat_state.hpp"
#include "storage/memory_store.hpp"

namespace aitbc::chain {
namespace {

Address address_of(std::uint64_t n) {
  Address out;
  out.bytes[19] = static_cast<std::uint8_t>(n);
  return out;
}

// Some share their first byte.
Bytes any_key(std::mt19937_64& random) {
  Bytes key(random() % 3);
  for (auto& byte : key) byte = static_cast<std::uint8_t>(random() % 16);
  return key;
}

// How often the database was asked where, below a view.
class CountingSnapshot final : public Snapshot {
 public:
  CountingSnapshot(std::shared_ptr<const Snapshot> snapshot, std::vector<Bytes>& seeks)
      : snapshot_(std::move(snapshot)), seeks_(seeks) {}
  Result<std::optional<Bytes>> get(Table table, ByteView key) const override {
    return snapshot_->get(table, key);
  }
  std::unique_ptr<Iterator> iterate(Table table) const override {
    return std::make_unique<Counting>(snapshot_->iterate(table), seeks_);
  }

 private:
  class Counting final : public Iterator {
   public:
    Counting(std::unique_ptr<Iterator> iterator, std::vector<Bytes>& seeks)
        : iterator_(std::move(iterator)), seeks_(seeks) {}
    void seek(ByteView key) override {
      seeks_.push_back(to_bytes(key));
      iterator_->seek(key);
    }
    void seek_for_prev(ByteView key) override { iterator_->seek_for_prev(key); }
    void next() override { iterator_->next(); }
    void prev() override { iterator_->prev(); }
    bool valid() const override { return iterator_->valid(); }
    ByteView key() const override { return iterator_->key(); }
    ByteView value() const override { return iterator_->value(); }
    Result<void> status() const override { return iterator_->status(); }

   private:
    std::unique_ptr<Iterator> iterator_;
    std::vector<Bytes>& seeks_;
  };

  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<Bytes>& seeks_;
};

}  // namespace

TEST_CASE("a cached view answers as the state does, whatever it has room for") {
  for (const std::size_t room : {0U, 2'000U, 10'000U, 1U << 20}) {
    CAPTURE(room);
    std::mt19937_64 random(3);  // NOLINT: the same every time
    const auto store = make_memory_store();
    CachedStateView view(room);
    view.rebase(store->snapshot());
    std::map<Bytes, Bytes> model;
    std::map<Address, Account> accounts;
    for (int block = 0; block < 200; ++block) {
      CAPTURE(block);
      StateDiff diff;
      const Address owner = address_of(random() % 40);
      Account account = Account::empty();
      account.nonce = random();
      diff.accounts.push_back({owner, std::nullopt, account});
      accounts[owner] = account;
      std::map<Bytes, std::optional<Bytes>> changes;
      for (int i = 0; i < 20; ++i) {
        std::optional<Bytes> value;
        if (random() % 3 != 0) value = Bytes(random() % 60, static_cast<std::uint8_t>(random()));
        changes[any_key(random)] = value;
      }
      for (const auto& [key, value] : changes) {
        diff.storage.push_back({address_of(1), key, std::nullopt, value});
        model.erase(key);
        if (value) model[key] = *value;
      }
      WriteBatch batch;
      append_state_diff(batch, diff);
      REQUIRE(store->write(batch, Durability::synced));
      view.rebase(store->snapshot());
      view.absorb(diff);
      for (int i = 0; i < 40; ++i) {
        const Bytes key = any_key(random);
        if (i % 2 == 0) view.prefetch(address_of(1), std::array{ByteView(key), ByteView()});
        const auto value = view.storage(address_of(1), key);
        REQUIRE(value);
        const auto known = model.find(key);
        REQUIRE(*value == (known == model.end() ? std::nullopt : std::optional(known->second)));
        const Bytes from = any_key(random);
        const auto first = view.storage_lower_bound(address_of(1), from);
        REQUIRE(first);
        const auto expected = model.lower_bound(from);
        REQUIRE(first->has_value() == (expected != model.end()));
        if (*first) REQUIRE((*first)->key == expected->first);
        if (*first) REQUIRE((*first)->value == expected->second);
        const Address asked = address_of(random() % 40);
        const auto found = view.account(asked);
        REQUIRE(found);
        REQUIRE(found->has_value() == accounts.contains(asked));
        if (*found) REQUIRE((*found)->nonce == accounts[asked].nonce);
      }
    }
  }
}

TEST_CASE("a search for the first entry begins where the last one ended, not among what was deleted") {
  const auto store = make_memory_store();
  CachedStateView view(1U << 20);
  std::vector<Bytes> seeks;
  const auto write = [&](const StateDiff& diff) {
    WriteBatch batch;
    append_state_diff(batch, diff);
    REQUIRE(store->write(batch, Durability::synced));
    view.rebase(std::make_shared<CountingSnapshot>(store->snapshot(), seeks));
    view.absorb(diff);
  };
  const Address owner = address_of(1);
  const Bytes queue{'t'};
  const auto first = [&] { return (*view.storage_lower_bound(owner, queue))->key; };
  StateDiff filled;
  for (std::uint8_t i = 1; i <= 100; ++i) filled.storage.push_back({owner, {'t', i}, std::nullopt, Bytes{i}});
  write(filled);
  CHECK(first() == Bytes{'t', 1});
  StateDiff emptied;
  for (std::uint8_t i = 1; i < 100; ++i) emptied.storage.push_back({owner, {'t', i}, Bytes{i}, std::nullopt});
  write(emptied);
  CHECK(first() == Bytes{'t', 100});
  CHECK(seeks.back() == storage_key(owner, Bytes{'t', 1}));
  CHECK(first() == Bytes{'t', 100});
  CHECK(seeks.back() == storage_key(owner, Bytes{'t', 100}));
  // Something comes back in front.
  write({{}, {{owner, {'t', 50}, std::nullopt, Bytes{7}}}, {}, {}});
  CHECK(first() == Bytes{'t', 50});
}

}  // namespace aitbc::chain
