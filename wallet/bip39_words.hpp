// The English word list of BIP-39. Sorted, so that a word is found by binary search.
#pragma once

#include <array>
#include <string_view>

namespace aitbc::wallet {

extern const std::array<std::string_view, 2048> kEnglishWords;

}  // namespace aitbc::wallet
