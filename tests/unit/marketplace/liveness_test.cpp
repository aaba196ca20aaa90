#include "crypto/keccak.hpp"
#include "market.hpp"

namespace aitbc::market::test {
namespace {

// Watched providers beside kProvider, so that one silence is not everybody's.
void add_providers(Market& m, std::uint8_t count) {
  for (std::uint8_t i = 0; i < count; ++i) {
    const Address account = aitbc::test::address_of(static_cast<std::uint8_t>(0x40 + i));
    m.fund(account, Amount::ait(1'000));
    m.must(account, "stake", account, Amount::ait(100));
    m.beat(account);
  }
  m.take_events();
}
void beat_others(Market& m, std::uint8_t count) {
  for (std::uint8_t i = 0; i < count; ++i)
    m.beat(aitbc::test::address_of(static_cast<std::uint8_t>(0x40 + i)));
}
bool happened(const std::vector<std::string>& events, std::string_view name) {
  return std::any_of(events.begin(), events.end(),
                     [&](const auto& event) { return event.starts_with(name); });
}

const Amount kAny = Amount::max();

TEST_CASE("a provider that sends no heartbeats is not watched") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), 1'000 * kHour);
  m.pass(1'000 * kHour);
  CHECK(m.record(id).final_state == BookingState::completed);
}

TEST_CASE("a chain may require heartbeats of every provider") {
  Market m(R"({"heartbeatRequired": true})");
  const GpuId gpu = m.register_gpu();
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, kHour, kAny, std::string()) ==
        "GpuNotListed(gpuId: \"gpu_1\", status: \"offline\")");
  m.beat();
  m.book(gpu, kHour);
}

TEST_CASE("heartbeats keep bookings alive") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), 3 * kHour);
  for (int i = 0; i < 6; ++i) {
    m.beat();
    m.pass(kHour / 2);
  }
  CHECK(m.record(id).final_state == BookingState::completed);
  CHECK(m.provider().liveness.outages == 0);
}

TEST_CASE("silence ends active bookings at last heartbeat plus grace and refunds the rest") {
  Market m;
  const GpuId gpu = m.register_gpu();
  m.beat();
  const BookingId id = m.book(gpu, 10 * kHour);
  m.jump(kHour);  // the grace
  CHECK(m.state_of(id) == BookingState::faulted);
  CHECK(m.fails(kCustomer, "releaseBooking", id) ==
        "WrongBookingState(bookingId: \"bk_1\", state: \"faulted\")");
  CHECK(m.fails(kStranger, "settleBooking", id) ==
        "WrongBookingState(bookingId: \"bk_1\", state: \"faulted\")");
  m.end_block();
  const Booking booking = m.record(id);
  CHECK(booking.final_state == BookingState::faulted);
  CHECK(booking.closed_at == kGenesisTime + kHour);
  CHECK(booking.paid == milli(1'950));
  CHECK(booking.refund == Amount::ait(18));
  CHECK(m.record(gpu).schedule.empty());
  CHECK(m.fails(kRival, "bookGpu", gpu, Seconds{0}, kHour, kAny, std::string()) ==
        "GpuNotListed(gpuId: \"gpu_1\", status: \"offline\")");
  m.must(kCustomer, "addReview", SubjectKind::booking, id.value, std::uint8_t{1},
         std::string("it went away"));
}

TEST_CASE("a provider that comes back is online again") {
  Market m;
  const GpuId gpu = m.register_gpu();
  m.beat();
  m.pass(5 * kHour);
  m.beat();
  m.book(gpu, kHour / 2);
  const Liveness liveness = m.provider().liveness;
  CHECK(liveness.online);
  CHECK(liveness.offline_total == 4 * kHour);
  CHECK(liveness.outages == 1);
}

TEST_CASE("a heartbeat that is late waits for what its silence ended") {
  Market m;
  m.beat();
  m.jump(kHour);
  CHECK(
      m.fails(kProvider, "heartbeat", Bytes{}, m.block().recent_hashes[0]).starts_with("OutageBeingClosed("));
  m.end_block();
  m.beat();
}

TEST_CASE("a booking that should start during a silence is refunded in full, one after it runs") {
  Market m;
  const GpuId gpu = m.register_gpu();
  m.beat();
  const BookingId during = m.book(gpu, kHour, m.now() + 2 * kHour);
  const BookingId after = m.book(gpu, kHour / 2, m.now() + 5 * kHour);
  m.pass(kHour);
  CHECK(m.state_of(during) == BookingState::scheduled);
  m.jump(kHour);
  CHECK(m.state_of(during) == BookingState::faulted);
  m.end_block();
  CHECK(m.record(during).final_state == BookingState::faulted);
  CHECK(m.record(during).refund == Amount::ait(2));
  m.pass(2 * kHour + kHour / 2);
  m.beat();
  m.pass(kHour);
  CHECK(m.record(after).final_state == BookingState::completed);
}

TEST_CASE("one provider's silence costs its pool; customers come first, the rest burns") {
  Market m;
  add_providers(m, 3);
  const GpuId gpu = m.register_gpu("device-1", milli(300));
  m.register_gpu("device-2");
  m.beat();
  const BookingId id = m.book(gpu, 10 * kHour);
  m.pass(kHour / 2);
  beat_others(m, 3);
  m.pass(kHour / 2);
  const Amount refunded = m.balance(kCustomer);
  CHECK(m.record(id).refund == milli(2'700));
  beat_others(m, 3);
  m.take_events();
  m.pass(1'200);
  CHECK(m.provider().staked == Amount::ait(99));
  CHECK(m.balance(kCustomer) == refunded + milli(300));  // the hour in which it was not seen
  const Outage outage = m.record(OutageId{1});
  CHECK(outage.phase == OutagePhase::over);
  CHECK(outage.slashed == Amount::ait(1));
  CHECK(outage.compensated == milli(300));
  CHECK(outage.burned == milli(700));
  CHECK(m.totals().burned == milli(700));
  CHECK(happened(m.take_events(), "CustomerCompensated"));
}

TEST_CASE(
    "a slash that is less than the losses is divided by loss, odd units by largest remainder, ties by id") {
  // One AIT to divide; what the hour cost that each customer paid for and nobody served.
  const auto parts_of = [](const std::vector<Amount>& losses, const char* params) {
    Market m(params);
    add_providers(m, 3);
    std::vector<GpuId> gpus;
    for (const Amount each : losses)
      gpus.push_back(m.register_gpu("device-" + std::to_string(gpus.size()), each));
    m.beat();
    std::vector<Address> customers;
    for (const GpuId gpu : gpus) {
      customers.push_back(aitbc::test::address_of(static_cast<std::uint8_t>(0x60 + customers.size())));
      m.fund(customers.back(), Amount::ait(1'000));
      m.book(gpu, 10 * kHour, 0, customers.back());
    }
    m.pass(kHour / 2);
    beat_others(m, 3);
    m.pass(kHour / 2);
    beat_others(m, 3);
    m.pass(1'199);
    std::vector<Amount> before;
    for (const Address& each : customers) before.push_back(m.balance(each));
    for (int i = 0; i < 20; ++i) m.pass(1);
    CHECK(m.record(OutageId{1}).phase == OutagePhase::over);
    CHECK(m.record(OutageId{1}).compensated == Amount::ait(1));
    CHECK(m.totals().burned == Amount{});
    std::vector<std::uint64_t> parts;
    for (std::size_t i = 0; i < customers.size(); ++i)
      parts.push_back(static_cast<std::uint64_t>((m.balance(customers[i]) - before[i]).units()));
    return parts;
  };
  using Parts = std::vector<std::uint64_t>;
  for (const char* const params : {"{}", R"({"maxClosingsPerBlock": 8})"}) {
    CHECK(parts_of({Amount::ait(1), Amount::ait(4), Amount::ait(2)}, params) ==
          Parts{142'857'142'857'142'857, 571'428'571'428'571'429, 285'714'285'714'285'714});
    CHECK(parts_of({Amount::ait(2), Amount::ait(2), Amount::ait(2)}, params) ==
          Parts{333'333'333'333'333'334, 333'333'333'333'333'333, 333'333'333'333'333'333});
  }
}

TEST_CASE("a silence that interrupts nothing costs nothing") {
  Market m;
  add_providers(m, 3);
  m.register_gpu();
  m.beat();
  m.pass(kHour);
  m.pass(kHour);
  CHECK(m.provider().staked == Amount::ait(100));
  CHECK(m.record(OutageId{1}).phase == OutagePhase::over);
}

TEST_CASE("when more than a third fall silent together nobody is slashed") {
  Market m;
  add_providers(m, 3);
  const GpuId gpu = m.register_gpu();
  m.beat();
  m.book(gpu, 10 * kHour);
  m.pass(60);
  beat_others(m, 2);  // the third falls silent with kProvider
  m.pass(kHour - 60);
  beat_others(m, 2);
  m.pass(1'200);
  CHECK(m.record(OutageId{1}).phase == OutagePhase::over);
  CHECK(m.provider().staked == Amount::ait(100));
  CHECK(m.record(OutageId{1}).forgiven);
  CHECK(m.record(OutageId{1}).faulted_bookings == 1);
}

TEST_CASE("the third fault in a month jails") {
  Market m;
  m.must(kProvider, "stake", kProvider, Amount::ait(10));  // to stay above the minimum
  add_providers(m, 3);
  const GpuId gpu = m.register_gpu();
  for (int i = 0; i < 3; ++i) {
    beat_others(m, 3);
    m.beat();
    m.book(gpu, 2 * kHour);
    m.pass(kHour - 1);
    beat_others(m, 3);
    m.pass(1);
    m.pass(1'200);
  }
  const Liveness liveness = m.provider().liveness;
  CHECK(liveness.jailed_until == m.now() + kDay);
  m.beat();
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, kHour, kAny, std::string()) ==
        "GpuNotListed(gpuId: \"gpu_1\", status: \"offline\")");
  for (int i = 0; i < 25; ++i) {
    m.pass(kHour - 1);
    m.beat();
  }
  m.book(gpu, kHour / 2);
}

TEST_CASE("a GPU that its provider reports as down takes no bookings and is left with a full refund") {
  Market m;
  m.register_gpu("device-1");
  const GpuId second = m.register_gpu("device-2");
  m.beat();
  const BookingId id = m.book(second, 10 * kHour);
  m.beat(kProvider, {0b10});
  CHECK(m.fails(kRival, "bookGpu", second, m.now() + kDay, kHour, kAny, std::string()) ==
        "GpuNotListed(gpuId: \"gpu_2\", status: \"offline\")");
  m.must(kCustomer, "releaseBooking", id);
  CHECK(m.record(id).final_state == BookingState::faulted);
  CHECK(m.record(id).refund == Amount::ait(20));
  m.beat();
  m.book(second, kHour);
}

TEST_CASE("heartbeats name a recent block and come from providers") {
  Market m;
  const Hash recent = m.block().recent_hashes[1];
  CHECK(m.fails(kProvider, "heartbeat", Bytes{}, Hash{}).starts_with("NotARecentBlock(hash: "));
  CHECK(m.fails(kStranger, "heartbeat", Bytes{}, recent).starts_with("ProviderNotFound(provider: "));
  CHECK(m.fails(kProvider, "heartbeat", Bytes(129), recent) ==
        "ListTooLong(argument: \"down\", maximum: 1024)");
  m.must(kProvider, "heartbeat", Bytes(128), recent);
  CHECK(m.fails(kProvider, "getOutage", OutageId{1}) == "OutageNotFound(outageId: \"out_1\")");
}

TEST_CASE("an outage of many GPUs is worked off within the cap, with the same amounts") {
  const auto run = [](const char* params) {
    Market m(params);
    std::vector<BookingId> ids;
    for (int i = 0; i < 7; ++i) {
      const GpuId gpu = m.register_gpu("device-" + std::to_string(i));
      ids.push_back(m.book(gpu, 10 * kHour));
    }
    m.beat();
    m.pass(kHour);
    for (int i = 0; i < 40; ++i) m.pass(60);
    std::vector<Amount> out = {m.balance(kProvider), m.balance(kCustomer), m.balance(m.treasury())};
    for (const BookingId id : ids) {
      CHECK(m.record(id).closed_at == kGenesisTime + kHour);
      out.push_back(m.record(id).refund);
    }
    return out;
  };
  CHECK(run(R"({"maxClosingsPerBlock": 1})") == run("{}"));
}

TEST_CASE("a better bid evicts an interruptible booking after notice, with a full refund of what is left") {
  Market m;
  GpuSpec spec = Market::spec();
  spec.interruptible = true;
  const GpuId gpu{m.must(kProvider, "registerGpu", spec)};
  const BookingId id = m.book(gpu, 10 * kHour);
  const BidId low = m.bid_on_gpu(gpu, Amount::ait(2), kHour, kRival);
  CHECK(m.fails(kProvider, "acceptBid", low).starts_with("GpuNotFree("));
  const BidId high = m.bid_on_gpu(gpu, Amount::ait(3), kHour, kRival);
  m.pass(kHour);
  const BookingId next{m.must(kProvider, "acceptBid", high)};
  CHECK(m.record(id).evict_at == m.now() + 300);
  CHECK(m.record(next).start == m.now() + 300);
  CHECK(m.fails(kCustomer, "extendBooking", id, kHour).starts_with("UnderNotice(bookingId: \"bk_1\""));
  CHECK(m.state_of(id) == BookingState::active);
  m.pass(300);
  CHECK(m.record(id).final_state == BookingState::evicted);
  CHECK(m.record(id).refund == Amount::ait(20) - *mul_div_floor(Amount::ait(2), 3'900, 3'600));
  CHECK(m.state_of(next) == BookingState::active);
  m.pass(kHour);
  CHECK(m.record(next).final_state == BookingState::completed);
}

TEST_CASE("a customer under notice may leave at once without loss") {
  Market m;
  GpuSpec spec = Market::spec();
  spec.interruptible = true;
  const GpuId gpu{m.must(kProvider, "registerGpu", spec)};
  const BookingId id = m.book(gpu, 10 * kHour);
  m.must(kProvider, "acceptBid", m.bid_on_gpu(gpu, Amount::ait(3), kHour, kRival));
  m.must(kCustomer, "releaseBooking", id);
  CHECK(m.record(id).refund == Amount::ait(20));
}

TEST_CASE("a booking that is not interruptible gives way to nobody") {
  Market m;
  const GpuId gpu = m.register_gpu();
  m.book(gpu, 10 * kHour);
  const BidId bid = m.bid_on_gpu(gpu, Amount::ait(300), kHour, kRival);
  CHECK(m.fails(kProvider, "acceptBid", bid).starts_with("GpuNotFree("));
}

}  // namespace
}  // namespace aitbc::market::test
