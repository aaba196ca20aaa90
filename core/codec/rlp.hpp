// Recursive Length Prefix (yellow paper, appendix B). Encoding is canonical; decoding accepts nothing else.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"

namespace aitbc::rlp {

// An item's first byte: below kStringBase it is the item itself, from there on a string's length or the
// length of that length is added, from kListBase on a list's.
inline constexpr std::uint8_t kStringBase = 0x80;
inline constexpr std::uint8_t kListBase = 0xc0;
// Payloads up to this size keep their length in the first byte.
inline constexpr std::uint8_t kMaxShort = 55;

// Bytes of a number without its leading zeros. Precondition: not zero.
inline std::size_t significant_bytes(std::uint64_t value) {
  return (71 - static_cast<std::size_t>(__builtin_clzll(value))) / 8;
}

// Appends items to one buffer. Lists nest: begin_list() ... end_list().
class Encoder {
 public:
  Encoder& bytes(ByteView value);
  Encoder& text(std::string_view value) { return bytes(as_bytes(value)); }
  // Scalars: big-endian without leading zeros, zero as the empty string.
  Encoder& u64(std::uint64_t value) {
    std::uint8_t* const at = room(1 + sizeof value);
    // Most numbers are one byte.
    if (value < kStringBase) {
      *at = value == 0 ? kStringBase : static_cast<std::uint8_t>(value);
      ++size_;
      return *this;
    }
    const std::size_t digits = significant_bytes(value);
    *at = static_cast<std::uint8_t>(kStringBase + digits);
    // All eight, the significant ones first: what is behind them is written over.
    store_be64(at + 1, value << (64 - 8 * digits));
    size_ += 1 + digits;
    return *this;
  }
  Encoder& uint256(const Uint256& value);
  Encoder& amount(Amount value) { return uint256(value.to_uint256()); }
  Encoder& boolean(bool value) { return u64(value ? 1 : 0); }
  // An item that is RLP already.
  Encoder& raw(ByteView item);
  Encoder& begin_list();
  Encoder& end_list();
  // Precondition of both: every list was ended.
  ByteView view() const { return {out_.get(), size_}; }
  Bytes take();  // nothing is left then
  void clear();

 private:
  // Where the next item goes, with room for that many bytes.
  std::uint8_t* room(std::size_t size) {
    if (capacity_ - size_ < size) grow(size);
    return out_.get() + size_;
  }
  void grow(std::size_t size);

  std::unique_ptr<std::uint8_t[]> out_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::vector<std::size_t> open_lists_;  // offsets at which their contents start
};

// Reads the items of one buffer in order. Views point into that buffer, which must outlive them.
class Decoder {
 public:
  explicit Decoder(ByteView input) : rest_(input) {}

  Result<ByteView> bytes();
  Result<std::string> text();
  // Refuse leading zeros and values that are too wide.
  Result<std::uint64_t> u64();
  Result<Uint256> uint256();
  Result<Amount> amount();
  Result<bool> boolean();
  template <class Fixed>
  Result<Fixed> fixed() {
    AITBC_ASSIGN(const ByteView value, bytes());
    if (value.size() != Fixed::kSize) return fail(ErrorCode::invalid_input, "rlp: string of the wrong size");
    return Fixed::from(value);
  }
  // A decoder of the next item's content, which must be a list.
  Result<Decoder> list();
  // The next item whole, header included; nested content is not checked.
  Result<ByteView> raw();
  // True when another item follows and it is a list. False at the end.
  bool next_is_list() const { return !rest_.empty() && rest_[0] >= kListBase; }
  bool at_end() const { return rest_.empty(); }
  // Fails unless every item was read.
  Result<void> finish() const;

 private:
  struct Item {
    ByteView payload;
    ByteView whole;
    bool is_list;
  };
  Result<Item> next();
  ByteView rest_;
};

// A decoder of the content of a buffer that is one list and nothing else.
Result<Decoder> decode_list(ByteView input);
// Checks that the buffer is exactly one canonical item, nested items included (depth at most 64).
Result<void> check_canonical(ByteView input);
// Size in bytes of the string item for `payload`.
std::size_t encoded_size(ByteView payload);

}  // namespace aitbc::rlp
