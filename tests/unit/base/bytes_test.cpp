#include "base/bytes.hpp"

#include <doctest/doctest.h>

#include <unordered_set>

using namespace aitbc;

TEST_CASE("byte sequences order like unsigned bytes, a prefix before what it begins") {
  CHECK(compare(Bytes{0x7f}, Bytes{0x80}) < 0);
  CHECK(compare(Bytes{0x01}, Bytes{0x01, 0x00}) < 0);
  CHECK(compare(Bytes{0x02}, Bytes{0x01, 0xff}) > 0);
  CHECK(compare(Bytes{}, Bytes{}) == 0);
  CHECK(compare(Bytes{}, Bytes{0x00}) < 0);
}

TEST_CASE("a prefix is recognized, the empty one always") {
  const Bytes bytes{1, 2, 3};
  CHECK(starts_with(bytes, Bytes{}));
  CHECK(starts_with(bytes, Bytes{1, 2}));
  CHECK(starts_with(bytes, bytes));
  CHECK_FALSE(starts_with(bytes, Bytes{2}));
  CHECK_FALSE(starts_with(bytes, Bytes{1, 2, 3, 4}));
}

TEST_CASE("text and bytes view each other without a copy") {
  const std::string_view text = "abc";
  CHECK(as_bytes(text).data() == reinterpret_cast<const std::uint8_t*>(text.data()));
  CHECK(as_text(as_bytes(text)) == text);
  CHECK(to_bytes(as_bytes(text)) == Bytes{'a', 'b', 'c'});
}

TEST_CASE("big-endian integers keep numeric order as keys and read back") {
  Bytes small;
  Bytes large;
  append_be64(small, 255);
  append_be64(large, 256);
  CHECK(compare(small, large) < 0);
  CHECK(small == Bytes{0, 0, 0, 0, 0, 0, 0, 255});
  Bytes each;
  append_be64(each, 0x0123456789abcdefU);
  CHECK(each == Bytes{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef});
  CHECK(load_be64(each.data()) == 0x0123456789abcdefU);
  CHECK(read_be64(small) == 255);
  CHECK(read_be64(large) == 256);
  Bytes pattern;
  append_be64(pattern, 0x0123456789abcdef);
  CHECK(pattern == Bytes{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef});
}

TEST_CASE("values of fixed size compare lexicographically and know zero") {
  Address low;
  Address high;
  high.bytes[0] = 0x80;
  low.bytes[19] = 0xff;
  CHECK(low < high);
  CHECK(low != high);
  CHECK(Address{}.is_zero());
  CHECK_FALSE(low.is_zero());
  CHECK(Address::from(low.view()) == low);
}

TEST_CASE("tables of fixed-size values find what differs only in its last byte") {
  std::unordered_set<Hash, FixedBytesHash> table;
  for (std::size_t i = 0; i < 256; ++i) {
    Hash key;
    key.bytes[31] = static_cast<std::uint8_t>(i);
    table.insert(key);
  }
  CHECK(table.size() == 256);
  CHECK(FixedBytesHash{}(Hash{}) != FixedBytesHash{}(*std::next(table.begin(), 3)));
}
