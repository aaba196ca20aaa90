#include "execution/trie_readers.hpp"

#include <algorithm>

#include "codec/rlp.hpp"
#include "execution/flat_state.hpp"

namespace aitbc::trie {
namespace {

constexpr std::uint8_t kAccountLeaves = 'a';  // in Table::state

tl::unexpected<Error> missing_leaf() { return fail(ErrorCode::corruption, "trie: a leaf is missing"); }

class RecordReader : public TrieReader {
 public:
  RecordReader(const Snapshot& snapshot, TrieCache::Impl* cache, TrieId id)
      : snapshot_(snapshot), cache_(cache), id_(std::move(id)) {}

  Result<std::optional<ByteView>> record(const Hash& path, std::size_t count) override {
    const RecordKey key = id_.record_key(path, count);
    if (cache_ != nullptr) {
      const auto cached = cache_->find(key);
      if (cached) return cached;
    }
    AITBC_ASSIGN(current_, snapshot_.get(Table::trie, key));
    if (!current_) return std::nullopt;
    return ByteView(*current_);
  }

 protected:
  // The first entry of `table` at or after `from`, when its key is `prefix_size` bytes and then a leaf's key
  // below the first `count` half-bytes of `path`.
  Result<std::optional<Hash>> find_leaf(Table table, ByteView from, std::size_t prefix_size, const Hash& path,
                                        std::size_t count) {
    if (!iterator_) iterator_ = snapshot_.iterate(table);
    iterator_->seek(from);
    if (!iterator_->valid()) {
      AITBC_TRY(iterator_->status());
      return std::nullopt;
    }
    const ByteView found = iterator_->key();
    if (found.size() != prefix_size + Hash::kSize || !starts_with(found, from.first(prefix_size)))
      return std::nullopt;
    const Hash key = Hash::from(found.subspan(prefix_size));
    if (common_nibbles(key, path) < count) return std::nullopt;
    return key;
  }
  ByteView found_value() const { return iterator_->value(); }

 private:
  const Snapshot& snapshot_;
  TrieCache::Impl* cache_;
  TrieId id_;
  std::optional<Bytes> current_;
  std::unique_ptr<Iterator> iterator_;
};

class AccountReader final : public RecordReader {
 public:
  AccountReader(const Snapshot& snapshot, TrieCache::Impl* cache) : RecordReader(snapshot, cache, {}) {}

  Result<StoredLeaf> leaf(const Hash& path, std::size_t count) override {
    Bytes from{kAccountLeaves};
    append(from, path.view().first((count + 1) / 2));
    if (count % 2 == 1) from.back() &= 0xf0;
    AITBC_ASSIGN(const auto key, find_leaf(Table::state, from, 1, path, count));
    if (!key || found_value().size() <= Address::kSize) return missing_leaf();
    return StoredLeaf{*key, to_bytes(found_value().subspan(Address::kSize))};
  }
};

class StorageReader final : public RecordReader {
 public:
  StorageReader(const Snapshot& snapshot, TrieCache::Impl* cache, const Hash& owner)
      : RecordReader(snapshot, cache, {owner}), owner_(owner) {}

  Result<StoredLeaf> leaf(const Hash& path, std::size_t count) override {
    const RecordKey from = storage_leaf_key(owner_, path, count);
    AITBC_ASSIGN(const auto key, find_leaf(Table::trie, from, 1 + Hash::kSize, path, count));
    if (!key || found_value().size() != Hash::kSize) return missing_leaf();
    return StoredLeaf{*key, storage_leaf_value(Hash::from(found_value()))};
  }

 private:
  Hash owner_;
};

}  // namespace

Bytes storage_leaf_value(const Hash& word) {
  const auto first =
      std::find_if(word.bytes.begin(), word.bytes.end(), [](std::uint8_t b) { return b != 0; });
  rlp::Encoder out;
  out.bytes(word.view().subspan(static_cast<std::size_t>(first - word.bytes.begin())));
  return out.take();
}

std::unique_ptr<TrieReader> make_account_reader(const Snapshot& snapshot, TrieCache::Impl* cache) {
  return std::make_unique<AccountReader>(snapshot, cache);
}

std::unique_ptr<TrieReader> make_storage_reader(const Snapshot& snapshot, TrieCache::Impl* cache,
                                                const Hash& owner) {
  return std::make_unique<StorageReader>(snapshot, cache, owner);
}

}  // namespace aitbc::trie
