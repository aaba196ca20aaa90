#include "node/search/snapshot_index.hpp"

#include "node/search/keys.hpp"

namespace aitbc::search {
namespace {

// The ids under one facet's value.
class Posting final : public market::IdStream {
 public:
  Posting(const Snapshot& entries, Bytes prefix, bool descending)
      : iterator_(entries.iterate(Table::index)), prefix_(std::move(prefix)), descending_(descending) {}

  Result<std::optional<std::uint64_t>> seek(std::uint64_t id) override {
    Bytes key = prefix_;
    append_be64(key, id);
    descending_ ? iterator_->seek_for_prev(key) : iterator_->seek(key);
    if (iterator_->valid() && iterator_->key().size() == key.size() && starts_with(iterator_->key(), prefix_))
      return read_be64(iterator_->key().last(8));
    AITBC_TRY(iterator_->status());
    return std::nullopt;
  }

 private:
  std::unique_ptr<Iterator> iterator_;
  Bytes prefix_;
  bool descending_;
};

class SnapshotIndex final : public market::QueryIndex {
 public:
  SnapshotIndex(std::shared_ptr<const Snapshot> entries, const market::Directory& directory)
      : entries_(std::move(entries)), directory_(directory) {}

  std::unique_ptr<market::IdStream> find(market::Kind kind, const market::FacetValue& wanted,
                                         bool descending) const override {
    return std::make_unique<Posting>(*entries_, posting_prefix(kind, wanted), descending);
  }
  const market::Directory& directory() const override { return directory_; }

 private:
  std::shared_ptr<const Snapshot> entries_;
  const market::Directory& directory_;
};

}  // namespace

std::unique_ptr<market::QueryIndex> snapshot_index(std::shared_ptr<const Snapshot> entries,
                                                   const market::Directory& directory) {
  return std::make_unique<SnapshotIndex>(std::move(entries), directory);
}

}  // namespace aitbc::search
