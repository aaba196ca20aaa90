#include "marketplace/abi.hpp"
#include "tests/unit/wallet/cli_fixture.hpp"

using namespace aitbc;
using test::CliFixture;
using test::FakeNode;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// The call that the last transaction made, and its arguments.
market::Decoded last_call(const FakeNode& node) {
  REQUIRE_FALSE(node.sent.empty());
  const Transaction& sent = node.sent.back()->transaction;
  CHECK(sent.to == market::kContract);
  CHECK(sent.value.is_zero());
  return market::decode_call(sent.data).value();
}

cli::Json arguments_of(const market::Decoded& call) { return cli::Json::parse(call.arguments_json).value(); }

std::vector<std::string> register_command() {
  return {"marketplace", "gpu",         "register", "--wallet",         "w",     "--model",
          "RTX 4090",    "--memory-gb", "24",       "--price-per-hour", "1.5",   "--capability",
          "fp16",        "--region",    "eu-west",  "--attribute",      "rack=7"};
}

}  // namespace

TEST_CASE_FIXTURE(CliFixture, "registering a GPU calls the contract with what was said about it") {
  make_wallet("w");
  auto command = register_command();
  command.insert(command.end(), {"--refund-percent", "62.5", "--max-hours", "48"});
  const auto result = run(command);
  CHECK_MESSAGE(node.sent.size() == 1, result.err);
  const auto call = last_call(node);
  CHECK(call.name == "registerGpu");
  CHECK(call.type == "REGISTER_GPU");
  const cli::Json spec = arguments_of(call)["spec"];
  CHECK(spec["model"].text() == "RTX 4090");
  CHECK(spec["memoryGb"].u64() == 24U);
  CHECK(spec["pricePerHour"].text() == "1500000000000000000");
  CHECK(spec["capabilities"].dump() == "[\"fp16\"]");
  CHECK(spec["attributes"][std::size_t{0}]["key"].text() == "rack");
  CHECK(spec["refundBps"].u64() == 6250U);
  CHECK(spec["maxDuration"].u64() == 48U * 3600);
  CHECK(spec["deviceId"].text().starts_with("gpu-"));
}

TEST_CASE_FIXTURE(CliFixture, "values of a GPU that make no sense are refused before anything is sent") {
  make_wallet("w");
  const auto refused = [&](std::vector<std::string> more) {
    auto command = register_command();
    command.insert(command.end(), more.begin(), more.end());
    return run(command).status == 2;
  };
  CHECK(refused({"--refund-percent", "101"}));
  CHECK(refused({"--refund-percent", "50.123"}));
  CHECK(refused({"--attribute", "novalue"}));
  CHECK(refused({"--min-hours", "-1"}));
  CHECK(refused({"--cuda-cores", "many"}));
  CHECK(run({"marketplace", "gpu", "register", "--wallet", "w"}).status == 2);
  CHECK(node.sent.empty());
}

TEST_CASE_FIXTURE(CliFixture, "a refusal of the contract is told in its words before anything is signed") {
  make_wallet("w");
  const auto* gpu_not_found = [] {
    for (const auto& error : market::errors())
      if (error.signature.starts_with("GpuNotFound(")) return &error;
    return static_cast<const market::ErrorEntry*>(nullptr);
  }();
  REQUIRE(gpu_not_found != nullptr);
  abi::Writer revert(1, gpu_not_found->selector);
  const Bytes data = revert.u64(7).take();
  node.on("eth_estimateGas", [&](const cli::Json&) { return FakeNode::refuse("execution reverted", data); });
  const auto result = run({"marketplace", "gpu", "delist", "gpu_7", "--wallet", "w"});
  CHECK(result.status == 1);
  CHECK(contains(result.err, "the contract refused: No GPU has this id (GpuNotFound: gpuId gpu_7)"));
  CHECK(node.sent.empty());
}

TEST_CASE_FIXTURE(CliFixture, "booking locks at most the price that the customer saw") {
  make_wallet("w");
  node.on("market_quote", R"({"pricePerHour":"2000000000000000000","cost":"3000000000000000000"})");
  CHECK(run({"marketplace", "gpu", "book", "gpu_3", "--hours", "1.5", "--wallet", "w"}).status == 0);
  const auto call = last_call(node);
  CHECK(call.name == "bookGpu");
  const cli::Json arguments = arguments_of(call);
  CHECK(arguments["gpuId"].text() == "gpu_3");
  CHECK(arguments["duration"].u64() == 5400U);
  CHECK(arguments["maxPricePerHour"].text() == "2000000000000000000");
  CHECK(run({"marketplace", "gpu", "book", "bk_3", "--hours", "1", "--wallet", "w"}).status == 1);
  CHECK(run({"marketplace", "gpu", "book", "gpu_3", "--hours", "0", "--wallet", "w"}).status == 2);
}

TEST_CASE_FIXTURE(CliFixture, "bids go to GPUs and services, by the prefix of the id") {
  make_wallet("w");
  CHECK(run({"marketplace", "bid", "submit", "gpu_3", "--amount", "4", "--hours", "2", "--wallet", "w"})
            .status == 0);
  CHECK(arguments_of(last_call(node))["targetKind"].text() == "0");
  CHECK(arguments_of(last_call(node))["duration"].u64() == 7200U);
  CHECK(run({"marketplace", "bid", "submit", "svc_2", "--amount", "4", "--wallet", "w"}).status == 0);
  CHECK(arguments_of(last_call(node))["targetKind"].text() == "1");
  CHECK(run({"marketplace", "bid", "submit", "svc_2", "--amount", "4", "--hours", "1", "--wallet", "w"})
            .status == 2);
  CHECK(run({"marketplace", "bid", "submit", "gpu_3", "--amount", "4", "--wallet", "w"}).status == 2);
  CHECK(run({"marketplace", "bid", "accept", "bid_9", "--wallet", "w"}).status == 0);
  CHECK(last_call(node).name == "acceptBid");
  CHECK(run({"marketplace", "bid", "accept", "gpu_9", "--wallet", "w"}).status == 1);
}

TEST_CASE_FIXTURE(CliFixture, "settle closes bookings and pays services") {
  make_wallet("w");
  CHECK(run({"marketplace", "settle", "bk_4", "--wallet", "w"}).status == 0);
  CHECK(last_call(node).name == "settleBooking");
  CHECK(run({"marketplace", "settle", "svc_4", "--wallet", "w"}).status == 0);
  CHECK(last_call(node).name == "settlePayment");
}

TEST_CASE_FIXTURE(CliFixture, "what a call did is read from its events") {
  make_wallet("w");
  const auto* added = [] {
    for (const auto& event : market::events())
      if (event.name == "ReviewAdded") return &event;
    return static_cast<const market::EventEntry*>(nullptr);
  }();
  REQUIRE(added != nullptr);
  abi::Writer data(3);
  const auto topic = [](std::uint64_t value) {
    return cli::json_text(hex::encode_prefixed(abi::to_word(value)));
  };
  cli::JsonObject log;
  log.text("address", hex::encode_prefixed(market::kContract));
  log.raw("topics", cli::json_array(
                        {cli::json_text(hex::encode_prefixed(added->topic)), topic(4), topic(1), topic(2)}));
  log.text("data", hex::encode_prefixed(data.u64(0).u64(7).u64(5).take()));
  node.logs = cli::json_array({log.str()});
  const auto result =
      run({"marketplace", "review", "add", "bk_7", "--rating", "5", "--comment", "good", "--wallet", "w"});
  CHECK(result.status == 0);
  CHECK(contains(result.out, "Review added: rv_4\n"));
  CHECK(run({"marketplace", "review", "add", "bk_7", "--rating", "6", "--wallet", "w"}).status == 2);
}

TEST_CASE_FIXTURE(CliFixture, "staking is for oneself unless another provider is named") {
  const Address own = make_wallet("w");
  const Address other = make_wallet("other");
  CHECK(run({"stake", "add", "--wallet", "w", "--amount", "100"}).status == 0);
  CHECK(arguments_of(last_call(node))["provider"].text() == hex::checksummed(own));
  CHECK(run({"stake", "add", "--wallet", "w", "--provider", "other", "--amount", "1"}).status == 0);
  CHECK(arguments_of(last_call(node))["provider"].text() == hex::checksummed(other));
}

TEST_CASE_FIXTURE(CliFixture,
                  "lists ask the node with the filters that were given and show its answer as a table") {
  make_wallet("w");
  node.on("market_listGpus", [](const cli::Json& params) {
    CHECK(params.dump() == R"({"available":true,"region":"eu-west","priceMax":"1500000000000000000",)"
                           R"("minRatingHundredths":450,"limit":100})");
    return FakeNode::Answer(
        R"({"items":[{"id":"gpu_1","model":"RTX 4090","memoryGb":24,"status":"available",)"
        R"("currentPricePerHour":"1000000000000000000","region":"eu-west","averageRating":null,)"
        R"("provider":"0x01"}],"nextCursor":"gpu_2"})");
  });
  const std::vector<std::string> command{"marketplace", "gpu",         "list", "--available",  "--region",
                                         "eu-west",     "--price-max", "1.5",  "--min-rating", "4.5"};
  const auto result = run(command);
  CHECK(result.status == 0);
  CHECK(result.out.starts_with("GPU    MODEL"));
  CHECK(contains(result.out, "\ngpu_1  RTX 4090  24  1 AIT"));
  CHECK(contains(result.err, "--cursor gpu_2"));
  auto as_json = command;
  as_json.insert(as_json.end(), {"--format", "json"});
  const auto items = cli::Json::parse(run(as_json).out).value();
  CHECK(items[std::size_t{0}]["price_per_hour"].text() == "1");
  CHECK(items[std::size_t{0}]["average_rating"].is_null());
  node.on("market_listGpus", R"({"items":[],"nextCursor":null})");
  CHECK(run({"marketplace", "gpu", "list"}).out == "no GPU fits\n");
}

TEST_CASE_FIXTURE(CliFixture, "a GPU that does not exist is an error of the node") {
  node.on("market_getGpu",
          [](const cli::Json&) { return FakeNode::refuse("GpuNotFound(gpuId: \"gpu_9\")"); });
  const auto result = run({"marketplace", "gpu", "details", "gpu_9"});
  CHECK(result.status == 1);
  CHECK(result.err ==
        "error: No GPU has this id (GpuNotFound: gpuId gpu_9); see: aitbc marketplace gpu list\n");
  CHECK(run({"marketplace", "gpu", "details", "bk_9"}).status == 1);
  CHECK(run({"marketplace", "gpu", "details", "gpu_0"}).status == 1);
}

TEST_CASE_FIXTURE(CliFixture, "updating a GPU keeps what was not named") {
  make_wallet("w");
  node.on("market_getGpu", R"({"id":"gpu_3","provider":"0x01","deviceId":"d","model":"A100","memoryGb":80,)"
                           R"("cudaVersion":"12","computeCapability":"8.0","cudaCores":6912,"region":"eu",)"
                           R"("capabilities":["fp16"],"category":"gpu-rental","attributes":[],)"
                           R"("pricePerHour":"1","pricingStrategy":"fixed","refundBps":5000,"minDuration":1,)"
                           R"("maxDuration":100,"interruptible":false,"status":"available"})");
  CHECK(run({"marketplace", "gpu", "update", "gpu_3", "--price", "2", "--wallet", "w"}).status == 0);
  const auto call = last_call(node);
  CHECK(call.name == "updateGpu");
  const cli::Json spec = arguments_of(call)["spec"];
  CHECK(spec["pricePerHour"].text() == "2000000000000000000");
  CHECK(spec["model"].text() == "A100");
  CHECK(spec["capabilities"].dump() == "[\"fp16\"]");
  CHECK(spec["deviceId"].text() == "d");
}

TEST_CASE_FIXTURE(CliFixture, "a GPU is released and reviewed through the wallet's booking of it") {
  make_wallet("w");
  node.on("market_getGpu", R"({"id":"gpu_3","status":"booked","currentBookingId":"bk_8"})");
  CHECK(run({"marketplace", "gpu", "release", "gpu_3", "--wallet", "w"}).status == 0);
  CHECK(arguments_of(last_call(node))["bookingId"].text() == "bk_8");
  node.on("market_listBookings", R"({"items":[{"id":"bk_9","state":"active","reviewId":null},)"
                                 R"({"id":"bk_8","state":"released","reviewId":"rv_1"},)"
                                 R"({"id":"bk_6","state":"completed","reviewId":null}],"nextCursor":null})");
  CHECK(run({"marketplace", "review", "add", "gpu_3", "--rating", "4", "--wallet", "w"}).status == 0);
  CHECK(arguments_of(last_call(node))["subjectId"].u64() == 6U);
  node.on("market_getGpu", R"({"id":"gpu_3","status":"available","currentBookingId":null})");
  CHECK(run({"marketplace", "gpu", "release", "gpu_3", "--wallet", "w"}).status == 1);
}

TEST_CASE_FIXTURE(CliFixture, "refusals show money in AIT, times as dates, and what to do") {
  make_wallet("w");
  const auto refuse_with = [this](std::string_view name, const auto& write) {
    for (const auto& error : market::errors()) {
      if (error.name != name) continue;
      abi::Writer data(error.inputs.size(), error.selector);
      write(data);
      const Bytes revert = data.take();
      node.on("eth_estimateGas",
              [revert](const cli::Json&) { return FakeNode::refuse("execution reverted", revert); });
    }
    return run({"marketplace", "gpu", "delist", "gpu_7", "--wallet", "w"}).err;
  };
  const Address someone = abi::Reader(Bytes(32, 0), 1).address();
  const std::string stake = refuse_with("StakeTooLow", [&](abi::Writer& data) {
    data.address(someone).amount(Amount::ait(100)).amount(Amount::ait(2));
  });
  CHECK(contains(stake, "required 100 AIT, staked 2 AIT"));
  CHECK(contains(stake, "aitbc stake add"));
  const std::string due =
      refuse_with("BookingNotDue", [](abi::Writer& data) { data.u64(2).u64(1'766'828'620); });
  CHECK(contains(due, "bookingId bk_2, due 2025-12-27 09:43:40 UTC"));
}
