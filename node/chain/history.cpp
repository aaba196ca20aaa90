#include "node/chain/history.hpp"

#include <algorithm>

#include "codec/rlp.hpp"
#include "execution/flat_state.hpp"
#include "node/chain/schema.hpp"

namespace aitbc::chain {
namespace {

constexpr std::string_view kHistoryStart = "history_start";

// A change set is rlp([[state key, [] or [value before]], ...]).
void append_entry(rlp::Encoder& out, ByteView key, const std::optional<Bytes>& before) {
  out.begin_list().bytes(key).begin_list();
  if (before) out.bytes(*before);
  out.end_list().end_list();
}

struct ChangeEntry {
  ByteView key;
  std::optional<ByteView> before;
};

Result<ChangeEntry> next_entry(rlp::Decoder& entries) {
  AITBC_ASSIGN(rlp::Decoder entry, entries.list());
  ChangeEntry out;
  AITBC_ASSIGN(out.key, entry.bytes());
  AITBC_ASSIGN(rlp::Decoder before, entry.list());
  if (!before.at_end()) {
    AITBC_ASSIGN(out.before, before.bytes());
  }
  AITBC_TRY(before.finish());
  AITBC_TRY(entry.finish());
  return out;
}

Result<Bytes> read_change_set(const Snapshot& snapshot, Height height) {
  AITBC_ASSIGN(auto value, snapshot.get(Table::blocks, change_set_key(height)));
  if (!value)
    return fail(ErrorCode::corruption, "the change set of block " + std::to_string(height) + " is missing");
  return std::move(*value);
}

// What a key held after a block: unchanged since (read the latest state), or the value kept by a later block.
struct KeptValue {
  bool changed_later = false;
  std::optional<Bytes> value;
};

class HistoricalView final : public StateView {
 public:
  HistoricalView(std::shared_ptr<const Snapshot> snapshot, Height height)
      : snapshot_(std::move(snapshot)), latest_(make_flat_state_view(snapshot_)), height_(height) {}

  Result<std::optional<Account>> account(const Address& address) const override {
    AITBC_ASSIGN(const KeptValue kept, find_kept(account_key(address)));
    if (!kept.changed_later) return latest_->account(address);
    if (!kept.value) return std::nullopt;
    AITBC_ASSIGN(const Account account, decode_account(*kept.value));
    return std::optional<Account>(account);
  }

  Result<std::optional<Bytes>> storage(const Address& address, ByteView key) const override {
    AITBC_ASSIGN(KeptValue kept, find_kept(storage_key(address, key)));
    if (!kept.changed_later) return latest_->storage(address, key);
    return std::move(kept.value);
  }

  // The smallest key of then is either a key of now that existed then, or one that was deleted since: the
  // change index lists the latter in the same order.
  Result<std::optional<KeyValue>> storage_lower_bound(const Address& address, ByteView from) const override {
    const auto changed = snapshot_->iterate(Table::history);
    Bytes cursor = to_bytes(from);
    while (true) {
      AITBC_ASSIGN(auto present, latest_->storage_lower_bound(address, cursor));
      AITBC_ASSIGN(auto past, next_changed_key(*changed, address, cursor));
      if (!present && !past) return std::nullopt;
      Bytes candidate = !past || (present && compare(present->key, *past) <= 0) ? std::move(present->key)
                                                                                : std::move(*past);
      AITBC_ASSIGN(auto value, storage(address, candidate));
      if (value) return std::optional(KeyValue{std::move(candidate), std::move(*value)});
      cursor = std::move(candidate);
      cursor.push_back(0);  // the next possible key
    }
  }

 private:
  Result<KeptValue> find_kept(const Bytes& state_key) const {
    const Bytes prefix = change_index_prefix(state_key);
    const auto iterator = snapshot_->iterate(Table::history);
    iterator->seek(change_index_key(state_key, height_ + 1));
    const bool found = iterator->valid() && starts_with(iterator->key(), prefix);
    AITBC_TRY(iterator->status());
    if (!found) return KeptValue{};
    AITBC_ASSIGN(const Bytes changes,
                 read_change_set(*snapshot_, read_be64(iterator->key().subspan(prefix.size()))));
    AITBC_ASSIGN(rlp::Decoder entries, rlp::decode_list(changes));
    while (!entries.at_end()) {
      AITBC_ASSIGN(const ChangeEntry entry, next_entry(entries));
      if (!equal(entry.key, state_key)) continue;
      KeptValue out{true, std::nullopt};
      if (entry.before) out.value = to_bytes(*entry.before);
      return out;
    }
    return fail(ErrorCode::corruption, "the history index names a block that did not change the key");
  }

  // The smallest storage key >= from that some block after height_ changed.
  Result<std::optional<Bytes>> next_changed_key(Iterator& iterator, const Address& address,
                                                const Bytes& from) const {
    const Bytes account_prefix = storage_key(address, {});
    const Bytes range = change_index_start(account_prefix);
    for (iterator.seek(change_index_start(storage_key(address, from)));
         iterator.valid() && starts_with(iterator.key(), range); iterator.next()) {
      const auto entry = parse_change_index(iterator.key());
      if (!entry || entry->state_key.size() < account_prefix.size())
        return fail(ErrorCode::corruption, "a damaged entry in the history index");
      if (entry->height > height_)
        return std::optional(to_bytes(ByteView(entry->state_key).subspan(account_prefix.size())));
    }
    AITBC_TRY(iterator.status());
    return std::nullopt;
  }

  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<const StateView> latest_;
  Height height_;
};

}  // namespace

void append_history(WriteBatch& batch, Height height, const StateDiff& diff) {
  rlp::Encoder out;
  out.begin_list();
  const auto remember = [&](const Bytes& key, const std::optional<Bytes>& before) {
    append_entry(out, key, before);
    batch.put(Table::history, change_index_key(key, height), {});
  };
  for (const AccountChange& change : diff.accounts) {
    std::optional<Bytes> before;
    if (change.before) before = encode(*change.before);
    remember(account_key(change.address), before);
  }
  for (const StorageChange& change : diff.storage)
    remember(storage_key(change.address, change.key), change.before);
  out.end_list();
  batch.put(Table::blocks, change_set_key(height), out.take());
}

Result<void> visit_changes(
    const Snapshot& snapshot, Height height,
    const std::function<void(ByteView key, const std::optional<ByteView>& before)>& visit) {
  AITBC_ASSIGN(const Bytes changes, read_change_set(snapshot, height));
  AITBC_ASSIGN(rlp::Decoder entries, rlp::decode_list(changes));
  while (!entries.at_end()) {
    AITBC_ASSIGN(const ChangeEntry entry, next_entry(entries));
    visit(entry.key, entry.before);
  }
  return {};
}

void append_history_start(WriteBatch& batch, Height height) {
  Bytes value;
  append_be64(value, height);
  batch.put(Table::meta, as_bytes(kHistoryStart), value);
}

Result<Height> history_start(const Snapshot& snapshot) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::meta, as_bytes(kHistoryStart)));
  if (!value) return Height{0};
  if (value->size() != 8) return fail(ErrorCode::corruption, "a damaged history_start");
  return read_be64(*value);
}

Result<std::shared_ptr<const StateView>> state_at(std::shared_ptr<const Snapshot> snapshot, Height head,
                                                  Height height) {
  if (height > head) return fail(ErrorCode::not_found, "block not found");
  if (height == head) return make_flat_state_view(std::move(snapshot));
  AITBC_ASSIGN(const Height start, history_start(*snapshot));
  if (height < start)
    return fail(ErrorCode::not_found, "the state of block " + std::to_string(height) +
                                          " was pruned; the oldest kept is that of block " +
                                          std::to_string(start));
  return std::shared_ptr<const StateView>(std::make_shared<HistoricalView>(std::move(snapshot), height));
}

// The state of height h needs the change sets of every block above h, so that of new_start may go too.
Result<void> append_history_pruning(const Snapshot& snapshot, Height new_start, std::size_t limit,
                                    WriteBatch& batch) {
  AITBC_ASSIGN(const Height start, history_start(snapshot));
  if (new_start <= start) return {};
  const Height last = std::min<Height>(new_start, start + limit);
  for (Height height = start; height <= last; ++height) {
    AITBC_ASSIGN(const auto changes, snapshot.get(Table::blocks, change_set_key(height)));
    if (!changes) continue;  // genesis has none
    AITBC_ASSIGN(rlp::Decoder entries, rlp::decode_list(*changes));
    while (!entries.at_end()) {
      AITBC_ASSIGN(const ChangeEntry entry, next_entry(entries));
      batch.erase(Table::history, change_index_key(entry.key, height));
    }
    batch.erase(Table::blocks, change_set_key(height));
  }
  append_history_start(batch, last);
  return {};
}

}  // namespace aitbc::chain
