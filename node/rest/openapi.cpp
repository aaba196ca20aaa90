#include <array>
#include <set>

#include "node/rest/registry.hpp"

namespace aitbc::rest {
namespace {

struct NamedSchema {
  std::string_view name;
  std::string_view json;
};
constexpr std::array kCommonSchemas{
    NamedSchema{
        "AmountInput",
        R"({"oneOf":[{"type":"number","minimum":0},{"type":"string","pattern":"^[0-9]+(\\.[0-9]{1,18})?$"}]})"},
    NamedSchema{"Address", R"({"type":"string","pattern":"^(0x|ait1|aitbc1)[0-9a-fA-F]{40}$"})"},
    NamedSchema{"Hash", R"({"type":"string","pattern":"^(0x)?[0-9a-fA-F]{64}$"})"},
    NamedSchema{
        "Issue",
        R"({"type":"object","required":["loc","msg","type"],"properties":{"loc":{"type":"array","items":{"type":"string"}},"msg":{"type":"string"},"type":{"type":"string"}}})"},
    NamedSchema{
        "Problem",
        R"({"type":"object","required":["detail"],"properties":{"detail":{"oneOf":[{"type":"string"},{"type":"array","items":{"$ref":"#/components/schemas/Issue"}}]},"error":{"type":"object","properties":{"name":{"type":"string"},"arguments":{"type":"object"}}},"unsigned_transaction":{"type":"object","description":"With status 401: what to sign and send back as signed_transaction"}}})"},
    NamedSchema{
        "PendingTransaction",
        R"({"type":"object","required":["tx_hash","status"],"properties":{"tx_hash":{"$ref":"#/components/schemas/Hash"},"status":{"const":"pending"}}})"},
    NamedSchema{
        "SignedWrite",
        R"({"type":"object","required":["signed_transaction"],"properties":{"signed_transaction":{"type":"string","pattern":"^0x[0-9a-fA-F]+$","description":"The transaction that the answer 401 asks to sign"}}})"},
};

constexpr std::string_view kInfoText =
    "Amounts are decimal AIT, times UTC. Reads are open. A write carries a signed transaction, or an "
    "X-Api-Key whose wallet this node "
    "hosts; without either it is answered 401 with the transaction to sign. Every path also answers without "
    "/v1.";

std::string_view meaning_of(unsigned status) {
  switch (status) {
    case 202:
      return "Accepted; not in a block yet";
    case 400:
      return "Out of range, or refused by the marketplace";
    case 401:
      return "Neither signed nor with a known API key";
    case 403:
      return "Not the caller's to do";
    case 404:
      return "No such record";
    case 409:
      return "Not in the record's present state";
    case 415:
      return "The body is not application/json";
    case 422:
      return "Fields that are missing or of the wrong form";
    case 429:
      return "Too many requests of this API key";
    default:
      return "Trouble of this node";
  }
}

void write_parameter(JsonWriter& out, const InputSchema& param, std::string_view place) {
  out.begin_object()
      .key("name")
      .text(param.name)
      .key("in")
      .text(place)
      .key("required")
      .boolean(param.required);
  if (!param.about.empty()) out.key("description").text(param.about);
  out.key("schema").raw(param.schema).end_object();
}

void write_content(JsonWriter& out, std::string_view schema) {
  out.key("content").begin_object().key("application/json").begin_object();
  out.key("schema").raw(schema).end_object().end_object();
}

// A write answers with the shape's members and with what every write answers.
std::string response_schema(const Operation& operation) {
  const std::string reference =
      R"({"$ref":"#/components/schemas/)" + std::string(operation.shape->name) + "\"}";
  if (operation.is_list) return R"({"type":"array","items":)" + reference + "}";
  if (!operation.is_write()) return reference;
  return R"({"allOf":[)" + reference +
         R"(,{"type":"object","required":["tx_hash","block_number"],"properties":{"tx_hash":{"$ref":"#/components/schemas/Hash"},"block_number":{"type":"integer"}}}]})";
}

void write_responses(JsonWriter& out, const Operation& operation) {
  out.key("responses").begin_object();
  out.key(std::to_string(operation.success)).begin_object().key("description").text("Done");
  write_content(out, response_schema(operation));
  if (operation.is_list)
    out.key("headers").raw(
        R"({"X-Next-Cursor":{"description":"The cursor of the next page; absent at the end","schema":{"type":"string"}}})");
  out.end_object();
  std::set<unsigned> errors(operation.errors.begin(), operation.errors.end());
  errors.insert({422, 500});
  if (operation.is_write()) errors.insert({202, 400, 401, 403, 415, 429});
  errors.erase(operation.success);
  for (const unsigned status : errors) {
    out.key(std::to_string(status)).begin_object().key("description").text(meaning_of(status));
    write_content(out, status == 202 ? R"({"$ref":"#/components/schemas/PendingTransaction"})"
                                     : R"({"$ref":"#/components/schemas/Problem"})");
    out.end_object();
  }
  out.end_object();
}

void write_operation(JsonWriter& out, const Operation& operation) {
  std::string method = operation.method;
  for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
  out.key(method).begin_object().key("operationId").text(operation.id);
  out.key("tags").begin_array().text(operation.tag).end_array().key("summary").text(operation.summary);
  out.key("parameters").begin_array();
  for (const InputSchema& param : operation.path_params) write_parameter(out, param, "path");
  for (const InputSchema& param : operation.query_params) write_parameter(out, param, "query");
  out.end_array();
  if (operation.takes_any_transaction) {
    out.key("requestBody").begin_object().key("required").boolean(true);
    write_content(out, R"({"$ref":"#/components/schemas/SignedWrite"})");
    out.end_object();
  } else if (operation.is_write()) {
    const std::string fields = operation.body_schema.value_or(R"({"type":"object"})");
    out.key("requestBody").begin_object().key("required").boolean(operation.body_required);
    write_content(out, R"({"anyOf":[)" + fields + R"(,{"$ref":"#/components/schemas/SignedWrite"}]})");
    out.end_object().key("security").raw(R"([{"ApiKey":[]},{}])");
  }
  write_responses(out, operation);
  out.end_object();
}

void write_schemas(JsonWriter& out, const Registry& registry) {
  out.key("schemas").begin_object();
  std::set<std::string_view> written;
  for (const Operation& operation : registry.operations())
    for_each_shape(*operation.shape, [&](const Shape& shape) {
      if (written.insert(shape.name).second) out.key(shape.name).raw(schema_of(shape));
    });
  for (const NamedSchema& schema : kCommonSchemas) out.key(schema.name).raw(schema.json);
  out.end_object();
}

}  // namespace

std::string openapi_document(const Registry& registry, std::string_view version) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("openapi").text("3.1.0").key("info").begin_object();
  out.key("title").text("AITBC marketplace").key("version").text(version);
  out.key("description").text(kInfoText).end_object();
  out.key("paths").begin_object();
  std::set<std::string> paths;
  for (const Operation& operation : registry.operations()) {
    if (!paths.insert(operation.path).second) continue;
    out.key(operation.path).begin_object();
    for (const Operation& other : registry.operations())
      if (other.path == operation.path) write_operation(out, other);
    out.end_object();
  }
  out.end_object().key("components").begin_object();
  write_schemas(out, registry);
  out.key("securitySchemes").raw(R"({"ApiKey":{"type":"apiKey","in":"header","name":"X-Api-Key"}})");
  out.end_object().end_object();
  return text;
}

}  // namespace aitbc::rest
