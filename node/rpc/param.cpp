#include "node/rpc/param.hpp"

#include <charconv>

#include "codec/hex.hpp"

namespace aitbc::rpc {
namespace {

constexpr std::size_t kMaxHexDigitsOfWord = 64;

tl::unexpected<Error> bad(std::string message) { return fail(ErrorCode::invalid_input, std::move(message)); }

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The digits after "0x".
Result<std::string_view> hex_digits(Json json) {
  if (!json.is_string()) return bad("cannot take a non-string as hex");
  const std::string_view text = json.string();
  if (text.empty()) return bad("empty hex string");
  if (text.size() < 2 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
    return bad("hex string without 0x prefix");
  return text.substr(2);
}

bool decode_digits(std::string_view digits, std::uint8_t* out) {
  int wrong = 0;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit(digits[i]);
    const int low = digit(digits[i + 1]);
    wrong |= high | low;
    out[i / 2] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return wrong >= 0;
}

template <class Fixed>
Result<Fixed> parse_fixed(Json json, const char* name) {
  AITBC_ASSIGN(const std::string_view digits, hex_digits(json));
  if (digits.size() % 2 != 0) return bad("hex string of odd length");
  if (digits.size() != 2 * Fixed::kSize)
    return bad("hex string has length " + std::to_string(digits.size()) + ", want " +
               std::to_string(2 * Fixed::kSize) + " for " + name);
  Fixed out;
  if (!decode_digits(digits, out.data())) return bad("invalid hex string");
  return out;
}

// Right-aligned in 32 bytes. Precondition: at most 64 digits.
Result<Hash> parse_word(std::string_view digits) {
  std::string padded(kMaxHexDigitsOfWord - digits.size(), '0');
  padded.append(digits);
  Hash out;
  if (!decode_digits(padded, out.data())) return bad("invalid hex string");
  return out;
}

}  // namespace

Result<Bytes> parse_data(Json json) {
  AITBC_ASSIGN(const std::string_view digits, hex_digits(json));
  if (digits.size() % 2 != 0) return bad("hex string of odd length");
  Bytes out(digits.size() / 2);
  if (!decode_digits(digits, out.data())) return bad("invalid hex string");
  return out;
}

Result<Uint256> parse_big_quantity(Json json) {
  AITBC_ASSIGN(const std::string_view digits, hex_digits(json));
  if (digits.empty()) return bad("hex string \"0x\"");
  if (digits.size() > 1 && digits[0] == '0') return bad("hex number with leading zero digits");
  if (digits.size() > kMaxHexDigitsOfWord) return bad("hex number > 256 bits");
  AITBC_ASSIGN(const Hash word, parse_word(digits));
  return Uint256::from_be(word);
}

Result<std::uint64_t> parse_quantity(Json json) {
  AITBC_ASSIGN(const Uint256 value, parse_big_quantity(json));
  if (!value.fits_u64()) return bad("hex number > 64 bits");
  return value.low_u64();
}

Result<Address> parse_address(Json json) {
  // The network's own forms, ait1... and aitbc1..., are welcome wherever an address is.
  if (json.is_string() && json.string().starts_with("ait")) return hex::parse_address(json.string());
  return parse_fixed<Address>(json, "common.Address");
}

Result<Hash> parse_hash(Json json) { return parse_fixed<Hash>(json, "common.Hash"); }

Result<StorageSlot> parse_storage_slot(Json json) {
  AITBC_ASSIGN(const std::string_view digits, hex_digits(json));
  if (digits.size() > kMaxHexDigitsOfWord) return bad("storage key too long (want at most 32 bytes)");
  AITBC_ASSIGN(const Hash slot, parse_word(digits));
  return StorageSlot{slot, digits.size() == kMaxHexDigitsOfWord};
}

Result<LooseCount> parse_loose_count(Json json) {
  if (const auto number = json.u64()) return LooseCount{*number};
  if (json.is_string() && !json.string().starts_with("0x")) {
    const std::string_view text = json.string();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return bad("not a number");
    return LooseCount{value};
  }
  AITBC_ASSIGN(const std::uint64_t value, parse_quantity(json));
  return LooseCount{value};
}

Result<bool> parse_boolean(Json json) {
  if (json.kind() != Json::Kind::boolean) return bad("a boolean is expected");
  return json.boolean();
}

Result<std::string> parse_string(Json json) {
  if (!json.is_string()) return bad("a string is expected");
  return std::string(json.string());
}

Result<double> parse_number(Json json) {
  if (json.kind() != Json::Kind::number) return bad("a number is expected");
  return json.number();
}

}  // namespace aitbc::rpc
