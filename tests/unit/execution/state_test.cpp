#include "execution/state.hpp"

#include <doctest/doctest.h>

#include "tests/support/map_state_view.hpp"

using namespace aitbc;
using test::address_of;
using test::MapStateView;

namespace {

const Address kAlice = address_of(1);
const Address kBob = address_of(2);
const Address kModule = address_of(0xbc);

Bytes bytes(std::string_view text) { return to_bytes(as_bytes(text)); }
Bytes key_of(std::size_t number) {
  Bytes key;
  append_be64(key, number);
  return key;
}

MapStateView view_with_module() {
  MapStateView view;
  view.fund(kModule, Amount(1), 1);
  return view;
}

}  // namespace

TEST_CASE("balances move, and nothing moves on overdraft or overflow") {
  MapStateView view;
  view.fund(kAlice, Amount(100));
  view.fund(kBob, Amount::max());
  State state(view);
  CHECK_FALSE(state.sub_balance(kAlice, Amount(101)));
  CHECK_FALSE(state.transfer(kAlice, address_of(9), Amount(101)));
  CHECK_FALSE(state.transfer(kAlice, kBob, Amount(1)));
  CHECK_FALSE(state.add_balance(kBob, Amount(1)));
  CHECK_FALSE(state.mint(kBob, Amount(1)));
  CHECK_FALSE(state.burn(kAlice, Amount(101)));
  CHECK(state.minted().is_zero());
  CHECK(state.burned().is_zero());
  CHECK(state.balance(kAlice) == Amount(100));
  CHECK(state.balance(kBob) == Amount::max());
  const StateDiff diff = std::move(state).take_diff();
  CHECK(diff.accounts.empty());
}

TEST_CASE("a transfer to oneself needs the balance and changes nothing") {
  MapStateView view;
  view.fund(kAlice, Amount(100));
  State state(view);
  CHECK(state.transfer(kAlice, kAlice, Amount(100)));
  CHECK_FALSE(state.transfer(kAlice, kAlice, Amount(101)));
  CHECK(state.balance(kAlice) == Amount(100));
}

TEST_CASE("each key is read from the view once") {
  MapStateView view = view_with_module();
  view.storage_entries[{kModule, bytes("k")}] = bytes("v");
  State state(view);
  for (int i = 0; i < 10; ++i) {
    CHECK(*state.get(kModule, as_bytes("k")) == bytes("v"));
    CHECK(state.get(kModule, as_bytes("absent")) == nullptr);
    CHECK(state.balance(kModule) == Amount(1));
  }
  CHECK(view.reads == 3);
}

TEST_CASE("a pointer from get stays good while other keys change") {
  const MapStateView view = view_with_module();
  State state(view);
  state.put(kModule, as_bytes("kept"), bytes("value"));
  const Bytes* kept = state.get(kModule, as_bytes("kept"));
  for (std::size_t i = 0; i < 1000; ++i) {
    state.put(kModule, key_of(i), bytes("x"));
    state.set_nonce(address_of(static_cast<std::uint8_t>(i % 200)), 1);
  }
  CHECK(kept == state.get(kModule, as_bytes("kept")));
  CHECK(*kept == bytes("value"));
}

TEST_CASE("lower_bound sees the view and the changes as one ordered whole") {
  MapStateView view = view_with_module();
  for (const std::string_view key : {"b", "d", "f"})
    view.storage_entries[{kModule, bytes(key)}] = bytes("base");
  view.storage_entries[{address_of(0xbd), bytes("a")}] = bytes("another account's");
  State state(view);
  state.put(kModule, as_bytes("c"), bytes("new"));
  state.erase(kModule, as_bytes("d"));
  state.put(kModule, as_bytes("f"), bytes("changed"));
  CHECK(state.lower_bound(kModule, {})->key == bytes("b"));
  CHECK(state.lower_bound(kModule, as_bytes("b\x01"))->key == bytes("c"));
  const auto after_c = state.lower_bound(kModule, as_bytes("cc"));
  CHECK(after_c->key == bytes("f"));
  CHECK(after_c->value == bytes("changed"));
  CHECK_FALSE(state.lower_bound(kModule, as_bytes("g")).has_value());
}

TEST_CASE("draining a queue reads each of its entries from the view once") {
  MapStateView view = view_with_module();
  constexpr std::size_t kQueued = 300;
  for (std::size_t i = 0; i < kQueued; ++i) view.storage_entries[{kModule, key_of(i)}] = bytes("due");
  State state(view);
  view.reads = 0;
  std::size_t drained = 0;
  while (const auto front = state.lower_bound(kModule, {})) {
    state.erase(kModule, front->key);
    ++drained;
  }
  CHECK(drained == kQueued);
  CHECK(view.reads <= kQueued + 2);
}

TEST_CASE("new keys that are expected are looked up in the view together") {
  MapStateView view = view_with_module();
  view.storage_entries[{kModule, key_of(9)}] = bytes("the last one");
  view.storage_entries[{kModule, bytes("z")}] = bytes("another kind");
  State state(view);
  view.reads = 0;
  for (std::size_t i = 10; i < 100; ++i) {
    state.expect_new_keys(kModule, key_of(i));
    state.put(kModule, key_of(i), bytes("new"));
  }
  CHECK(view.reads <= 2);  // the account, and what comes behind
  // A key that is not new after all is seen.
  state.expect_new_keys(kModule, key_of(9));
  REQUIRE(state.get(kModule, key_of(9)) != nullptr);
  CHECK(*state.get(kModule, key_of(9)) == bytes("the last one"));
  CHECK(state.lower_bound(kModule, key_of(100))->key == bytes("z"));
}

TEST_CASE("a key that is said to be new is not looked up") {
  const MapStateView view = view_with_module();
  State state(view);
  state.put_new(kModule, as_bytes("new"), bytes("first"));
  CHECK(view.reads <= 1);  // the account
  const auto mark = state.checkpoint();
  state.erase(kModule, as_bytes("new"));
  state.put_new(kModule, as_bytes("new"), bytes("again"));
  CHECK(*state.get(kModule, as_bytes("new")) == bytes("again"));
  CHECK(state.lower_bound(kModule, {})->key == bytes("new"));
  state.rollback(mark);
  CHECK(*state.get(kModule, as_bytes("new")) == bytes("first"));
  const StateDiff diff = std::move(state).take_diff();
  REQUIRE(diff.storage.size() == 1);
  CHECK_FALSE(diff.storage[0].before.has_value());
  CHECK(*diff.storage[0].after == bytes("first"));
}

TEST_CASE("keys in a stretch that the view was found to have nothing in are not looked up again") {
  MapStateView view = view_with_module();
  view.storage_entries[{kModule, bytes("z")}] = bytes("the end");
  State state(view);
  CHECK(state.lower_bound(kModule, {})->key == bytes("z"));
  view.reads = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    state.put(kModule, key_of(i), bytes("new"));
    CHECK(state.get(kModule, key_of(i + 1000)) == nullptr);
    CHECK(state.lower_bound(kModule, key_of(i))->key == key_of(i));
  }
  CHECK(view.reads == 0);
}

TEST_CASE("rolling back to a checkpoint undoes what came after it, inner checkpoints included") {
  MapStateView view = view_with_module();
  view.fund(kAlice, Amount(100), 7);
  view.storage_entries[{kModule, bytes("k")}] = bytes("old");
  State state(view);
  state.set_nonce(kAlice, 8);
  const auto outer = state.checkpoint();
  CHECK(state.transfer(kAlice, kBob, Amount(30)));
  state.put(kModule, as_bytes("k"), bytes("new"));
  const auto inner = state.checkpoint();
  state.erase(kModule, as_bytes("k"));
  CHECK(state.mint(kBob, Amount(5)));
  state.set_code_hash(kBob, Hash{});
  state.rollback(inner);
  CHECK(*state.get(kModule, as_bytes("k")) == bytes("new"));
  CHECK(state.balance(kBob) == Amount(30));
  CHECK(state.minted().is_zero());
  state.rollback(outer);
  CHECK(*state.get(kModule, as_bytes("k")) == bytes("old"));
  CHECK(state.account(kBob) == Account::empty());
  CHECK(state.nonce(kAlice) == 8);
  const StateDiff diff = std::move(state).take_diff();
  CHECK(diff.accounts.size() == 1);
  CHECK(diff.storage.empty());
}

TEST_CASE("an account left without nonce, balance and code comes out as gone") {
  MapStateView view;
  view.fund(kAlice, Amount(100));
  State state(view);
  CHECK(state.transfer(kAlice, kBob, Amount(100)));
  StateDiff diff = std::move(state).take_diff();
  REQUIRE(diff.accounts.size() == 2);
  CHECK(diff.accounts[0].address == kAlice);
  CHECK_FALSE(diff.accounts[0].after.has_value());
  CHECK_FALSE(diff.accounts[1].before.has_value());
  CHECK(conserves_money(diff));
  view.apply(diff);
  CHECK(view.accounts.size() == 1);
}

TEST_CASE("an account whose storage changed is in the diff even when its fields did not") {
  const MapStateView view = view_with_module();
  State state(view);
  state.put(kModule, as_bytes("k"), bytes("v"));
  const StateDiff diff = std::move(state).take_diff();
  REQUIRE(diff.accounts.size() == 1);
  CHECK(diff.accounts[0].before == diff.accounts[0].after);
  CHECK(diff.storage.size() == 1);
}

TEST_CASE("what was changed back is not in the diff") {
  MapStateView view = view_with_module();
  view.fund(kAlice, Amount(100));
  view.storage_entries[{kModule, bytes("k")}] = bytes("v");
  State state(view);
  state.erase(kModule, as_bytes("k"));
  state.put(kModule, as_bytes("k"), bytes("v"));
  state.put(kModule, as_bytes("brief"), bytes("v"));
  state.erase(kModule, as_bytes("brief"));
  CHECK(state.transfer(kAlice, kBob, Amount(100)));
  CHECK(state.transfer(kBob, kAlice, Amount(100)));
  const StateDiff diff = std::move(state).take_diff();
  CHECK(diff.accounts.empty());
  CHECK(diff.storage.empty());
}

TEST_CASE("money made and destroyed is in the diff's totals, and anything else is noticed") {
  MapStateView view;
  view.fund(kAlice, Amount(100));
  {
    State state(view);
    CHECK(state.mint(kBob, Amount(40)));
    CHECK(state.burn(kAlice, Amount(15)));
    const StateDiff diff = std::move(state).take_diff();
    CHECK(diff.minted == Amount(40));
    CHECK(diff.burned == Amount(15));
    CHECK(conserves_money(diff));
  }
  State state(view);
  CHECK(state.add_balance(kBob, Amount(1)));
  CHECK_FALSE(conserves_money(std::move(state).take_diff()));
}

TEST_CASE("a read that fails is remembered, and answers as if nothing were there") {
  MapStateView view = view_with_module();
  State state(view);
  CHECK(state.balance(kModule) == Amount(1));
  CHECK_FALSE(state.failure().has_value());
  view.failure = Error{ErrorCode::io, "the disk is gone"};
  CHECK(state.balance(kAlice).is_zero());
  CHECK(state.get(kModule, as_bytes("k")) == nullptr);
  CHECK_FALSE(state.lower_bound(kModule, {}).has_value());
  REQUIRE(state.failure().has_value());
  CHECK(state.failure()->message == "the disk is gone");
}
