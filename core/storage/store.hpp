// An ordered key-value store with tables, snapshots and atomic batches. Keys compare as unsigned bytes.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc {

// Each table is an ordered key space of its own; a batch may touch several.
enum class Table : std::uint8_t {
  meta,       // a handful of fixed keys: format, genesis hash, head
  blocks,     // by height: headers, bodies, receipts, commit proofs
  index,      // hash -> height, transaction hash -> (height, index), log terms
  state,      // the latest flat state
  trie,       // trie nodes by path
  history,    // values before each block
  mempool,    // acknowledged transactions by arrival
  consensus,  // the consensus engine's write-ahead log
};
inline constexpr std::size_t kTableCount = 8;
const char* table_name(Table table);

enum class Durability {
  buffered,  // survives the process, not the machine
  synced,    // survives both once write() has returned
};

// Operations to be done together, in order. Keeps copies of keys and values, in a few large blocks of memory.
class WriteBatch {
 public:
  struct Operation {
    Table table;
    ByteView key;                   // valid as long as the batch, or one that it was moved or appended to
    std::optional<ByteView> value;  // nullopt: delete
  };
  WriteBatch() = default;
  WriteBatch(const WriteBatch& other);
  WriteBatch(WriteBatch&& other) noexcept { swap(other); }
  WriteBatch& operator=(WriteBatch other) noexcept {
    swap(other);
    return *this;
  }
  ~WriteBatch() = default;

  void put(Table table, ByteView key, ByteView value);
  void put(Table table, ByteView key, std::initializer_list<std::uint8_t> value) {
    put(table, key, ByteView(value.begin(), value.size()));
  }
  void erase(Table table, ByteView key);
  void append(WriteBatch other);
  const std::vector<Operation>& operations() const { return operations_; }
  bool empty() const { return operations_.empty(); }
  void reserve(std::size_t count) { operations_.reserve(count); }

 private:
  void swap(WriteBatch& other) noexcept;
  ByteView keep(ByteView bytes);

  std::vector<Operation> operations_;
  std::vector<std::unique_ptr<std::uint8_t[]>> blocks_;
  std::size_t block_size_ = 0;  // of the last block
  std::size_t block_used_ = 0;
};

struct KeyValue {
  Bytes key;
  Bytes value;
};

// Walks one table in key order. Not thread-safe; must not outlive its snapshot.
class Iterator {
 public:
  virtual ~Iterator() = default;
  // To the first key >= `key`, or the last key <= `key`.
  virtual void seek(ByteView key) = 0;
  virtual void seek_for_prev(ByteView key) = 0;
  virtual void next() = 0;
  virtual void prev() = 0;
  virtual bool valid() const = 0;
  virtual ByteView key() const = 0;    // precondition: valid(); until the next move
  virtual ByteView value() const = 0;  // precondition: valid(); until the next move
  // The error that made valid() false, if one did.
  virtual Result<void> status() const = 0;
};

// An immutable view of the store at one moment. Thread-safe.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  // nullopt when the key is absent; io or corruption when it cannot be known.
  virtual Result<std::optional<Bytes>> get(Table table, ByteView key) const = 0;
  virtual std::unique_ptr<Iterator> iterate(Table table) const = 0;
};

// Thread-safe. Batches are atomic: after a crash each is there wholly or not at all, and in order.
class Store {
 public:
  virtual ~Store() = default;
  virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
  // The latest committed value.
  virtual Result<std::optional<Bytes>> get(Table table, ByteView key) const = 0;
  virtual Result<void> write(const WriteBatch& batch, Durability durability) = 0;
};

}  // namespace aitbc
