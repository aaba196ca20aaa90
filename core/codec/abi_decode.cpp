#include "codec/abi_value.hpp"
#include "codec/hex.hpp"
#include "codec/integers.hpp"
#include "codec/utf8.hpp"

namespace aitbc::abi {
namespace {

tl::unexpected<Error> malformed(const char* what) {
  return fail(ErrorCode::invalid_input, std::string("abi: ") + what);
}

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

// Reads in the order in which encode() writes, so each tail must start where the last one ended. A head
// position `at` walks through a frame that was claimed from the data before.
class Decoding {
 public:
  explicit Decoding(ByteView data) : data_(data) {}

  Result<Value::List> tuple(std::span<const Type> types) {
    std::size_t words = 0;
    for (const Type& type : types) words += type.head_words;
    AITBC_ASSIGN(const std::size_t base, claim_words(words));
    Value::List out;
    out.reserve(types.size());
    std::size_t at = base;
    for (const Type& type : types) {
      AITBC_ASSIGN(Value value, field(type, base, at));
      out.push_back(std::move(value));
    }
    return out;
  }

  bool at_end() const { return tail_ == data_.size(); }

 private:
  Result<Value::List> elements(const Type& element, std::size_t count) {
    if (count > data_.size() / kWordSize / element.head_words) return malformed("a length exceeds the data");
    AITBC_ASSIGN(const std::size_t base, claim_words(count * element.head_words));
    Value::List out;
    out.reserve(count);
    std::size_t at = base;
    for (std::size_t i = 0; i < count; ++i) {
      AITBC_ASSIGN(Value value, field(element, base, at));
      out.push_back(std::move(value));
    }
    return out;
  }

  Result<Value> field(const Type& type, std::size_t base, std::size_t& at) {
    if (!type.is_dynamic) return in_place(type, at);
    const Uint256 offset = word_at(at);
    at += kWordSize;
    if (offset != Uint256(tail_ - base)) return malformed("an offset does not point at the next tail");
    return tail(type);
  }

  Result<Value> in_place(const Type& type, std::size_t& at) {
    if (type.kind == Kind::tuple || type.kind == Kind::fixed_array) {
      const bool is_tuple = type.kind == Kind::tuple;
      Value::List out;
      for (std::size_t i = 0; i < (is_tuple ? type.parts.size() : type.size); ++i) {
        AITBC_ASSIGN(Value value, in_place(type.parts[is_tuple ? i : 0], at));
        out.push_back(std::move(value));
      }
      return Value{std::move(out)};
    }
    const ByteView word = data_.subspan(at, kWordSize);
    at += kWordSize;
    return word_value(type, word);
  }

  static Result<Value> word_value(const Type& type, ByteView word) {
    const Uint256 number = Uint256::from_be(word);
    if (type.kind == Kind::boolean) {
      if (number > Uint256(1)) return malformed("a truth value is neither 0 nor 1");
      return Value{!number.is_zero()};
    }
    if (type.kind == Kind::address) {
      if (!all_zero(word.first(12))) return malformed("an address is wider than 20 bytes");
      return Value{Address::from(word.last(Address::kSize))};
    }
    if (type.kind == Kind::fixed_bytes) {
      if (!all_zero(word.subspan(type.size))) return malformed("the padding of fixed bytes is not zero");
      return Value{to_bytes(word.first(type.size))};
    }
    if (!is_in_range(number, {type.size, type.kind == Kind::signed_integer}))
      return malformed("a number is wider than its type");
    return Value{number};
  }

  Result<Value> tail(const Type& type) {
    if (type.kind == Kind::bytes || type.kind == Kind::string) {
      AITBC_ASSIGN(const ByteView content, counted_bytes());
      Value out;
      if (type.kind == Kind::bytes) {
        out.data = to_bytes(content);
        return out;
      }
      if (!is_utf8(as_text(content))) return malformed("a string is not valid UTF-8");
      out.data = std::string(as_text(content));
      return out;
    }
    if (type.kind == Kind::tuple) return list_value(tuple(type.parts));
    std::size_t count = type.size;
    if (type.kind == Kind::array) {
      AITBC_ASSIGN(count, length());
    }
    return list_value(elements(type.parts[0], count));
  }

  static Result<Value> list_value(Result<Value::List> list) {
    if (!list) return fail(std::move(list).error());
    return Value{std::move(*list)};
  }

  Result<std::size_t> length() {
    AITBC_ASSIGN(const std::size_t at, claim_words(1));
    const Uint256 value = word_at(at);
    if (value > Uint256(data_.size() - tail_)) return malformed("a length exceeds the data");
    return static_cast<std::size_t>(value.low_u64());
  }

  Result<ByteView> counted_bytes() {
    AITBC_ASSIGN(const std::size_t size, length());
    AITBC_ASSIGN(const std::size_t at, claim_words((size + kWordSize - 1) / kWordSize));
    if (!all_zero(data_.subspan(at + size, tail_ - at - size)))
      return malformed("the padding of bytes is not zero");
    return data_.subspan(at, size);
  }

  // The position of that many words at the tail, which moves past them.
  Result<std::size_t> claim_words(std::size_t words) {
    if (words > (data_.size() - tail_) / kWordSize) return malformed("the data ends too early");
    const std::size_t at = tail_;
    tail_ += words * kWordSize;
    return at;
  }

  Uint256 word_at(std::size_t at) const { return Uint256::from_be(data_.subspan(at, kWordSize)); }

  ByteView data_;
  std::size_t tail_ = 0;
};

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

Result<Value::List> decode(std::span<const Type> types, ByteView data) {
  Decoding decoding(data);
  AITBC_ASSIGN(Value::List out, decoding.tuple(types));
  if (!decoding.at_end()) return malformed("unexpected bytes after the last field");
  return out;
}

Result<Value::List> decode_call(std::string_view signature, ByteView data) {
  AITBC_ASSIGN(const Signature parsed, parse_signature(signature));
  if (!starts_with(data, selector(to_string(parsed))))
    return malformed("the selector is that of another signature");
  return decode(parsed.inputs, data.subspan(Selector::kSize));
}

std::string to_string(const Type& type, const Value& value) {
  if (const auto* number = std::get_if<Uint256>(&value.data))
    return integer_text(*number, type.kind == Kind::signed_integer);
  if (const auto* truth = std::get_if<bool>(&value.data)) return *truth ? "true" : "false";
  if (const auto* address = std::get_if<Address>(&value.data)) return hex::checksummed(*address);
  if (const auto* bytes = std::get_if<Bytes>(&value.data)) return hex::encode_prefixed(*bytes);
  if (const auto* text = std::get_if<std::string>(&value.data)) return quoted(*text);
  const bool is_tuple = type.kind == Kind::tuple;
  const auto& list = std::get<Value::List>(value.data);
  std::string out = is_tuple ? "(" : "[";
  for (std::size_t i = 0; i < list.size() && !type.parts.empty(); ++i) {
    if (i != 0) out += ", ";
    out += to_string(type.parts[is_tuple ? std::min(i, type.parts.size() - 1) : 0], list[i]);
  }
  return out + (is_tuple ? ")" : "]");
}

}  // namespace aitbc::abi
