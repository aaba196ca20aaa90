#include "node/search/index_builder.hpp"

#include "execution/flat_state.hpp"
#include "node/chain/history.hpp"

namespace aitbc::search {
namespace {

using market::kContract;

constexpr std::size_t kBatchOperations = 20'000;
constexpr Height kFarBehind = 10'000;  // blocks: from there on making the index anew is no slower

// Every entry of the contract's storage, in order of key.
Result<void> visit_storage(const chain::ChainView& view,
                           const std::function<Result<void>(ByteView key, ByteView value)>& visit) {
  const Bytes prefix = storage_key(kContract, {});
  const auto iterator = view.snapshot->iterate(Table::state);
  for (iterator->seek(prefix); iterator->valid() && starts_with(iterator->key(), prefix); iterator->next())
    AITBC_TRY(visit(iterator->key().subspan(prefix.size()), iterator->value()));
  return iterator->status();
}

Result<void> add_stored_block(IndexWriter& writer, const Snapshot& blocks, Height height) {
  AITBC_ASSIGN(const auto header, chain::read_header(blocks, height));
  AITBC_ASSIGN(const auto transactions, chain::read_transactions(blocks, height));
  AITBC_ASSIGN(const auto receipts, chain::read_receipts(blocks, height));
  if (!header)
    return fail(ErrorCode::corruption, "block " + std::to_string(height) + " is missing from the database");
  std::vector<const Logs*> logs;
  for (const chain::StoredReceipt& each : receipts) logs.push_back(&each.receipt.logs);
  return writer.add_block(height, transactions, logs, header->timestamp);
}

tl::unexpected<Error> stopped() { return fail(ErrorCode::unavailable, "the index was not finished"); }

// Writes batch after batch, so that memory stays bounded however much there is to index.
class Builder {
 public:
  Builder(Store& store, const chain::ChainView& view, const IndexListener& progress)
      : store_(store), view_(view), progress_(progress) {
    begin_batch();
  }

  Result<void> add_records() {
    std::uint64_t done = 0;
    AITBC_TRY(visit_storage(view_, [&](ByteView key, ByteView value) -> Result<void> {
      writer_->change(key, std::nullopt, value);
      ++done;
      return after_item({"records", done, 0});
    }));
    return {};
  }

  Result<void> add_blocks() {
    AITBC_ASSIGN(const Height start, chain::blocks_start(*view_.snapshot));
    for (Height height = std::max<Height>(start, 1); height <= view_.head.number; ++height) {
      AITBC_TRY(add_stored_block(*writer_, *view_.snapshot, height));
      AITBC_TRY(after_item({"blocks", height, view_.head.number}));
    }
    return {};
  }

  Result<void> finish() {
    AITBC_ASSIGN(WriteBatch batch, std::move(*writer_).finish(std::pair(view_.head.number, view_.head_hash)));
    Bytes format;
    append_be64(format, kIndexFormat);
    batch.put(Table::meta, as_bytes(kFormatKey), format);
    return store_.write(batch, Durability::synced);
  }

 private:
  void begin_batch() {
    snapshot_ = store_.snapshot();
    writer_ = std::make_unique<IndexWriter>(*snapshot_, *view_.state);
  }
  Result<void> after_item(const IndexProgress& progress) {
    if (progress_ && !progress_(progress)) return stopped();
    if (writer_->size() < kBatchOperations) return {};
    AITBC_ASSIGN(const WriteBatch batch, std::move(*writer_).finish(std::nullopt));
    AITBC_TRY(store_.write(batch, Durability::buffered));
    begin_batch();
    return {};
  }

  Store& store_;
  const chain::ChainView& view_;
  const IndexListener& progress_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::unique_ptr<IndexWriter> writer_;
};

}  // namespace

Result<std::optional<Height>> usable_head(const Store& store, const chain::ChainView& view) {
  AITBC_ASSIGN(const auto format, store.get(Table::meta, as_bytes(kFormatKey)));
  AITBC_ASSIGN(const auto head, store.get(Table::meta, as_bytes(kHeadKey)));
  if (!format || format->size() != 8 || read_be64(*format) != kIndexFormat) return std::nullopt;
  if (!head || head->size() != 8 + Hash::kSize) return std::nullopt;
  const Height height = read_be64(*head);
  if (height > view.head.number || view.head.number - height > kFarBehind) return std::nullopt;
  AITBC_ASSIGN(const auto meta, chain::read_block_meta(*view.snapshot, height));
  if (!meta || !equal(meta->hash, ByteView(*head).subspan(8))) return std::nullopt;
  AITBC_ASSIGN(const Height oldest, chain::history_start(*view.snapshot));
  return height >= oldest ? std::optional(height) : std::nullopt;
}

Result<void> build_index(Store& store, const chain::ChainView& view, const IndexListener& progress) {
  Builder builder(store, view, progress);
  AITBC_TRY(builder.add_records());
  AITBC_TRY(builder.add_blocks());
  return builder.finish();
}

Result<void> catch_up(Store& store, const chain::ChainView& view, Height from) {
  if (from == view.head.number) return {};
  // What each changed entry was at `from`: the first change after it remembers.
  std::map<Bytes, std::optional<Bytes>> before;
  const Bytes prefix = storage_key(kContract, {});
  for (Height height = from + 1; height <= view.head.number; ++height)
    AITBC_TRY(
        chain::visit_changes(*view.snapshot, height, [&](ByteView key, const std::optional<ByteView>& value) {
          if (!starts_with(key, prefix)) return;
          std::optional<Bytes> kept;
          if (value) kept = to_bytes(*value);
          before.emplace(to_bytes(key.subspan(prefix.size())), std::move(kept));
        }));
  const auto snapshot = store.snapshot();
  IndexWriter writer(*snapshot, *view.state);
  for (const auto& [key, old_value] : before) {
    AITBC_ASSIGN(const auto new_value, view.state->storage(kContract, key));
    writer.change(key, view_of(old_value), view_of(new_value));
  }
  for (Height height = from + 1; height <= view.head.number; ++height)
    AITBC_TRY(add_stored_block(writer, *view.snapshot, height));
  AITBC_ASSIGN(const WriteBatch batch, std::move(writer).finish(std::pair(view.head.number, view.head_hash)));
  return store.write(batch, Durability::buffered);
}

Result<void> add_head(Store& store, const chain::HeadEvent& event) {
  const auto snapshot = store.snapshot();
  IndexWriter writer(*snapshot, *event.view->state);
  for (const StorageChange& change : event.outcome->diff.storage)
    if (change.address == kContract) writer.change(change.key, view_of(change.before), view_of(change.after));
  std::vector<const Logs*> logs;
  for (const Receipt& receipt : event.outcome->receipts) logs.push_back(&receipt.logs);
  const Header& head = event.view->head;
  AITBC_TRY(writer.add_block(head.number, event.block->transactions, logs, head.timestamp));
  AITBC_ASSIGN(const WriteBatch batch,
               std::move(writer).finish(std::pair(head.number, event.view->head_hash)));
  return store.write(batch, Durability::buffered);
}

void update_directory(market::Directory& directory, ByteView key, ByteView value) {
  const auto put = [&]<class T>(T record) {
    AITBC_CHECK(market::decode_record(value, record), "a stored marketplace record does not decode");
    directory.put(record);
  };
  if (key.empty()) return;
  if (key[0] == 'm') put(market::ModelStats{});
  if (key[0] == 'p') put(market::Provider{});
  if (key[0] != 'r') return;
  if (static_cast<market::Kind>(key[1]) == market::Kind::gpu) put(market::Gpu{});
  if (static_cast<market::Kind>(key[1]) == market::Kind::offer) put(market::Offer{});
}

Result<void> load_directory(const chain::ChainView& view, market::Directory& directory) {
  return visit_storage(view, [&](ByteView key, ByteView value) -> Result<void> {
    update_directory(directory, key, value);
    return {};
  });
}

}  // namespace aitbc::search
