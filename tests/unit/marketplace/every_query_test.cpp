// Every query, on a market that has something to say to each.
#include <boost/json.hpp>
#include <set>

#include "codec/hex.hpp"
#include "marketplace/queries.hpp"
#include "scene.hpp"

namespace aitbc::market::test {
namespace {

namespace json = boost::json;

class Asked : public Scene {
 public:
  // A stake on its way back, and a provider that fell silent for good while a GPU of its was booked.
  Asked() {
    m.must(kCustomer, "stake", kProvider, Amount::ait(5));
    m.must(kCustomer, "unstake", kProvider, Amount::ait(2));
    m.beat(worker.address);
    book(workers, 5 * kHour);
    m.jump(kHour);
  }
  json::value ask(std::string_view method, std::string_view params = "[]") {
    asked.emplace(method);
    const auto answer = query(m.view(), m.now(), method, params);
    REQUIRE_MESSAGE(answer.has_value(), std::string(method), ": ", (answer ? "" : answer.error().message));
    return json::parse(*answer);
  }
  // "job_2 job_3": of a page, or of an array.
  std::string listed(std::string_view method, std::string_view params, const char* member = "id") {
    const json::value answer = ask(method, params);
    std::string out;
    for (const json::value& each : (answer.is_object() ? answer.at("items") : answer).as_array())
      out += (out.empty() ? "" : " ") + std::string(each.at(member).as_string());
    return out;
  }
  std::string refused(std::string_view method, std::string_view params) {
    const auto answer = query(m.view(), m.now(), method, params);
    REQUIRE_FALSE(answer.has_value());
    return answer.error().message;
  }

  std::set<std::string> asked;
};

std::string of(const char* name, const Address& account) {
  return "{\"" + std::string(name) + "\":\"" + hex::encode_prefixed(account) + "\"}";
}

void ask_for_records(Asked& q) {
  CHECK(q.ask("market_getGpu", "[4]").at("status") == "booked");
  CHECK(q.ask("market_getBooking", "[3]").at("state") == "active");
  CHECK(q.ask("market_getBid", "[2]").at("state") == "open");
  CHECK(q.ask("market_getService", "[2]").at("state") == "assigned");
  CHECK(q.ask("market_getOffer", "[2]").at("state") == "closed");
  CHECK(q.ask("market_getDispute", "[2]").at("customerBps") == 5'000);
  CHECK(q.ask("market_getJob", "[2]").at("state") == "running");
  CHECK(q.ask("market_getAuction", "[1]").at("currentPrice").is_string());
  CHECK(q.ask("market_getProposal", "[1]").at("state") == "voting");
  CHECK(q.ask("market_getReview", "[2]").at("hiddenReason") == "spam");
  CHECK(q.ask("market_getProvider", of("account", kProvider)).at("stakers") == 2);
  CHECK(q.ask("market_getOutage", "[1]").at("faultedBookings") == 1);
  const std::string both =
      "[\"" + hex::encode_prefixed(kProvider) + "\",\"" + hex::encode_prefixed(kCustomer);
  CHECK(q.ask("market_getStake", both + "\"]").at("staked") == "3000000000000000000");
}

void ask_for_lists(Asked& q) {
  CHECK(q.listed("market_listGpus", R"({"status":"offline"})") == "gpu_5");
  CHECK(q.listed("market_listProviders", R"({"online":true})", "account") == hex::checksummed(kProvider));
  CHECK(q.listed("market_listBookings", R"({"state":"faulted"})") == "bk_7");
  CHECK(q.listed("market_listBids", R"({"state":"open"})") == "bid_2");
  CHECK(q.listed("market_listServices", R"({"state":"delivered"})") == "svc_3");
  CHECK(q.listed("market_listOffers", R"({"state":"open"})") == "off_1");
  CHECK(q.listed("market_listOffers", of("provider", kRival)).empty());
  CHECK(q.listed("market_listDisputes", R"({"state":"open"})") == "dsp_1");
  CHECK(q.listed("market_listDisputes", of("customer", kCustomer)) == "dsp_1 dsp_2");
  CHECK(q.listed("market_listJobs", R"({"state":"completed"})") == "job_3 job_4 job_5");
  CHECK(q.listed("market_listJobs", R"({"type":"training"})").empty());
  CHECK(q.listed("market_listAuctions", R"({"auctionType":"english","state":"open"})") == "auc_3 auc_4");
  CHECK(q.listed("market_listProposals", R"({"state":"accepted"})") == "prop_2");
  CHECK(q.listed("market_listReviews", R"({"minRating":5,"newestFirst":true})") == "rv_2 rv_1");
  CHECK(q.listed("market_listOutages", of("provider", q.worker.address)) == "out_1");
  CHECK(q.listed("market_listOutages", of("provider", kProvider)).empty());
  CHECK(q.listed("market_listStakes", of("provider", kProvider), "staker") ==
        hex::checksummed(kProvider) + " " + hex::checksummed(kCustomer));
  CHECK(q.listed("market_listUnbondings", of("staker", kCustomer), "staker") == hex::checksummed(kCustomer));
  for (const char* list :
       {"market_listBookings", "market_listBids", "market_listServices", "market_listOffers",
        "market_listDisputes", "market_listJobs", "market_listAuctions", "market_listProposals"})
    CHECK(q.refused(list, R"({"state":"asleep"})").starts_with("state: "));
}

void ask_for_rules(Asked& q) {
  CHECK(q.listed("market_listAuctionTypes", "[]", "name") == "dutch english sealed procurement");
  CHECK(q.listed("market_listPricingStrategies", "[]", "name") ==
        "fixed dynamic market-balance aggressive-growth profit-maximization competitive-response "
        "demand-elasticity");
  CHECK(q.listed("market_listCategories", "[]") ==
        "ai-inference ai-training data-processing gpu-rental video-rendering");
  CHECK(q.ask("market_getParams").at("slashBps") == 100);
  CHECK(q.ask("market_getRoles").at("arbitrators").as_array().size() == 2);
  CHECK(q.ask("market_getAbi").is_array());
  const json::value data = q.ask("market_encodeCall", R"(["cancelJob","[\"job_1\"]"])");
  CHECK(q.ask("market_decodeCall", json::serialize(json::array{data})).at("type") == "CANCEL_JOB");
}

void ask_for_figures(Asked& q) {
  CHECK(q.ask("market_getStats").at("openDisputes") == 1);
  CHECK(q.ask("market_getPricing", R"(["RTX 4090"])").at("listed") == 3);
  CHECK(q.ask("market_getPricingReport", R"(["RTX 4090"])").is_object());
  CHECK(q.ask("market_getQuality", of("provider", q.worker.address)).is_object());
  CHECK(q.ask("market_isAvailable", R"(["gpu_1",1766828620,1766828621])") == false);
  CHECK(q.ask("market_quote", "[1,3600]").at("cost") == "2000000000000000000");
  const json::value price = q.ask("market_getStrategyPrice", R"(["gpu_1","fixed"])");
  CHECK(price.at("price") == price.at("basePrice"));
  CHECK(q.refused("market_getStrategyPrice", R"(["gpu_1","greed"])").starts_with("strategy: "));
}

TEST_CASE("every query answers on a market that has everything") {
  Asked q;
  ask_for_records(q);
  ask_for_lists(q);
  ask_for_rules(q);
  ask_for_figures(q);
  for (const QueryMethod& method : query_methods())
    CHECK_MESSAGE(q.asked.contains(std::string(method.name)), std::string(method.name), " was not asked");
}

}  // namespace
}  // namespace aitbc::market::test
