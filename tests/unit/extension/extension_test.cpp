// An auction type, a category and a pricing strategy that are not the market's own, in a market that knows
// them: docs/extending.md.
#include "extensions.hpp"
#include "marketplace/reference_page.hpp"
#include "tests/unit/marketplace/market.hpp"

namespace aitbc::market::test {
namespace {

AuctionSpec simulation() {
  AuctionSpec out;
  out.type = "buy-now";
  out.title = "Next winter";
  out.category = "climate-simulation";
  out.duration = kDay;
  out.lifetime = kDay;
  out.parameters = {{"startPrice", Amount::ait(10)}, {"buyNow", Amount::ait(50)}};
  return out;
}
AuctionId create(Market& m) { return AuctionId{m.must(kProvider, "createAuction", simulation())}; }

TEST_CASE("an auction of the new type is won at once at its buy-now price") {
  Market m;
  const AuctionId id = create(m);
  m.must(kRival, "bidAuction", id, Amount::ait(10));
  CHECK(m.fails(kCustomer, "bidAuction", id, Amount::ait(10)).find("somebody bid as much") !=
        std::string::npos);
  m.must(kCustomer, "bidAuction", id, Amount::ait(70));
  CHECK(m.record(id).state == AuctionState::sold);
  CHECK(m.record(id).winner == kCustomer);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(50));
  CHECK(m.balance(kRival) == kWealth);
}

TEST_CASE("an auction of the new type goes to the highest bid at its end") {
  Market m;
  const AuctionId id = create(m);
  m.must(kRival, "bidAuction", id, Amount::ait(10));
  m.must(kCustomer, "bidAuction", id, Amount::ait(12));
  m.pass(kDay);
  CHECK(m.record(id).winner == kCustomer);
  CHECK(m.record(m.record(id).service).locked == Amount::ait(12));
  CHECK(m.balance(kRival) == kWealth);
}

TEST_CASE("the new type names its bad parameters") {
  Market m;
  AuctionSpec spec = simulation();
  spec.parameters = {{"startPrice", Amount::ait(50)}, {"buyNow", Amount::ait(50)}};
  CHECK(m.fails(kProvider, "createAuction", spec).find("must be more than startPrice") != std::string::npos);
}

TEST_CASE("a GPU of a new category has the new strategy's price") {
  Market m;
  GpuSpec spec = Market::spec("device-1", Amount::ait(10));
  spec.category = "climate-simulation";
  spec.pricing_strategy = "night";
  const GpuId gpu{m.must(kProvider, "registerGpu", spec)};
  m.jump(kDay - m.now() % kDay);  // midnight
  CHECK(m.record(m.book(gpu, kHour)).price_per_hour == Amount::ait(8));
  m.pass(12 * kHour);
  CHECK(m.record(m.book(gpu, kHour)).price_per_hour == Amount::ait(10));
}

TEST_CASE("the reference page lists what was added") {
  const std::string page = reference_page();
  for (const char* name : {"`buy-now`", "`buyNow`", "`night`", "`climate-simulation`"})
    CHECK_MESSAGE(page.find(name) != std::string::npos, std::string(name));
}

}  // namespace
}  // namespace aitbc::market::test
