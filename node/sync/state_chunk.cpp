#include "node/sync/state_chunk.hpp"

#include <algorithm>

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "execution/account.hpp"
#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "execution/trie_readers.hpp"
#include "execution/trie_stream.hpp"

namespace aitbc::sync {
namespace {

tl::unexpected<Error> wrong(const char* what) {
  return fail(ErrorCode::invalid_input, std::string("state chunk: ") + what);
}

bool reaches_below(const Subtree& subtree, const Hash& key) {
  return trie::common_nibbles(subtree.path, key) >= subtree.nibbles;
}

Bytes leaf_value(bool is_account, ByteView stored) {
  if (is_account) return to_bytes(stored.subspan(Address::kSize));
  return trie::storage_leaf_value(Hash::from(stored));
}

Result<void> check_leaf(const Subtree& subtree, const KeyValue& leaf, const std::optional<Hash>& previous) {
  if (leaf.key.size() != Hash::kSize) return wrong("a leaf's path has the wrong size");
  const Hash key = Hash::from(leaf.key);
  if (!reaches_below(subtree, key) || (previous && !(*previous < key)))
    return wrong("a leaf is out of place");
  if (subtree.owner) {
    if (leaf.value.size() != Hash::kSize || Hash::from(leaf.value).is_zero()) return wrong("a word is none");
    return {};
  }
  if (leaf.value.size() <= Address::kSize) return wrong("an account is cut short");
  if (keccak256(ByteView(leaf.value).first(Address::kSize)) != key)
    return wrong("an account stands under another one's hash");
  return {};
}

void put_leaf(Verified& out, const Subtree& subtree, const KeyValue& leaf) {
  if (subtree.owner) {
    out.batch.put(Table::trie, trie::storage_leaf_key(*subtree.owner, Hash::from(leaf.key)), leaf.value);
    return;
  }
  out.batch.put(Table::state, account_key(Address::from(ByteView(leaf.value).first(Address::kSize))),
                leaf.value);
}

Result<void> note_storage(Verified& out, const KeyValue& leaf) {
  const ByteView value = leaf.value;
  const auto account = decode_account(value.subspan(Address::kSize));
  if (!account) return wrong("an account does not decode");
  if (account->storage_root == kEmptyTrieRoot) return {};
  out.to_ask.push_back({Hash::from(leaf.key), Hash{}, 0, to_bytes(account->storage_root)});
  out.with_storage.push_back(Address::from(value.first(Address::kSize)));
  return {};
}

bool is_expected(const Subtree& subtree, const trie::NodeRef& ref) {
  if (subtree.nibbles == 0) return equal(subtree.expected, trie::root_hash(ref));
  return equal(subtree.expected, ref.view());
}

Result<Verified> verify_branch(const Subtree& subtree, const Chunk& chunk) {
  trie::BranchRecord record;
  if (!chunk.items.empty() || !trie::decode_record(chunk.branch, subtree.path, subtree.nibbles, record))
    return wrong("a branch does not decode");
  if (!is_expected(subtree, trie::ref_of(record))) return wrong("a branch does not have the expected hash");
  Verified out;
  const trie::TrieId id{subtree.owner};
  out.batch.put(Table::trie, id.record_key(subtree.path, subtree.nibbles), chunk.branch);
  for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
    if (!record.has_child(nibble)) continue;
    const Hash path = trie::with_nibble(record.path, record.depth, nibble);
    out.to_ask.push_back({subtree.owner, path, static_cast<std::uint8_t>(record.depth + 1),
                          to_bytes(record.children[nibble].view())});
  }
  return out;
}

}  // namespace

Cursor cursor_of(const Subtree& subtree) {
  Cursor cursor;
  cursor.kind = subtree.owner ? Cursor::Kind::storage_subtree : Cursor::Kind::account_subtree;
  cursor.owner = subtree.owner.value_or(Hash{});
  cursor.path = subtree.path;
  cursor.nibbles = subtree.nibbles;
  return cursor;
}

Result<Verified> verify_subtree(const Subtree& subtree, const Chunk& chunk) {
  if (!chunk.branch.empty()) return verify_branch(subtree, chunk);
  if (chunk.items.empty()) return wrong("nothing below a place that has something");
  Verified out;
  const trie::TrieId id{subtree.owner};
  trie::TrieStream stream([&](const trie::BranchRecord& record) -> Result<void> {
    Bytes encoded;
    trie::encode_record(encoded, record);
    out.batch.put(Table::trie, id.record_key(record.path, record.slot_depth), encoded);
    return {};
  });
  std::optional<Hash> previous;
  for (const KeyValue& leaf : chunk.items) {
    AITBC_TRY(check_leaf(subtree, leaf, previous));
    previous = Hash::from(leaf.key);
    AITBC_TRY(stream.add(*previous, leaf_value(!subtree.owner, leaf.value)));
  }
  AITBC_ASSIGN(const trie::NodeRef ref, stream.finish_below(subtree.nibbles));
  if (!is_expected(subtree, ref)) return wrong("the leaves do not have the expected hash");
  if (subtree.nibbles == 0 && chunk.items.size() == 1)
    out.batch.put(Table::trie, id.record_key(Hash{}, 0), trie::encode_single_leaf(trie::root_hash(ref)));
  for (const KeyValue& leaf : chunk.items) {
    put_leaf(out, subtree, leaf);
    if (!subtree.owner) AITBC_TRY(note_storage(out, leaf));
  }
  out.leaves = chunk.items.size();
  return out;
}

Result<WriteBatch> verify_entries(const Store& store, const Cursor& cursor, const Chunk& chunk) {
  if (!chunk.branch.empty()) return wrong("a branch among storage entries");
  const Hash owner = keccak256(cursor.address);
  WriteBatch batch;
  const Bytes* previous = nullptr;
  for (const KeyValue& entry : chunk.items) {
    const bool is_in_order = previous != nullptr ? *previous < entry.key : !(entry.key < cursor.key);
    if (!is_in_order) return wrong("storage entries out of order");
    previous = &entry.key;
    const Hash path = keccak256(storage_slot(entry.key));
    AITBC_ASSIGN(const auto word, store.get(Table::trie, trie::storage_leaf_key(owner, path)));
    if (!word || !equal(*word, storage_word(entry.value))) return wrong("a storage entry without its leaf");
    batch.put(Table::state, storage_key(cursor.address, entry.key), entry.value);
  }
  return batch;
}

}  // namespace aitbc::sync
