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
  bool u64(std::uint64_t& out) {
    ByteView number;
    if (!digits(8, number)) return false;
    out = word(number, rest_.size());
    return true;
  }
  bool amount(Amount& out) {
    ByteView number;
    if (!digits(16, number)) return false;
    const std::size_t high = number.size() > 8 ? number.size() - 8 : 0;
    out = Amount::from_units(uint128{word(number.first(high), 8)} << 64 |
                             word(number.subspan(high), rest_.size()));
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
  bool take(std::size_t header, std::size_t size, ByteView& out) {
    out = rest_.subspan(header, size);
    rest_ = rest_.subspan(header + size);
    return true;
  }
  // The digits of a number, big-endian and without leading zeros.
  bool digits(std::size_t most, ByteView& out) {
    return bytes(out) && out.size() <= most && (out.empty() || out[0] != 0);
  }
  // Up to eight digits with so many more bytes of input behind them: one load where that makes eight.
  static std::uint64_t word(ByteView digits, std::size_t behind) {
    if (digits.empty()) return 0;
    if (digits.size() + behind >= 8) return load_be64(digits.data()) >> (64 - 8 * digits.size());
    std::uint64_t value = 0;
    for (const std::uint8_t digit : digits) value = value << 8 | digit;
    return value;
  }
  // Precondition: the next item is one of more than kMaxShort bytes.
  bool take_long(std::uint8_t base, ByteView& out);

  ByteView rest_;
};

}  // namespace aitbc::rlp
