// Look-up by name at compile time in a constexpr tuple of specifications, so that errors and events are
// written down once and a misspelt name does not compile.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

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
consteval std::size_t index_of(const std::tuple<Specs...>& specs, std::string_view name) {
  return std::apply(
      [&](const auto&... each) {
        std::size_t index = 0;
        (void)((each.name == name || (++index, false)) || ...);
        return index;
      },
      specs);
}

// "gpuId,start" -> {"gpuId", "start"}
inline std::vector<std::string> split_names(std::string_view names) {
  std::vector<std::string> out;
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    out.emplace_back(names.substr(0, comma));
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return out;
}

}  // namespace aitbc::market
