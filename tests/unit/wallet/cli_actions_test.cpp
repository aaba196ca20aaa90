#include "marketplace/abi.hpp"
#include "tests/unit/wallet/cli_fixture.hpp"
#include "wallet/cli/period.hpp"

using namespace aitbc;
using test::CliFixture;
using test::FakeNode;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

cli::Json arguments_of(const FakeNode& node, std::string_view call_name) {
  REQUIRE_FALSE(node.sent.empty());
  const auto call = market::decode_call(node.sent.back()->transaction.data).value();
  CHECK(call.name == call_name);
  return cli::Json::parse(call.arguments_json).value();
}

constexpr const char* kServices =
    R"({"items":[{"id":"svc_3","name":"AI Image Generation","category":"ai-inference","price":"100000000000000000000",)"
    R"("state":"open","provider":"0x01","description":"images"}],"nextCursor":null})";

}  // namespace

TEST_CASE_FIXTURE(CliFixture, "services are lines from which scripts cut the id") {
  node.on("market_listServices", [](const cli::Json& params) {
    CHECK(params["query"].text() == "image generation");
    CHECK(params["state"].text() == "open");
    return FakeNode::Answer(kServices);
  });
  const auto result = run({"marketplace", "--action", "search", "--query", "image generation"});
  CHECK(result.status == 0);
  CHECK(result.out == "service_id: svc_3  AI Image Generation  ai-inference  100 AIT  open  0x01  images\n");
}

TEST_CASE_FIXTURE(CliFixture, "volume is one number") {
  node.on("market_getVolume", R"({"volume":"1250000000000000000","from":0})");
  CHECK(run({"marketplace", "--action", "volume", "--period", "1h"}).out == "1.25\n");
  CHECK(run({"marketplace", "--action", "volume", "--period", "soon"}).status == 2);
}

TEST_CASE_FIXTURE(CliFixture,
                  "an id that nothing can have is refused like one that nothing has, and nothing is sent") {
  make_wallet("w");
  node.on("market_getBid",
          [](const cli::Json&) { return FakeNode::refuse("BidNotFound(bidId: \"bid_123\")"); });
  for (const std::string bid : {"bid_123", "test_bid", "bid_0", "bid_99999999999999999999999"}) {
    const auto result = run(
        {"marketplace", "--action", "accept-bid", "--service-id", "svc_1", "--bid-id", bid, "--wallet", "w"});
    CHECK_MESSAGE(result.status == 1, bid);
    if (bid != "bid_0") CHECK_MESSAGE(contains(result.err, bid.substr(0, 7)), result.err);
  }
  CHECK(run({"ai-status", "--job-id", "ai_job_123"}).status == 1);
  CHECK(run({"transaction", "status", "--tx-id", "tx_123"}).status == 1);
  CHECK(node.sent.empty());
}

TEST_CASE_FIXTURE(CliFixture, "a bid is accepted only for the service that was named") {
  make_wallet("w");
  node.on("market_getBid", R"({"id":"bid_2","targetId":"svc_7","bidder":"0x01","amount":"1"})");
  const auto result = run({"marketplace", "--action", "accept-bid", "--service-id", "svc_1", "--bid-id",
                           "bid_2", "--wallet", "w"});
  CHECK(result.status == 1);
  CHECK(contains(result.err, "bid_2 is a bid on svc_7, not on svc_1"));
  CHECK(node.sent.empty());
}

TEST_CASE_FIXTURE(CliFixture, "a payment is settled only when it is what is in escrow") {
  make_wallet("w");
  const auto settle = [this] {
    return run({"marketplace", "--action", "settle-payment", "--service-id", "svc_1", "--amount", "30",
                "--wallet", "w"});
  };
  node.on("market_getService", R"({"id":"svc_1","state":"open","locked":"0"})");
  CHECK(contains(settle().err, "accepted no bid yet"));
  node.on("market_getService", R"({"id":"svc_1","state":"assigned","locked":"25000000000000000000"})");
  CHECK(contains(settle().err, "25 AIT in escrow, not 30"));
  CHECK(node.sent.empty());
  node.on("market_getService", R"({"id":"svc_1","state":"assigned","locked":"30000000000000000000"})");
  CHECK(settle().status == 0);
  CHECK(arguments_of(node, "settlePayment")["serviceId"].text() == "svc_1");
}

TEST_CASE_FIXTURE(CliFixture, "a job carries its input's digest, and its requirements by name") {
  make_wallet("w");
  const auto data = file("data.csv", "a,b\n");
  const auto result =
      run({"ai-submit", "--wallet", "w", "--type", "training", "--model", "m", "--dataset", data.string(),
           "--payment", "5", "--gpu-allocated", "2", "--memory", "8192", "--require", "framework=torch"});
  CHECK_MESSAGE(result.status == 0, result.err);
  const cli::Json arguments = arguments_of(node, "submitJob");
  CHECK(arguments["spec"]["requirements"].text() == "gpus=2 memory_mb=8192 framework=torch");
  CHECK(arguments["spec"]["inputDigest"].text() != hex::encode_prefixed(Hash{}));
  CHECK(arguments["payment"].text() == "5000000000000000000");
  CHECK(run({"ai-submit", "--wallet", "w", "--type", "t", "--payment", "5"}).status == 2);
  CHECK(run({"ai-submit", "--wallet", "w", "--type", "t", "--prompt", "p", "--payment", "-5"}).status == 2);
  CHECK(run({"ai-submit", "--wallet", "w", "--type", "t", "--prompt", "p", "--payment", "5",
             "--gpu-allocated", "0"})
            .status == 2);
}

TEST_CASE_FIXTURE(CliFixture,
                  "the cheapest free GPU is allocated, and the next one when somebody was quicker") {
  make_wallet("w");
  variables["AITBC_WALLET"] = "w";
  node.on(
      "market_listGpus",
      R"({"items":[)"
      R"({"id":"gpu_1","provider":"0x01","minDuration":1,"maxDuration":9000,"currentPricePerHour":"30"},)"
      R"({"id":"gpu_2","provider":"0x01","minDuration":1,"maxDuration":9000,"currentPricePerHour":"20"},)"
      R"({"id":"gpu_3","provider":"0x01","minDuration":1,"maxDuration":60,"currentPricePerHour":"1"}],"nextCursor":null})");
  int asked = 0;
  node.on("eth_estimateGas", [&asked](const cli::Json&) {
    return ++asked == 1 ? FakeNode::refuse("GpuNotFree(gpuId: \"gpu_2\")") : FakeNode::Answer("\"0x2bf20\"");
  });
  const auto result =
      run({"resource", "allocate", "--agent-id", "worker", "--memory", "8192", "--duration", "3600"});
  CHECK_MESSAGE(result.status == 0, result.err);
  CHECK(arguments_of(node, "bookGpu")["gpuId"].text() == "gpu_1");
  CHECK(arguments_of(node, "bookGpu")["job"].text() == "worker");
  CHECK(run({"resource", "allocate", "--agent-id", "worker", "--gpu", "3", "--duration", "3600"}).status ==
        1);
  CHECK(run({"resource", "allocate", "--agent-id", "worker", "--duration", "0"}).status == 2);
}

TEST_CASE_FIXTURE(CliFixture, "memory that reads as it was written passes the test") {
  const auto result = run({"--format", "json", "resource", "test", "--type", "memory", "--memory", "1"});
  CHECK(result.status == 0);
  const auto document = cli::Json::parse(result.out).value();
  CHECK(document["wrong_words"].u64() == 0U);
  CHECK(document["passes"].u64() == 4U);
  CHECK(document["bytes"].u64() == std::uint64_t{1} << 20);
  CHECK(run({"resource", "test", "--type", "memory", "--duration", "1"}).status == 2);
}

TEST_CASE("periods are numbers of seconds, minutes, hours, days or weeks") {
  CHECK(cli::parse_period("90").value() == 90);
  CHECK(cli::parse_period("5m").value() == 300);
  CHECK(cli::parse_period("24h").value() == 86'400);
  CHECK(cli::parse_period("7d").value() == 604'800);
  for (const char* wrong : {"", "h", "0h", "-1h", "1.5h", "1y2", "99999999999999999999d", "99999999999d"})
    CHECK_MESSAGE(cli::parse_period(wrong).error().code == cli::Exit::usage, wrong);
}
