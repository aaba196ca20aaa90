#include "base/keyed_hash.hpp"

#include <doctest/doctest.h>

#include <set>

#include "base/bytes.hpp"

using namespace aitbc;

TEST_CASE("equal keys hash equally, whatever holds them") {
  const Bytes key{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const Bytes same = key;
  CHECK(keyed_hash(key) == keyed_hash(same));
  CHECK(KeyedBytesHash()(key) == KeyedBytesHash()(ByteView(same)));
}

TEST_CASE("keys that differ in one byte, or only in their length, hash differently") {
  std::set<std::uint64_t> seen;
  for (std::size_t size = 0; size <= 40; ++size) CHECK(seen.insert(keyed_hash(Bytes(size))).second);
  for (std::size_t size = 1; size <= 40; ++size)
    for (std::size_t at = 0; at < size; ++at) {
      Bytes key(size);
      key[at] = 0x80;
      CHECK(seen.insert(keyed_hash(key)).second);
    }
}

TEST_CASE("addresses that somebody chose to be alike spread over a table") {
  // 4,096 addresses with the same last and first eight bytes, in a table of as many places.
  constexpr std::size_t kPlaces = 4096;
  std::vector<int> in_place(kPlaces);
  for (std::size_t i = 0; i < kPlaces; ++i) {
    Address address;
    address.bytes[8] = static_cast<std::uint8_t>(i);
    address.bytes[9] = static_cast<std::uint8_t>(i >> 8);
    ++in_place[FixedBytesHash()(address) % kPlaces];
  }
  // Of that many throws, no place gets more than a handful.
  CHECK(*std::max_element(in_place.begin(), in_place.end()) < 16);
}
