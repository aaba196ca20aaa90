#include "codec/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace aitbc {
namespace {

struct Lead {
  std::size_t size;     // bytes of the sequence, 0: not a lead byte
  std::uint32_t bits;   // payload of the lead byte
  std::uint32_t least;  // smallest code point that needs this size
};

Lead classify(std::uint8_t byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xc0 && byte < 0xe0) return {2, byte & 0x1fU, 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return {3, byte & 0x0fU, 0x800};
  if (byte >= 0xf0 && byte < 0xf8) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

// True when the next eight bytes are all ASCII, which most text is.
bool is_ascii8(const char* text) {
  std::uint64_t word;
  std::memcpy(&word, text, sizeof word);
  return (word & 0x8080808080808080ULL) == 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8 && is_ascii8(text.data() + i)) {
      i += 8;
      continue;
    }
    const Lead lead = classify(static_cast<std::uint8_t>(text[i]));
    if (lead.size == 0 || lead.size > text.size() - i) return false;
    std::uint32_t point = lead.bits;
    for (std::size_t k = 1; k < lead.size; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3fU);
    }
    const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < lead.least || point > 0x10ffff || is_surrogate) return false;
    i += lead.size;
  }
  return true;
}

}  // namespace aitbc
