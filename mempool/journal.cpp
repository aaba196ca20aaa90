#include "mempool/journal.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace aitbc::mempool {

namespace {

constexpr std::size_t kKeyBytes = 8;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kRecoveredAtOnce = 64;  // by one thread

Bytes journal_key(Arrival arrival) {
  Bytes key;
  key.reserve(kKeyBytes);
  append_be64(key, arrival);
  return key;
}

auto unreadable(Arrival arrival, const std::string& why) {
  return fail(ErrorCode::corruption,
              "stored pool transaction " + std::to_string(arrival) + " does not read: " + why);
}

Result<std::vector<KeyValue>> read_all(const Snapshot& snapshot) {
  std::vector<KeyValue> rows;
  const auto row = snapshot.iterate(Table::mempool);
  for (row->seek({}); row->valid(); row->next())
    rows.push_back({to_bytes(row->key()), to_bytes(row->value())});
  AITBC_TRY(row->status());
  return rows;
}

Result<StoredTransaction> decode_row(const KeyValue& row) {
  if (row.key.size() != kKeyBytes) return fail(ErrorCode::corruption, "a stored pool key has not 8 bytes");
  const Arrival arrival = read_be64(row.key);
  if (row.value.size() < kTimeBytes) return unreadable(arrival, "no arrival time");
  auto transaction = recover_transaction(ByteView(row.value).subspan(kTimeBytes));
  if (!transaction) return unreadable(arrival, transaction.error().message);
  return StoredTransaction{arrival, read_be64(row.value), std::move(*transaction)};
}

}  // namespace

void append_put(WriteBatch& batch, const Entry& entry) {
  Bytes value;
  value.reserve(kTimeBytes + entry.bytes());
  append_be64(value, entry.since);
  append(value, entry.transaction->wire);
  batch.put(Table::mempool, journal_key(entry.arrival), std::move(value));
}

void append_removal(WriteBatch& batch, Arrival arrival) { batch.erase(Table::mempool, journal_key(arrival)); }

Result<std::vector<StoredTransaction>> read_journal(const Snapshot& snapshot) {
  AITBC_ASSIGN(std::vector<KeyValue> rows, read_all(snapshot));
  std::vector<Result<StoredTransaction>> decoded(rows.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (;;) {
      const std::size_t from = next.fetch_add(kRecoveredAtOnce);
      if (from >= rows.size()) return;
      const std::size_t to = std::min(from + kRecoveredAtOnce, rows.size());
      for (std::size_t i = from; i < to; ++i) {
        decoded[i] = decode_row(rows[i]);
        rows[i] = {};  // the pool may be large: not twice in memory
      }
    }
  };
  const std::size_t useful = (rows.size() + kRecoveredAtOnce - 1) / kRecoveredAtOnce;
  std::vector<std::thread> helpers;
  for (std::size_t i = 1; i < std::min<std::size_t>(useful, std::thread::hardware_concurrency()); ++i)
    helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();

  std::vector<StoredTransaction> transactions;
  transactions.reserve(decoded.size());
  for (auto& one : decoded) {
    if (!one) return fail(std::move(one).error());
    transactions.push_back(std::move(*one));
  }
  return transactions;
}

}  // namespace aitbc::mempool
