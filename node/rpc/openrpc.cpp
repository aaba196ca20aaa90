#include "node/rpc/registry.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

void write_method(JsonWriter& out, const MethodInfo& info) {
  out.begin_object().key("name").text(info.name).key("summary").text(info.summary);
  out.key("paramStructure").text("either").key("params").begin_array();
  for (const Param& param : info.params) {
    out.begin_object().key("name").text(param.name).key("required").boolean(param.required);
    out.key("schema").raw(param.schema).end_object();
  }
  out.end_array().key("result").begin_object().key("name").text("result");
  out.key("schema").raw(info.result_schema).end_object().end_object();
}

}  // namespace

std::string openrpc_document(const Registry& registry, std::string_view version) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("openrpc").text("1.2.6").key("info").begin_object();
  out.key("title").text("AITBC node").key("version").text(version).end_object();
  out.key("methods").begin_array();
  for (const auto& [name, method] : registry.methods()) write_method(out, method.info);
  out.end_array().key("components").begin_object().key("schemas").begin_object();
  for (const NamedSchema& schema : component_schemas()) out.key(schema.name).raw(schema.json);
  out.end_object().end_object().end_object();
  return text;
}

}  // namespace aitbc::rpc
