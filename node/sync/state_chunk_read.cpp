// The server's side of state chunks, and their encoding.
#include "codec/rlp.hpp"
#include "execution/flat_state.hpp"
#include "node/chain/block_store.hpp"
#include "node/sync/state_chunk.hpp"

namespace aitbc::sync {
namespace {

constexpr std::size_t kHeadersPerChunk = 1024;
constexpr std::uint8_t kAccountLeaves = 'a';  // in Table::state

// Collects items until they are too long together.
class Collector {
 public:
  explicit Collector(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  // False when it does not fit any more; the first one always does.
  bool add(Bytes key, ByteView value) {
    bytes_ += key.size() + value.size() + 8;
    if (bytes_ > max_bytes_ && !chunk.items.empty()) return false;
    chunk.items.push_back({std::move(key), to_bytes(value)});
    return true;
  }
  Chunk chunk;

 private:
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
};

Result<std::optional<Chunk>> read_headers(const Snapshot& snapshot, const Cursor& cursor,
                                          std::size_t max_bytes) {
  Collector out(max_bytes);
  for (Height height = cursor.from; out.chunk.items.size() < kHeadersPerChunk; ++height) {
    AITBC_ASSIGN(const auto header, chain::read_header(snapshot, height));
    AITBC_ASSIGN(const auto meta, chain::read_block_meta(snapshot, height));
    out.chunk.is_last = !header || !meta;
    if (out.chunk.is_last || !out.add(meta->commit_proof, encode(*header))) break;
  }
  return std::optional(std::move(out.chunk));
}

// All leaves below, or the branch when they do not fit.
Result<std::optional<Chunk>> read_subtree(const Snapshot& snapshot, const Cursor& cursor,
                                          std::size_t max_bytes) {
  const bool is_account = cursor.kind == Cursor::Kind::account_subtree;
  const Table table = is_account ? Table::state : Table::trie;
  Bytes start;
  if (is_account) {
    start.push_back(kAccountLeaves);
    append(start, cursor.path.view().first((cursor.nibbles + 1U) / 2));
    if (cursor.nibbles % 2 == 1) start.back() &= 0xf0;
  } else {
    start = to_bytes(trie::storage_leaf_key(cursor.owner, cursor.path, cursor.nibbles));
  }
  const std::size_t prefix = is_account ? 1 : 1 + Hash::kSize;
  Collector out(max_bytes);
  const auto iterator = snapshot.iterate(table);
  for (iterator->seek(start); iterator->valid(); iterator->next()) {
    const ByteView key = iterator->key();
    if (key.size() != prefix + Hash::kSize || !starts_with(key, ByteView(start).first(prefix))) break;
    const Hash path = Hash::from(key.subspan(prefix));
    if (trie::common_nibbles(path, cursor.path) < cursor.nibbles) break;
    if (out.add(to_bytes(path), iterator->value())) continue;
    const trie::TrieId id{is_account ? std::nullopt : std::optional(cursor.owner)};
    AITBC_ASSIGN(const auto record, snapshot.get(Table::trie, id.record_key(cursor.path, cursor.nibbles)));
    if (!record) return fail(ErrorCode::corruption, "a trie record is missing");
    return std::optional(Chunk{*record, {}, true});
  }
  AITBC_TRY(iterator->status());
  if (out.chunk.items.empty()) return std::nullopt;
  out.chunk.is_last = true;
  return std::optional(std::move(out.chunk));
}

Result<std::optional<Chunk>> read_entries(const Snapshot& snapshot, const Cursor& cursor,
                                          std::size_t max_bytes) {
  const Bytes prefix = storage_key(cursor.address, {});
  Collector out(max_bytes);
  const auto iterator = snapshot.iterate(Table::state);
  out.chunk.is_last = true;
  for (iterator->seek(storage_key(cursor.address, cursor.key));
       iterator->valid() && starts_with(iterator->key(), prefix); iterator->next()) {
    if (out.add(to_bytes(iterator->key().subspan(prefix.size())), iterator->value())) continue;
    out.chunk.is_last = false;
    break;
  }
  AITBC_TRY(iterator->status());
  return std::optional(std::move(out.chunk));
}

}  // namespace

Result<std::optional<Chunk>> read_chunk(const Snapshot& snapshot, const Cursor& cursor,
                                        std::size_t max_bytes) {
  switch (cursor.kind) {
    case Cursor::Kind::headers:
      return read_headers(snapshot, cursor, max_bytes);
    case Cursor::Kind::account_subtree:
    case Cursor::Kind::storage_subtree:
      return read_subtree(snapshot, cursor, max_bytes);
    case Cursor::Kind::storage_entries:
      return read_entries(snapshot, cursor, max_bytes);
  }
  return std::nullopt;
}

Bytes encode(const Cursor& cursor) {
  rlp::Encoder out;
  out.begin_list().u64(static_cast<std::uint64_t>(cursor.kind)).u64(cursor.from).bytes(cursor.owner);
  out.bytes(cursor.path).u64(cursor.nibbles).bytes(cursor.address).bytes(cursor.key).end_list();
  return out.take();
}

Result<Cursor> decode_cursor(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  Cursor cursor;
  AITBC_ASSIGN(const std::uint64_t kind, in.u64());
  AITBC_ASSIGN(cursor.from, in.u64());
  AITBC_ASSIGN(cursor.owner, in.fixed<Hash>());
  AITBC_ASSIGN(cursor.path, in.fixed<Hash>());
  AITBC_ASSIGN(const std::uint64_t nibbles, in.u64());
  AITBC_ASSIGN(cursor.address, in.fixed<Address>());
  AITBC_ASSIGN(const ByteView key, in.bytes());
  AITBC_TRY(in.finish());
  if (kind > static_cast<std::uint64_t>(Cursor::Kind::storage_entries) || nibbles > trie::kKeyNibbles)
    return fail(ErrorCode::invalid_input, "a cursor that points nowhere");
  cursor.kind = static_cast<Cursor::Kind>(kind);
  cursor.nibbles = static_cast<std::uint8_t>(nibbles);
  cursor.key = to_bytes(key);
  return cursor;
}

Bytes encode(const Chunk& chunk) {
  rlp::Encoder out;
  out.begin_list().bytes(chunk.branch).begin_list();
  for (const KeyValue& item : chunk.items) out.begin_list().bytes(item.key).bytes(item.value).end_list();
  out.end_list().boolean(chunk.is_last).end_list();
  return out.take();
}

Result<Chunk> decode_chunk(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  Chunk chunk;
  AITBC_ASSIGN(const ByteView branch, in.bytes());
  chunk.branch = to_bytes(branch);
  AITBC_ASSIGN(rlp::Decoder items, in.list());
  while (!items.at_end()) {
    AITBC_ASSIGN(rlp::Decoder item, items.list());
    AITBC_ASSIGN(const ByteView key, item.bytes());
    AITBC_ASSIGN(const ByteView value, item.bytes());
    AITBC_TRY(item.finish());
    chunk.items.push_back({to_bytes(key), to_bytes(value)});
  }
  AITBC_ASSIGN(chunk.is_last, in.boolean());
  AITBC_TRY(in.finish());
  return chunk;
}

}  // namespace aitbc::sync
