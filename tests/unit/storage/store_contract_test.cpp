// What every Store promises, on each of them.
#include <doctest/doctest.h>

#include <map>
#include <random>
#include <thread>

#include "storage/fault_store.hpp"
#include "storage/memory_store.hpp"
#include "storage/rocks_store.hpp"
#include "temporary_folder.hpp"

namespace aitbc {
namespace {

Bytes b(std::string_view text) { return to_bytes(as_bytes(text)); }

void put(Store& store, Table table, std::string_view key, std::string_view value) {
  WriteBatch batch;
  batch.put(table, b(key), b(value));
  REQUIRE(store.write(batch, Durability::buffered));
}

std::string value_of(const Snapshot& snapshot, Table table, std::string_view key) {
  const auto value = snapshot.get(table, as_bytes(key));
  REQUIRE(value);
  return *value ? std::string(as_text(**value)) : "absent";
}

std::string at(const Iterator& iterator) {
  return iterator.valid() ? std::string(as_text(iterator.key())) : "end";
}

void reads_what_was_written(Store& store) {
  put(store, Table::state, "k", "v");
  CHECK(value_of(*store.snapshot(), Table::state, "k") == "v");
  CHECK(value_of(*store.snapshot(), Table::trie, "k") == "absent");
  CHECK(**store.get(Table::state, as_bytes("k")) == b("v"));
  CHECK_FALSE(*store.get(Table::state, as_bytes("kk")));
  put(store, Table::state, "k", "");
  CHECK(value_of(*store.snapshot(), Table::state, "k").empty());
}

void applies_a_batch_in_order(Store& store) {
  WriteBatch batch;
  batch.put(Table::meta, b("a"), b("1"));
  batch.put(Table::index, b("a"), b("2"));
  batch.erase(Table::meta, b("a"));
  batch.erase(Table::meta, b("never there"));
  batch.erase(Table::blocks, b("c"));
  batch.put(Table::blocks, b("c"), b("3"));
  REQUIRE(store.write(batch, Durability::synced));
  const auto snapshot = store.snapshot();
  CHECK(value_of(*snapshot, Table::meta, "a") == "absent");
  CHECK(value_of(*snapshot, Table::index, "a") == "2");
  CHECK(value_of(*snapshot, Table::blocks, "c") == "3");
}

void keeps_snapshots_as_they_were(Store& store) {
  put(store, Table::state, "x", "old");
  const auto before = store.snapshot();
  put(store, Table::state, "x", "new");
  put(store, Table::state, "y", "new");
  CHECK(value_of(*before, Table::state, "x") == "old");
  CHECK(value_of(*before, Table::state, "y") == "absent");
  CHECK(value_of(*store.snapshot(), Table::state, "x") == "new");
}

void walks_in_the_order_of_unsigned_bytes(Store& store) {
  WriteBatch batch;
  for (const char* key : {"b", "\x80", "a", "ab", "\xff\xff"}) batch.put(Table::history, b(key), b("."));
  REQUIRE(store.write(batch, Durability::buffered));
  const auto snapshot = store.snapshot();
  const auto it = snapshot->iterate(Table::history);
  it->seek({});
  for (const char* key : {"a", "ab", "b", "\x80", "\xff\xff"}) {
    CHECK(at(*it) == key);
    it->next();
  }
  CHECK_FALSE(it->valid());
  CHECK(it->status());
  it->seek(as_bytes("aa"));
  CHECK(at(*it) == "ab");
  it->prev();
  CHECK(at(*it) == "a");
  it->prev();
  CHECK(at(*it) == "end");
  it->seek_for_prev(as_bytes("c"));
  CHECK(at(*it) == "b");
  it->seek_for_prev(as_bytes("ab"));
  CHECK(at(*it) == "ab");
  it->seek_for_prev(as_bytes("0"));
  CHECK(at(*it) == "end");
  it->seek(as_bytes("\xff\xff\xff"));
  CHECK(at(*it) == "end");
}

using Model = std::map<Bytes, Bytes>;

void write_randomly(Store& store, Model& model, std::mt19937_64& random) {
  WriteBatch batch;
  for (int i = 0; i < 20; ++i) {
    Bytes key{static_cast<std::uint8_t>(random() % 256), static_cast<std::uint8_t>(random() % 4)};
    if (random() % 3 == 0) {
      model.erase(key);
      batch.erase(Table::mempool, std::move(key));
    } else {
      Bytes value(random() % 5, static_cast<std::uint8_t>(random()));
      model[key] = value;
      batch.put(Table::mempool, std::move(key), std::move(value));
    }
  }
  REQUIRE(store.write(batch, Durability::buffered));
}

void agrees_with(const Snapshot& snapshot, const Model& model) {
  const auto it = snapshot.iterate(Table::mempool);
  it->seek({});
  for (const auto& [key, value] : model) {
    REQUIRE(it->valid());
    REQUIRE(equal(it->key(), key));
    REQUIRE(equal(it->value(), value));
    it->next();
  }
  REQUIRE_FALSE(it->valid());
}

void agrees_with_an_ordered_map(Store& store) {
  std::mt19937_64 random(7);
  Model model;
  std::vector<std::pair<std::shared_ptr<const Snapshot>, Model>> kept;
  for (int round = 0; round < 100; ++round) {
    write_randomly(store, model, random);
    agrees_with(*store.snapshot(), model);
    if (round % 10 == 0) kept.emplace_back(store.snapshot(), model);
  }
  for (const auto& [snapshot, then] : kept) agrees_with(*snapshot, then);
}

void serves_readers_while_it_writes(Store& store) {
  put(store, Table::state, "n", "0");
  std::thread reader([&store] {
    for (int i = 0; i < 200; ++i) {
      const auto snapshot = store.snapshot();
      const auto n = snapshot->get(Table::state, as_bytes("n"));
      const auto m = snapshot->get(Table::meta, as_bytes("n"));
      if (!n || !m || (*m && **n != **m)) std::abort();  // the two are written together
    }
  });
  for (int i = 1; i < 200; ++i) {
    WriteBatch batch;
    batch.put(Table::state, b("n"), b(std::to_string(i)));
    batch.put(Table::meta, b("n"), b(std::to_string(i)));
    REQUIRE(store.write(batch, Durability::buffered));
  }
  reader.join();
}

void check_contract(const std::function<std::unique_ptr<Store>()>& make) {
  for (const auto check :
       {reads_what_was_written, applies_a_batch_in_order, keeps_snapshots_as_they_were,
        walks_in_the_order_of_unsigned_bytes, agrees_with_an_ordered_map, serves_readers_while_it_writes}) {
    const auto store = make();
    check(*store);
  }
}

}  // namespace

TEST_CASE("the memory store keeps the promises of a Store") { check_contract(make_memory_store); }

TEST_CASE("the fault store without faults keeps the promises of a Store") {
  check_contract(make_fault_store);
}

TEST_CASE("the RocksDB store keeps the promises of a Store") {
  test::TemporaryFolder folder;
  int next = 0;
  check_contract([&] {
    auto store = open_rocks_store(folder / std::to_string(next++), {});
    REQUIRE(store);
    return std::move(*store);
  });
}

TEST_CASE("appending a batch keeps the order of both") {
  WriteBatch first;
  first.put(Table::meta, b("a"), b("1"));
  WriteBatch second;
  second.put(Table::meta, b("a"), b("2"));
  second.erase(Table::meta, b("b"));
  first.append(std::move(second));
  REQUIRE(first.operations().size() == 3);
  CHECK(as_text(*first.operations()[1].value) == "2");
  CHECK_FALSE(first.operations()[2].value);
  WriteBatch empty;
  empty.append(std::move(first));
  REQUIRE(empty.operations().size() == 3);
  CHECK(as_text(empty.operations()[2].key) == "b");
}

TEST_CASE("a batch keeps what was put into it through growth, copies and appending") {
  std::vector<Bytes> values;
  WriteBatch all;
  for (std::size_t round = 0; round < 20; ++round) {
    WriteBatch part;
    for (std::size_t i = 0; i < 50; ++i) {
      values.emplace_back(i * i * round, static_cast<std::uint8_t>(values.size()));
      Bytes key;
      append_be64(key, values.size());
      part.put(Table::state, key, values.back());
    }
    const WriteBatch copy = part;
    part = WriteBatch();
    all.append(copy);
    all.erase(Table::state, Bytes(8, 0xff));
    values.emplace_back();
  }
  REQUIRE(all.operations().size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const WriteBatch::Operation& operation = all.operations()[i];
    if (operation.value) REQUIRE(equal(*operation.value, values[i]));
    REQUIRE((!operation.value || read_be64(operation.key) == i + 1));
  }
}

TEST_CASE("every table has a name of its own") {
  std::map<std::string, int> names;
  for (std::size_t i = 0; i < kTableCount; ++i) ++names[table_name(static_cast<Table>(i))];
  CHECK(names.size() == kTableCount);
}

}  // namespace aitbc
