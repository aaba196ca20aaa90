#include "codec/hex.hpp"

#include "crypto/keccak.hpp"

namespace aitbc::hex {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kAddressDigits = 2 * Address::kSize;

// The value of a digit, or -1.
constexpr int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool has_prefix(std::string_view text) { return text.starts_with("0x"); }

void append_digits(std::string& out, ByteView bytes) {
  out.reserve(out.size() + 2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 0x0f]);
  }
}

// The digits of a well-formed quantity, without "0x".
Result<std::string_view> quantity_digits(std::string_view text) {
  if (!has_prefix(text)) return fail(ErrorCode::invalid_input, "hex number without 0x prefix");
  const std::string_view digits = text.substr(2);
  if (digits.empty()) return fail(ErrorCode::invalid_input, "hex number has no digits");
  if (digits.size() > 1 && digits[0] == '0')
    return fail(ErrorCode::invalid_input, "hex number with leading zero digits");
  if (digits.size() > 64) return fail(ErrorCode::invalid_input, "hex number is larger than 256 bits");
  return digits;
}

bool is_mixed_case(std::string_view digits) {
  bool lower = false;
  bool upper = false;
  for (const char c : digits) {
    lower = lower || (c >= 'a' && c <= 'f');
    upper = upper || (c >= 'A' && c <= 'F');
  }
  return lower && upper;
}

}  // namespace

std::string encode(ByteView bytes) {
  std::string out;
  append_digits(out, bytes);
  return out;
}

std::string encode_prefixed(ByteView bytes) {
  std::string out;
  append_prefixed(out, bytes);
  return out;
}

void append_prefixed(std::string& out, ByteView bytes) {
  out += "0x";
  append_digits(out, bytes);
}

Result<Bytes> decode(std::string_view text) {
  if (has_prefix(text)) text.remove_prefix(2);
  if (text.size() % 2 != 0) return fail(ErrorCode::invalid_input, "hex data has an odd number of digits");
  Bytes out(text.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = digit_value(text[2 * i]);
    const int low = digit_value(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return fail(ErrorCode::invalid_input, "hex data has a character that is not a digit");
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return out;
}

std::string quantity(std::uint64_t value) { return quantity(Uint256(value)); }

std::string quantity(const Uint256& value) {
  if (value.is_zero()) return "0x0";
  const auto bytes = value.to_be();
  const ByteView significant = ByteView(bytes).last(value.byte_length());
  std::string out = encode_prefixed(significant);
  if (out[2] == '0') out.erase(2, 1);
  return out;
}

Result<std::uint64_t> parse_quantity_u64(std::string_view text) {
  AITBC_ASSIGN(const Uint256 value, parse_quantity(text));
  if (!value.fits_u64()) return fail(ErrorCode::invalid_input, "hex number is larger than 64 bits");
  return value.low_u64();
}

Result<Uint256> parse_quantity(std::string_view text) {
  AITBC_ASSIGN(const std::string_view digits, quantity_digits(text));
  std::uint64_t limbs[4] = {};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int value = digit_value(digits[i]);
    if (value < 0) return fail(ErrorCode::invalid_input, "hex number has a character that is not a digit");
    const std::size_t place = digits.size() - 1 - i;
    limbs[3 - place / 16] |= static_cast<std::uint64_t>(value) << (4 * (place % 16));
  }
  return Uint256::from_parts(limbs[0], limbs[1], limbs[2], limbs[3]);
}

std::string checksummed(const Address& address) {
  std::string out = encode_prefixed(address);
  const Hash hash = keccak256(as_bytes(std::string_view(out).substr(2)));
  for (std::size_t i = 0; i < kAddressDigits; ++i) {
    const int nibble = i % 2 == 0 ? hash.bytes[i / 2] >> 4 : hash.bytes[i / 2] & 0x0f;
    char& c = out[i + 2];
    if (nibble >= 8 && c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

Result<Address> parse_address(std::string_view text) {
  std::string_view digits = text;
  bool is_ethereum_form = false;
  if (has_prefix(digits)) {
    digits.remove_prefix(2);
    is_ethereum_form = true;
  } else if (digits.starts_with("aitbc1")) {
    digits.remove_prefix(6);
  } else if (digits.starts_with("ait1")) {
    digits.remove_prefix(4);
  } else {
    return fail(ErrorCode::invalid_input, "an address starts with 0x, ait1 or aitbc1");
  }
  if (digits.size() != kAddressDigits)
    return fail(ErrorCode::invalid_input, "an address has 40 hexadecimal digits after its prefix");
  AITBC_ASSIGN(const Bytes bytes, decode(digits));
  if (bytes.size() != Address::kSize)  // a second "0x" in front of 38 digits
    return fail(ErrorCode::invalid_input, "an address has 40 hexadecimal digits after its prefix");
  const Address address = Address::from(bytes);
  if (is_ethereum_form && is_mixed_case(digits) && checksummed(address) != text)
    return fail(ErrorCode::invalid_input,
                "the address has a wrong EIP-55 checksum: a character was mistyped");
  return address;
}

}  // namespace aitbc::hex
