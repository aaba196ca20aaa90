// eth_subscribe and eth_unsubscribe.
#include "node/rpc/methods.hpp"
#include "node/rpc/schemas.hpp"
#include "node/rpc/subscriptions.hpp"

namespace aitbc::rpc {

// The second argument's form depends on the first.
template <>
struct ParamTraits<Json> {
  static constexpr std::string_view schema =
      R"({"oneOf":[{"$ref":"#/components/schemas/LogFilter"},{"type":"boolean"}]})";
  static Result<Json> parse(Json json) { return json; }
};

namespace {

RpcResult<std::string> subscribe(Call& call, Subscriptions& subscriptions, const std::string& kind,
                                 Json options) {
  if (kind == "newHeads") return subscriptions.add_heads(call.subscriber);
  if (kind == "logs") {
    if (options.is_null()) return subscriptions.add_logs(call.subscriber, {});
    const auto criteria = parse_log_criteria(options);
    if (!criteria) return rpc_fail(invalid_argument(1, criteria.error()));
    return subscriptions.add_logs(call.subscriber, *criteria);
  }
  if (kind == "newPendingTransactions")
    return subscriptions.add_pending(call.subscriber,
                                     options.kind() == Json::Kind::boolean && options.boolean());
  return rpc_fail(kMethodNotFound, "no \"" + kind + "\" subscription in eth namespace");
}

}  // namespace

void register_subscription_methods(Registry& registry, Subscriptions& subscriptions) {
  registry.add(
      {"eth_subscribe",
       "Over a WebSocket: notifies of newHeads, logs (by a filter) or newPendingTransactions (true: in full)",
       {"subscription", "options"},
       schema::kString},
      [&subscriptions](Call& call, std::string kind, std::optional<Json> options) -> RpcResult<void> {
        RPC_ASSIGN(const std::string id, subscribe(call, subscriptions, kind, options.value_or(Json{})));
        call.out.text(id);
        return {};
      });
  registry.add(
      {"eth_unsubscribe", "Ends a subscription of this connection", {"subscriptionId"}, schema::kBoolean},
      [&subscriptions](Call& call, std::string id) -> RpcResult<void> {
        if (!subscriptions.remove(call.subscriber, id))
          return rpc_fail(kServerError, "subscription not found");
        call.out.boolean(true);
        return {};
      });
}

}  // namespace aitbc::rpc
