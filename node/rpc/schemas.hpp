// JSON schemas of the values that the methods take and give, for the OpenRPC document.
#pragma once

#include <span>
#include <string_view>

namespace aitbc::rpc {

struct NamedSchema {
  std::string_view name;  // under #/components/schemas/
  std::string_view json;
};
std::span<const NamedSchema> component_schemas();

// For result_schema at registration.
namespace schema {
inline constexpr std::string_view kQuantity = R"({"$ref":"#/components/schemas/Quantity"})";
inline constexpr std::string_view kData = R"({"$ref":"#/components/schemas/Data"})";
inline constexpr std::string_view kHash = R"({"$ref":"#/components/schemas/Hash"})";
inline constexpr std::string_view kBlock =
    R"({"oneOf":[{"$ref":"#/components/schemas/Block"},{"type":"null"}]})";
inline constexpr std::string_view kTransaction =
    R"({"oneOf":[{"$ref":"#/components/schemas/Transaction"},{"type":"null"}]})";
inline constexpr std::string_view kReceipt =
    R"({"oneOf":[{"$ref":"#/components/schemas/Receipt"},{"type":"null"}]})";
inline constexpr std::string_view kReceipts =
    R"({"oneOf":[{"type":"array","items":{"$ref":"#/components/schemas/Receipt"}},{"type":"null"}]})";
inline constexpr std::string_view kLogs = R"({"type":"array","items":{"$ref":"#/components/schemas/Log"}})";
inline constexpr std::string_view kQuantityOrNull =
    R"({"oneOf":[{"$ref":"#/components/schemas/Quantity"},{"type":"null"}]})";
inline constexpr std::string_view kBoolean = R"({"type":"boolean"})";
inline constexpr std::string_view kString = R"({"type":"string"})";
inline constexpr std::string_view kObject = R"({"type":"object"})";
inline constexpr std::string_view kArray = R"({"type":"array"})";
inline constexpr std::string_view kAny = R"({})";
}  // namespace schema

}  // namespace aitbc::rpc
