#include "node/chain/state_cache.hpp"

#include <doctest/doctest.h>

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
        changes[Bytes{static_cast<std::uint8_t>(random() % 200)}] = value;
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
        const Bytes key{static_cast<std::uint8_t>(random() % 200)};
        const auto value = view.storage(address_of(1), key);
        REQUIRE(value);
        const auto known = model.find(key);
        REQUIRE(*value == (known == model.end() ? std::nullopt : std::optional(known->second)));
        const Address asked = address_of(random() % 40);
        const auto found = view.account(asked);
        REQUIRE(found);
        REQUIRE(found->has_value() == accounts.contains(asked));
        if (*found) REQUIRE((*found)->nonce == accounts[asked].nonce);
      }
    }
  }
}

}  // namespace aitbc::chain
