#include <set>

#include "codec/hex.hpp"
#include "market.hpp"

namespace aitbc::market::test {
namespace {

TEST_CASE("calls, errors and events have distinct selectors and topics") {
  std::set<abi::Selector> selectors;
  for (const Call& call : calls()) CHECK_MESSAGE(selectors.insert(call.selector).second, call.name);
  for (const ErrorEntry& error : errors()) CHECK_MESSAGE(selectors.insert(error.selector).second, error.name);
  std::set<Hash> topics;
  for (const EventEntry& event : events()) {
    CHECK_MESSAGE(topics.insert(event.topic).second, event.name);
    CHECK(std::count_if(event.inputs.begin(), event.inputs.end(),
                        [](const AbiParam& param) { return param.indexed; }) <= 3);
  }
}

TEST_CASE("the table makes the signatures that any ABI tool makes") {
  CHECK(find_call("bookGpu")->signature == "bookGpu(uint64,uint64,uint64,uint256,string)");
  CHECK(find_call("registerGpu")->signature ==
        "registerGpu((string,string,uint32,string,string,uint32,string,string[],string,(string,string)[],"
        "uint256,"
        "string,uint16,uint64,uint64,bool))");
  CHECK(find_call(find_call("bookGpu")->selector) == find_call("bookGpu"));
  CHECK(find_call("noSuchCall") == nullptr);
}

TEST_CASE("calldata made from JSON by name is what the typed encoder makes") {
  const auto by_name = encode_call(
      "bookGpu",
      R"({"gpuId":"gpu_7","start":0,"duration":3600,"maxPricePerHour":"2000000000000000000","job":"j"})");
  REQUIRE(by_name.has_value());
  CHECK(*by_name == encode_abi(find_call("bookGpu")->selector, GpuId{7}, Seconds{0}, kHour, Amount::ait(2),
                               std::string("j")));
  CHECK(*encode_call("bookGpu", R"([7,0,"3600","2000000000000000000","j"])") == *by_name);
  GpuSpec spec;
  spec.device_id = "d";
  spec.model = "m";
  spec.memory_gb = 8;
  spec.price_per_hour = Amount(5);
  spec.attributes = {{"a", "b"}};
  CHECK(*encode_call(
            "registerGpu",
            R"([{"deviceId":"d","model":"m","memoryGb":8,"pricePerHour":5,"attributes":[["a","b"]]}])") ==
        encode_abi(find_call("registerGpu")->selector, spec));
  CHECK(*encode_call("retireGpu", "[null]") == encode_abi(find_call("retireGpu")->selector, GpuId{}));
  CHECK(*encode_call("stake", R"(["ait10000000000000000000000000000000000000001",1])") ==
        encode_abi(find_call("stake")->selector, kProvider, Amount(1)));
}

TEST_CASE("arguments that do not fit are named") {
  const auto message = [](std::string_view name, std::string_view arguments) {
    const auto encoded = encode_call(name, arguments);
    REQUIRE_FALSE(encoded.has_value());
    return encoded.error().message;
  };
  CHECK(message("sing", "[]") == "the marketplace has no call 'sing'");
  CHECK(message("retireGpu", "nonsense").starts_with("the arguments are not JSON"));
  CHECK(message("retireGpu", "[]") == "retireGpu takes 1 values");
  CHECK(message("retireGpu", "{}") == "retireGpu misses gpuId");
  CHECK(message("retireGpu", R"({"gpuId":1,"x":2})") == "retireGpu has no x");
  CHECK(message("retireGpu", R"(["bk_1"])").starts_with("gpuId: 'bk_1' is not an id"));
  CHECK(message("retireGpu", "[-1]") == "gpuId: must be a whole number");
  CHECK(message("retireGpu", "[1.5]") == "gpuId: must be a whole number");
  CHECK_FALSE(message("retireGpu", R"(["18446744073709551616"])").empty());
  CHECK(message("claimRewards", R"(["0x12"])").starts_with("provider: "));
}

TEST_CASE("calldata, logs, results and errors read as names and values") {
  Market m;
  const Bytes calldata = *encode_call("bookGpu", R"(["gpu_1",0,3600,"2000000000000000000","my job"])");
  const auto call = decode_call(calldata);
  REQUIRE(call.has_value());
  CHECK(call->name == "bookGpu");
  CHECK(call->type == "BOOK");
  CHECK(
      call->arguments_json ==
      R"({"gpuId":"gpu_1","start":0,"duration":3600,"maxPricePerHour":"2000000000000000000","job":"my job"})");
  CHECK(describe_error(m.send(kCustomer, calldata).output) == "GpuNotFound(gpuId: \"gpu_1\")");
  m.register_gpu();
  m.take_events();
  const CallResult booked = m.send(kCustomer, calldata);
  CHECK(*decode_result("bookGpu", booked.output) == "\"bk_1\"");
  CHECK(
      m.take_events()[0] ==
      R"(BookingCreated {"bookingId":"bk_1","gpuId":"gpu_1","customer":"0x0000000000000000000000000000000000000002",)"
      R"("start":1766828620,"end":1766832220,"pricePerHour":"2000000000000000000","locked":"2000000000000000000"})");
  const auto view = decode_result("getBooking", m.call(kStranger, "getBooking", BookingId{1}).output);
  REQUIRE(view.has_value());
  CHECK(view->starts_with(R"({"booking":{"id":"bk_1","gpuId":"gpu_1")"));
  CHECK(view->ends_with(R"("state":"active"})"));
}

TEST_CASE("garbage is refused by name and changes nothing") {
  Market m;
  const auto refused = [&](const Bytes& calldata) { return Market::refusal(m.send(kCustomer, calldata)); };
  CHECK(refused({}) == "UnknownCall(selector: \"0x00000000\")");
  CHECK(refused({1, 2, 3}) == "UnknownCall(selector: \"0x01020300\")");
  CHECK(refused({1, 2, 3, 4, 5}) == "UnknownCall(selector: \"0x01020304\")");
  const Bytes good = *encode_call("bookGpu", R"(["gpu_1",0,3600,1,"my job"])");
  for (std::size_t size = 4; size < good.size(); ++size)
    CHECK(refused({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)})
              .starts_with("InvalidCalldata("));
  Bytes longer = good;
  longer.push_back(0);
  CHECK(refused(longer).starts_with("InvalidCalldata("));
  Bytes wide = good;
  wide[4] = 1;  // an id of more than 64 bits
  CHECK(refused(wide).starts_with("InvalidCalldata("));
  Bytes rich = good;
  std::fill_n(rich.begin() + 4 + 3 * 32, 32, 0xff);  // a price of more than 128 bits
  CHECK(refused(rich).starts_with("InvalidCalldata("));
}

TEST_CASE("calls carry no value") {
  Market m;
  const CallResult result = m.send(kCustomer, *encode_call("getParams", "[]"), Amount(1));
  CHECK(Market::refusal(result) == "NotPayable()");
  CHECK(m.balance(kCustomer) == kWealth);
  CHECK(Market::refusal(m.send(kCustomer, {}, Amount(1))) == "NotPayable()");
}

TEST_CASE("too little gas fails without output and takes all of it") {
  Market m;
  const Call* call = find_call("getParams");
  CallContext context{m.block(), kCustomer, {}, {}, call->gas - 1};
  CallResult result = m.module().call(m.state(), context, call->selector);
  CHECK_FALSE(result.succeeded);
  CHECK(result.output.empty());
  CHECK(result.gas_used == call->gas - 1);
  context.gas_available = call->gas;
  result = m.module().call(m.state(), context, call->selector);
  CHECK(result.succeeded);
  CHECK(result.gas_used == call->gas);
}

TEST_CASE("the gas of a receipt grows with the attestations that its arguments hold") {
  const Call* call = find_call("claimReceipt");
  const auto gas = [&](std::size_t attestations, std::size_t size = 65) {
    return call->gas_for(encode_abi({}, JobId{1}, Bytes(65), std::vector<Bytes>(attestations, Bytes(size))));
  };
  CHECK(gas(0) == call->gas);
  CHECK(gas(1) == call->gas + call->gas_per_item);
  CHECK(gas(31) == call->gas + 31 * call->gas_per_item);
  CHECK(gas(31, 0) == gas(31));
  // Refused or not.
  Market m;
  const CallResult result =
      m.call(kStranger, "claimReceipt", JobId{1}, Bytes(65), std::vector<Bytes>(3, Bytes(65)));
  CHECK_FALSE(result.succeeded);
  CHECK(result.gas_used == gas(3));
  // Of the other calls it does not.
  CHECK(find_call("bookGpu")->gas_for(Bytes(1'000, 0xff)) == find_call("bookGpu")->gas);
}

TEST_CASE("a list that is not there costs nothing more") {
  const Call* call = find_call("claimReceipt");
  CHECK(call->gas_for({}) == call->gas);
  const Bytes good = encode_abi({}, JobId{1}, Bytes(65), std::vector<Bytes>(2, Bytes(65)));
  const std::size_t count_at = 3 * 32 + 4 * 32;  // behind the head and the provider's signature
  for (std::size_t size = 0; size < count_at + 32; ++size)
    CHECK(call->gas_for(ByteView(good).first(size)) == call->gas);
  for (const std::size_t byte : {std::size_t{3 * 32 - 8}, count_at + 24}) {
    Bytes beyond = good;
    beyond[byte] = 0xff;  // an offset, a number of elements that no input holds
    CHECK(call->gas_for(beyond) == call->gas);
  }
}

}  // namespace
}  // namespace aitbc::market::test
