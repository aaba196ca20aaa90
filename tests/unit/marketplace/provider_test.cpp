#include "market.hpp"

namespace aitbc::market::test {
namespace {

TEST_CASE("a provider registers once and may change its particulars") {
  Market m;
  const std::string name = "Acme", region = "eu", uri = "https://acme.example";
  m.must(kRival, "registerProvider", name, region, uri);
  CHECK(m.provider(kRival).name == "Acme");
  CHECK(m.fails(kRival, "registerProvider", name, region, uri).starts_with("ProviderExists(provider: "));
  m.must(kRival, "updateProvider", std::string("Acme Ltd"), region, uri);
  CHECK(m.provider(kRival).name == "Acme Ltd");
  CHECK(m.fails(kStranger, "updateProvider", name, region, uri).starts_with("ProviderNotFound(provider: "));
  CHECK(m.fails(kStranger, "registerProvider", std::string(65, 'x'), region, uri)
            .starts_with("TextTooLong(argument: \"name\""));
}

TEST_CASE("a GPU is listed only with 100 AIT staked on its provider") {
  Market m;
  CHECK(m.fails(kRival, "registerGpu", Market::spec()) ==
        "StakeTooLow(provider: \"0x0000000000000000000000000000000000000003\", "
        "required: \"100000000000000000000\", staked: \"0\")");
  m.must(kRival, "stake", kRival, Amount::ait(60));
  m.must(kStranger, "stake", kRival, Amount::ait(40));
  CHECK(m.must(kRival, "registerGpu", Market::spec()) == 1);
  CHECK(m.provider(kRival).stakers == 2);
}

TEST_CASE("a GPU whose provider takes its stake away is off the market until it is made up") {
  Market m;
  const GpuId gpu = m.register_gpu();
  m.must(kProvider, "unstake", kProvider, Amount::ait(1));
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, kHour, Amount::max(), std::string()) ==
        "GpuNotListed(gpuId: \"gpu_1\", status: \"delisted\")");
  m.must(kProvider, "stake", kProvider, Amount::ait(1));
  m.book(gpu, kHour);
}

TEST_CASE("unstaked money comes back by itself after the unbonding time") {
  Market m;
  m.must(kStranger, "stake", kProvider, Amount::ait(50));
  CHECK(m.fails(kStranger, "unstake", kProvider, Amount::ait(51)).starts_with("StakeNotFound(provider: "));
  m.must(kStranger, "unstake", kProvider, Amount::ait(20));
  CHECK(m.balance(kStranger) == kWealth - Amount::ait(50));
  m.pass(m.params().unbonding_time - 1);
  CHECK(m.balance(kStranger) == kWealth - Amount::ait(50));
  m.pass(1);
  CHECK(m.balance(kStranger) == kWealth - Amount::ait(30));
  m.must(kStranger, "unstake", kProvider, Amount::ait(30));
  CHECK(m.provider().stakers == 1);
  m.pass(m.params().unbonding_time);
  CHECK(m.balance(kStranger) == kWealth);
}

TEST_CASE("stakers share their part of the fees by what they staked") {
  Market m;
  m.must(kStranger, "stake", kProvider, Amount::ait(300));
  const BookingId id = m.book(m.register_gpu(), 100 * kHour);  // fee 5 AIT, 1 of which for the pool
  m.pass(100 * kHour);
  CHECK(m.record(id).fee == Amount::ait(5));
  const Amount before = m.balance(kStranger);
  CHECK(m.must(kStranger, "claimRewards", kProvider) == milli(750).units());
  CHECK(m.balance(kStranger) == before + milli(750));
  CHECK(m.fails(kStranger, "claimRewards", kProvider).starts_with("NothingToClaim(provider: "));
  CHECK(m.fails(kRival, "claimRewards", kProvider).starts_with("NothingToClaim(provider: "));
  CHECK(m.fails(kRival, "claimRewards", kStranger).starts_with("ProviderNotFound(provider: "));
  // A later staker has no part in what was earned before, and staking more pays out what was due.
  m.must(kRival, "stake", kProvider, Amount::ait(100));
  m.must(kProvider, "stake", kProvider, Amount::ait(100));
  CHECK(m.provider().rewards.is_zero());
}

TEST_CASE("stake must be more than nothing and on somebody") {
  Market m;
  CHECK(m.fails(kRival, "stake", kRival, Amount()).starts_with("OutOfRange(argument: \"amount\""));
  CHECK(m.fails(kRival, "stake", kStranger, Amount(5)).starts_with("ProviderNotFound(provider: "));
  CHECK(m.fails(kRival, "stake", kProvider, Amount::max()) == "AmountOverflow()");
  CHECK(
      m.fails(kRival, "stake", kProvider, kWealth + Amount(1)).starts_with("InsufficientBalance(account: "));
}

TEST_CASE("GPUs are described within limits, and a device only once") {
  Market m;
  m.register_gpu("device-1");
  CHECK(m.fails(kProvider, "registerGpu", Market::spec("device-1")) ==
        "DeviceAlreadyRegistered(deviceId: \"device-1\", gpuId: \"gpu_1\")");
  const auto refused = [&](auto change) {
    GpuSpec spec = Market::spec("device-2");
    change(spec);
    return m.fails(kProvider, "registerGpu", spec);
  };
  CHECK(refused([](GpuSpec& s) { s.device_id = ""; }) == "TextMissing(argument: \"deviceId\")");
  CHECK(refused([](GpuSpec& s) { s.model = ""; }) == "TextMissing(argument: \"model\")");
  CHECK(refused([](GpuSpec& s) { s.memory_gb = 0; }).starts_with("OutOfRange(argument: \"memoryGb\""));
  CHECK(refused([](GpuSpec& s) { s.region = std::string(33, 'x'); }).starts_with("TextTooLong("));
  CHECK(refused([](GpuSpec& s) { s.capabilities.resize(17, "x"); }) ==
        "ListTooLong(argument: \"capabilities\", maximum: 16)");
  CHECK(refused([](GpuSpec& s) {
          s.attributes.resize(17, {"k", "v"});
        }) == "ListTooLong(argument: \"attributes\", maximum: 16)");
  CHECK(refused([](GpuSpec& s) { s.category = "cooking"; }) == "UnknownCategory(category: \"cooking\")");
  CHECK(refused([](GpuSpec& s) { s.pricing_strategy = "magic"; }) ==
        "UnknownPricingStrategy(strategy: \"magic\")");
  CHECK(refused([](GpuSpec& s) {
          s.price_per_hour = Amount();
        }).starts_with("OutOfRange(argument: \"pricePerHour\""));
  CHECK(refused([](GpuSpec& s) {
          s.price_per_hour = Amount::max();
        }).starts_with("OutOfRange(argument: \"pricePerHour\""));
  CHECK(refused([](GpuSpec& s) { s.refund_bps = 4'999; }).starts_with("OutOfRange(argument: \"refundBps\""));
  CHECK(refused([](GpuSpec& s) { s.refund_bps = 10'001; }).starts_with("OutOfRange(argument: \"refundBps\""));
  CHECK(refused([](GpuSpec& s) {
          s.max_duration = 8'761 * kHour;
        }).starts_with("OutOfRange(argument: \"maxDuration\""));
  CHECK(refused([](GpuSpec& s) {
          s.min_duration = 10, s.max_duration = 9;
        }).starts_with("OutOfRange(argument: \"minDuration\""));
}

TEST_CASE("a GPU is delisted, relisted and retired by its provider") {
  Market m;
  const GpuId gpu = m.register_gpu();
  for (const char* call : {"delistGpu", "relistGpu", "retireGpu"}) {
    CHECK(m.fails(kRival, call, gpu).starts_with("NotGpuProvider(gpuId: \"gpu_1\""));
    CHECK(m.fails(kProvider, call, GpuId{4}) == "GpuNotFound(gpuId: \"gpu_4\")");
  }
  CHECK(m.fails(kProvider, "relistGpu", gpu) == "GpuAlreadyListed(gpuId: \"gpu_1\")");
  m.must(kProvider, "delistGpu", gpu);
  CHECK(m.fails(kProvider, "delistGpu", gpu) == "GpuNotListed(gpuId: \"gpu_1\", status: \"delisted\")");
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, kHour, Amount::max(), std::string()) ==
        "GpuNotListed(gpuId: \"gpu_1\", status: \"delisted\")");
  m.must(kProvider, "relistGpu", gpu);
  m.book(gpu, kHour);
  CHECK(m.fails(kProvider, "retireGpu", gpu) == "GpuHasBookings(gpuId: \"gpu_1\", count: 1)");
  m.pass(kHour);
  m.must(kProvider, "retireGpu", gpu);
  CHECK(m.fails(kProvider, "relistGpu", gpu) == "GpuNotListed(gpuId: \"gpu_1\", status: \"retired\")");
  CHECK(m.register_gpu("device-1") == GpuId{2});  // the device may come back as another GPU
}

TEST_CASE("a delisted GPU's bookings go on to their end") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BookingId id = m.book(gpu, kHour);
  m.must(kProvider, "delistGpu", gpu);
  m.pass(kHour);
  CHECK(m.record(id).final_state == BookingState::completed);
}

TEST_CASE("a device keeps its id when its description changes") {
  Market m;
  const GpuId gpu = m.register_gpu("device-1");
  CHECK(m.fails(kProvider, "updateGpu", gpu, Market::spec("device-9")) ==
        "DeviceAlreadyRegistered(deviceId: \"device-1\", gpuId: \"gpu_1\")");
  m.must(kProvider, "updateGpu", gpu, Market::spec(""));
  CHECK(m.record(gpu).spec.device_id == "device-1");
}

}  // namespace
}  // namespace aitbc::market::test
