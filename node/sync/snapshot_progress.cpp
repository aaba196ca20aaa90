#include "node/sync/snapshot_progress.hpp"

#include "codec/rlp.hpp"

namespace aitbc::sync {
namespace {

constexpr std::string_view kKey = "snapshot";

tl::unexpected<Error> damaged(const char* what) {
  return fail(ErrorCode::corruption, std::string("snapshot progress: ") + what);
}

void append_subtree(rlp::Encoder& out, const Subtree& subtree) {
  out.begin_list().bytes(subtree.owner ? subtree.owner->view() : ByteView());
  out.bytes(subtree.path).u64(subtree.nibbles).bytes(subtree.expected).end_list();
}

Result<Subtree> read_subtree(rlp::Decoder in) {
  Subtree subtree;
  AITBC_ASSIGN(const ByteView owner, in.bytes());
  if (!owner.empty() && owner.size() != Hash::kSize) return damaged("the owner of a trie is no hash");
  if (!owner.empty()) subtree.owner = Hash::from(owner);
  AITBC_ASSIGN(subtree.path, in.fixed<Hash>());
  AITBC_ASSIGN(const std::uint64_t nibbles, in.u64());
  AITBC_ASSIGN(const ByteView expected, in.bytes());
  AITBC_TRY(in.finish());
  if (nibbles > trie::kKeyNibbles) return damaged("a place deeper than a trie");
  subtree.nibbles = static_cast<std::uint8_t>(nibbles);
  subtree.expected = to_bytes(expected);
  return subtree;
}

Result<EntryPass> read_pass(rlp::Decoder in) {
  EntryPass pass;
  AITBC_ASSIGN(pass.address, in.fixed<Address>());
  AITBC_ASSIGN(pass.leaves, in.u64());
  AITBC_ASSIGN(pass.entries, in.u64());
  AITBC_ASSIGN(const ByteView next, in.bytes());
  AITBC_TRY(in.finish());
  pass.next = to_bytes(next);
  return pass;
}

}  // namespace

Bytes encode(const SnapshotProgress& progress) {
  rlp::Encoder out;
  out.begin_list().u64(progress.target.height).bytes(progress.target.block).u64(progress.headers);
  out.begin_list();
  for (const Subtree& subtree : progress.subtrees) append_subtree(out, subtree);
  out.end_list().begin_list();
  for (const auto& [owner, pass] : progress.passes) {
    out.begin_list().bytes(owner).begin_list();
    out.bytes(pass.address).u64(pass.leaves).u64(pass.entries).bytes(pass.next);
    out.end_list().end_list();
  }
  out.end_list().end_list();
  return out.take();
}

Result<SnapshotProgress> decode_progress(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  SnapshotProgress progress;
  AITBC_ASSIGN(progress.target.height, in.u64());
  AITBC_ASSIGN(progress.target.block, in.fixed<Hash>());
  AITBC_ASSIGN(progress.headers, in.u64());
  AITBC_ASSIGN(rlp::Decoder subtrees, in.list());
  while (!subtrees.at_end()) {
    AITBC_ASSIGN(rlp::Decoder item, subtrees.list());
    AITBC_ASSIGN(Subtree subtree, read_subtree(item));
    progress.subtrees.push_back(std::move(subtree));
  }
  AITBC_ASSIGN(rlp::Decoder passes, in.list());
  while (!passes.at_end()) {
    AITBC_ASSIGN(rlp::Decoder item, passes.list());
    AITBC_ASSIGN(const Hash owner, item.fixed<Hash>());
    AITBC_ASSIGN(rlp::Decoder fields, item.list());
    AITBC_ASSIGN(EntryPass pass, read_pass(fields));
    AITBC_TRY(item.finish());
    if (!progress.passes.empty() && !(progress.passes.rbegin()->first < owner))
      return damaged("accounts out of order");
    progress.passes.emplace_hint(progress.passes.end(), owner, std::move(pass));
  }
  AITBC_TRY(in.finish());
  return progress;
}

Result<std::optional<SnapshotProgress>> read_progress(const Store& store) {
  AITBC_ASSIGN(const auto stored, store.get(Table::meta, as_bytes(kKey)));
  if (!stored) return std::nullopt;
  auto progress = decode_progress(*stored);
  if (!progress) return fail(ErrorCode::corruption, "the progress of the snapshot sync is damaged");
  return std::optional(std::move(*progress));
}

void append_progress(WriteBatch& batch, const SnapshotProgress& progress) {
  batch.put(Table::meta, as_bytes(kKey), encode(progress));
}

void append_progress_removal(WriteBatch& batch) { batch.erase(Table::meta, as_bytes(kKey)); }

}  // namespace aitbc::sync
