// The methods that a node answers. Each is registered once, with its name, its parameters and a handler with
// typed arguments; argument parsing, the errors for wrong ones, and the OpenRPC document all come from that.
#pragma once

#include <array>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/check.hpp"
#include "http/websocket.hpp"
#include "node/json/json_writer.hpp"
#include "node/rpc/error.hpp"
#include "node/rpc/param.hpp"

namespace aitbc::rpc {

// More parameters than any method has.
inline constexpr std::size_t kMaxParams = 24;

// The connection that a call came over, when it is one that can be sent notifications (a WebSocket).
using Subscriber = std::shared_ptr<http::WebSocketPeer>;

// A call in progress. The handler writes exactly one JSON value to `out`, or returns an error (what it wrote
// is then dropped).
struct Call {
  JsonWriter& out;
  const Subscriber& subscriber;  // null over HTTP
  std::size_t max_result_bytes;
  std::size_t result_begin;

  // To be asked in loops that may write much.
  bool too_large() const { return out.size() - result_begin > max_result_bytes; }
};

struct Param {
  std::string name;
  bool required = true;
  std::string schema;  // JSON
};

struct MethodInfo {
  std::string name;
  std::string summary;
  std::vector<Param> params;
  std::string result_schema;  // JSON
};

// One call of several in a batch that a method handles together.
struct GroupCall {
  std::span<const Json> arguments;
  RpcResult<std::string> result;  // JSON text
};

struct Method {
  MethodInfo info;
  // As many arguments as parameters; absent ones read as null, required ones are there.
  std::function<RpcResult<void>(Call&, std::span<const Json>)> handle;
  // Set when the calls of one batch are better done together; `handle` then does a single one.
  std::function<void(std::span<GroupCall>)> handle_group;
};

// What a method says about itself at registration; parameter types come from the handler.
struct Describe {
  std::string_view name;
  std::string_view summary;
  std::initializer_list<std::string_view> params;
  std::string_view result_schema = R"({})";
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
  using Inner = T;
};

template <class T>
Param describe_param(std::string_view name) {
  if constexpr (IsOptional<T>::value)
    return {std::string(name), false, std::string(ParamTraits<typename IsOptional<T>::Inner>::schema)};
  else
    return {std::string(name), true, std::string(ParamTraits<T>::schema)};
}

// "invalid argument 1: ...", code -32602.
RpcError invalid_argument(std::size_t index, const Error& error);

template <class T>
RpcResult<T> parse_argument(std::span<const Json> arguments, std::size_t index) {
  const Json json = arguments[index];
  if constexpr (IsOptional<T>::value) {
    if (json.is_null()) return T{};
    auto parsed = ParamTraits<typename IsOptional<T>::Inner>::parse(json);
    if (!parsed) return rpc_fail(invalid_argument(index, parsed.error()));
    return T{std::move(*parsed)};
  } else {
    auto parsed = ParamTraits<T>::parse(json);
    if (!parsed) return rpc_fail(invalid_argument(index, parsed.error()));
    return std::move(*parsed);
  }
}

// The argument types of a handler: RpcResult<void>(Call&, Arguments...).
template <class F>
struct HandlerTraits : HandlerTraits<decltype(&F::operator())> {};
template <class F, class... Arguments>
struct HandlerTraits<RpcResult<void> (F::*)(Call&, Arguments...) const> {
  using Values = std::tuple<std::remove_cvref_t<Arguments>...>;
};

// Filled before it is used; reading is thread-safe.
class Registry {
 public:
  // The name must be new.
  void add(Method method);

  template <class Handler>
  void add(const Describe& about, Handler handler) {
    using Values = typename HandlerTraits<Handler>::Values;
    add_typed<Handler, Values>(about, std::move(handler),
                               std::make_index_sequence<std::tuple_size_v<Values>>{});
  }

  const Method* find(std::string_view name) const;
  // By name.
  const std::map<std::string, Method, std::less<>>& methods() const { return methods_; }

 private:
  template <class Handler, class Values, std::size_t... I>
  void add_typed(const Describe& about, Handler handler, std::index_sequence<I...>) {
    AITBC_CHECK(about.params.size() == sizeof...(I), "a parameter without a name, or a name without one");
    [[maybe_unused]] const std::string_view* names = about.params.begin();
    add({{std::string(about.name),
          std::string(about.summary),
          {describe_param<std::tuple_element_t<I, Values>>(names[I])...},
          std::string(about.result_schema)},
         [handler = std::move(handler)](Call& call, [[maybe_unused]] std::span<const Json> arguments) {
           return invoke<Values>(handler, call, arguments, std::index_sequence<I...>{});
         },
         nullptr});
  }

  template <class Values, class Handler, std::size_t... I>
  static RpcResult<void> invoke(const Handler& handler, Call& call, std::span<const Json> arguments,
                                std::index_sequence<I...>) {
    Values values;
    RpcResult<void> parsed;
    [[maybe_unused]] const auto take = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
      auto value = parse_argument<std::tuple_element_t<N, Values>>(arguments, N);
      if (!value) {
        parsed = rpc_fail(std::move(value).error());
        return false;
      }
      std::get<N>(values) = std::move(*value);
      return true;
    };
    if (!(take(std::integral_constant<std::size_t, I>{}) && ...)) return parsed;
    return handler(call, std::move(std::get<I>(values))...);
  }

  std::map<std::string, Method, std::less<>> methods_;
};

// rpc_discover: the registry as an OpenRPC 1.2 document.
std::string openrpc_document(const Registry& registry, std::string_view version);

}  // namespace aitbc::rpc
