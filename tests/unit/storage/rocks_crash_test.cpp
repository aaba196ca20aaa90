// Kills, torn writes, damaged files and full disks.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "child_process.hpp"
#include "storage/rocks_store.hpp"
#include "temporary_folder.hpp"

namespace aitbc {
namespace {

using test::ChildProcess;
using test::TemporaryFolder;
namespace fs = std::filesystem;

// Small, so that the tables are flushed often and at different times.
RocksOptions small_buffers() {
  RocksOptions options;
  options.write_buffer_bytes = 64U << 10;
  options.total_write_buffer_bytes = 256U << 10;
  return options;
}

// Batch n writes n into every table, and one more value of a length that depends on n.
WriteBatch numbered_batch(std::uint64_t n) {
  WriteBatch batch;
  for (std::size_t i = 0; i < kTableCount; ++i) {
    Bytes value;
    append_be64(value, n);
    batch.put(static_cast<Table>(i), Bytes{0}, value);
  }
  Bytes key;
  append_be64(key, n);
  const auto table = static_cast<Table>(n % kTableCount);
  batch.put(table, key, Bytes(n * 37 % 3000, static_cast<std::uint8_t>(n * 131)));
  return batch;
}

// The number of the last batch, once it is clear that all before it are there and nothing after it is.
std::uint64_t last_batch(const Store& store) {
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < kTableCount; ++i) {
    const auto value = store.get(static_cast<Table>(i), Bytes{0});
    REQUIRE(value);
    const std::uint64_t n = *value ? read_be64(**value) : 0;
    if (i == 0) last = n;
    REQUIRE(n == last);
  }
  for (std::uint64_t n = 1; n <= last + 10; ++n) {
    const WriteBatch batch = numbered_batch(n);
    const WriteBatch::Operation& operation = batch.operations().back();
    const auto value = store.get(operation.table, operation.key);
    REQUIRE(value);
    REQUIRE(value->has_value() == (n <= last));
    if (*value) REQUIRE(equal(**value, *operation.value));
  }
  return last;
}

fs::path newest(const fs::path& folder, const std::string& extension) {
  fs::path found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const bool wanted = entry.path().extension() == extension && entry.file_size() > 0;
    if (wanted && entry.path() > found) found = entry.path();
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

Bytes read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_file(const fs::path& file, ByteView content) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
}

// The folder of a database as a crash would leave it after `batches` batches.
void make_crashed(TemporaryFolder& folder, std::uint64_t batches) {
  const auto store = open_rocks_store(folder / "live", {});
  REQUIRE(store);
  for (std::uint64_t n = 1; n <= batches; ++n)
    REQUIRE((*store)->write(numbered_batch(n), Durability::synced));
  fs::copy(folder / "live", folder / "crashed", fs::copy_options::recursive);
}

// What opening a copy of the crashed database with another log gives.
Result<std::unique_ptr<Store>> open_with_log(TemporaryFolder& folder, ByteView log) {
  fs::remove_all(folder / "copy");
  fs::copy(folder / "crashed", folder / "copy", fs::copy_options::recursive);
  write_file(newest(folder / "copy", ".log"), log);
  return open_rocks_store(folder / "copy", {});
}

}  // namespace

TEST_CASE("a process killed at any moment leaves whole batches, in order, every synced one among them") {
  TemporaryFolder folder;
  std::mt19937_64 random(1);
  for (int round = 0; round < 6; ++round) {
    std::uint64_t acknowledged = 0;
    {
      ChildProcess child("child: writes until it is killed", folder / "db");
      std::string line;
      const std::uint64_t lines = 20 + random() % 400;
      for (std::uint64_t i = 0; i < lines && child.read_line(line); ++i)
        if (line.starts_with("synced ")) acknowledged = std::stoull(line.substr(7));
      child.kill_and_wait();
      while (child.read_line(line))
        if (line.starts_with("synced ") && line.size() > 7) acknowledged = std::stoull(line.substr(7));
    }
    const auto store = open_rocks_store(folder / "db", small_buffers());
    REQUIRE(store);
    CHECK(last_batch(**store) >= acknowledged);
    CHECK(acknowledged > 0);
    CHECK(verify_rocks_checksums(**store));
  }
}

TEST_CASE("child: writes until it is killed" * doctest::skip()) {
  const auto store = open_rocks_store(std::getenv(test::kChildFolder), small_buffers());
  REQUIRE(store);
  for (std::uint64_t n = last_batch(**store) + 1; n < 1'000'000; ++n) {
    const bool sync = n % 3 == 0;
    REQUIRE((*store)->write(numbered_batch(n), sync ? Durability::synced : Durability::buffered));
    if (sync) std::printf("synced %llu\n", static_cast<unsigned long long>(n));
    std::fflush(stdout);
  }
}

TEST_CASE("a last write that was cut off is dropped, wherever it was cut") {
  TemporaryFolder folder;
  make_crashed(folder, 30);
  const Bytes log = read_file(newest(folder / "crashed", ".log"));
  {
    const auto whole = open_with_log(folder, log);
    REQUIRE(whole);
    CHECK(last_batch(**whole) == 30);
  }
  const std::size_t last_record = numbered_batch(30).operations().back().value->size();
  std::size_t cuts = 0;
  for (std::size_t size = log.size() - 1; size > log.size() - last_record; size -= 191, ++cuts) {
    const auto store = open_with_log(folder, ByteView(log).first(size));
    REQUIRE(store);
    REQUIRE(last_batch(**store) == 29);
  }
  CHECK(cuts > 4);
}

TEST_CASE("a last write of which sectors never reached the disk is dropped") {
  TemporaryFolder folder;
  make_crashed(folder, 60);
  Bytes log = read_file(newest(folder / "crashed", ".log"));
  std::fill(log.end() - 1100, log.end(), std::uint8_t{0});
  const auto store = open_with_log(folder, log);
  REQUIRE(store);
  CHECK(last_batch(**store) == 59);
  // It goes on from there.
  REQUIRE((*store)->write(numbered_batch(60), Durability::synced));
  CHECK(last_batch(**store) == 60);
}

TEST_CASE("a changed byte anywhere in the log is corruption, not a shorter history") {
  TemporaryFolder folder;
  make_crashed(folder, 60);
  const Bytes log = read_file(newest(folder / "crashed", ".log"));
  REQUIRE(log.size() > 40'000);  // more than one of its blocks
  std::size_t tried = 0;
  for (std::size_t at = 0; at < log.size(); at += at < 64 ? 5 : 4001, ++tried) {
    CAPTURE(at);
    Bytes damaged = log;
    damaged[at] ^= 0x10;
    const auto store = open_with_log(folder, damaged);
    REQUIRE_FALSE(store);
    CHECK(store.error().code == ErrorCode::corruption);
    CHECK(store.error().message.find((folder / "copy").string()) != std::string::npos);
  }
  CHECK(tried > 20);
}

TEST_CASE("a log cut off before the last one, or missing, is corruption") {
  TemporaryFolder folder;
  {
    RocksOptions options;
    options.write_buffer_bytes = 64U << 10;  // a log per few batches; some tables stay unflushed
    const auto store = open_rocks_store(folder / "live", options);
    REQUIRE(store);
    for (std::uint64_t n = 1; n <= 400; ++n) REQUIRE((*store)->write(numbered_batch(n), Durability::synced));
    fs::copy(folder / "live", folder / "crashed", fs::copy_options::recursive);
  }
  std::vector<fs::path> logs;
  for (const auto& entry : fs::directory_iterator(folder / "crashed"))
    if (entry.path().extension() == ".log") logs.push_back(entry.path());
  std::sort(logs.begin(), logs.end());
  REQUIRE(logs.size() > 1);
  const auto open_without = [&](const auto& damage) {
    fs::remove_all(folder / "copy");
    fs::copy(folder / "crashed", folder / "copy", fs::copy_options::recursive);
    damage((folder / "copy") / logs[0].filename());
    return open_rocks_store(folder / "copy", {});
  };
  const auto cut = open_without([](const fs::path& log) { fs::resize_file(log, fs::file_size(log) - 5); });
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code == ErrorCode::corruption);
  const auto missing = open_without([](const fs::path& log) { fs::remove(log); });
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::corruption);
}

TEST_CASE("a changed byte in a table file or in the manifest is corruption") {
  TemporaryFolder folder;
  make_crashed(folder, 200);
  { REQUIRE(open_rocks_store(folder / "crashed", {})); }  // recovery moves the log into table files
  for (const char* extension : {".sst", "manifest"}) {
    CAPTURE(std::string(extension));
    std::mt19937_64 random(4);
    for (int round = 0; round < 10; ++round) {
      fs::remove_all(folder / "copy");
      fs::copy(folder / "crashed", folder / "copy", fs::copy_options::recursive);
      fs::path file;
      for (const auto& entry : fs::directory_iterator(folder / "copy"))
        if (entry.path().extension() == extension ||
            (*extension == 'm' && entry.path().filename().string().starts_with("MANIFEST")))
          file = entry.path();
      Bytes content = read_file(file);
      content[random() % content.size()] ^= 0x04;
      write_file(file, content);
      const auto store = open_rocks_store(folder / "copy", {});
      const Result<void> verified = store ? verify_rocks_checksums(**store) : fail(store.error());
      REQUIRE_FALSE(verified);
      CHECK(verified.error().code == ErrorCode::corruption);
    }
  }
}

TEST_CASE(
    "a disk that is full fails this write and every later one, and loses nothing that was acknowledged") {
  TemporaryFolder folder;
  std::uint64_t acknowledged = 0;
  {
    ChildProcess child("child: writes until its files may not grow", folder / "db");
    std::string line;
    while (child.read_line(line))
      if (line.starts_with("synced ")) acknowledged = std::stoull(line.substr(7));
    CHECK(child.wait() == static_cast<int>(ErrorCode::io));
  }
  CHECK(acknowledged > 0);
  const auto store = open_rocks_store(folder / "db", {});
  REQUIRE(store);
  CHECK(last_batch(**store) >= acknowledged);
  CHECK((*store)->write(numbered_batch(last_batch(**store) + 1), Durability::synced));
}

TEST_CASE("child: writes until its files may not grow" * doctest::skip()) {
  signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit fails instead
  const rlimit limit{300U << 10, 300U << 10};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  const auto store = open_rocks_store(std::getenv(test::kChildFolder), {});
  REQUIRE(store);
  for (std::uint64_t n = 1;; ++n) {
    const auto written = (*store)->write(numbered_batch(n), Durability::synced);
    if (written) {
      std::printf("synced %llu\n", static_cast<unsigned long long>(n));
      continue;
    }
    const auto later = (*store)->write(WriteBatch(), Durability::buffered);
    std::fflush(stdout);
    if (later || later.error().code != written.error().code) std::_Exit(100);
    std::_Exit(static_cast<int>(written.error().code));
  }
}

}  // namespace aitbc
