#include "storage/rocks_store.hpp"

#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <utility>

#include "storage/rocks_log_check.hpp"
#include "storage/rocks_options.hpp"

namespace aitbc {
namespace {

rocksdb::Slice slice(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
ByteView view(const rocksdb::Slice& bytes) { return as_bytes({bytes.data(), bytes.size()}); }

ErrorCode code_of(const rocksdb::Status& status, const std::string& text) {
  if (status.IsCorruption()) return ErrorCode::corruption;
  if (status.IsNotSupported()) return ErrorCode::unsupported;
  const bool lock =
      text.find("lock file") != std::string::npos || text.find("lock hold") != std::string::npos;
  if (lock) return ErrorCode::conflict;
  // What is on disk does not have the tables that this program needs.
  if (status.IsInvalidArgument()) return ErrorCode::corruption;
  return ErrorCode::io;
}

tl::unexpected<Error> failure(const std::filesystem::path& folder, const rocksdb::Status& status) {
  const std::string text = status.ToString();
  const ErrorCode code = code_of(status, text);
  const char* hint = code == ErrorCode::conflict ? "in use by another process: " : "";
  return fail(code, "database " + folder.string() + ": " + hint + text);
}

// Remembers that RocksDB failed in the background (a flush or a compaction), and keeps it from trying again.
class FailureListener final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override { failed_ = true; }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* auto_recovery) override {
    *auto_recovery = false;
  }
  bool failed() const { return failed_; }
  void set_failed() { failed_ = true; }

 private:
  std::atomic<bool> failed_{false};
};

// An open database; shared by the store and its snapshots, closed when the last of them goes.
struct Database {
  std::filesystem::path folder;
  std::shared_ptr<FailureListener> failures = std::make_shared<FailureListener>();
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // by Table

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    if (db) save_memory();
    for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
  }

  // What only the log has goes into tables, so that the next start need not replay it. A failure loses
  // nothing: the log stays. Refused, and not needed, where the database is open for reading only.
  void save_memory() {
    if (!failures->failed()) db->Flush(rocksdb::FlushOptions(), handles).PermitUncheckedError();
  }

  rocksdb::ColumnFamilyHandle* handle(Table table) const { return handles[static_cast<std::size_t>(table)]; }

  Result<std::optional<Bytes>> get(const rocksdb::ReadOptions& options, Table table, ByteView key) const {
    rocksdb::PinnableSlice value;
    const rocksdb::Status status = db->Get(options, handle(table), slice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return failure(folder, status);
    return to_bytes(view(value));
  }
};

class RocksIterator final : public Iterator {
 public:
  RocksIterator(std::shared_ptr<const Database> database, std::unique_ptr<rocksdb::Iterator> iterator)
      : database_(std::move(database)), iterator_(std::move(iterator)) {}

  void seek(ByteView key) override { iterator_->Seek(slice(key)); }
  void seek_for_prev(ByteView key) override { iterator_->SeekForPrev(slice(key)); }
  void next() override { iterator_->Next(); }
  void prev() override { iterator_->Prev(); }
  bool valid() const override { return iterator_->Valid(); }
  ByteView key() const override { return view(iterator_->key()); }
  ByteView value() const override { return view(iterator_->value()); }
  Result<void> status() const override {
    const rocksdb::Status status = iterator_->status();
    if (!status.ok()) return failure(database_->folder, status);
    return {};
  }

 private:
  std::shared_ptr<const Database> database_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

class RocksSnapshot final : public Snapshot {
 public:
  explicit RocksSnapshot(std::shared_ptr<const Database> database)
      : database_(std::move(database)), snapshot_(database_->db->GetSnapshot()) {
    options_.snapshot = snapshot_;
  }
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;
  ~RocksSnapshot() override { database_->db->ReleaseSnapshot(snapshot_); }

  Result<std::optional<Bytes>> get(Table table, ByteView key) const override {
    return database_->get(options_, table, key);
  }

  std::unique_ptr<Iterator> iterate(Table table) const override {
    std::unique_ptr<rocksdb::Iterator> iterator(
        database_->db->NewIterator(options_, database_->handle(table)));
    return std::make_unique<RocksIterator>(database_, std::move(iterator));
  }

 private:
  std::shared_ptr<const Database> database_;
  const rocksdb::Snapshot* snapshot_;
  rocksdb::ReadOptions options_;
};

// The memory of the last large batch, for the next one: pages that are new to the process cost as much as
// filling them. Given up when it was of no use for a while. Thread-safe.
class SpareBatch {
 public:
  // Empty, with room for `bytes`.
  rocksdb::WriteBatch take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (bytes_ != 0 && bytes >= bytes_ / 4) {
      bytes_ = 0;
      return std::move(batch_);
    }
    if (bytes_ != 0 && ++unused_ > kMostUnused) {
      bytes_ = 0;
      batch_ = rocksdb::WriteBatch();
    }
    return rocksdb::WriteBatch(bytes);
  }

  void give_back(rocksdb::WriteBatch batch, std::size_t bytes) {
    if (bytes < kLeastKept) return;
    batch.Clear();
    const std::lock_guard lock(mutex_);
    batch_ = std::move(batch);
    bytes_ = bytes;
    unused_ = 0;
  }

 private:
  static constexpr std::size_t kLeastKept = 1U << 20;
  static constexpr int kMostUnused = 32;  // batches
  std::mutex mutex_;
  rocksdb::WriteBatch batch_;
  std::size_t bytes_ = 0;  // of the batch kept; none: 0
  int unused_ = 0;
};

class RocksStore final : public Store {
 public:
  explicit RocksStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  std::shared_ptr<const Snapshot> snapshot() const override {
    return std::make_shared<RocksSnapshot>(database_);
  }

  Result<std::optional<Bytes>> get(Table table, ByteView key) const override {
    return database_->get(rocksdb::ReadOptions(), table, key);
  }

  Result<void> write(const WriteBatch& batch, Durability durability) override {
    if (database_->failures->failed())
      return fail(ErrorCode::io,
                  "database " + database_->folder.string() +
                      ": not writable since an earlier error; free the disk or repair it, then restart");
    const std::size_t bytes = size_of(batch);
    rocksdb::WriteBatch rocks = spare_.take(bytes);
    translate(batch, rocks);
    rocksdb::WriteOptions options;
    options.sync = durability == Durability::synced;
    const rocksdb::Status status = database_->db->Write(options, &rocks);
    spare_.give_back(std::move(rocks), bytes);
    if (status.ok()) return {};
    // Whether the batch is in the log is unknown, so nothing may be written after it.
    database_->failures->set_failed();
    return failure(database_->folder, status);
  }

  const Database& database() const { return *database_; }

 private:
  // The operations table by table and in key order, as far as the beginnings of keys tell. Memtables take
  // keys in order several times as fast (see insertion hints in rocks_options.cpp). Operations on one key
  // keep their order.
  static std::vector<const WriteBatch::Operation*> in_key_order(const WriteBatch& batch) {
    struct Place {
      Table table;
      std::array<std::uint64_t, 2> head;
      std::size_t position;
      auto operator<=>(const Place&) const = default;
    };
    const auto& operations = batch.operations();
    std::vector<Place> places;
    places.reserve(operations.size());
    for (std::size_t i = 0; i < operations.size(); ++i) {
      std::array<std::uint8_t, 16> head{};
      const ByteView key = operations[i].key;
      std::copy_n(key.begin(), std::min(key.size(), head.size()), head.begin());
      places.push_back({operations[i].table, {read_be64(head), read_be64(ByteView(head).subspan(8))}, i});
    }
    std::sort(places.begin(), places.end());
    std::vector<const WriteBatch::Operation*> ordered;
    ordered.reserve(places.size());
    for (const Place& place : places) ordered.push_back(&operations[place.position]);
    return ordered;
  }

  // Of the same operations as RocksDB keeps them, at least.
  static std::size_t size_of(const WriteBatch& batch) {
    constexpr std::size_t kOverhead = 12;  // per operation: type, table, lengths
    std::size_t bytes = 0;
    for (const WriteBatch::Operation& operation : batch.operations())
      bytes += operation.key.size() + (operation.value ? operation.value->size() : 0) + kOverhead;
    return bytes;
  }

  void translate(const WriteBatch& batch, rocksdb::WriteBatch& rocks) const {
    for (const WriteBatch::Operation* each : in_key_order(batch)) {
      const WriteBatch::Operation& operation = *each;
      rocksdb::ColumnFamilyHandle* handle = database_->handle(operation.table);
      const rocksdb::Status status = operation.value
                                         ? rocks.Put(handle, slice(operation.key), slice(*operation.value))
                                         : rocks.Delete(handle, slice(operation.key));
      status.PermitUncheckedError();  // fails only beyond a size limit that is not set
    }
  }

  SpareBatch spare_;
  std::shared_ptr<Database> database_;
};

rocksdb::Status try_open(Database& database, const RocksOptions& options, rocksdb::WALRecoveryMode mode) {
  rocksdb::DBOptions db_options = rocks_database_options(options, database.failures);
  db_options.wal_recovery_mode = mode;
  const auto descriptors = rocks_table_descriptors(options);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(db_options, database.folder.string(), descriptors, &database.handles,
                                         &db)
          : rocksdb::DB::Open(db_options, database.folder.string(), descriptors, &database.handles, &db);
  database.db.reset(db);
  return status;
}

Result<const RocksStore*> as_rocks(const Store& store) {
  const auto* rocks = dynamic_cast<const RocksStore*>(&store);
  if (rocks == nullptr) return fail(ErrorCode::unsupported, "the store is not a RocksDB store");
  return rocks;
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(const std::filesystem::path& folder,
                                                const RocksOptions& options) {
  const bool exists = std::filesystem::exists(folder / "CURRENT");
  if (!exists && (options.read_only || !options.create_if_missing))
    return fail(ErrorCode::not_found, "there is no database in " + folder.string());
  auto database = std::make_shared<Database>();
  database->folder = folder;
  // First as if it had been closed properly: then nothing can be missing. Only a log whose last write was cut
  // off is opened up to that write.
  rocksdb::Status status = try_open(*database, options, rocksdb::WALRecoveryMode::kAbsoluteConsistency);
  if (status.IsCorruption()) {
    AITBC_ASSIGN(const LogCheck log, check_rocks_log(folder));
    if (log.state == LogState::damaged)
      return fail(ErrorCode::corruption,
                  "database " + folder.string() + ": damaged log " + log.where + ": " + status.ToString());
    if (log.state == LogState::torn)
      status = try_open(*database, options, rocksdb::WALRecoveryMode::kPointInTimeRecovery);
  }
  if (!status.ok()) return failure(folder, status);
  return std::make_unique<RocksStore>(std::move(database));
}

Result<void> checkpoint_rocks_store(const Store& store, const std::filesystem::path& folder) {
  AITBC_ASSIGN(const RocksStore* rocks, as_rocks(store));
  if (std::filesystem::exists(folder))
    return fail(ErrorCode::conflict, "cannot copy the database to " + folder.string() + ": it exists");
  rocksdb::Checkpoint* created = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(rocks->database().db.get(), &created);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(created);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder.string());
  if (!status.ok()) return failure(folder, status);
  return {};
}

Result<void> verify_rocks_checksums(const Store& store) {
  AITBC_ASSIGN(const RocksStore* rocks, as_rocks(store));
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 2U << 20;
  const rocksdb::Status status = rocks->database().db->VerifyChecksum(options);
  if (!status.ok()) return failure(rocks->database().folder, status);
  return {};
}

}  // namespace aitbc
