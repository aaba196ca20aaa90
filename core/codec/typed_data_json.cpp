#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>
#include <vector>

#include "codec/abi.hpp"
#include "codec/abi_value.hpp"
#include "codec/hex.hpp"
#include "codec/integers.hpp"
#include "codec/typed_data.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::eip712 {
namespace {

namespace json = boost::json;

constexpr std::string_view kDomainType = "EIP712Domain";

tl::unexpected<Error> malformed(std::string what) {
  return fail(ErrorCode::invalid_input, "typed data: " + std::move(what));
}

struct Field {
  std::string name;
  std::string type;
};
using Fields = std::vector<Field>;
using Structs = std::map<std::string, Fields, std::less<>>;

std::string_view base_type(std::string_view type) { return type.substr(0, type.find('[')); }

// Names go into the text that is hashed, so none may hold a separator of that text.
bool is_identifier(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
  };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), is_part);
}

// A JSON integer or string as text; nothing else may stand for a number.
Result<std::string> number_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  return malformed("an integer must be a JSON integer or a string");
}

Result<std::string_view> text(const json::value& value) {
  if (!value.is_string()) return malformed("expected a string");
  return std::string_view(value.get_string());
}

Result<Bytes> data_bytes(const json::value& value) {
  AITBC_ASSIGN(const std::string_view digits, text(value));
  if (!digits.starts_with("0x")) return malformed("bytes must start with 0x");
  return hex::decode(digits);
}

// One word of encodeData for a value that is not a struct or array.
Result<Hash> hash_elementary(const abi::Type& type, const json::value& value) {
  switch (type.kind) {
    case abi::Kind::unsigned_integer:
    case abi::Kind::signed_integer: {
      AITBC_ASSIGN(const std::string digits, number_text(value));
      AITBC_ASSIGN(const Uint256 word,
                   parse_integer(digits, {type.size, type.kind == abi::Kind::signed_integer}));
      return abi::to_word(word);
    }
    case abi::Kind::boolean:
      if (!value.is_bool()) return malformed("expected true or false");
      return abi::to_word(std::uint64_t{value.get_bool() ? 1U : 0U});
    case abi::Kind::address: {
      AITBC_ASSIGN(const std::string_view digits, text(value));
      AITBC_ASSIGN(const Address address, hex::parse_address(digits));
      return abi::to_word(address);
    }
    case abi::Kind::fixed_bytes: {
      AITBC_ASSIGN(const Bytes bytes, data_bytes(value));
      if (bytes.size() != type.size) return malformed("a value is not a " + abi::to_string(type));
      Hash word;
      std::copy(bytes.begin(), bytes.end(), word.bytes.begin());
      return word;
    }
    case abi::Kind::bytes: {
      AITBC_ASSIGN(const Bytes bytes, data_bytes(value));
      return keccak256(bytes);
    }
    case abi::Kind::string: {
      AITBC_ASSIGN(const std::string_view content, text(value));
      return keccak256(as_bytes(content));
    }
    case abi::Kind::array:
    case abi::Kind::fixed_array:
    case abi::Kind::tuple:
      break;
  }
  return malformed("not an elementary type: " + abi::to_string(type));
}

class Hasher {
 public:
  explicit Hasher(Structs structs) : structs_(std::move(structs)) {}

  Result<Hash> hash_struct(std::string_view name, const json::value& value) {
    const auto found = structs_.find(name);
    if (found == structs_.end()) return malformed("no type is named '" + std::string(name) + "'");
    if (!value.is_object()) return malformed("a " + std::string(name) + " must be a JSON object");
    const json::object& members = value.get_object();
    AITBC_ASSIGN(const Hash type, type_hash_of(found->first));
    StructHash out(type);
    for (const Field& field : found->second) {
      const json::value* member = members.if_contains(field.name);
      if (member == nullptr) return malformed(std::string(name) + " lacks its field '" + field.name + "'");
      AITBC_ASSIGN(const Hash word, hash_value(field.type, *member));
      out.hash(word);
    }
    if (members.size() != found->second.size())
      return malformed(std::string(name) + " has a field that its type does not declare");
    return out.finish();
  }

 private:
  Result<Hash> hash_value(std::string_view type, const json::value& value) {
    if (type.ends_with(']')) return hash_array(type, value);
    if (structs_.contains(type)) return hash_struct(type, value);
    AITBC_ASSIGN(const abi::Type elementary, abi::parse_type(type));
    return hash_elementary(elementary, value);
  }

  Result<Hash> hash_array(std::string_view type, const json::value& value) {
    const std::size_t open = type.rfind('[');
    if (open == std::string_view::npos) return malformed("not a type: '" + std::string(type) + "'");
    if (!value.is_array()) return malformed("a " + std::string(type) + " must be a JSON array");
    const json::array& elements = value.get_array();
    const std::string_view count = type.substr(open + 1, type.size() - open - 2);
    if (!count.empty() && count != std::to_string(elements.size()))
      return malformed("a " + std::string(type) + " has the wrong number of elements");
    Bytes words;
    for (const json::value& element : elements) {
      AITBC_ASSIGN(const Hash word, hash_value(type.substr(0, open), element));
      append(words, word);
    }
    return keccak256(words);
  }

  Result<Hash> type_hash_of(const std::string& name) {
    const auto known = type_hashes_.find(name);
    if (known != type_hashes_.end()) return known->second;
    std::set<std::string, std::less<>> referenced;
    collect(name, referenced);
    referenced.erase(name);
    std::string encoded = declaration(name);
    for (const std::string& other : referenced) encoded += declaration(other);
    return type_hashes_[name] = type_hash(encoded);
  }

  void collect(std::string_view name, std::set<std::string, std::less<>>& into) const {
    std::vector<std::string_view> open{name};
    while (!open.empty()) {
      const auto found = structs_.find(open.back());
      open.pop_back();
      if (found == structs_.end() || !into.insert(found->first).second) continue;
      for (const Field& field : found->second) open.push_back(base_type(field.type));
    }
  }

  std::string declaration(const std::string& name) const {
    std::string out = name + "(";
    for (const Field& field : structs_.find(name)->second) {
      if (out.back() != '(') out += ',';
      out += field.type + " " + field.name;
    }
    return out + ")";
  }

  Structs structs_;
  std::map<std::string, Hash> type_hashes_;
};

Result<Fields> parse_fields(const json::value& value) {
  if (!value.is_array()) return malformed("a type must be an array of fields");
  Fields out;
  for (const json::value& entry : value.get_array()) {
    const json::object* field = entry.if_object();
    const json::value* name = field == nullptr ? nullptr : field->if_contains("name");
    const json::value* type = field == nullptr ? nullptr : field->if_contains("type");
    if (name == nullptr || type == nullptr || !name->is_string() || !type->is_string())
      return malformed("a field of a type must have a name and a type");
    if (!is_identifier(name->get_string()))
      return malformed("'" + std::string(name->get_string()) + "' is not a name");
    const auto same_name = [name](const Field& other) { return other.name == name->get_string(); };
    if (std::any_of(out.begin(), out.end(), same_name)) return malformed("a type has a field twice");
    out.push_back({std::string(name->get_string()), std::string(type->get_string())});
  }
  return out;
}

Result<Structs> parse_structs(const json::value& value) {
  if (!value.is_object()) return malformed("'types' must be an object");
  Structs out;
  for (const auto& [name, fields] : value.get_object()) {
    if (abi::parse_type(name)) return malformed("'" + std::string(name) + "' is a built-in type");
    if (!is_identifier(name)) return malformed("'" + std::string(name) + "' is not a name");
    AITBC_ASSIGN(out[std::string(name)], parse_fields(fields));
  }
  return out;
}

// The type of a domain whose document does not declare it.
Fields domain_fields(const json::value& domain) {
  const Fields standard{{"name", "string"},
                        {"version", "string"},
                        {"chainId", "uint256"},
                        {"verifyingContract", "address"},
                        {"salt", "bytes32"}};
  Fields out;
  for (const Field& field : standard)
    if (domain.is_object() && domain.get_object().contains(field.name)) out.push_back(field);
  return out;
}

}  // namespace

Result<TypedData> hash_json(std::string_view text_of_json) {
  boost::system::error_code error;
  const json::value document = json::parse(text_of_json, error);
  if (error || !document.is_object()) return malformed("the document is not a JSON object");
  const json::object& root = document.get_object();
  const auto* types = root.if_contains("types");
  const auto* primary = root.if_contains("primaryType");
  const auto* domain = root.if_contains("domain");
  const auto* message = root.if_contains("message");
  if (types == nullptr || primary == nullptr || domain == nullptr || message == nullptr)
    return malformed("the document needs types, primaryType, domain and message");
  AITBC_ASSIGN(const std::string_view primary_name, text(*primary));
  AITBC_ASSIGN(Structs structs, parse_structs(*types));
  structs.try_emplace(std::string(kDomainType), domain_fields(*domain));

  Hasher hasher(std::move(structs));
  TypedData out;
  AITBC_ASSIGN(out.domain_separator, hasher.hash_struct(kDomainType, *domain));
  AITBC_ASSIGN(out.struct_hash, hasher.hash_struct(primary_name, *message));
  out.digest = signing_digest(out.domain_separator, out.struct_hash);
  return out;
}

}  // namespace aitbc::eip712
