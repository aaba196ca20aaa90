#include <doctest/doctest.h>

#include <random>

#include "execution/ordered_key.hpp"

using namespace aitbc;

TEST_CASE("ordered keys sort as their bytes do") {
  std::mt19937_64 random(7);
  std::vector<Bytes> keys{{}, {0}, {0, 0}, Bytes(16), Bytes(17), Bytes(16, 0xff), Bytes(17, 0xff)};
  for (int i = 0; i < 300; ++i) {
    Bytes key(random() % 24);
    for (auto& byte : key)
      byte = random() % 4 == 0 ? static_cast<std::uint8_t>(random()) : 0;  // much in common
    keys.push_back(std::move(key));
  }
  for (const Bytes& a : keys)
    for (const Bytes& b : keys) CHECK((OrderedKey(a) < OrderedKey(b)) == (compare(a, b) < 0));
}
