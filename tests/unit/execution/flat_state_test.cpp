#include "execution/flat_state.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "crypto/keccak.hpp"
#include "execution/chain_record.hpp"
#include "execution/state.hpp"
#include "storage/fault_store.hpp"
#include "storage/memory_store.hpp"
#include "tests/support/map_state_view.hpp"

using namespace aitbc;
using test::address_of;

namespace {

Bytes text(std::string_view words) { return to_bytes(as_bytes(words)); }

// Writes what `change` does to the state in the store.
void commit(Store& store, const std::function<void(State&)>& change) {
  const auto view = make_flat_state_view(store.snapshot());
  State state(*view);
  change(state);
  REQUIRE(record_issuance(state).has_value());
  WriteBatch batch;
  append_state_diff(batch, std::move(state).take_diff());
  REQUIRE(store.write(batch, Durability::buffered).has_value());
}

}  // namespace

TEST_CASE("what a diff wrote is what the next view reads") {
  const auto store = make_memory_store();
  commit(*store, [](State& state) {
    CHECK(state.mint(address_of(1), Amount(100)));
    state.set_nonce(address_of(2), 9);
    state.put(address_of(2), as_bytes("a"), text("1"));
    state.put(address_of(2), {}, text("of the empty key"));
    state.put(address_of(2), as_bytes("empty value"), {});
  });
  commit(*store, [](State& state) {
    CHECK(state.transfer(address_of(1), address_of(3), Amount(100)));
    state.erase(address_of(2), as_bytes("a"));
  });
  const auto view = make_flat_state_view(store->snapshot());
  CHECK_FALSE((*view->account(address_of(1))).has_value());
  CHECK((*view->account(address_of(2)))->nonce == 9);
  CHECK((*view->account(address_of(3)))->balance == Amount(100));
  CHECK_FALSE((*view->storage(address_of(2), as_bytes("a"))).has_value());
  CHECK(**view->storage(address_of(2), {}) == text("of the empty key"));
  CHECK(**view->storage(address_of(2), as_bytes("empty value")) == Bytes{});
}

TEST_CASE("lower_bound stays within the account") {
  const auto store = make_memory_store();
  commit(*store, [](State& state) {
    for (const std::uint8_t account : Bytes{1, 2, 4}) {
      state.set_nonce(address_of(account), 1);
      state.put(address_of(account), as_bytes("k"), {account});
    }
  });
  const auto view = make_flat_state_view(store->snapshot());
  CHECK((*view->storage_lower_bound(address_of(2), {}))->value == Bytes{2});
  CHECK((*view->storage_lower_bound(address_of(2), as_bytes("k")))->key == text("k"));
  CHECK_FALSE((*view->storage_lower_bound(address_of(2), as_bytes("l"))).has_value());
  CHECK_FALSE((*view->storage_lower_bound(address_of(3), {})).has_value());
  CHECK_FALSE((*view->storage_lower_bound(address_of(4), as_bytes("l"))).has_value());
}

TEST_CASE("a view keeps showing its own moment") {
  const auto store = make_memory_store();
  commit(*store, [](State& state) { CHECK(state.mint(address_of(1), Amount(1))); });
  const auto old_view = make_flat_state_view(store->snapshot());
  commit(*store, [](State& state) { CHECK(state.mint(address_of(1), Amount(1))); });
  CHECK((*old_view->account(address_of(1)))->balance == Amount(1));
}

TEST_CASE("many threads may read one view") {
  const auto store = make_memory_store();
  commit(*store, [](State& state) {
    state.set_nonce(address_of(1), 1);
    for (std::uint8_t i = 0; i < 100; ++i) state.put(address_of(1), Bytes{i}, {i});
  });
  const auto view = make_flat_state_view(store->snapshot());
  std::vector<std::thread> readers;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    readers.emplace_back([&] {
      for (std::uint8_t i = 0; i < 100; ++i)
        if ((*view->storage_lower_bound(address_of(1), Bytes{i}))->key != Bytes{i}) ++wrong;
    });
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
}

TEST_CASE("damaged entries are corruption, not absence") {
  const auto store = make_memory_store();
  const auto write = [&](Bytes value) {
    WriteBatch batch;
    batch.put(Table::state, account_key(address_of(1)), std::move(value));
    REQUIRE(store->write(batch, Durability::buffered).has_value());
    return make_flat_state_view(store->snapshot())->account(address_of(1));
  };
  Bytes of_another = to_bytes(address_of(2));
  append(of_another, encode(Account::empty()));
  Bytes cut = to_bytes(address_of(1));
  append(cut, text("\xc1"));
  for (const Bytes& value : {Bytes{}, Bytes(5, 1), of_another, cut}) {
    const auto account = write(value);
    REQUIRE_FALSE(account.has_value());
    CHECK(account.error().code == ErrorCode::corruption);
  }
}

TEST_CASE("a failed read of the store reaches the reader") {
  const auto store = make_fault_store();
  commit(*store, [](State& state) { CHECK(state.mint(address_of(1), Amount(1))); });
  const auto view = make_flat_state_view(store->snapshot());
  store->on_read([](Table, ByteView) { return Result<void>(fail(ErrorCode::io, "read failed")); });
  CHECK(view->account(address_of(1)).error().code == ErrorCode::io);
  CHECK(view->storage(address_of(1), {}).error().code == ErrorCode::io);
}

TEST_CASE("for_each_account visits every account once, by the hash of its address") {
  const auto store = make_memory_store();
  commit(*store, [](State& state) {
    for (std::uint8_t i = 1; i <= 20; ++i) CHECK(state.mint(address_of(i), Amount(i)));
  });
  std::vector<Hash> order;
  CHECK(for_each_account(*store->snapshot(), [&](const Address& address, const Account&) {
          order.push_back(keccak256(address));
        }).has_value());
  CHECK(order.size() == 21);  // and the chain record's
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("the supply record follows what is made and destroyed, and check_supply recounts it") {
  const auto store = make_memory_store();
  CHECK(check_supply(*store->snapshot())->supply == Supply{});
  commit(*store, [](State& state) {
    record_rules(state, Hash{});
    CHECK(state.mint(address_of(1), Amount(1000)));
  });
  commit(*store, [](State& state) {
    CHECK(state.mint(address_of(2), Amount(50)));
    CHECK(state.burn(address_of(1), Amount(300)));
  });
  commit(*store, [](State& state) { CHECK(state.transfer(address_of(1), address_of(3), Amount(9))); });
  const auto view = make_flat_state_view(store->snapshot());
  CHECK(*read_supply(*view) == Supply{Amount(1050), Amount(300)});
  const auto report = check_supply(*store->snapshot());
  REQUIRE(report.has_value());
  CHECK(report->supply == Supply{Amount(1050), Amount(300)});
  CHECK(report->accounts == 4);
}

TEST_CASE("check_supply notices money that was not recorded, and a damaged record") {
  const auto store = make_memory_store();
  commit(*store, [](State& state) { CHECK(state.mint(address_of(1), Amount(10))); });
  commit(*store, [](State& state) { CHECK(state.add_balance(address_of(2), Amount(1))); });
  const auto report = check_supply(*store->snapshot());
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == ErrorCode::corruption);
  CHECK(report.error().message ==
        "the balances add up to 11, the supply record says 10 made and 0 destroyed");

  WriteBatch damage;
  damage.put(Table::state, storage_key(kChainRecordAddress, as_bytes("supply")), {1, 2});
  REQUIRE(store->write(damage, Durability::buffered).has_value());
  CHECK(check_supply(*store->snapshot()).error().code == ErrorCode::corruption);
  const auto view = make_flat_state_view(store->snapshot());
  CHECK(read_supply(*view).error().code == ErrorCode::corruption);
  State state(*view);
  CHECK(state.mint(address_of(1), Amount(1)));
  CHECK(record_issuance(state).error().code == ErrorCode::corruption);
}
