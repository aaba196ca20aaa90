// What the RocksDB store does beyond the contract of a Store.
#include "storage/rocks_store.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "child_process.hpp"
#include "storage/memory_store.hpp"
#include "temporary_folder.hpp"

namespace aitbc {
namespace {

using test::ChildProcess;
using test::TemporaryFolder;

std::unique_ptr<Store> open(const std::filesystem::path& folder, const RocksOptions& options = {}) {
  auto store = open_rocks_store(folder, options);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

ErrorCode error_of(const Result<std::unique_ptr<Store>>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

void put(Store& store, std::string_view key, Durability durability = Durability::synced) {
  WriteBatch batch;
  batch.put(Table::state, as_bytes(key), {1});
  REQUIRE(store.write(batch, durability));
}

bool has(const Store& store, std::string_view key) {
  const auto value = store.get(Table::state, as_bytes(key));
  REQUIRE(value);
  return value->has_value();
}

}  // namespace

TEST_CASE("what was written is there after closing and opening again") {
  TemporaryFolder folder;
  {
    const auto store = open(folder / "db");
    put(*store, "synced");
    put(*store, "buffered", Durability::buffered);
  }
  for (int i = 0; i < 3; ++i) {
    const auto store = open(folder / "db");
    CHECK(has(*store, "synced"));
    CHECK(has(*store, "buffered"));
  }
}

TEST_CASE("large batches one after the other hold their own operations only") {
  TemporaryFolder folder;
  const auto store = open(folder / "db");
  const Bytes large(100'000, 7);
  for (std::uint8_t round = 0; round < 60; ++round) {
    CAPTURE(round);
    // Some in the memory of the one before, some not, and now and then so many small ones that it is given
    // up.
    WriteBatch batch;
    const std::size_t count = round % 20 == 19 ? 50 : 12;
    for (std::uint8_t i = 0; i < count; ++i) batch.put(Table::blocks, Bytes{round, i}, large);
    if (round > 0) batch.erase(Table::blocks, Bytes{static_cast<std::uint8_t>(round - 1), 0});
    REQUIRE(store->write(batch, Durability::buffered));
    for (int i = 0; round % 7 == 0 && i < 40; ++i) put(*store, "small", Durability::buffered);
    CHECK(*store->get(Table::blocks, Bytes{round, 0}) == large);
    if (round > 0)
      CHECK(*store->get(Table::blocks, Bytes{static_cast<std::uint8_t>(round - 1), 0}) == std::nullopt);
  }
}

TEST_CASE("a snapshot outlives the store it was taken from") {
  TemporaryFolder folder;
  auto store = open(folder / "db");
  put(*store, "a");
  const auto snapshot = store->snapshot();
  store.reset();
  CHECK(snapshot->get(Table::state, as_bytes("a"))->has_value());
}

TEST_CASE("a second opener is refused, in this process and in another") {
  TemporaryFolder folder;
  auto store = open(folder / "db");
  const auto second = open_rocks_store(folder / "db", {});
  CHECK(error_of(second) == ErrorCode::conflict);
  CHECK(second.error().message.find((folder / "db").string()) != std::string::npos);
  CHECK(ChildProcess("child: opens", folder / "db").wait() == static_cast<int>(ErrorCode::conflict));
  put(*store, "a");
  CHECK(open(folder / "db", {.read_only = true})->get(Table::state, as_bytes("a"))->has_value());
  store.reset();
  CHECK(error_of(open_rocks_store(folder / "missing", {.read_only = true})) == ErrorCode::not_found);
}

// Exits with the code of the error that opening gives.
TEST_CASE("child: opens" * doctest::skip()) {
  const auto store = open_rocks_store(std::getenv(test::kChildFolder), {});
  std::_Exit(store ? 100 : static_cast<int>(store.error().code));
}

TEST_CASE("a database that is not there is created only when that is wanted") {
  TemporaryFolder folder;
  CHECK(error_of(open_rocks_store(folder / "db", {.create_if_missing = false})) == ErrorCode::not_found);
  CHECK_FALSE(std::filesystem::exists(folder / "db"));
  CHECK(open(folder / "db"));
}

TEST_CASE("a folder that cannot be written is an io error that names it") {
  const auto store = open_rocks_store("/proc/aitbc-test", {});
  CHECK(error_of(store) == ErrorCode::io);
  CHECK(store.error().message.find("/proc/aitbc-test") != std::string::npos);
}

TEST_CASE("a read-only store reads and refuses to write") {
  TemporaryFolder folder;
  put(*open(folder / "db"), "a");
  const auto store = open(folder / "db", {.read_only = true});
  CHECK(has(*store, "a"));
  WriteBatch batch;
  batch.put(Table::state, Bytes{1}, {});
  const auto refused = store->write(batch, Durability::synced);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unsupported);
}

TEST_CASE("a checkpoint is a database of its own") {
  TemporaryFolder folder;
  const auto store = open(folder / "db");
  put(*store, "before");
  REQUIRE(checkpoint_rocks_store(*store, folder / "copy"));
  put(*store, "after");
  const auto copy = open(folder / "copy");
  CHECK(has(*copy, "before"));
  CHECK_FALSE(has(*copy, "after"));
  CHECK(checkpoint_rocks_store(*store, folder / "copy").error().code == ErrorCode::conflict);
  CHECK(checkpoint_rocks_store(*make_memory_store(), folder / "x").error().code == ErrorCode::unsupported);
}

}  // namespace aitbc
