// Reads canonical RLP whose shape the reader knows, for those who ask only whether it is well formed, not
// what is wrong with it. Accepts what Decoder accepts.
#pragma once

#include "codec/rlp.hpp"

namespace aitbc::rlp {

// Every read answers false when the next item is something else; nothing more can be read then. Views point
// into the input, which must outlive them.
class Cursor {
 public:
  explicit Cursor(ByteView input) : rest_(input) {}

  bool at_end() const { return rest_.empty(); }

  bool bytes(ByteView& out) {
    if (rest_.empty()) return false;
    const std::uint8_t first = rest_[0];
    if (first < kStringBase) return take(0, 1, out);
    if (first > kStringBase + kMaxShort) return first < kListBase && take_long(kStringBase, out);
    const auto size = static_cast<std::size_t>(first - kStringBase);
    // A byte below 0x80 stands for itself.
    if (size >= rest_.size() || (size == 1 && rest_[1] < kStringBase)) return false;
    return take(1, size, out);
  }
  bool u64(std::uint64_t& out) { return scalar(out); }
  bool amount(Amount& out) {
    uint128 units = 0;
    if (!scalar(units)) return false;
    out = Amount::from_units(units);
    return true;
  }
  // A cursor over the items of the list that comes next.
  bool list(Cursor& out) {
    if (rest_.empty()) return false;
    const std::uint8_t first = rest_[0];
    if (first < kListBase) return false;
    if (first > kListBase + kMaxShort) return take_long(kListBase, out.rest_);
    const auto size = static_cast<std::size_t>(first - kListBase);
    return size < rest_.size() && take(1, size, out.rest_);
  }

 private:
  static constexpr std::uint8_t kStringBase = 0x80;
  static constexpr std::uint8_t kListBase = 0xc0;
  static constexpr std::uint8_t kMaxShort = 55;

  bool take(std::size_t header, std::size_t size, ByteView& out) {
    out = rest_.subspan(header, size);
    rest_ = rest_.subspan(header + size);
    return true;
  }
  template <class T>
  bool scalar(T& out) {
    ByteView digits;
    if (!bytes(digits) || digits.size() > sizeof(T)) return false;
    if (!digits.empty() && digits[0] == 0) return false;
    T value = 0;
    for (const std::uint8_t digit : digits) value = value << 8 | digit;
    out = value;
    return true;
  }
  // Precondition: the next item is one of more than kMaxShort bytes.
  bool take_long(std::uint8_t base, ByteView& out);

  ByteView rest_;
};

}  // namespace aitbc::rlp
