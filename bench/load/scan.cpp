#include "load/scan.hpp"

#include <cstring>

namespace aitbc::bench {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kShownOfBody = 200;

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool decode_hash(std::string_view digits, Hash& out) {
  for (std::size_t i = 0; i < Hash::kSize; ++i) {
    const int high = digit_value(digits[2 * i]);
    const int low = digit_value(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

// Position after the needle, or npos.
std::size_t after(std::string_view body, std::string_view needle, std::size_t from) {
  const void* found = memmem(body.data() + from, body.size() - from, needle.data(), needle.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - body.data()) + needle.size();
}

}  // namespace

std::size_t count_of(std::string_view body, std::string_view needle) {
  std::size_t count = 0;
  for (std::size_t at = after(body, needle, 0); at != std::string_view::npos; at = after(body, needle, at))
    ++count;
  return count;
}

bool has_error(std::string_view body) { return after(body, "\"error\"", 0) != std::string_view::npos; }

std::string first_error(std::string_view body) {
  const std::size_t error = after(body, "\"error\"", 0);
  const std::size_t key = error == std::string_view::npos ? error : after(body, "\"message\"", error);
  const std::size_t open = key == std::string_view::npos ? key : body.find('"', key);
  const std::size_t close = open == std::string_view::npos ? open : body.find('"', open + 1);
  if (close == std::string_view::npos) return std::string(body.substr(0, kShownOfBody));
  return std::string(body.substr(open + 1, close - open - 1));
}

void for_each_hash(std::string_view body, const std::function<void(const Hash&)>& visit) {
  constexpr std::string_view kOpen = "\"0x";
  for (std::size_t at = after(body, kOpen, 0); at != std::string_view::npos; at = after(body, kOpen, at)) {
    if (body.size() - at <= kHashDigits) return;
    Hash hash;
    if (body[at + kHashDigits] != '"' || !decode_hash(body.substr(at, kHashDigits), hash)) continue;
    visit(hash);
    at += kHashDigits;
  }
}

}  // namespace aitbc::bench
