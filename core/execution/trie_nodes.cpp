#include "execution/trie_nodes.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::trie {
namespace {

constexpr std::uint8_t kStringBase = 0x80;
constexpr std::uint8_t kListBase = 0xc0;
constexpr std::size_t kMaxShortPayload = 55;
constexpr std::uint8_t kLeafFlag = 0x20;
constexpr std::uint8_t kOddFlag = 0x10;

void append_header(Bytes& out, std::uint8_t base, std::size_t payload) {
  if (payload <= kMaxShortPayload) {
    out.push_back(static_cast<std::uint8_t>(base + payload));
    return;
  }
  std::size_t length_bytes = 1;
  while (length_bytes < sizeof(payload) && payload >> (8 * length_bytes) != 0) ++length_bytes;
  out.push_back(static_cast<std::uint8_t>(base + kMaxShortPayload + length_bytes));
  for (std::size_t i = length_bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(payload >> (8 * i)));
}

std::size_t header_size(std::size_t payload) {
  std::size_t size = 1;
  if (payload > kMaxShortPayload)
    for (; payload != 0; payload >>= 8) ++size;
  return size;
}

bool is_own_encoding(ByteView value) { return value.size() == 1 && value[0] < kStringBase; }

std::size_t string_size(ByteView value) {
  return is_own_encoding(value) ? 1 : header_size(value.size()) + value.size();
}

void append_string(Bytes& out, ByteView value) {
  if (!is_own_encoding(value)) append_header(out, kStringBase, value.size());
  append(out, value);
}

std::size_t ref_size(const NodeRef& ref) { return ref.is_hash() ? 1 + Hash::kSize : ref.size; }

void append_ref(Bytes& out, const NodeRef& ref) {
  if (ref.is_hash()) out.push_back(kStringBase + Hash::kSize);
  append(out, ref.view());
}

// Hex-prefix form (appendix C) of the half-bytes [from, to), as a string item.
std::size_t path_size(std::size_t nibbles) {
  const std::size_t bytes = nibbles / 2 + 1;
  return bytes == 1 ? 1 : header_size(bytes) + bytes;
}

void append_path(Bytes& out, ByteView key, std::size_t from, std::size_t to, std::uint8_t flag) {
  const std::size_t bytes = (to - from) / 2 + 1;
  if (bytes > 1) append_header(out, kStringBase, bytes);
  if ((to - from) % 2 == 1) flag = static_cast<std::uint8_t>(flag | kOddFlag | nibble_at(key, from++));
  out.push_back(flag);
  for (; from < to; from += 2)
    out.push_back(static_cast<std::uint8_t>(nibble_at(key, from) << 4 | nibble_at(key, from + 1)));
}

}  // namespace

std::size_t common_nibbles(ByteView a, ByteView b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t i = 0;
  while (i < shorter && a[i] == b[i]) ++i;
  if (i == shorter) return 2 * i;
  return 2 * i + (a[i] >> 4 == b[i] >> 4 ? 1 : 0);
}

void NodeRef::assign(ByteView view) {
  AITBC_CHECK(view.size() <= bytes.size(), "a node reference has at most 32 bytes");
  size = static_cast<std::uint8_t>(view.size());
  std::copy(view.begin(), view.end(), bytes.begin());
}

void append_leaf(Bytes& out, ByteView key, std::size_t from, ByteView value) {
  const std::size_t to = 2 * key.size();
  append_header(out, kListBase, path_size(to - from) + string_size(value));
  append_path(out, key, from, to, kLeafFlag);
  append_string(out, value);
}

void append_extension(Bytes& out, ByteView key, std::size_t from, std::size_t to, const NodeRef& child) {
  append_header(out, kListBase, path_size(to - from) + ref_size(child));
  append_path(out, key, from, to, 0);
  append_ref(out, child);
}

void append_branch(Bytes& out, const Children& children, ByteView value) {
  std::size_t payload = string_size(value);
  for (const NodeRef& child : children) payload += child.size == 0 ? 1 : ref_size(child);
  append_header(out, kListBase, payload);
  for (const NodeRef& child : children) {
    if (child.size == 0)
      out.push_back(kStringBase);
    else
      append_ref(out, child);
  }
  append_string(out, value);
}

NodeRef ref_of(ByteView node) {
  NodeRef ref;
  if (node.size() < Hash::kSize)
    ref.assign(node);
  else
    ref.assign(keccak256(node));
  return ref;
}

Hash root_hash(const NodeRef& root) {
  return root.is_hash() ? Hash::from(root.view()) : keccak256(root.view());
}

void NodeHasher::flush() {
  inputs_.clear();
  std::size_t begin = 0;
  for (const Pending& node : pending_) {
    const ByteView encoded = ByteView(buffer_).subspan(begin, node.end - begin);
    begin = node.end;
    if (encoded.size() >= Hash::kSize)
      inputs_.push_back(encoded);
    else
      node.destination->assign(encoded);
  }
  digests_.resize(inputs_.size());
  keccak256_batch(inputs_, digests_);
  std::size_t hashed = 0;
  begin = 0;
  for (const Pending& node : pending_) {
    const std::size_t size = node.end - begin;
    begin = node.end;
    if (size >= Hash::kSize) node.destination->assign(digests_[hashed++]);
  }
  pending_.clear();
  buffer_.clear();
}

}  // namespace aitbc::trie
