// Keys that are sorted: bytes as unsigned numbers, and the shorter of two with one beginning first.
#pragma once

#include "base/bytes.hpp"

namespace aitbc {

// A key in its order. The first sixteen bytes are kept beside the reference, as a number: most comparisons
// end there, without a look elsewhere.
class OrderedKey {
 public:
  // Implicit: a key and its ordered form mean the same.
  OrderedKey(ByteView key) : bytes(key), head_(head_of(key)) {}  // NOLINT(google-explicit-constructor)

  ByteView bytes;

  friend bool operator<(const OrderedKey& a, const OrderedKey& b) {
    return a.head_ != b.head_ ? a.head_ < b.head_ : compare(a.bytes, b.bytes) < 0;
  }

 private:
  __extension__ using Head = unsigned __int128;
  static Head head_of(ByteView key) {
    std::array<std::uint8_t, sizeof(Head)> begin{};
    std::copy_n(key.begin(), std::min(key.size(), begin.size()), begin.begin());
    return Head{read_be64(begin)} << 64 | read_be64(ByteView(begin).subspan(8));
  }

  Head head_;
};

}  // namespace aitbc
