// Snapshot sync: what peers ask for and send, and what the store keeps of a sync that is half done. One
// encoding each; a server answers any cursor, and a client judges any answer.
// Input: all of it as each form; then the first byte is the length of a cursor, and a chunk follows.
#include "node/sync/state_chunk.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "crypto/keccak.hpp"
#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "node/sync/snapshot_progress.hpp"
#include "storage/memory_store.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::sync;

template <class T>
void check_one_encoding(const Result<T>& decoded, ByteView input) {
  if (decoded) AITBC_CHECK(equal(encode(*decoded), input), "snapshot: accepted bytes that it does not make");
}

// A state too large for one answer of kMaxBytes.
constexpr std::size_t kMaxBytes = 400;
std::shared_ptr<const Snapshot> some_state() {
  StateDiff diff;
  for (std::uint8_t i = 1; i <= 40; ++i) {
    Address address;
    address.bytes[19] = i;
    Account account = Account::empty();
    account.nonce = i;
    diff.accounts.push_back({address, std::nullopt, account});
    if (i > 2) continue;
    for (std::uint8_t entry = 1; entry <= 20; ++entry)
      diff.storage.push_back({address, Bytes(entry, i), std::nullopt, Bytes(30, entry)});
  }
  const auto store = make_memory_store();
  WriteBatch batch;
  TrieCache cache(1U << 20);
  AITBC_CHECK(update_state_trie(*store->snapshot(), cache, diff, batch).has_value(), "the state has a root");
  append_state_diff(batch, diff);
  AITBC_CHECK(store->write(batch, Durability::synced).has_value(), "memory takes it");
  return store->snapshot();
}

void check_server(const Cursor& cursor) {
  static const auto state = some_state();
  const auto answer = read_chunk(*state, cursor, kMaxBytes);
  if (!answer || !*answer) return;
  check_one_encoding(decode_chunk(encode(**answer)), encode(**answer));
}

// A branch that has the expected hash is taken, and what is asked for next lies below it.
void check_branch(Subtree subtree, const Chunk& chunk) {
  trie::BranchRecord record;
  if (!trie::decode_record(chunk.branch, subtree.path, subtree.nibbles, record)) return;
  const trie::NodeRef ref = trie::ref_of(record);
  subtree.expected = subtree.nibbles == 0 ? to_bytes(trie::root_hash(ref)) : to_bytes(ref.view());
  const auto verified = verify_subtree(subtree, chunk);
  AITBC_CHECK(verified.has_value() == chunk.items.empty(), "a branch comes alone");
  if (!verified) return;
  AITBC_CHECK(verified->to_ask.size() >= 2, "a branch has two children at least");
  for (const Subtree& child : verified->to_ask)
    AITBC_CHECK(
        child.nibbles > subtree.nibbles && trie::common_nibbles(child.path, subtree.path) >= subtree.nibbles,
        "children are below their branch");
}

// Entries whose leaves are all there are taken when they are in order, and only then.
void check_entries(const Cursor& cursor, const Chunk& chunk) {
  const auto store = make_memory_store();
  WriteBatch leaves;
  bool in_order = chunk.branch.empty();
  for (std::size_t i = 0; i < chunk.items.size(); ++i) {
    const KeyValue& entry = chunk.items[i];
    in_order = in_order && (i == 0 ? !(entry.key < cursor.key) : chunk.items[i - 1].key < entry.key);
    leaves.put(Table::trie,
               trie::storage_leaf_key(keccak256(cursor.address), keccak256(storage_slot(entry.key))),
               storage_word(entry.value));
  }
  AITBC_CHECK(store->write(leaves, Durability::buffered).has_value(), "memory takes it");
  AITBC_CHECK(verify_entries(*store, cursor, chunk).has_value() == in_order, "entries are judged wrongly");
}

void check_answer(const Cursor& cursor, const Chunk& chunk) {
  check_entries(cursor, chunk);
  Subtree subtree{std::nullopt, cursor.path, cursor.nibbles, Bytes(Hash::kSize, 0)};
  if (cursor.kind == Cursor::Kind::storage_subtree) subtree.owner = cursor.owner;
  AITBC_CHECK(!verify_subtree(subtree, chunk), "nothing has the hash zero");
  check_branch(std::move(subtree), chunk);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  check_one_encoding(decode_manifest(input), input);
  check_one_encoding(decode_progress(input), input);
  check_one_encoding(decode_chunk(input), input);
  if (input.empty()) return 0;
  const std::size_t length = std::min<std::size_t>(input[0], size - 1);
  const auto cursor = decode_cursor(input.subspan(1, length));
  check_one_encoding(cursor, input.subspan(1, length));
  if (!cursor) return 0;
  check_server(*cursor);
  if (const auto chunk = decode_chunk(input.subspan(1 + length))) check_answer(*cursor, *chunk);
  return 0;
}
