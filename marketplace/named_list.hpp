// Look-up by name at compile time in a constexpr FlatTuple of specifications, so that errors and events are
// written down once and a misspelt name does not compile.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/flat_tuple.hpp"

namespace aitbc::market {

// A string literal as a template argument.
template <std::size_t N>
struct Literal {
  char text[N]{};
  consteval Literal(const char (&literal)[N]) {  // NOLINT(google-explicit-constructor): meant to convert
    std::copy_n(literal, N, text);
  }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

template <class... Specs>
consteval std::size_t index_of(const FlatTuple<Specs...>& specs, std::string_view name) {
  return specs.apply([&](const auto&... each) {
    std::size_t index = 0;
    (void)((each.name == name || (++index, false)) || ...);
    return index;
  });
}

}  // namespace aitbc::market
