#include "storage/fault_store.hpp"

#include <doctest/doctest.h>

namespace aitbc {
namespace {

void put(Store& store, std::string_view key, Durability durability) {
  WriteBatch batch;
  batch.put(Table::state, as_bytes(key), {});
  REQUIRE(store.write(batch, durability));
}

bool has(const Store& store, std::string_view key) {
  const auto value = store.get(Table::state, as_bytes(key));
  REQUIRE(value);
  return value->has_value();
}

}  // namespace

TEST_CASE("a crash loses buffered batches from the end and never a synced one") {
  const auto store = make_fault_store();
  put(*store, "buffered before a synced one", Durability::buffered);
  put(*store, "synced", Durability::synced);
  put(*store, "first", Durability::buffered);
  put(*store, "second", Durability::buffered);
  const auto before = store->snapshot();
  store->crash(1);
  CHECK(has(*store, "buffered before a synced one"));
  CHECK(has(*store, "synced"));
  CHECK(has(*store, "first"));
  CHECK_FALSE(has(*store, "second"));
  CHECK(**before->get(Table::state, as_bytes("second")) == Bytes{});
  put(*store, "third", Durability::buffered);
  store->crash(0);
  CHECK(has(*store, "first"));
  CHECK_FALSE(has(*store, "third"));
}

TEST_CASE("a write that its hook refuses leaves no trace") {
  const auto store = make_fault_store();
  store->on_write([](std::uint64_t number, const WriteBatch&) -> Result<void> {
    if (number == 1) return fail(ErrorCode::io, "no space left");
    return {};
  });
  put(*store, "a", Durability::synced);
  WriteBatch batch;
  batch.put(Table::state, Bytes{'b'}, {});
  const auto refused = store->write(batch, Durability::synced);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::io);
  CHECK_FALSE(has(*store, "b"));
  put(*store, "c", Durability::synced);
  CHECK(store->writes() == 3);
}

TEST_CASE("a read that its hook refuses fails, in old snapshots and iterators too") {
  const auto store = make_fault_store();
  put(*store, "a", Durability::synced);
  const auto snapshot = store->snapshot();
  const auto iterator = snapshot->iterate(Table::state);
  iterator->seek(as_bytes("a"));
  REQUIRE(iterator->valid());
  store->on_read([](Table, ByteView) -> Result<void> { return fail(ErrorCode::corruption, "bad block"); });
  CHECK(store->get(Table::state, as_bytes("a")).error().code == ErrorCode::corruption);
  CHECK(snapshot->get(Table::state, as_bytes("a")).error().code == ErrorCode::corruption);
  iterator->seek(as_bytes("a"));
  CHECK_FALSE(iterator->valid());
  CHECK(iterator->status().error().code == ErrorCode::corruption);
  store->on_read({});
  CHECK(has(*store, "a"));
}

}  // namespace aitbc
