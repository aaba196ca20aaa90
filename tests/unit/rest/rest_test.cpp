// The parts of the REST surface that need no node. What they make together is tested through HTTP in
// tests/functional/rest.test.mjs.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <thread>

#include "marketplace/call_table.hpp"
#include "marketplace/errors.hpp"
#include "node/rest/callers.hpp"
#include "node/rest/iso_time.hpp"
#include "node/rest/rate_limit.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/shape.hpp"
#include "node/rest/spec_writer.hpp"
#include "tests/support/temp_folder.hpp"

namespace aitbc::rest {

TEST_CASE("addresses are taken apart and decoded, and what is no text is refused") {
  CHECK(percent_decode("RTX%204090") == "RTX 4090");
  CHECK(percent_decode("%F0%9F%98%80") == "\xF0\x9F\x98\x80");
  for (const char* bad : {"%", "%2", "%zz", "%00", "%ff", "a%0Ab"}) CHECK_FALSE(percent_decode(bad));
  const auto pairs = parse_query("a=1&b=x+y%20z&&flag&c==");
  REQUIRE(pairs);
  CHECK(*pairs == QueryPairs{{"a", "1"}, {"b", "x y z"}, {"flag", ""}, {"c", "="}});
  std::string many;
  for (std::size_t i = 0; i <= kMaxQueryPairs; ++i) many += "a=1&";
  CHECK_FALSE(parse_query(many));
  CHECK(split_path("/v1/gpu/RTX%2F1") == std::vector<std::string>{"v1", "gpu", "RTX/1"});
}

namespace {

struct Inner {
  std::string name;
  std::optional<std::uint64_t> count;
  static constexpr auto kFields = std::tuple(input("name", &Inner::name, "a name", {1, 3, {}}),
                                             input("count", &Inner::count, "how many", {1, 5, {}}));
};
struct Body : BodyInput {
  Inner inner;
  Ait price;
  std::optional<std::string> mode;
  static constexpr auto kFields =
      std::tuple(input("inner", &Body::inner, "nested"), input("price", &Body::price, "AIT"),
                 input("mode", &Body::mode, "a mode", {0, 8, "slow|fast"}));
};

// "body.inner.name missing" for each thing that does not fit.
std::vector<std::string> issues_of(const std::string& json, Body& body) {
  JsonDocument document;
  Issues issues;
  read_object(*document.parse(json), body, {"body"}, issues);
  std::vector<std::string> out;
  for (const Issue& issue : issues) {
    std::string where;
    for (const std::string& step : issue.where) where += (where.empty() ? "" : ".") + step;
    out.push_back(where + " " + issue.type);
  }
  return out;
}

}  // namespace

TEST_CASE("a body is read into its struct, and everything that does not fit is reported at once") {
  Body body;
  CHECK(issues_of(
            R"({"inner":{"name":"abc","count":5},"price":"1.000000000000000001","mode":"fast","from":"0x"})",
            body)
            .empty());
  CHECK(body.price.value == Amount::from_units(uint128{1'000'000'000'000'000'001U}));
  CHECK(issues_of(R"({"inner":{"count":6},"price":-1,"mode":"idle","extra":0})", body) ==
        std::vector<std::string>{"body.inner.name missing", "body.inner.count value_error",
                                 "body.price value_error", "body.mode value_error",
                                 "body.extra extra_forbidden"});
  CHECK(issues_of(R"({"inner":{"name":"abcd","other":1},"price":true})", body) ==
        std::vector<std::string>{"body.inner.name value_error", "body.inner.other extra_forbidden",
                                 "body.price type_error"});
  CHECK(issues_of("[]", body) == std::vector<std::string>{"body type_error"});
  CHECK(issues_of("null", body) ==
        std::vector<std::string>{"body.inner missing", "body.price missing"});  // as no body reads
}

TEST_CASE("amounts that come as JSON numbers mean the decimal that was written") {
  for (const auto& [text, expected] :
       {std::pair("3.6", "3.6"), std::pair("0.1", "0.1"), std::pair("1e3", "1000"),
        std::pair("12345678.25", "12345678.25"), std::pair("7", "7")}) {
    Body body;
    CHECK(issues_of(R"({"inner":{"name":"a"},"price":)" + std::string(text) + "}", body).empty());
    CHECK(to_ait_string(body.price.value) == expected);
  }
}

TEST_CASE("the path with the most words in place wins, with and without /v1") {
  Registry registry;
  static constexpr Shape kNothing{"Nothing", {}};
  const auto add = [&](const char* id, const char* path) {
    registry.read(
        {id, "GET", path, "t", "s", &kNothing},
        [](const RestBackend&, const std::string&) -> RestResult<Page> { return refuse(404, "x"); });
  };
  add("one", "/v1/gpu/{id}");
  add("two", "/v1/{kind}-auction/create");
  registry.read({"list", "GET", "/v1/gpu/list", "t", "s", &kNothing},
                [](const RestBackend&) -> RestResult<Page> { return refuse(404, "x"); });
  CHECK(registry.find("GET", {"v1", "gpu", "list"}).operation->id == "list");
  CHECK(registry.find("HEAD", {"gpu", "gpu_1"}).operation->id == "one");
  const auto auction = registry.find("GET", {"v1", "dutch-auction", "create"});
  REQUIRE(auction.operation != nullptr);
  CHECK(auction.values == std::vector<std::string>{"dutch"});
  CHECK(registry.find("GET", {"v1", "-auction", "create"}).operation == nullptr);
  CHECK(registry.find("POST", {"v1", "gpu", "x"}).allowed_methods == "GET");
  CHECK(registry.find("GET", {"v1", "gpu", ""}).operation == nullptr);
}

TEST_CASE("every call of the contract has a route, and every route's call is one") {
  Registry registry;
  register_routes(registry);
  std::set<std::string> routed;
  for (const Operation& operation : registry.operations())
    for (const std::string& call : operation.calls) {
      CHECK_MESSAGE(market::find_call(call) != nullptr, operation.id << " calls " << call);
      routed.insert(call);
    }
  for (const market::Call& call : market::calls())
    if (!call.is_view()) CHECK_MESSAGE(routed.contains(std::string(call.name)), call.name << " has no route");
}

TEST_CASE("times read back as they were written, and what is no time is refused") {
  CHECK(iso_time(1'767'323'045) == "2026-01-02T03:04:05Z");
  for (const Seconds time : {Seconds{0}, Seconds{1'767'323'045}, Seconds{4'102'444'800}})
    CHECK(parse_iso_time(iso_time(time)) == time);
  for (const char* bad :
       {"", "2026", "2026-01-02", "2026-01-02T03:04:05", "2026-02-30T00:00:00Z", "2026-01-02T03:04:05+01:00",
        "2026-01-02T03:04:05Z ", " 2026-01-02T03:04:05Z", "1969-12-31T23:59:59Z", "2026-1-2T3:4:5Z"})
    CHECK_FALSE(parse_iso_time(bad).has_value());
}

TEST_CASE("numbers of an answer are written as people write them") {
  static constexpr std::array kFields{
      OutField{"rating", "averageRating", Form::number, "of its reviews", true},
      OutField{"price", "price", Form::amount, "AIT an hour"},
      OutField{"hours", "seconds", Form::hours, "booked"},
  };
  const Shape shape{"Sample", kFields};
  const auto write = [&shape](std::string_view source) {
    JsonDocument document;
    std::string out;
    JsonWriter writer(out);
    write_object(writer, shape, *document.parse(source));
    return out;
  };
  CHECK(write(R"({"averageRating":5.00,"price":"2000000000000000001","seconds":5400})") ==
        R"({"rating":5,"price":2.000000000000000001,"hours":1.5})");
  CHECK(write(R"({"averageRating":4.25,"price":"0","seconds":3600})") ==
        R"({"rating":4.25,"price":0,"hours":1})");
  CHECK(write(R"({"averageRating":null,"price":"0","seconds":0})") ==
        R"({"rating":null,"price":0,"hours":0})");
}

TEST_CASE("a spec has what is given, else what was, else nothing") {
  JsonDocument document;
  const Json before = *document.parse(R"({"model":"A100","memoryGb":80,"tags":["x"],"price":"5"})");
  const auto write = [](SpecWriter spec) {
    spec.text("model", std::nullopt).number("memoryGb", 24).texts("tags", std::nullopt);
    spec.amount("price", std::nullopt).text("region", "eu").boolean("open", std::nullopt);
    return spec.json();
  };
  CHECK(write(SpecWriter(before)) ==
        R"({"model":"A100","memoryGb":24,"tags":["x"],"price":"5","region":"eu","open":false})");
  CHECK(write(SpecWriter()) ==
        R"({"model":"","memoryGb":24,"tags":[],"price":"0","region":"eu","open":false})");
  CHECK(attributes_of({"a=1", "b=x=y"}) == R"([{"key":"a","value":"1"},{"key":"b","value":"x=y"}])");
  CHECK(attributes_of({"a"}).error().status == 422);
}

TEST_CASE("what the contract refuses has the status of its kind") {
  const auto status = [](const auto& error) { return problem_of_revert(error.value().data).status; };
  CHECK(status(market::revert<"NotARecentBlock">(Hash{})) == 400);
  CHECK(status(market::revert<"NothingToMint">(market::JobId{1})) == 400);
  CHECK(status(market::revert<"NotValidator">(Address{})) == 403);
  CHECK(status(market::revert<"OrderUsed">(Address{}, std::uint64_t{1})) == 409);
  CHECK(status(market::revert<"AuctionNotFound">(market::AuctionId{1})) == 404);
}

TEST_CASE("a bucket grants its minute's worth at once, then as it refills") {
  RateLimit limit(60);
  for (int i = 0; i < 60; ++i) CHECK(limit.take("a", 1000) == 0);
  CHECK(limit.take("a", 1000) == 2);
  CHECK(limit.take("b", 1000) == 0);
  CHECK(limit.take("a", 2100) == 0);
  CHECK(limit.take("a", 2100) > 0);
  CHECK(limit.take("a", 900) > 0);  // a clock that goes back grants nothing
}

TEST_CASE("an API key opens its wallet; the file alone opens nothing; a revoked key is nobody's") {
  const test::TempFolder folder;
  const std::filesystem::path file = folder.path() / "api-keys.json";
  const PrivateKey wallet = PrivateKey::generate();
  const auto key = add_api_key(file, "shop", wallet, {1});
  REQUIRE(key);
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  CHECK(text.find(*key) == std::string::npos);

  ApiKeyRing ring(file);
  const auto caller = ring.find(*key, 10);
  REQUIRE(caller);
  REQUIRE(*caller);
  CHECK((*caller)->name == "shop");
  CHECK((*caller)->wallet.address() == wallet.address());
  CHECK_FALSE(*ring.find(*key + "0", 10));
  CHECK(add_api_key(file, "shop", wallet, {2}).error().code == ErrorCode::conflict);
  CHECK(add_api_key(file, "no name", wallet, {2}).error().code == ErrorCode::invalid_input);

  REQUIRE(revoke_api_key(file, "shop"));
  CHECK(revoke_api_key(file, "shop").error().code == ErrorCode::not_found);
  CHECK_FALSE(*ring.find(*key, 11));
}

TEST_CASE("keys created and revoked at the same moment all count") {
  const test::TempFolder folder;
  const std::filesystem::path file = folder.path() / "api-keys.json";
  constexpr std::size_t kWriters = 8;
  constexpr std::size_t kKeysEach = 10;
  const PrivateKey wallet = PrivateKey::generate();
  std::array<bool, kWriters> succeeded{};
  std::vector<std::thread> writers;
  for (std::size_t writer = 0; writer < kWriters; ++writer)
    writers.emplace_back([&, writer] {
      const std::string mine = "writer-" + std::to_string(writer) + ".";
      bool all = add_api_key(file, mine + "gone", wallet, {1}).has_value();
      for (std::size_t i = 0; i < kKeysEach; ++i)
        all = add_api_key(file, mine + std::to_string(i), wallet, {1}) && all;
      succeeded[writer] = revoke_api_key(file, mine + "gone") && all;
    });
  for (std::thread& writer : writers) writer.join();
  CHECK(std::all_of(succeeded.begin(), succeeded.end(), [](bool each) { return each; }));

  const auto entries = read_api_keys(file);
  REQUIRE(entries);
  std::set<std::string> names;
  for (const ApiKeyEntry& entry : *entries) names.insert(entry.name);
  CHECK(names.size() == kWriters * kKeysEach);
  CHECK(std::none_of(names.begin(), names.end(),
                     [](const std::string& name) { return name.ends_with("gone"); }));
}

TEST_CASE("an API key works until it expires, and is then said to have expired") {
  const test::TempFolder folder;
  RestOptions options;
  options.hosted_wallets = true;
  options.api_keys_file = folder.path() / "api-keys.json";
  const auto key = add_api_key(options.api_keys_file, "shop", PrivateKey::generate(),
                               {.created_at = 100, .expires_at = 200});
  const auto endless = add_api_key(options.api_keys_file, "old", PrivateKey::generate(), {.created_at = 100});
  REQUIRE(key);
  REQUIRE(endless);
  CHECK(read_api_keys(options.api_keys_file)->front().life.expires_at == 200);
  Callers callers(options);
  CHECK(callers.authenticate(*key, "10.0.0.1", 199)->name == "shop");
  const auto late = callers.authenticate(*key, "10.0.0.1", 200);
  REQUIRE_FALSE(late);
  CHECK(late.error().status == 401);
  CHECK(late.error().detail.find("'shop' has expired") != std::string::npos);
  CHECK(callers.authenticate(*endless, "10.0.0.1", 4'000'000'000)->name == "old");
  CHECK(callers.authenticate("aitbc_guess", "10.0.0.1", 200).error().detail == "invalid API key");
}

TEST_CASE("an API key file from before keys could expire is read") {
  const test::TempFolder folder;
  const std::filesystem::path file = folder.path() / "api-keys.json";
  REQUIRE(add_api_key(file, "shop", PrivateKey::generate(), {1}));
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::string member = ",\"expires_at\":0";
  REQUIRE(text.find(member) != std::string::npos);
  text.erase(text.find(member), member.size());
  std::ofstream(file) << text;
  REQUIRE(read_api_keys(file));
  CHECK(read_api_keys(file)->front().life.expires_at == 0);
}

TEST_CASE("an API key file that was changed opens nothing, and one that is damaged is refused") {
  const test::TempFolder folder;
  const std::filesystem::path file = folder.path() / "api-keys.json";
  const auto key = add_api_key(file, "shop", PrivateKey::generate(), {1});
  REQUIRE(key);
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  char& digit = text[text.find("\"sealed\":\"0x") + 40];
  digit = digit == '0' ? '1' : '0';
  std::ofstream(file) << text;
  CHECK(ApiKeyRing(file).find(*key, 5).error().code == ErrorCode::corruption);
  for (const char* damaged :
       {"", "{}", R"({"keys":[{}]})", R"({"keys":[{"name":"a","wallet":"x","key_hash":"","sealed":""}]})"}) {
    std::ofstream(file) << damaged;
    CHECK_FALSE(read_api_keys(file));
  }
}

}  // namespace aitbc::rest
