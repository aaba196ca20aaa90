#include <algorithm>
#include <boost/json.hpp>

#include "market.hpp"
#include "marketplace/queries.hpp"
#include "marketplace/query_args.hpp"

namespace aitbc::market::test {
namespace {

namespace json = boost::json;

json::value ask(Market& m, std::string_view method, std::string_view params = "[]") {
  const auto answer = query(m.view(), m.now(), method, params);
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().message));
  return json::parse(*answer);
}
Error ask_badly(Market& m, std::string_view method, std::string_view params = "[]") {
  const auto answer = query(m.view(), m.now(), method, params);
  REQUIRE_FALSE(answer.has_value());
  return answer.error();
}
const QueryMethod& query_method(std::string_view name) {
  return *std::find_if(query_methods().begin(), query_methods().end(),
                       [&](const QueryMethod& each) { return each.name == name; });
}
std::string ids(const json::value& page) {
  std::string out;
  for (const json::value& item : page.at("items").as_array())
    out += std::string(item.at("id").as_string()) + " ";
  return out;
}

TEST_CASE("a record reads as one object in its present state") {
  Market m;
  const GpuId gpu = m.register_gpu();
  m.book(gpu, kHour);
  m.jump(10);
  const json::value shown = ask(m, "market_getGpu", R"(["gpu_1"])");
  CHECK(shown.at("id") == "gpu_1");
  CHECK(shown.at("model") == "RTX 4090");
  CHECK(shown.at("pricePerHour") == "2000000000000000000");
  CHECK(shown.at("status") == "booked");
  CHECK(shown.at("currentBookingId") == "bk_1");
  CHECK(shown.at("bookingExpires").as_int64() == static_cast<std::int64_t>(kGenesisTime + kHour));
  CHECK(shown.at("averageRating").is_null());
  CHECK(ask(m, "market_getBooking", "[1]").at("state") == "active");
  m.jump(kHour);
  CHECK(query(m.view(), m.now(), "market_getBooking", "[1]")->find(R"("state":"completed")") !=
        std::string::npos);
}

TEST_CASE("ratings are shown with two decimals") {
  Market m;
  const GpuId gpu = m.register_gpu();
  for (const std::uint8_t rating : {std::uint8_t{5}, std::uint8_t{4}, std::uint8_t{4}}) {
    const BookingId id = m.book(gpu, kHour);
    m.pass(kHour);
    m.must(kCustomer, "addReview", SubjectKind::booking, id.value, rating, std::string("\"quoted\"\n\x01"));
  }
  CHECK(query(m.view(), m.now(), "market_getGpu", "[1]")->find("\"averageRating\":4.33") !=
        std::string::npos);
  CHECK(ask(m, "market_listReviews", R"({"gpuId":"gpu_1"})").at("items").as_array()[0].at("comment") ==
        "\"quoted\"\n\x01");
}

TEST_CASE("lists come in pages, with a cursor, in both directions") {
  Market m;
  for (int i = 1; i <= 5; ++i)
    m.register_gpu("device-" + std::to_string(i), Amount::ait(static_cast<unsigned>(i)));
  json::value page = ask(m, "market_listGpus", R"({"limit":2})");
  CHECK(ids(page) == "gpu_1 gpu_2 ");
  CHECK(page.at("nextCursor") == "gpu_3");
  page = ask(m, "market_listGpus", R"({"limit":3,"cursor":"gpu_3"})");
  CHECK(ids(page) == "gpu_3 gpu_4 gpu_5 ");
  CHECK(page.at("nextCursor").is_null());
  CHECK(ids(ask(m, "market_listGpus", R"({"limit":2,"newestFirst":true})")) == "gpu_5 gpu_4 ");
  CHECK(ids(ask(m, "market_listGpus",
                R"({"priceMin":"2000000000000000000","priceMax":"3000000000000000000"})")) == "gpu_2 gpu_3 ");
}

TEST_CASE("GPUs are filtered by what they are and by what they are doing") {
  Market m;
  const GpuId busy = m.register_gpu("device-1");
  GpuSpec small = Market::spec("device-2");
  small.model = "RTX 3060";
  small.memory_gb = 12;
  small.region = "us-east";
  small.category = "ai-inference";
  m.must(kProvider, "registerGpu", small);
  m.book(busy, kHour);
  const auto found = [&](std::string_view filter) { return ids(ask(m, "market_listGpus", filter)); };
  CHECK(found(R"({"available":true})") == "gpu_2 ");
  CHECK(found(R"({"status":"booked"})") == "gpu_1 ");
  CHECK(found(R"({"model":"RTX 3060"})") == "gpu_2 ");
  CHECK(found(R"({"region":"eu-west"})") == "gpu_1 ");
  CHECK(found(R"({"category":"ai-inference"})") == "gpu_2 ");
  CHECK(found(R"({"memoryMin":16})") == "gpu_1 ");
  CHECK(found(R"({"memoryMax":16})") == "gpu_2 ");
  CHECK(found(R"({"query":"rtx"})") == "gpu_1 gpu_2 ");
  CHECK(found(R"({"query":"NVENC","available":true})") == "gpu_2 ");
  CHECK(found(R"({"minRatingHundredths":100})") == "");
  CHECK(found(R"({"provider":"0x0000000000000000000000000000000000000009"})") == "");
}

TEST_CASE("bookings, bids, services and providers are listed with their filters") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  m.book(gpu, kHour);
  m.book(gpu, kHour, m.now() + kDay, kRival);
  m.bid_on_gpu(gpu, Amount::ait(1), kHour);
  m.bid_on_service(service, Amount::ait(7), kRival);
  const auto customer = R"({"customer":"0x0000000000000000000000000000000000000003"})";
  CHECK(ids(ask(m, "market_listBookings", customer)) == "bk_2 ");
  CHECK(ids(ask(m, "market_listBookings", R"({"state":"active"})")) == "bk_1 ");
  CHECK(ids(ask(m, "market_listBids", R"({"serviceId":"svc_1"})")) == "bid_2 ");
  CHECK(ids(ask(m, "market_listBids", R"({"gpuId":"gpu_1","state":"open"})")) == "bid_1 ");
  CHECK(ids(ask(m, "market_listServices", R"({"query":"IMAGE"})")) == "svc_1 ");
  CHECK(ids(ask(m, "market_listServices", R"({"query":"image ai-inference"})")) == "svc_1 ");
  CHECK(ids(ask(m, "market_listServices", R"({"query":"image cooking"})")) == "");
  CHECK(ask(m, "market_listProviders").at("items").as_array().size() == 1);
  CHECK(ask(m, "market_getStats").at("openBids") == 2);
  CHECK(ask(m, "market_getStats").at("expiryBacklog") == 0);
}

TEST_CASE("parameters come by position, by name, and by name in an array as wallets' libraries send them") {
  const QueryMethod& method = query_method("market_quote");
  for (const char* params : {R"(["gpu_7", 3600])", R"({"gpuId": "gpu_7", "duration": 3600})",
                             R"([{"gpuId": "gpu_7", "duration": 3600}])"}) {
    CAPTURE(params);
    const auto args = QueryArgs::parse(method, params);
    REQUIRE(args);
    CHECK(args->text("gpuId") == "gpu_7");
    CHECK(args->text("duration") == "3600");
  }
  for (const char* params : {R"([{"gpuId": "gpu_7", "duration": 3600}, null])", R"([[{"gpuId": "gpu_7"}]])",
                             R"([{"gpuId": "gpu_7", "duration": 3600, "more": 1}])", R"([{}])", "7"}) {
    CAPTURE(params);
    CHECK_FALSE(QueryArgs::parse(method, params));
  }
}

TEST_CASE("what comes due after the newest block is no backlog") {
  Market m;
  m.book(m.register_gpu(), kHour);
  const Seconds due = m.now() + kHour;
  const QueryMethod& method = query_method("market_getStats");
  const auto backlog = [&](Seconds block_time) {
    const auto answer = query({m.view(), due, block_time}, method.name, *QueryArgs::parse(method, "[]"));
    REQUIRE(answer);
    return json::parse(*answer).at("expiryBacklog").as_int64();
  };
  CHECK(backlog(due - 1) == 0);
  CHECK(backlog(due) == 1);  // a block of that time has not closed it: its cap was reached
}

TEST_CASE("queries answer for rules, stakes, prices, availability and calldata") {
  Market m;
  m.register_gpu();
  CHECK(ask(m, "market_getParams").at("takeBps") == 250);
  CHECK(ask(m, "market_getStake", R"(["0x0000000000000000000000000000000000000001",
                                      "0x0000000000000000000000000000000000000001"])")
            .at("staked") == "100000000000000000000");
  CHECK(ask(m, "market_quote", R"(["gpu_1",5400])").at("cost") == "3000000000000000000");
  CHECK(ask(m, "market_isAvailable", R"({"gpuId":"gpu_1","start":1766828620,"end":1766828630})") == true);
  CHECK(ask(m, "market_listCategories").as_array().size() == 5);
  const json::value data = ask(m, "market_encodeCall", R"(["retireGpu","[\"gpu_1\"]"])");
  const json::value call = ask(m, "market_decodeCall", json::serialize(json::array{data}));
  CHECK(call.at("type") == "RETIRE_GPU");
  CHECK(call.at("arguments").at("gpuId") == "gpu_1");
  CHECK(ask(m, "market_getAbi").as_array().size() == calls().size() + errors().size() + events().size());
}

TEST_CASE("bad questions are told apart from missing records") {
  Market m;
  CHECK(ask_badly(m, "market_getGpu", "[1]").code == ErrorCode::not_found);
  CHECK(ask_badly(m, "market_getGpu", "[1]").message == "GpuNotFound(gpuId: \"gpu_1\")");
  CHECK(ask_badly(m, "market_getGpu", "[]").message == "missing value for id");
  CHECK(ask_badly(m, "market_getGpu", "[1,2]").message == "too many arguments, want at most 1");
  CHECK(ask_badly(m, "market_getGpu", R"({"gpu":1})").code == ErrorCode::invalid_input);
  CHECK(ask_badly(m, "market_getGpu", R"({"id":1,"x":1})").code == ErrorCode::invalid_input);
  CHECK(ask_badly(m, "market_getGpu", R"(["bk_1"])").message.starts_with("id: 'bk_1' is not an id"));
  CHECK(ask_badly(m, "market_getGpu", "7").code == ErrorCode::invalid_input);
  CHECK(ask_badly(m, "market_getGpu", "{").code == ErrorCode::invalid_input);
  CHECK(ask_badly(m, "market_listGpus", R"({"limit":501})").message == "limit: must be between 1 and 500");
  CHECK(ask_badly(m, "market_listGpus", R"({"available":"yes"})").message ==
        "available: must be a JSON boolean");
  CHECK(ask_badly(m, "market_getProvider", R"(["0x01"])").code == ErrorCode::invalid_input);
  CHECK(ask_badly(m, "market_nothing").code == ErrorCode::not_found);
}

TEST_CASE("a state that cannot be read is reported as such, by calls and by queries") {
  aitbc::test::MapStateView broken;
  broken.failure = Error{ErrorCode::io, "disk on fire"};
  const auto answer = query(broken, kGenesisTime, "market_getGpu", "[1]");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::io);
  State state(broken);
  BlockContext block;
  Logs logs;
  const auto module = make_marketplace();
  const CallContext context{block, kCustomer, {}, {}, 1'000'000};
  CHECK_FALSE(module->call(state, context, *encode_call("retireGpu", "[1]")).succeeded);
  module->end_block(state, block, logs);
  CHECK(logs.empty());
  CHECK(state.failure().has_value());
}

}  // namespace
}  // namespace aitbc::market::test
