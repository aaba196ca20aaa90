#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "market_chain.hpp"

namespace aitbc::search::test {
namespace {

// A booking that ends, one that is released half-way, at a price of 2 AIT.
void work(MarketChain& m) {
  m.register_provider();
  m.register_gpu("d1", "RTX 4090", 24, "2000000000000000000");
  m.commit();
  m.call(kCustomer, "bookGpu", R"(["gpu_1",0,3600,"9000000000000000000","train"])");
  m.commit();
  m.commit(kHour);
  m.call(kRival, "bookGpu", R"(["gpu_1",0,3600,"9000000000000000000",""])");
  m.commit();
  m.call(kRival, "releaseBooking", R"(["bk_2"])");
  m.commit(1'800);
}

std::string names(const json::value& trail) {
  std::string out;
  for (const json::value& item : trail.at("items").as_array())
    out += (out.empty() ? "" : " ") + std::string(item.at("name").as_string());
  return out;
}

TEST_CASE("the audit trail of a record is every event that names it, with its transaction") {
  MarketChain m;
  m.open_index();
  work(m);
  const json::value trail = m.ask("market_getEvents", R"({"id":"bk_1"})");
  CHECK(names(trail) == "BookingCreated BookingStarted BookingClosed");
  const json::value& booked = trail.at("items").as_array()[0];
  CHECK(booked.at("transactionType") == "BOOK");
  const auto transaction =
      m.ask("market_getTransaction", json::serialize(json::array{booked.at("transactionHash")}));
  CHECK(transaction.at("type") == "BOOK");
  CHECK(transaction.at("arguments").at("gpuId") == "gpu_1");
  CHECK(transaction.at("events").as_array().size() == 2);
  CHECK(trail.at("items").as_array()[2].at("transactionType").is_null());  // nobody sent it
  const json::value first = m.ask("market_getEvents", R"({"id":"gpu_1","limit":2})");
  CHECK(names(first) == "GpuRegistered BookingCreated");
  const std::string cursor(first.at("nextCursor").as_string());
  CHECK(names(m.ask("market_getEvents", R"({"id":"gpu_1","cursor":")" + cursor + "\"}")) ==
        "BookingStarted BookingClosed BookingCreated BookingStarted BookingClosed");
  CHECK(names(m.ask("market_getEvents", "{\"id\":\"" + address(kRival) + "\"}")) ==
        "BookingCreated BookingClosed");
  CHECK(m.ask_badly("market_getEvents", R"({"id":"cat_1"})").code == ErrorCode::invalid_input);
  CHECK(m.ask_badly("market_getEvents", R"({"id":"gpu_1","cursor":"1.x"})").message ==
        "cursor: not one of this list");
}

TEST_CASE("transactions are found by account and type, in both directions") {
  MarketChain m;
  m.open_index();
  work(m);
  const auto types = [&](const std::string& params) {
    std::string out;
    const json::value page = m.ask("market_getTransactions", params);
    for (const json::value& each : page.at("transactions").as_array())
      out += (out.empty() ? "" : " ") + std::string(each.at("type").as_string());
    return out;
  };
  CHECK(types("{}") == "REGISTER_PROVIDER STAKE REGISTER_GPU BOOK BOOK RELEASE");
  CHECK(types(R"({"newestFirst":true,"limit":2})") == "RELEASE BOOK");
  CHECK(types("{\"account\":\"" + address(kRival) + "\"}") == "BOOK RELEASE");
  CHECK(types("{\"account\":\"" + address(kRival) + "\",\"newestFirst\":true}") == "RELEASE BOOK");
  CHECK(types(R"({"type":"BOOK"})") == "BOOK BOOK");
  CHECK(m.ask("market_getTransactions", R"({"limit":1})").at("nextBlock") == "0x2");
}

TEST_CASE("revenue and volume are what closed work paid") {
  MarketChain m;
  m.open_index();
  work(m);
  // 2 AIT for the hour; 1 AIT for the half hour, half of the rest kept: 0.5. The fee is 2.5 % of 3 AIT.
  const json::value revenue = m.ask("market_getRevenue", "{\"provider\":\"" + address(kProvider) + "\"}");
  CHECK(revenue.at("paid") == "3425000000000000000");
  CHECK(revenue.at("fee") == "75000000000000000");
  CHECK(revenue.at("refund") == "500000000000000000");
  CHECK(revenue.at("bookings") == 2);
  CHECK(revenue.at("gpuSeconds") == 5'400);
  CHECK(m.ask("market_getVolume").at("volume") == "3500000000000000000");
  CHECK(m.ask("market_getVolume", R"({"period":"1h","interval":3600})").at("bookings").as_int64() >= 1);
  const auto before = R"({"from":0,"until":)" + std::to_string(1'766'828'620 / kHour * kHour) + "}";
  CHECK(m.ask("market_getVolume", before).at("volume") == "0");
  CHECK(m.ask_badly("market_getVolume", R"({"period":"soon"})").code == ErrorCode::invalid_input);
}

TEST_CASE("a settlement is recomputed from the booking's events") {
  MarketChain m;
  m.open_index();
  work(m);
  for (const std::string id : {"bk_1", "bk_2"}) {
    const json::value check = m.ask("market_verifySettlement", "{\"bookingId\":\"" + id + "\"}");
    CHECK(check.at("settled") == true);
    CHECK(check.at("consistent") == true);
    CHECK(check.at("recomputed") == check.at("fromEvents"));
    CHECK(check.at("recomputed") == check.at("inRecord"));
  }
  CHECK(m.ask_badly("market_verifySettlement", R"(["bk_9"])").code == ErrorCode::not_found);
}

TEST_CASE("a disputed settlement is recomputed, verdict and timeout included") {
  const std::string court = R"({"arbitrators":[")" + address(kArbitrator) + R"("]})";
  for (const bool decided : {true, false}) {
    MarketChain m(court);
    m.open_index();
    m.register_provider();
    m.register_gpu("d1", "RTX 4090", 24, "2000000000000000000");
    m.commit();
    m.call(kCustomer, "bookGpu", R"(["gpu_1",0,36000,"9000000000000000000",""])");
    m.commit();
    // 4 of 10 hours at 2 AIT: 8 AIT for use, 6 kept, 6 refunded; 9 are contested, 8 for use and 1 kept.
    const json::array dispute{
        0, 1, "9000000000000000000", "1000000000000000000", hex::encode_prefixed(Hash{}), "ipfs://x"};
    m.call(kCustomer, "openDispute", json::serialize(dispute));
    m.commit(4 * kHour);
    const auto check = [&] { return m.ask("market_verifySettlement", R"(["bk_1"])"); };
    CHECK(check().at("state") == "disputed");
    CHECK(check().at("frozen") == "9000000000000000000");
    CHECK(check().at("recomputed").at("paid") == "5000000000000000000");
    CHECK(check().at("consistent") == true);
    if (decided) m.call(kArbitrator, "voteDispute", R"(["dsp_1",7500])");
    m.commit(decided ? 1 : 7 * 86'400);
    const json::value settled = check();
    // A quarter of 8 less 2.5 %, and of 1; or all of it by the record.
    CHECK(settled.at("recomputed").at("paid") == (decided ? "7200000000000000000" : "13800000000000000000"));
    CHECK(settled.at("recomputed").at("fee") == (decided ? "50000000000000000" : "200000000000000000"));
    CHECK(settled.at("recomputed") == settled.at("fromEvents"));
    CHECK(settled.at("recomputed") == settled.at("inRecord"));
    CHECK(settled.at("frozen") == "0");
    CHECK(settled.at("consistent") == true);
  }
}

TEST_CASE("a recount says that everything holds") {
  MarketChain m;
  m.open_index();
  work(m);
  const json::value books = m.ask("market_reconcile");
  CHECK(books.at("holds") == true);
  CHECK(books.at("failure").is_null());
  CHECK(books.at("invariants").as_array().size() == 9);
  const auto invariant = [&](std::size_t number) {
    const json::value& each = books.at("invariants").as_array()[number - 1];
    CHECK(each.at("number") == number);
    CHECK(each.at("holds") == true);
    CHECK(each.at("failure").is_null());
    CHECK(each.at("counted") == each.at("expected"));
    return std::string(each.at("counted").as_string()) + " " + std::string(each.at("unit").as_string());
  };
  // The stake of 200 AIT and its part of the fees of 0.075 AIT; locks of 2 and 2 AIT, both over.
  CHECK(invariant(2) == "200015000000000000000 base units");
  CHECK(invariant(3) == "0 terminal records with money");
  CHECK(invariant(4) == "0 intervals of live bookings");
  CHECK(invariant(5) == "1 deadlines");  // of the price epoch
  CHECK(invariant(6) == "4000000000000000000 base units");
  CHECK(invariant(8) == "0 open bids");
}

TEST_CASE("a proof carries the header, and stays to be had for a while") {
  MarketChain m;
  m.open_index();
  work(m);
  const json::value proof = m.ask("market_getProof", R"(["booking","bk_1"])");
  const auto header = *hex::decode(std::string(proof.at("header").as_string()));
  CHECK(hex::encode_prefixed(keccak256(header)) == proof.at("blockHash").as_string());
  CHECK(proof.at("record").is_string());
  const std::string hash(proof.at("blockHash").as_string());
  m.commit();
  CHECK(m.ask("market_getProof", "[\"booking\",1,\"" + hash + "\"]").at("storageProof") ==
        proof.at("storageProof"));
  CHECK(m.ask("market_getProof", R"(["gpu","gpu_77"])").at("record").is_null());
  for (int i = 0; i < 64; ++i) m.commit();
  const Error gone = m.ask_badly("market_getProof", "[\"booking\",1,\"" + hash + "\"]");
  CHECK(gone.code == ErrorCode::not_found);
  CHECK(gone.message.ends_with(
      ": there are proofs for the last 64 blocks that this node saw committed since its start"));
  CHECK(m.ask_badly("market_getProof", R"(["cat","1"])").code == ErrorCode::invalid_input);
  CHECK(m.ask_badly("market_getProof", R"(["gpu"])").message == "missing value for id");
}

TEST_CASE("the pricing report tells what a model's GPUs ask, cost, and which one to take") {
  MarketChain m;
  m.open_index();
  work(m);
  m.register_gpu("d2", "RTX 4090", 24, "1000000000000000000");
  m.register_gpu("d3", "T4", 16, "9000000000000000000");
  m.commit();
  const json::value report = m.ask("market_getPricingReport", R"(["RTX 4090"])");
  CHECK(report.at("static").at("minPrice") == "1000000000000000000");
  CHECK(report.at("static").at("averagePrice") == "1500000000000000000");
  CHECK(report.at("static").at("totalGpus") == 2);
  CHECK(report.at("static").at("recommendedGpu") == "gpu_2");
  CHECK(report.at("comparison").at("changeBps") == 0);
  CHECK(report.at("gpus").as_array().size() == 2);
  CHECK(m.ask_badly("market_getPricingReport", R"(["none"])").code == ErrorCode::not_found);
  const json::value stats = m.ask("market_getStats");
  CHECK(stats.at("availableGpus") == 3);
  CHECK(stats.at("averagePricePerHour") == "4000000000000000000");
}

TEST_CASE("the quality of a provider is what its record says") {
  MarketChain m;
  m.open_index();
  work(m);
  const json::value quality = m.ask("market_getQuality", "[\"" + address(kProvider) + "\"]");
  CHECK(quality.at("uptimeBps") == 10'000);
  CHECK(quality.at("completionBps") == 10'000);
  CHECK(quality.at("closedBookings") == 2);
}

}  // namespace
}  // namespace aitbc::search::test
