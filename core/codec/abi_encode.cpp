#include "codec/abi_value.hpp"
#include "codec/integers.hpp"

namespace aitbc::abi {
namespace {

tl::unexpected<Error> mismatch(const Type& type) {
  return fail(ErrorCode::invalid_input, "abi: the value is not a " + to_string(type));
}

std::size_t padded(std::size_t size) { return (size + kWordSize - 1) / kWordSize * kWordSize; }

template <class T>
Result<const T*> expect(const Type& type, const Value& value) {
  const T* held = std::get_if<T>(&value.data);
  if (held == nullptr) return mismatch(type);
  return held;
}

// Writes values at the end of one buffer: room for the head of a tuple first, then its fields one by one.
class Encoding {
 public:
  Result<void> tuple(std::span<const Type> types, std::span<const Value> values) {
    if (types.size() != values.size())
      return fail(ErrorCode::invalid_input, "abi: the number of values differs from that of the types");
    std::size_t words = 0;
    for (const Type& type : types) words += type.head_words;
    const std::size_t base = begin(words);
    std::size_t at = base;
    for (std::size_t i = 0; i < types.size(); ++i) {
      AITBC_TRY(field(types[i], values[i], base, at));
      at += types[i].head_words * kWordSize;
    }
    return {};
  }

  Bytes take() { return std::move(out_); }

 private:
  // Elements of one type, laid out as a tuple of them.
  Result<void> elements(const Type& element, const Value::List& values) {
    const std::size_t base = begin(element.head_words * values.size());
    std::size_t at = base;
    for (const Value& value : values) {
      AITBC_TRY(field(element, value, base, at));
      at += element.head_words * kWordSize;
    }
    return {};
  }

  // The head of a field is at `at`; a dynamic one's content goes to the end.
  Result<void> field(const Type& type, const Value& value, std::size_t base, std::size_t at) {
    if (!type.is_dynamic) return in_place(type, value, at);
    put(at, to_word(out_.size() - base));
    return tail(type, value);
  }

  Result<void> in_place(const Type& type, const Value& value, std::size_t at) {
    const bool is_list = type.kind == Kind::tuple || type.kind == Kind::fixed_array;
    if (!is_list) return word(type, value, at);
    AITBC_ASSIGN(const Value::List* list, expect<Value::List>(type, value));
    const std::size_t count = type.kind == Kind::tuple ? type.parts.size() : type.size;
    if (list->size() != count) return mismatch(type);
    for (std::size_t i = 0; i < count; ++i) {
      const Type& part = type.kind == Kind::tuple ? type.parts[i] : type.parts[0];
      AITBC_TRY(in_place(part, (*list)[i], at));
      at += part.head_words * kWordSize;
    }
    return {};
  }

  Result<void> word(const Type& type, const Value& value, std::size_t at) {
    if (type.kind == Kind::boolean) {
      AITBC_ASSIGN(const bool* held, expect<bool>(type, value));
      put(at, to_word(std::uint64_t{*held ? 1U : 0U}));
    } else if (type.kind == Kind::address) {
      AITBC_ASSIGN(const Address* held, expect<Address>(type, value));
      put(at, to_word(*held));
    } else if (type.kind == Kind::fixed_bytes) {
      AITBC_ASSIGN(const Bytes* held, expect<Bytes>(type, value));
      if (held->size() != type.size) return mismatch(type);
      put(at, *held);
    } else {
      AITBC_ASSIGN(const Uint256* held, expect<Uint256>(type, value));
      if (!is_in_range(*held, {type.size, type.kind == Kind::signed_integer})) return mismatch(type);
      put(at, to_word(*held));
    }
    return {};
  }

  Result<void> tail(const Type& type, const Value& value) {
    if (type.kind == Kind::bytes) {
      AITBC_ASSIGN(const Bytes* held, expect<Bytes>(type, value));
      counted_bytes(*held);
      return {};
    }
    if (type.kind == Kind::string) {
      AITBC_ASSIGN(const std::string* held, expect<std::string>(type, value));
      counted_bytes(as_bytes(*held));
      return {};
    }
    AITBC_ASSIGN(const Value::List* list, expect<Value::List>(type, value));
    if (type.kind == Kind::tuple) return tuple(type.parts, *list);
    if (type.kind == Kind::fixed_array && list->size() != type.size) return mismatch(type);
    if (type.kind == Kind::array) append(out_, to_word(std::uint64_t{list->size()}));
    return elements(type.parts[0], *list);
  }

  void counted_bytes(ByteView content) {
    append(out_, to_word(std::uint64_t{content.size()}));
    append(out_, content);
    out_.resize(out_.size() + padded(content.size()) - content.size());
  }

  std::size_t begin(std::size_t words) {
    const std::size_t base = out_.size();
    out_.resize(base + words * kWordSize);
    return base;
  }

  void put(std::size_t at, ByteView content) {
    std::copy(content.begin(), content.end(), out_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  Bytes out_;
};

}  // namespace

Result<Bytes> encode(std::span<const Type> types, std::span<const Value> values) {
  Encoding encoding;
  AITBC_TRY(encoding.tuple(types, values));
  return encoding.take();
}

Result<Bytes> encode_call(std::string_view signature, std::span<const Value> arguments) {
  AITBC_ASSIGN(const Signature parsed, parse_signature(signature));
  AITBC_ASSIGN(const Bytes encoded, encode(parsed.inputs, arguments));
  Bytes out = to_bytes(selector(to_string(parsed)));
  append(out, encoded);
  return out;
}

}  // namespace aitbc::abi
