#include "marketplace/pricing.hpp"
#include "market.hpp"
#include "marketplace/models.hpp"

namespace aitbc::market::test {
namespace {

Amount priced(const char* strategy, const PricingContext& context, Amount base = Amount::ait(100)) {
  return strategy_price(*find_pricing_strategy(strategy), base, context);
}
PricingContext market(std::uint64_t demand, std::uint64_t supply, unsigned hour = 3) {
  PricingContext out;
  out.demand = demand;
  out.supply = supply;
  out.hour = hour;
  return out;
}

TEST_CASE("the rules of dynamic pricing: demand, hour, rating") {
  CHECK(priced("dynamic", market(10, 5)) == Amount::ait(100));  // exactly twice is not more than twice
  CHECK(priced("dynamic", market(11, 5)) == Amount::ait(150));
  CHECK(priced("dynamic", market(0, 5, 9)) == Amount::ait(120));
  CHECK(priced("dynamic", market(0, 5, 16)) == Amount::ait(120));
  CHECK(priced("dynamic", market(0, 5, 17)) == Amount::ait(100));
  CHECK(priced("dynamic", market(0, 5, 8)) == Amount::ait(100));
  PricingContext rated = market(0, 5);
  rated.rating_hundredths = 450;
  CHECK(priced("dynamic", rated) == Amount::ait(110));
  rated.rating_hundredths = 449;
  CHECK(priced("dynamic", rated) == Amount::ait(100));
  // All three make x1.98, which the clamp keeps at one and a half.
  rated = market(100, 30, 14);
  rated.rating_hundredths = 480;
  CHECK(priced("dynamic", rated) == Amount::ait(150));
}

TEST_CASE("the named strategies") {
  CHECK(priced("fixed", market(100, 0)) == Amount::ait(100));
  CHECK(priced("market-balance", market(7, 3)) == Amount::ait(100));
  CHECK(priced("market-balance", market(10, 0)) == Amount::ait(115));
  PricingContext indexed = market(7, 3);
  indexed.index = Amount::ait(80);
  CHECK(priced("market-balance", indexed) == Amount::ait(90));
  CHECK(priced("aggressive-growth", market(1, 9)) == Amount::ait(80));
  CHECK(priced("aggressive-growth", market(6, 4)) == Amount::ait(90));
  CHECK(priced("aggressive-growth", market(9, 1)) == Amount::ait(100));
  CHECK(priced("profit-maximization", market(10, 0)) == Amount::ait(130));
  CHECK(priced("profit-maximization", market(0, 10, 12)) == Amount::ait(110));
  CHECK(priced("competitive-response", market(0, 10)) == Amount::ait(100));
  CHECK(priced("competitive-response", indexed) == milli(78'400));
  CHECK(priced("demand-elasticity", market(5, 5)) == Amount::ait(100));
  CHECK(priced("demand-elasticity", market(0, 0)) == Amount::ait(60));
}

TEST_CASE("no strategy leaves half to one and a half of the asked price, or overflows") {
  for (const PricingStrategy& strategy : pricing_strategies())
    for (const std::uint64_t demand : {0ULL, 1ULL, 1'000'000ULL})
      for (const Amount index : {Amount(), Amount(1), Amount::max()})
        for (const Amount base : {Amount(1), Amount(3), Amount::ait(1)}) {
          PricingContext context = market(demand, 1, 12);
          context.index = index;
          context.rating_hundredths = 500;
          const Amount price = strategy_price(strategy, base, context);
          CHECK(price >= std::max(scaled(base, 5'000), Amount(1)));
          CHECK(price <= std::max(scaled(base, 15'000), Amount(1)));
        }
}

TEST_CASE("a GPU's price follows what is booked of its model") {
  Market m;
  GpuSpec spec = Market::spec("device-1", Amount::ait(10));
  spec.pricing_strategy = "demand-elasticity";
  const GpuId gpu{m.must(kProvider, "registerGpu", spec)};
  m.register_gpu("device-2");
  CHECK(m.record(m.book(gpu, kHour, m.now() + kDay)).price_per_hour == Amount::ait(6));
  m.book(GpuId{2}, kHour);
  CHECK(m.record(m.book(gpu, kHour)).price_per_hour == Amount::ait(10));
  const CallResult quote = m.call(kRival, "quoteBooking", gpu, kHour);
  CHECK(decode_result("quoteBooking", quote.output)->find("\"pricePerHour\":\"14000000000000000000\"") !=
        std::string::npos);
}

// Every booking one hour, at the GPU's price.
void use(Market& m, GpuId gpu, const Address& customer, Seconds duration = kHour) {
  m.book(gpu, duration, 0, customer);
  m.pass(duration);
}
std::vector<PricePoint> history(Market& m) {
  const auto stats = load<ModelStats>(m.state(), model_key("RTX 4090"));
  REQUIRE(stats);
  return load<PriceHistory>(m.state(), history_key(stats->number)).value_or(PriceHistory{}).points;
}
void next_epoch(Market& m) { m.pass(kDay - m.now() % kDay); }

TEST_CASE("the price index of an epoch is what was paid by the hour used") {
  Market m;
  const GpuId cheap = m.register_gpu("device-1", Amount::ait(2));
  const GpuId dear = m.register_gpu("device-2", Amount::ait(5));
  next_epoch(m);
  use(m, cheap, kCustomer, 2 * kHour);
  use(m, dear, kRival, kHour);
  next_epoch(m);
  REQUIRE(history(m).size() == 1);
  // Both pairs count for a tenth of the three hours, whatever they used.
  CHECK(history(m)[0].index == milli(3'500));
  CHECK(history(m)[0].bookings == 2);
  CHECK(history(m)[0].seconds == 3 * kHour);
  const auto view =
      decode_result("getModelPricing", m.call(kStranger, "getModelPricing", std::string("RTX 4090")).output);
  CHECK(view->find("\"recommendedPrice\":\"2275000000000000000\"") != std::string::npos);
  CHECK(m.fails(kStranger, "getModelPricing", std::string("GTX 970")) == "ModelNotFound(model: \"GTX 970\")");
}

TEST_CASE("one pair counts for no more than a tenth of the time that was used") {
  Market m;
  const GpuId fair = m.register_gpu("device-1", Amount::ait(2));
  const GpuId washed = m.register_gpu("device-2", Amount::ait(1'000));
  next_epoch(m);
  for (std::uint8_t i = 0; i < 18; ++i) {
    const Address customer = aitbc::test::address_of(static_cast<std::uint8_t>(0x60 + i));
    m.fund(customer, Amount::ait(100));
    m.book(fair, 100, m.now() + 200U * i + 100, customer);
  }
  use(m, washed, kStranger, 10 * kHour);
  next_epoch(m);
  const PricePoint point = history(m).at(0);
  CHECK(point.bookings == 19);
  // 18 times 100 s at 2 AIT, rounded down each, and 3780 s (a tenth of all) at 1000 AIT.
  const Amount fair_gross = Amount::from_units(18 * mul_div_floor(Amount::ait(2), 100, 3'600)->units());
  CHECK(point.index == *mul_div_floor(fair_gross + Amount::ait(1'050), 3'600, 1'800 + 3'780));
}

TEST_CASE("the index moves by an eighth from epoch to epoch at most") {
  Market m;
  const GpuId gpu = m.register_gpu("device-1", Amount::ait(8));
  next_epoch(m);
  use(m, gpu, kCustomer);
  next_epoch(m);
  m.must(kProvider, "updateGpu", gpu, Market::spec("device-1", Amount::ait(80)));
  use(m, gpu, kCustomer);
  next_epoch(m);
  m.must(kProvider, "updateGpu", gpu, Market::spec("device-1", Amount(8'000)));
  use(m, gpu, kCustomer);
  next_epoch(m);
  REQUIRE(history(m).size() == 3);
  CHECK(history(m)[0].index == Amount::ait(8));
  CHECK(history(m)[1].index == Amount::ait(9));
  CHECK(history(m)[2].index == milli(7'875));
}

TEST_CASE("an epoch without bookings has no index, and history is a ring") {
  Market m;
  const GpuId gpu = m.register_gpu();
  for (std::size_t i = 0; i < kMaxPriceHistory + 3; ++i) {
    next_epoch(m);
    use(m, gpu, kCustomer, 60);
    next_epoch(m);
  }
  CHECK(history(m).size() == kMaxPriceHistory);
}

TEST_CASE("a device does not become another model") {
  Market m;
  const GpuId gpu = m.register_gpu();
  GpuSpec spec = Market::spec();
  spec.model = "H100";
  CHECK(m.fails(kProvider, "updateGpu", gpu, spec) == "ModelIsFixed(gpuId: \"gpu_1\", model: \"RTX 4090\")");
}

}  // namespace
}  // namespace aitbc::market::test
