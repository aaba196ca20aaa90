// 256-bit words read as integers of any width, signed ones in two's complement.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/uint256.hpp"

namespace aitbc {

struct IntegerType {
  std::size_t bits = 256;  // 8, 16, ... 256
  bool is_signed = false;
};

// True when the word is a value of that type: zero- or sign-extended to 256 bits.
bool is_in_range(const Uint256& word, IntegerType type);
// "-12", "340", "0x1f". Fails when it is not a number or not a value of that type.
Result<Uint256> parse_integer(std::string_view text, IntegerType type);
// In decimal, with a minus sign where the type is signed and the value negative.
std::string integer_text(const Uint256& word, bool is_signed);

}  // namespace aitbc
