#include "node/market_methods.hpp"

namespace aitbc {
namespace {

using namespace rpc;

// A query's parameters in order, absent trailing ones left out.
std::string arguments_text(std::span<const Json> arguments) {
  std::size_t count = arguments.size();
  while (count > 0 && arguments[count - 1].is_null()) --count;
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + arguments[i].text();
  return text + "]";
}

MethodInfo describe(const market::QueryMethod& query) {
  MethodInfo info;
  info.name = query.name;
  info.summary = query.description;
  JsonWriter result(info.result_schema);
  result.begin_object().key("description").text(query.result).end_object();
  for (const market::QueryParam& param : query.params) {
    Param& out = info.params.emplace_back(Param{std::string(param.name), param.required, {}});
    JsonWriter schema(out.schema);
    schema.begin_object()
        .key("type")
        .text(param.type)
        .key("description")
        .text(param.description)
        .end_object();
  }
  return info;
}

}  // namespace

void register_market_methods(Registry& registry, const search::MarketReader& reader) {
  for (const market::QueryMethod& query : reader.methods()) {
    Method method;
    method.info = describe(query);
    method.handle = [&reader, name = std::string(query.name)](
                        Call& call, std::span<const Json> arguments) -> RpcResult<void> {
      auto answer = reader.answer(name, arguments_text(arguments));
      if (!answer && answer.error().code == ErrorCode::invalid_input)
        return rpc_fail(kInvalidParams, std::move(answer).error().message);
      if (!answer) return rpc_fail(std::move(answer).error());
      call.out.raw(*answer);
      return {};
    };
    registry.add(std::move(method));
  }
}

}  // namespace aitbc
