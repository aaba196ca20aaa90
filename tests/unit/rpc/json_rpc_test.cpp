#include "node/rpc/json_rpc.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace aitbc::rpc {
namespace {

// A registry with methods that show how they were called.
struct Methods {
  Methods() {
    registry.add(
        {"test_sum", "Adds", {"a", "b", "c"}},
        [](Call& call, std::uint64_t a, std::uint64_t b, std::optional<std::uint64_t> c) -> RpcResult<void> {
          call.out.quantity(a + b + c.value_or(0));
          return {};
        });
    registry.add({"test_echo", "Says it again", {"text"}},
                 [](Call& call, std::string text) -> RpcResult<void> {
                   call.out.text(text);
                   return {};
                 });
    registry.add({"test_fail", "Fails after writing", {}}, [](Call& call) -> RpcResult<void> {
      call.out.begin_object().key("half");
      return rpc_fail(kExecutionReverted, "execution reverted", R"("0x1234")");
    });
    registry.add({"test_throw", "Throws", {}},
                 [](Call&) -> RpcResult<void> { throw std::runtime_error("out of luck"); });
    registry.add({"other_nothing", "Nothing", {}}, [](Call& call) -> RpcResult<void> {
      call.out.null();
      return {};
    });
    Method group;
    group.info = {"test_group", "Handles all at once", {describe_param<std::uint64_t>("n")}, "{}"};
    group.handle_group = [this](std::span<GroupCall> calls) {
      groups.push_back(calls.size());
      for (GroupCall& call : calls) {
        const auto n = parse_argument<std::uint64_t>(call.arguments, 0);
        if (n)
          call.result = std::to_string(*n * 2);
        else
          call.result = rpc_fail(n.error());
      }
    };
    group.handle = [this](Call& call, std::span<const Json> arguments) -> RpcResult<void> {
      groups.push_back(1);
      RPC_ASSIGN(const std::uint64_t n, parse_argument<std::uint64_t>(arguments, 0));
      call.out.number(n * 2);
      return {};
    };
    registry.add(std::move(group));
  }
  Registry registry;
  std::vector<std::size_t> groups;
};

std::string ask(std::string_view text, JsonRpcOptions options = {}) {
  Methods methods;
  return JsonRpc(methods.registry, std::move(options)).handle(text);
}
std::string call(std::string_view method, std::string_view params = "[]") {
  return ask(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":)" +
             std::string(params) + "}");
}
std::string result(std::string_view value) {
  return R"({"jsonrpc":"2.0","id":1,"result":)" + std::string(value) + "}";
}
std::string error(int code, std::string_view message, std::string_view id = "1") {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"error":{"code":)" + std::to_string(code) +
         R"(,"message":")" + std::string(message) + "\"}}";
}

}  // namespace

TEST_CASE("arguments come by position or by name, optional ones may be absent or null") {
  CHECK(call("test_sum", R"(["0x1","0x2"])") == result(R"("0x3")"));
  CHECK(call("test_sum", R"(["0x1","0x2",null])") == result(R"("0x3")"));
  CHECK(call("test_sum", R"(["0x1","0x2","0xff"])") == result(R"("0x102")"));
  CHECK(call("test_sum", R"({"b":"0x1","a":"0x2"})") == result(R"("0x3")"));
  CHECK(call("test_echo", R"(["a\"\\\u0000\né"])") == result(R"("a\"\\\u0000\né")"));
  CHECK(ask(R"({"jsonrpc":"2.0","id":1,"method":"other_nothing"})") == result("null"));
  CHECK(ask(R"({"jsonrpc":"2.0","id":1,"method":"other_nothing","params":null})") == result("null"));
}

TEST_CASE("wrong arguments get go-ethereum's words and -32602") {
  CHECK(call("test_sum", R"(["0x1"])") == error(-32602, "missing value for required argument 1"));
  CHECK(call("test_sum", R"([null,"0x1"])") == error(-32602, "missing value for required argument 0"));
  CHECK(call("test_sum", R"(["0x1","0x1","0x1","0x1"])") ==
        error(-32602, "too many arguments, want at most 3"));
  CHECK(call("test_sum", R"(["0x1","0x01"])") ==
        error(-32602, "invalid argument 1: hex number with leading zero digits"));
  CHECK(call("test_sum", R"({"a":"0x1","d":"0x1"})") == error(-32602, "unknown argument d"));
  CHECK(call("test_sum", R"("0x1")") == error(-32602, "non-array args"));
}

TEST_CASE("what is no request gets -32600, what is no JSON -32700, an unknown method -32601") {
  const std::string invalid = error(-32600, "invalid request", "null");
  for (const char* text : {"1", "null", "\"x\"", "{}", R"({"jsonrpc":"2.0"})",
                           R"({"jsonrpc":"2.0","method":1})", R"({"jsonrpc":"1.0","method":"test_sum"})",
                           R"({"method":"test_sum"})", R"({"jsonrpc":"2.0","id":{},"method":"test_sum"})",
                           R"({"jsonrpc":"2.0","id":[1],"method":"test_sum"})",
                           R"({"jsonrpc":"2.0","id":true,"method":"test_sum"})"})
    CHECK_MESSAGE(ask(text) == invalid, text);
  CHECK(ask(R"({"jsonrpc":"1.0","id":7,"method":"test_sum"})") == error(-32600, "invalid request", "7"));
  for (const char* text : {"", "{", "[", "hello", "{\"jsonrpc\":\"2.0\",}", "\xff\xfe"})
    CHECK_MESSAGE(ask(text) == error(-32700, "parse error", "null"), text);
  CHECK(call("test_no\\\"pe") == error(-32601, R"(the method test_no\"pe does not exist/is not available)"));
}

TEST_CASE("ids come back as they were: text, numbers, null") {
  const auto id = [](std::string_view text) {
    return ask(R"({"jsonrpc":"2.0","method":"other_nothing","id":)" + std::string(text) + "}");
  };
  for (const char* text : {"0", "-7", "18446744073709551615", R"("a\"b")", R"("")", "null"})
    CHECK_MESSAGE(id(text) == R"({"jsonrpc":"2.0","id":)" + std::string(text) + R"(,"result":null})", text);
}

TEST_CASE("notifications are carried out and not answered, not even with an error") {
  Methods methods;
  std::vector<std::string> seen;
  JsonRpcOptions options;
  options.on_call = [&](std::string_view method, int, std::chrono::nanoseconds) {
    seen.emplace_back(method);
  };
  const JsonRpc rpc(methods.registry, options);
  CHECK(rpc.handle(R"({"jsonrpc":"2.0","method":"test_echo","params":["x"]})").empty());
  CHECK(rpc.handle(R"({"jsonrpc":"2.0","method":"test_echo","params":[]})").empty());
  CHECK(rpc.handle(R"({"jsonrpc":"2.0","method":"test_nope"})").empty());
  CHECK(rpc.handle(R"([{"jsonrpc":"2.0","method":"test_group","params":["0x1"]}])").empty());
  CHECK(seen == std::vector<std::string>{"test_echo", "test_echo", "unknown", "test_group"});
  CHECK(methods.groups.size() == 1);
}

TEST_CASE("an error drops what the handler had written, and carries its data") {
  CHECK(call("test_fail") ==
        R"({"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":"0x1234"}})");
  CHECK(call("test_throw") == error(-32603, "internal error: out of luck"));
}

TEST_CASE("batches are answered in order, each item for itself") {
  CHECK(ask(R"([{"jsonrpc":"2.0","id":1,"method":"test_sum","params":["0x1","0x1"]},
                {"jsonrpc":"2.0","method":"test_echo","params":["silent"]},
                7,
                {"jsonrpc":"2.0","id":"x","method":"test_nope"},
                {"jsonrpc":"2.0","id":2,"method":"test_echo","params":["hi"]}])") ==
        R"([{"jsonrpc":"2.0","id":1,"result":"0x2"},)" + error(-32600, "invalid request", "null") + "," +
            error(-32601, "the method test_nope does not exist/is not available", "\"x\"") +
            R"(,{"jsonrpc":"2.0","id":2,"result":"hi"}])");
  CHECK(ask("[]") == error(-32600, "empty batch", "null"));
  CHECK(ask("[[]]") == "[" + error(-32600, "invalid request", "null") + "]");
}

TEST_CASE("calls of one batch that belong together are handled together") {
  Methods methods;
  const JsonRpc rpc(methods.registry, {});
  CHECK(rpc.handle(R"([{"jsonrpc":"2.0","id":1,"method":"test_group","params":["0x1"]},
                       {"jsonrpc":"2.0","id":2,"method":"test_echo","params":["between"]},
                       {"jsonrpc":"2.0","id":3,"method":"test_group","params":["0x00"]},
                       {"jsonrpc":"2.0","id":4,"method":"test_group","params":[]},
                       {"jsonrpc":"2.0","method":"test_group","params":["0x7"]},
                       {"jsonrpc":"2.0","id":5,"method":"test_group","params":["0x5"]}])") ==
        R"([{"jsonrpc":"2.0","id":1,"result":2},{"jsonrpc":"2.0","id":2,"result":"between"},)" +
            error(-32602, "invalid argument 0: hex number with leading zero digits", "3") + "," +
            error(-32602, "missing value for required argument 0", "4") +
            R"(,{"jsonrpc":"2.0","id":5,"result":10}])");
  CHECK(methods.groups == std::vector<std::size_t>{4});
  CHECK(rpc.handle(R"({"jsonrpc":"2.0","id":1,"method":"test_group","params":["0x4"]})") == result("8"));
}

TEST_CASE("batches have a limit of items and of response bytes") {
  JsonRpcOptions options;
  options.max_batch_items = 2;
  CHECK(ask(R"([1,{"jsonrpc":"2.0","id":9,"method":"test_echo","params":["x"]},3])", options) ==
        "[" + error(-32600, "batch too large", "9") + "]");
  options.max_batch_items = 10;
  options.max_batch_response_bytes = 150;
  const std::string large(200, 'x');
  CHECK(ask(R"([{"jsonrpc":"2.0","id":1,"method":"test_echo","params":["a"]},
                {"jsonrpc":"2.0","id":2,"method":"test_echo","params":[")" +
                large + R"("]},{"jsonrpc":"2.0","id":3,"method":"test_echo","params":["c"]}])",
            options) == R"([{"jsonrpc":"2.0","id":1,"result":"a"},)" +
                            error(-32003, "response too large", "2") + "," +
                            error(-32003, "response too large", "3") + "]");
}

TEST_CASE("a result has a limit of bytes") {
  JsonRpcOptions options;
  options.max_result_bytes = 100;
  const std::string text =
      R"({"jsonrpc":"2.0","id":1,"method":"test_echo","params":[")" + std::string(200, 'x') + "\"]}";
  CHECK(ask(text, options) == error(-32003, "response too large"));
}

TEST_CASE("only methods of enabled namespaces are available") {
  JsonRpcOptions options;
  options.namespaces = {"test"};
  CHECK(ask(R"({"jsonrpc":"2.0","id":1,"method":"test_echo","params":["x"]})", options) == result(R"("x")"));
  CHECK(ask(R"({"jsonrpc":"2.0","id":1,"method":"other_nothing"})", options) ==
        error(-32601, "the method other_nothing does not exist/is not available"));
}

TEST_CASE("each call is reported with its method and error code") {
  Methods methods;
  std::string seen;
  JsonRpcOptions options;
  options.on_call = [&](std::string_view method, int code, std::chrono::nanoseconds duration) {
    CHECK(duration.count() >= 0);
    seen += std::string(method) + ":" + std::to_string(code) + " ";
  };
  const JsonRpc rpc(methods.registry, options);
  rpc.handle(
      R"([{"jsonrpc":"2.0","id":1,"method":"test_echo","params":["a"]},{"jsonrpc":"2.0","id":1,"method":"bad"},
                 {"jsonrpc":"2.0","id":1,"method":"test_group","params":["0x1"]},
                 {"jsonrpc":"2.0","id":1,"method":"test_group","params":["1"]}])");
  CHECK(seen == "test_echo:0 unknown:-32601 test_group:0 test_group:-32602 ");
}

TEST_CASE("the OpenRPC document lists every method with its parameters") {
  Methods methods;
  const std::string text = openrpc_document(methods.registry, "1.2.3");
  JsonDocument document;
  const auto parsed = document.parse(text);
  REQUIRE(parsed);
  CHECK(parsed->find("info").find("version").string() == "1.2.3");
  const Json list = parsed->find("methods");
  CHECK(list.size() == methods.registry.methods().size());
  bool found = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].find("name").string() != "test_sum") continue;
    found = true;
    const Json params = list[i].find("params");
    CHECK(params.size() == 3);
    CHECK(params[0].find("name").string() == "a");
    CHECK(params[0].find("required").boolean());
    CHECK(!params[2].find("required").boolean());
    CHECK(params[2].find("schema").find("$ref").string() == "#/components/schemas/Quantity");
  }
  CHECK(found);
}

}  // namespace aitbc::rpc
