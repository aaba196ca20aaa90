// Reading the state's tries from a snapshot: records from the cache or Table::trie, leaves where they live.
#pragma once

#include <memory>

#include "execution/trie_cache.hpp"
#include "execution/trie_update.hpp"
#include "storage/store.hpp"

namespace aitbc::trie {

// The storage trie's leaf for a word: its RLP without leading zero bytes.
Bytes storage_leaf_value(const Hash& word);

// `cache` may be null. Snapshot and cache must outlive the reader. Not thread-safe.
std::unique_ptr<TrieReader> make_account_reader(const Snapshot& snapshot, TrieCache::Impl* cache);
std::unique_ptr<TrieReader> make_storage_reader(const Snapshot& snapshot, TrieCache::Impl* cache,
                                                const Hash& owner);

}  // namespace aitbc::trie
