#include "node/json/json_writer.hpp"

#include <array>
#include <charconv>

namespace aitbc {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// Two digits for each byte value.
constexpr std::array<std::array<char, 2>, 256> make_byte_digits() {
  std::array<std::array<char, 2>, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) table[i] = {kDigits[i >> 4], kDigits[i & 15]};
  return table;
}
constexpr auto kByteDigits = make_byte_digits();

// Without leading zeros; nothing for zero.
void append_hex(std::string& out, std::uint64_t value) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  out.append(digits.data(), end);
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out.append("\\u00").append(kByteDigits[byte].data(), 2);
}

bool needs_escape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

}  // namespace

void JsonWriter::separate() {
  if (out_.size() == start_) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_.push_back(',');
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_.push_back('{');
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  out_.push_back('}');
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  separate();
  out_.push_back('[');
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  out_.push_back(']');
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  out_.push_back('"');
  out_.append(name).append("\":");
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  out_.push_back('"');
  std::size_t plain_from = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!needs_escape(value[i])) continue;
    out_.append(value.substr(plain_from, i - plain_from));
    append_escaped(out_, value[i]);
    plain_from = i + 1;
  }
  out_.append(value.substr(plain_from));
  out_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }
JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::number(std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

JsonWriter& JsonWriter::number(double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

JsonWriter& JsonWriter::quantity(std::uint64_t value) {
  separate();
  out_.append("\"0x");
  append_hex(out_, value);
  out_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::quantity(const Uint256& value) {
  if (value.fits_u64()) return quantity(value.low_u64());
  separate();
  out_.append("\"0x");
  std::size_t limb = 0;
  while (value.limb(limb) == 0) ++limb;
  append_hex(out_, value.limb(limb));
  for (++limb; limb < 4; ++limb)
    for (int shift = 60; shift >= 0; shift -= 4) out_.push_back(kDigits[value.limb(limb) >> shift & 15]);
  out_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::quantity(Amount value) { return quantity(value.to_uint256()); }

JsonWriter& JsonWriter::data(ByteView value) {
  separate();
  out_.append("\"0x");
  const std::size_t begin = out_.size();
  out_.resize(begin + 2 * value.size());
  char* to = out_.data() + begin;
  for (const std::uint8_t byte : value) {
    *to++ = kByteDigits[byte][0];
    *to++ = kByteDigits[byte][1];
  }
  out_.push_back('"');
  return *this;
}

}  // namespace aitbc
