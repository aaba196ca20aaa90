// The Solidity contract ABI with types known only at run time: for tools, queries and tests. Code that knows
// its types uses the cursors of abi.hpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"
#include "codec/abi.hpp"

namespace aitbc::abi {

enum class Kind : std::uint8_t {
  unsigned_integer,
  signed_integer,
  boolean,
  address,
  fixed_bytes,
  bytes,
  string,
  array,        // T[]
  fixed_array,  // T[n], n > 0
  tuple,        // at least one field
};

struct Type {
  Kind kind = Kind::unsigned_integer;
  // Bits of an integer, bytes of fixed_bytes, elements of a fixed_array; otherwise 0.
  std::size_t size = 256;
  // The element type of an array, the fields of a tuple.
  std::vector<Type> parts;
  // Worked out from the others: whether the encoding goes to the tail, and the words it takes in the head.
  bool is_dynamic = false;
  std::size_t head_words = 1;

  bool operator==(const Type&) const = default;
};

// "(uint256,address[],bytes32)[2]". "uint" and "int" mean 256 bits. No names, no spaces. At most 32 levels.
Result<Type> parse_type(std::string_view text);
// The canonical form, as selectors need it.
std::string to_string(const Type& type);

// A function, event or error: "book(uint64,uint64)".
struct Signature {
  std::string name;
  std::vector<Type> inputs;
};
Result<Signature> parse_signature(std::string_view text);
std::string to_string(const Signature& signature);

// A value of any type. Integers are 256-bit words, signed ones in two's complement; fixed_bytes and bytes are
// Bytes; arrays and tuples are lists.
struct Value {
  using List = std::vector<Value>;
  std::variant<Uint256, bool, Address, Bytes, std::string, List> data;

  bool operator==(const Value&) const = default;
};

// Fails when a value is not of its type (kind, range, number of elements).
Result<Bytes> encode(std::span<const Type> types, std::span<const Value> values);
// As strict as Reader: accepts exactly what encode() makes, and UTF-8 in strings. The values take a small
// multiple of the data's size.
Result<Value::List> decode(std::span<const Type> types, ByteView data);

// Selector and arguments, of a call or of a custom error.
Result<Bytes> encode_call(std::string_view signature, std::span<const Value> arguments);
inline Result<Bytes> encode_error(std::string_view signature, std::span<const Value> arguments) {
  return encode_call(signature, arguments);
}
// Fails when the data does not start with the signature's selector.
Result<Value::List> decode_call(std::string_view signature, ByteView data);

// For people: integers in decimal, bytes in hexadecimal, lists as [a, b] and (a, b), strings in quotes.
std::string to_string(const Type& type, const Value& value);

}  // namespace aitbc::abi
