// A record: {bit 7: single leaf, bit 6: some child is shorter than a hash, bits 0-5: length of the extension}
// | extension | child bitmap | leaf bitmap | children in order, each 32 bytes; when bit 6 is set, each
// preceded by its size.
#include "execution/trie_record.hpp"

#include <bit>

namespace aitbc::trie {
namespace {

constexpr std::uint8_t kSingleLeafFlag = 0x80;
constexpr std::uint8_t kSizesFlag = 0x40;
constexpr std::uint8_t kExtensionMask = 0x3f;

void append_packed(RecordKey& out, const Hash& path, std::size_t count) {
  out.append(path.view().first((count + 1) / 2));
  if (count % 2 == 1) out.back() &= 0xf0;
}

void append_be16(Bytes& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

std::uint16_t read_be16(ByteView view) { return static_cast<std::uint16_t>(view[0] << 8 | view[1]); }

tl::unexpected<Error> damaged(const char* what) {
  return fail(ErrorCode::corruption, std::string("trie table: ") + what);
}

bool has_short_child(const BranchRecord& record) {
  for (const NodeRef& child : record.children)
    if (child.size != 0 && !child.is_hash()) return true;
  return false;
}

Result<void> decode_children(ByteView rest, bool with_sizes, BranchRecord& record) {
  for (std::size_t nibble = 0; nibble < 16; ++nibble) {
    record.children[nibble].size = 0;
    if (!record.has_child(nibble)) continue;
    std::size_t size = Hash::kSize;
    if (with_sizes) {
      if (rest.empty() || rest[0] == 0 || rest[0] > Hash::kSize) return damaged("a child has a wrong size");
      size = rest[0];
      rest = rest.subspan(1);
    }
    if (rest.size() < size) return damaged("a record is cut short");
    record.children[nibble].assign(rest.first(size));
    rest = rest.subspan(size);
  }
  if (!rest.empty()) return damaged("a record is too long");
  if (with_sizes && !has_short_child(record)) return damaged("a record has sizes that it does not need");
  return {};
}

}  // namespace

Hash with_nibble(Hash path, std::size_t i, std::uint8_t nibble) {
  std::uint8_t& byte = path.bytes[i / 2];
  byte = static_cast<std::uint8_t>(i % 2 == 0 ? (byte & 0x0f) | nibble << 4 : (byte & 0xf0) | nibble);
  return path;
}

RecordKey TrieId::record_prefix() const {
  RecordKey key;
  key.push_back(owner ? kStorageNodes : kAccountNodes);
  if (owner) key.append(*owner);
  return key;
}

RecordKey TrieId::record_key(const Hash& path, std::size_t count) const {
  RecordKey key = record_prefix();
  append_packed(key, path, count);
  key.push_back(static_cast<std::uint8_t>(count));
  return key;
}

RecordKey storage_leaf_key(const Hash& owner, const Hash& path, std::size_t count) {
  RecordKey key;
  key.push_back(kStorageLeaves);
  key.append(owner);
  append_packed(key, path, count);
  return key;
}

Bytes encode_single_leaf(const Hash& root) {
  Bytes out;
  out.reserve(1 + Hash::kSize);
  out.push_back(kSingleLeafFlag);
  append(out, root);
  return out;
}

std::optional<Hash> decode_single_leaf(ByteView value) {
  if (value.size() != 1 + Hash::kSize || value[0] != kSingleLeafFlag) return std::nullopt;
  return Hash::from(value.subspan(1));
}

void encode_record(Bytes& out, const BranchRecord& record) {
  const bool with_sizes = has_short_child(record);
  const std::size_t extension = std::size_t{record.depth} - record.slot_depth;
  out.reserve(out.size() + 5 + (extension + 1) / 2 +
              static_cast<std::size_t>(std::popcount(record.child_bits)) * (Hash::kSize + 1));
  out.push_back(static_cast<std::uint8_t>(extension | (with_sizes ? kSizesFlag : 0)));
  for (std::size_t i = record.slot_depth; i < record.depth; i += 2) {
    const bool pair = i + 1 < record.depth;
    const std::uint8_t low = pair ? nibble_at(record.path, i + 1) : std::uint8_t{0};
    out.push_back(static_cast<std::uint8_t>(nibble_at(record.path, i) << 4 | low));
  }
  append_be16(out, record.child_bits);
  append_be16(out, record.leaf_bits);
  for (const NodeRef& child : record.children) {
    if (child.size == 0) continue;
    if (with_sizes) out.push_back(child.size);
    append(out, child.view());
  }
}

Result<void> decode_record(ByteView value, const Hash& path, std::size_t slot_depth, BranchRecord& record) {
  if (value.empty() || (value[0] & kSingleLeafFlag) != 0) return damaged("a record does not start a branch");
  const std::size_t extension = value[0] & kExtensionMask;
  const std::size_t packed = (extension + 1) / 2;
  if (value.size() < 1 + packed + 4) return damaged("a record is cut short");
  if (slot_depth + extension >= kKeyNibbles) return damaged("a record is deeper than any key");
  if (extension % 2 == 1 && (value[packed] & 0x0f) != 0) return damaged("a record's extension is not padded");
  record.path = path;
  record.slot_depth = static_cast<std::uint8_t>(slot_depth);
  record.depth = static_cast<std::uint8_t>(slot_depth + extension);
  for (std::size_t i = 0; i < extension; ++i)
    record.path = with_nibble(record.path, slot_depth + i, nibble_at(value.subspan(1), i));
  record.child_bits = read_be16(value.subspan(1 + packed));
  record.leaf_bits = read_be16(value.subspan(3 + packed));
  if (std::popcount(record.child_bits) < 2 || (record.leaf_bits & ~record.child_bits) != 0)
    return damaged("a record's bitmaps are impossible");
  return decode_children(value.subspan(5 + packed), (value[0] & kSizesFlag) != 0, record);
}

NodeRef ref_of(const BranchRecord& record) {
  Bytes node;
  append_branch(node, record.children);
  const NodeRef branch = ref_of(node);
  if (record.slot_depth == record.depth) return branch;
  node.clear();
  append_extension(node, record.path, record.slot_depth, record.depth, branch);
  return ref_of(node);
}

}  // namespace aitbc::trie
