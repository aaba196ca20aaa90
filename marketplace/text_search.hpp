// Searching in texts, the case of ASCII letters aside.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace aitbc::market {

inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// In lower case.
inline std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) out.push_back(lower_case(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Whether each word is part of one of the texts.
inline bool contains_words(std::initializer_list<std::string_view> texts,
                           const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
      return lower_case(text).find(word) != std::string::npos;
    });
  });
}

}  // namespace aitbc::market
