#include "base/flat_tuple.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

using namespace aitbc;

namespace {

constexpr auto kList = FlatTuple(1, std::string_view("two"), 'c', 1);

}  // namespace

TEST_CASE("a flat tuple hands its elements over in order, each of its own type") {
  const std::string text = kList.apply([](int first, std::string_view second, char third, int fourth) {
    return std::to_string(first) + std::string(second) + third + std::to_string(fourth);
  });
  CHECK(text == "1twoc1");
  CHECK(FlatTuple(7).apply([](const auto&... each) { return (0 + ... + each); }) == 7);
}

TEST_CASE("a flat tuple's elements are found by index, equal types apart, at compile time") {
  static_assert(kList.kSize == 4);
  static_assert(kList.get<0>() == 1 && kList.get<1>() == "two" && kList.get<2>() == 'c');
  constexpr auto kPair = FlatTuple(5, 6);
  static_assert(kPair.get<0>() == 5 && kPair.get<1>() == 6);
  static_assert(std::is_same_v<decltype(kList.get<1>()), const std::string_view&>);
}
