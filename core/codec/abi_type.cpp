#include <charconv>
#include <optional>

#include "codec/abi_value.hpp"

namespace aitbc::abi {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxHeadWords = std::size_t{1} << 32;

tl::unexpected<Error> bad_type(std::string_view text) {
  return fail(ErrorCode::invalid_input, "abi: not a type: '" + std::string(text) + "'");
}

// A decimal number without sign or leading zeros.
std::optional<std::size_t> parse_size(std::string_view digits) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || digits[0] == '0' || error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return value;
}

Type simple(Kind kind, std::size_t size = 0) {
  const bool is_dynamic = kind == Kind::bytes || kind == Kind::string;
  return {.kind = kind, .size = size, .parts = {}, .is_dynamic = is_dynamic, .head_words = 1};
}

Result<Type> elementary(std::string_view name) {
  if (name == "address") return simple(Kind::address);
  if (name == "bool") return simple(Kind::boolean);
  if (name == "string") return simple(Kind::string);
  if (name == "bytes") return simple(Kind::bytes);
  if (name == "uint") return simple(Kind::unsigned_integer, 256);
  if (name == "int") return simple(Kind::signed_integer, 256);
  const std::size_t digits_at = name.find_first_of("0123456789");
  if (digits_at == std::string_view::npos) return bad_type(name);
  const std::string_view stem = name.substr(0, digits_at);
  const auto size = parse_size(name.substr(digits_at));
  if (!size) return bad_type(name);
  const bool is_width = *size <= 256 && *size % 8 == 0;
  if (stem == "uint" && is_width) return simple(Kind::unsigned_integer, *size);
  if (stem == "int" && is_width) return simple(Kind::signed_integer, *size);
  if (stem == "bytes" && *size <= 32) return simple(Kind::fixed_bytes, *size);
  return bad_type(name);
}

Result<Type> tuple_of(std::vector<Type> fields) {
  Type out{.kind = Kind::tuple, .size = 0, .parts = std::move(fields), .is_dynamic = false, .head_words = 0};
  for (const Type& field : out.parts) {
    out.is_dynamic = out.is_dynamic || field.is_dynamic;
    out.head_words += field.head_words;
  }
  if (out.head_words > kMaxHeadWords) return fail(ErrorCode::limit, "abi: the type is too large");
  if (out.is_dynamic) out.head_words = 1;
  return out;
}

Result<Type> array_of(Type element, std::string_view count_text) {
  Type out{.kind = Kind::array, .size = 0, .parts = {}, .is_dynamic = true, .head_words = 1};
  if (!count_text.empty()) {
    const auto count = parse_size(count_text);
    if (!count) return bad_type("[" + std::string(count_text) + "]");
    if (*count > kMaxHeadWords / element.head_words)
      return fail(ErrorCode::limit, "abi: the type is too large");
    out.kind = Kind::fixed_array;
    out.size = *count;
    out.is_dynamic = element.is_dynamic;
    if (!out.is_dynamic) out.head_words = *count * element.head_words;
  }
  out.parts.push_back(std::move(element));
  return out;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Type> type(int depth) {
    if (depth > kMaxDepth) return fail(ErrorCode::limit, "abi: the type nests too deeply");
    Result<Type> out = peek() == '(' ? tuple(depth) : elementary(word());
    for (int suffixes = 0; out && peek() == '['; ++suffixes) {
      if (depth + suffixes > kMaxDepth) return fail(ErrorCode::limit, "abi: the type nests too deeply");
      const std::size_t close = text_.find(']', at_);
      if (close == std::string_view::npos) return bad_type(text_);
      const std::string_view count = text_.substr(at_ + 1, close - at_ - 1);
      at_ = close + 1;
      out = array_of(std::move(*out), count);
    }
    return out;
  }

  // "(a,b)", perhaps empty.
  Result<std::vector<Type>> list(int depth) {
    std::vector<Type> out;
    if (!take('(')) return bad_type(text_);
    if (take(')')) return out;
    do {
      AITBC_ASSIGN(Type part, type(depth + 1));
      out.push_back(std::move(part));
    } while (take(','));
    if (!take(')')) return bad_type(text_);
    return out;
  }

  std::string_view word() {
    const std::size_t start = at_;
    at_ = std::min(text_.find_first_of("()[],", at_), text_.size());
    return text_.substr(start, at_ - start);
  }

  bool at_end() const { return at_ == text_.size(); }

 private:
  Result<Type> tuple(int depth) {
    AITBC_ASSIGN(std::vector<Type> fields, list(depth));
    if (fields.empty()) return bad_type("()");
    return tuple_of(std::move(fields));
  }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void append_list(std::string& out, const std::vector<Type>& types) {
  out += '(';
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i != 0) out += ',';
    out += to_string(types[i]);
  }
  out += ')';
}

}  // namespace

Result<Type> parse_type(std::string_view text) {
  Parser parser(text);
  AITBC_ASSIGN(Type out, parser.type(0));
  if (!parser.at_end()) return bad_type(text);
  return out;
}

std::string to_string(const Type& type) {
  switch (type.kind) {
    case Kind::unsigned_integer:
      return "uint" + std::to_string(type.size);
    case Kind::signed_integer:
      return "int" + std::to_string(type.size);
    case Kind::boolean:
      return "bool";
    case Kind::address:
      return "address";
    case Kind::fixed_bytes:
      return "bytes" + std::to_string(type.size);
    case Kind::bytes:
      return "bytes";
    case Kind::string:
      return "string";
    case Kind::array:
      return to_string(type.parts[0]) + "[]";
    case Kind::fixed_array:
      return to_string(type.parts[0]) + "[" + std::to_string(type.size) + "]";
    case Kind::tuple:
      break;
  }
  std::string out;
  append_list(out, type.parts);
  return out;
}

Result<Signature> parse_signature(std::string_view text) {
  Parser parser(text);
  Signature out{std::string(parser.word()), {}};
  if (out.name.empty()) return fail(ErrorCode::invalid_input, "abi: a signature starts with a name");
  AITBC_ASSIGN(out.inputs, parser.list(0));
  if (!parser.at_end()) return bad_type(text);
  return out;
}

std::string to_string(const Signature& signature) {
  std::string out = signature.name;
  append_list(out, signature.inputs);
  return out;
}

}  // namespace aitbc::abi
