#include "node/rpc/json_rpc.hpp"

#include <algorithm>
#include <array>
#include <exception>

namespace aitbc::rpc {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kTooLarge = "response too large";

void write_id(JsonWriter& out, Json id) {
  out.key("id");
  if (id.is_string()) {
    out.text(id.string());
  } else if (const auto number = id.u64()) {
    out.number(*number);
  } else {
    out.raw(id.text());
  }
}

void write_error(std::string& to, Json id, const RpcError& error) {
  JsonWriter out(to);
  out.begin_object().key("jsonrpc").text("2.0");
  write_id(out, id);
  out.key("error")
      .begin_object()
      .key("code")
      .raw(std::to_string(error.code))
      .key("message")
      .text(error.message);
  if (!error.data.empty()) out.key("data").raw(error.data);
  out.end_object().end_object();
}

void begin_result(std::string& to, Json id) {
  JsonWriter out(to);
  out.begin_object().key("jsonrpc").text("2.0");
  write_id(out, id);
  out.key("result");
}

// One place for each parameter of a method, filled from positions or names.
struct Arguments {
  std::array<Json, kMaxParams> values;
  std::size_t count = 0;
  std::span<const Json> view() const { return {values.data(), count}; }
};

RpcResult<void> take_named(const Method& method, Json params, Arguments& out) {
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto member = params.member(i);
    const auto& known = method.info.params;
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const Param& p) { return p.name == member.first; });
    if (found == known.end())
      return rpc_fail(kInvalidParams, "unknown argument " + std::string(member.first));
    out.values[static_cast<std::size_t>(found - known.begin())] = member.second;
  }
  return {};
}

RpcResult<Arguments> bind(const Method& method, Json params) {
  const std::size_t most = method.info.params.size();
  Arguments out{.values = {}, .count = most};
  if (params.is_object()) {
    RPC_TRY(take_named(method, params, out));
  } else if (params.is_array()) {
    if (params.size() > most)
      return rpc_fail(kInvalidParams, "too many arguments, want at most " + std::to_string(most));
    for (std::size_t i = 0; i < params.size(); ++i) out.values[i] = params[i];
  } else if (!params.is_null()) {
    return rpc_fail(kInvalidParams, "non-array args");
  }
  for (std::size_t i = 0; i < most; ++i)
    if (method.info.params[i].required && out.values[i].is_null())
      return rpc_fail(kInvalidParams, "missing value for required argument " + std::to_string(i));
  return out;
}

}  // namespace

// One call as it was sent.
struct JsonRpc::Request {
  Json id;
  bool is_notification = false;
  std::string_view name;
  const Method* method = nullptr;
  Json params;
  std::optional<RpcError> invalid;
};

JsonRpc::JsonRpc(const Registry& registry, JsonRpcOptions options)
    : registry_(registry), options_(std::move(options)) {}

bool JsonRpc::is_enabled(std::string_view method) const {
  const auto& enabled = options_.namespaces;
  return enabled.empty() ||
         std::find(enabled.begin(), enabled.end(), method.substr(0, method.find('_'))) != enabled.end();
}

JsonRpc::Request JsonRpc::read(Json message) const {
  Request request;
  const Json id = message.find("id");
  const bool has_id = id.is_string() || id.kind() == Json::Kind::number;
  if (has_id) request.id = id;
  const Json version = message.find("jsonrpc");
  const Json method = message.find("method");
  if (!message.is_object() || !version.is_string() || version.string() != "2.0" || !method.is_string() ||
      (!has_id && !id.is_null())) {
    request.invalid = RpcError{kInvalidRequest, "invalid request", {}};
    return request;
  }
  // An id of null is discouraged, but an id: the caller waits for an answer.
  request.is_notification = !has_id && !message.has("id");
  request.name = method.string();
  request.params = message.find("params");
  request.method = registry_.find(request.name);
  if (request.method == nullptr || !is_enabled(request.name)) {
    request.method = nullptr;
    request.invalid =
        options_.unknown_method
            ? options_.unknown_method(request.name)
            : RpcError{kMethodNotFound,
                       "the method " + std::string(request.name) + " does not exist/is not available",
                       {}};
  }
  return request;
}

RpcResult<void> JsonRpc::run(const Request& request, const Subscriber& subscriber, std::string& out) const {
  if (request.invalid) return rpc_fail(*request.invalid);
  RPC_ASSIGN(const Arguments arguments, bind(*request.method, request.params));
  JsonWriter writer(out);
  Call call{writer, subscriber, options_.max_result_bytes, out.size()};
  try {
    RPC_TRY(request.method->handle(call, arguments.view()));
  } catch (const std::exception& error) {
    return rpc_fail(kInternalError, std::string("internal error: ") + error.what());
  }
  if (call.too_large()) return rpc_fail(kResponseTooLarge, kTooLarge);
  return {};
}

void JsonRpc::answer(const Request& request, const Subscriber& subscriber, std::string& out) const {
  const std::size_t begin = out.size();
  const auto began = options_.on_call ? Clock::now() : Clock::time_point{};
  begin_result(out, request.id);
  const RpcResult<void> done = run(request, subscriber, out);
  if (done) {
    out.push_back('}');
  } else {
    out.resize(begin);
    write_error(out, request.id, done.error());
  }
  if (request.is_notification) out.resize(begin);
  if (options_.on_call)
    options_.on_call(request.method == nullptr ? "unknown" : request.name, done ? 0 : done.error().code,
                     Clock::now() - began);
}

void JsonRpc::run_group(std::span<const Request> requests, std::size_t first, GroupResults& results) const {
  const Method& method = *requests[first].method;
  const auto began = Clock::now();
  std::vector<std::size_t> places;
  std::vector<Arguments> arguments;
  for (std::size_t i = first; i < requests.size(); ++i) {
    if (requests[i].method != &method) continue;
    auto bound = bind(method, requests[i].params);
    if (!bound) {
      results[i] = rpc_fail(std::move(bound).error());
      continue;
    }
    places.push_back(i);
    arguments.push_back(*bound);
  }
  std::vector<GroupCall> calls;
  for (const Arguments& each : arguments) calls.push_back({each.view(), std::string()});
  try {
    method.handle_group(calls);
    for (std::size_t i = 0; i < calls.size(); ++i) results[places[i]] = std::move(calls[i].result);
  } catch (const std::exception& error) {
    for (const std::size_t place : places)
      results[place] = rpc_fail(kInternalError, std::string("internal error: ") + error.what());
  }
  if (!options_.on_call) return;
  const auto each = (Clock::now() - began) / std::max<std::size_t>(places.size(), 1);
  for (const auto& result : results)
    if (result) options_.on_call(method.info.name, *result ? 0 : result->error().code, each);
}

std::string JsonRpc::handle_batch(Json messages, const Subscriber& subscriber) const {
  if (messages.size() == 0) return error_response(kInvalidRequest, "empty batch");
  std::string out = "[";
  if (messages.size() > options_.max_batch_items) {
    Json id;
    for (std::size_t i = 0; i < messages.size() && id.is_null(); ++i) id = read(messages[i]).id;
    write_error(out, id, {kInvalidRequest, "batch too large", {}});
    return out + "]";
  }

  std::vector<Request> requests;
  requests.reserve(messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) requests.push_back(read(messages[i]));
  GroupResults grouped(requests.size());
  bool full = false;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::size_t begin = out.size();
    if (begin > 1) out.push_back(',');
    const std::size_t content = out.size();
    // What was done together with earlier calls is told in any case.
    const bool answered = !full || grouped[i].has_value();
    if (answered) answer_item(requests, i, grouped, subscriber, out);
    if (!full && out.size() > options_.max_batch_response_bytes) {
      full = true;
      out.resize(content);
    }
    // From here on each gets the reason instead of its result, and is not even run.
    if (full && out.size() == content && !requests[i].is_notification)
      write_error(out, requests[i].id, {kResponseTooLarge, kTooLarge, {}});
    if (out.size() == content) out.resize(begin);
  }
  return out.size() == 1 ? std::string() : out + "]";
}

void JsonRpc::answer_item(std::span<const Request> requests, std::size_t index, GroupResults& grouped,
                          const Subscriber& subscriber, std::string& out) const {
  const Request& request = requests[index];
  if (request.method == nullptr || !request.method->handle_group) return answer(request, subscriber, out);
  if (!grouped[index]) run_group(requests, index, grouped);
  if (request.is_notification) return;
  const RpcResult<std::string>& result = *grouped[index];
  if (!result) return write_error(out, request.id, result.error());
  begin_result(out, request.id);
  out.append(*result).push_back('}');
}

std::string JsonRpc::handle(std::string_view text, const Subscriber& subscriber) const {
  JsonDocument document;
  const auto parsed = document.parse(text);
  if (!parsed) {
    return parsed.error().code == ErrorCode::limit
               ? error_response(kInvalidRequest, "request too large: " + parsed.error().message)
               : error_response(kParseError, "parse error");
  }
  if (parsed->is_array()) return handle_batch(*parsed, subscriber);
  std::string out;
  answer(read(*parsed), subscriber, out);
  return out;
}

std::string error_response(int code, std::string_view message) {
  std::string out;
  write_error(out, Json{}, {code, std::string(message), {}});
  return out;
}

}  // namespace aitbc::rpc
