// Writes JSON text (RFC 8259) straight into a string, with Ethereum's forms of numbers and bytes. Commas are
// its own affair; pairing keys with values and brackets with each other is the caller's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/uint256.hpp"

namespace aitbc {

class JsonWriter {
 public:
  // Appends to `out`, which must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out), start_(out.size()) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  // `name` must need no escaping.
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);  // escaped
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& number(std::uint64_t value);
  JsonWriter& number(double value);  // finite; the shortest form that reads back the same
  JsonWriter& raw(std::string_view json);
  // "0x0", "0x1f": minimal.
  JsonWriter& quantity(std::uint64_t value);
  JsonWriter& quantity(const Uint256& value);
  JsonWriter& quantity(Amount value);
  // "0x" and two digits a byte.
  JsonWriter& data(ByteView value);

  // Of the text written so far by whoever shares the string.
  std::size_t size() const { return out_.size(); }

 private:
  void separate();
  std::string& out_;
  std::size_t start_;
};

}  // namespace aitbc
