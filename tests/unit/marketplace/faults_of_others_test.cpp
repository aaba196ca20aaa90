// Faults of other marketplaces that must not happen here; each test is named after one.
#include "scene.hpp"

namespace aitbc::market::test {
namespace {

bool happened(const std::vector<std::string>& events, std::string_view name) {
  return std::any_of(events.begin(), events.end(),
                     [&](const auto& event) { return event.starts_with(name); });
}

TEST_CASE("first come, first served overdraw: a booking is paid from its own lock, whoever is closed first") {
  Market m;
  const BookingId first = m.book(m.register_gpu("device-1"), 10 * kHour);
  const BookingId second = m.book(m.register_gpu("device-2"), 10 * kHour);
  const Amount before = m.balance(kProvider);
  CHECK(m.balance(kContract) == Amount::ait(100 + 40));
  m.must(kCustomer, "releaseBooking", first);  // all of it refunded but the half of unused time
  m.pass(10 * kHour);
  CHECK(m.record(second).paid == milli(19'500));
  CHECK(m.balance(kProvider) == before + Amount::ait(10) + milli(19'500));
}

TEST_CASE(
    "a later lease erasing earlier accrual: what was earned before is paid, even when nothing was "
    "processed") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BookingId earlier = m.book(gpu, kHour);
  m.jump(kHour);
  const BookingId later = m.book(gpu, kHour, 0, kRival);  // the earlier one is over but not closed yet
  CHECK_FALSE(m.record(earlier).closed);
  m.pass(kHour);
  CHECK(m.record(earlier).paid == milli(1'950));
  CHECK(m.record(later).paid == milli(1'950));
}

TEST_CASE("withdrawing twice in one block panics: the second time is refused, and the block goes on") {
  Scene s;
  Market& m = s.m;
  m.must(kCustomer, "withdrawBid", s.open_bid);
  CHECK(m.fails(kCustomer, "withdrawBid", s.open_bid) ==
        "BidNotOpen(bidId: \"bid_2\", state: \"withdrawn\")");
  m.must(kCustomer, "releaseBooking", s.active);
  CHECK(m.fails(kCustomer, "releaseBooking", s.active).starts_with("WrongBookingState("));
  m.must(kProvider, "claimRewards", kProvider);
  CHECK(m.fails(kProvider, "claimRewards", kProvider).starts_with("NothingToClaim("));
  m.must(kProvider, "unstake", kProvider, Amount::ait(100));
  CHECK(m.fails(kProvider, "unstake", kProvider, Amount::ait(100)).starts_with("StakeNotFound("));
  m.must(kCustomer, "settlePayment", s.delivered);
  CHECK(m.fails(kCustomer, "settlePayment", s.delivered).starts_with("WrongServiceState("));
  m.end_block();
}

TEST_CASE(
    "losing bids whose deposits stay locked: they come back with the decision, the expiry or the closing") {
  Market m;
  const ServiceId decided{m.must(kProvider, "createService", Market::service_spec())};
  const BidId winner = m.bid_on_service(decided, Amount::ait(9), kCustomer);
  m.bid_on_service(decided, Amount::ait(8), kRival);
  m.must(kProvider, "acceptBid", winner);
  CHECK(m.balance(kRival) == kWealth);
  const ServiceId silent{m.must(kProvider, "createService", Market::service_spec())};
  m.bid_on_service(silent, Amount::ait(8), kRival);
  m.pass(m.params().default_bid_ttl);
  CHECK(m.balance(kRival) == kWealth);
  m.bid_on_service(silent, Amount::ait(8), kRival);
  m.must(kProvider, "closeService", silent);
  CHECK(m.balance(kRival) == kWealth);
}

TEST_CASE("leases nobody closes: a booking ends at its end, and nothing can be had from it afterwards") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BookingId id = m.book(gpu, kHour);
  m.jump(kHour);
  CHECK(m.state_of(id) == BookingState::completed);  // before anything was processed
  CHECK(m.fails(kCustomer, "extendBooking", id, kHour).starts_with("WrongBookingState("));
  JobSpec job = image_job();
  CHECK(m.fails(kCustomer, "submitJob", job, Amount::ait(1), JobTarget::booking, id.value, Seconds{0})
            .starts_with("WrongBookingState("));
  m.book(gpu, kHour, 0, kRival);
  m.end_block();
  CHECK(m.record(id).closed);
  CHECK(m.record(id).paid == milli(1'950));
}

TEST_CASE("top-up chores: what is booked is paid for in advance, and runs to its end by itself") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), 365 * kDay);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(2 * 24 * 365));
  for (int month = 0; month < 12; ++month) m.pass(30 * kDay);
  CHECK(m.state_of(id) == BookingState::active);
  m.pass(5 * kDay);
  CHECK(m.record(id).final_state == BookingState::completed);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(2 * 24 * 365));
}

TEST_CASE("bid spam at a cap: a full book of low bids does not keep a better one out") {
  Market m;
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  for (std::size_t i = 0; i < kMaxOpenBids; ++i) m.bid_on_service(service, Amount(1), kRival);
  const BidId better = m.bid_on_service(service, Amount::ait(5));
  CHECK(m.totals().open_bids == kMaxOpenBids);
  m.must(kProvider, "acceptBid", better);
  CHECK(m.balance(kRival) == kWealth);
}

TEST_CASE("slashes that need an admin: a silence is found, judged and paid for without any transaction") {
  Market m;
  for (std::uint8_t i = 0; i < 3; ++i) {  // so that one silence is not everybody's
    const Address other = aitbc::test::address_of(static_cast<std::uint8_t>(0x40 + i));
    m.fund(other, Amount::ait(100));
    m.must(other, "stake", other, Amount::ait(100));
    m.must(other, "heartbeat", Bytes{}, m.block().recent_hashes[0]);
  }
  m.beat();
  const BookingId id = m.book(m.register_gpu(), 10 * kHour);
  m.take_events();
  m.jump(kHour / 2);
  for (std::uint8_t i = 0; i < 3; ++i) m.beat(aitbc::test::address_of(static_cast<std::uint8_t>(0x40 + i)));
  m.pass(kHour / 2);
  m.pass(2 * m.params().outage_window);
  CHECK(m.record(id).final_state == BookingState::faulted);
  CHECK(m.provider().staked == Amount::ait(99));
  CHECK(happened(m.take_events(), "OutageJudged"));
  // Of the slashed AIT: nothing is lost but the hour that nobody saw served, 2 AIT; all of it to the
  // customer.
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(2) + Amount::ait(1));
}

TEST_CASE("take rate never charged: the fee is taken at every closing and arrives") {
  Market m(R"({"poolBps": 0})");
  const GpuId gpu = m.register_gpu();
  m.book(gpu, kHour);
  m.pass(kHour);
  CHECK(m.balance(m.treasury()) == milli(50));
  m.must(kCustomer, "releaseBooking", [&] {
    const BookingId id = m.book(gpu, 2 * kHour);
    m.jump(kHour);
    return id;
  }());
  CHECK(m.balance(m.treasury()) == milli(100));
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  m.must(kProvider, "acceptBid", m.bid_on_service(service, Amount::ait(10)));
  m.must(kCustomer, "settlePayment", service);
  CHECK(m.balance(m.treasury()) == milli(350));
}

TEST_CASE("double spend inside one block: money that is locked is gone at once") {
  Market m;
  const Address poor = aitbc::test::address_of(0x55);
  m.fund(poor, Amount::ait(3));
  const GpuId first = m.register_gpu("device-1");
  const GpuId second = m.register_gpu("device-2");
  m.book(first, kHour, 0, poor);
  CHECK(m.fails(poor, "bookGpu", second, Seconds{0}, kHour, Amount::max(), std::string())
            .starts_with("InsufficientBalance("));
  CHECK(m.balance(poor) == Amount::ait(1));
}

TEST_CASE("escrow that never debits the buyer: lock, payment, fee and refund are moves of one sum") {
  Market m;
  const Amount provider = m.balance(kProvider);
  const BookingId id = m.book(m.register_gpu(), 4 * kHour);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(8));
  CHECK(m.balance(kContract) == Amount::ait(108));
  m.jump(kHour);
  m.must(kCustomer, "releaseBooking", id);
  const Booking booking = m.record(id);
  CHECK(booking.paid + booking.fee + booking.refund == Amount::ait(8));
  CHECK(m.balance(kProvider) == provider + booking.paid);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(8) + booking.refund);
  CHECK(m.balance(m.treasury()) + m.provider().rewards == booking.fee);
}

TEST_CASE("refund hashes that were made up: the event tells the sum that arrived") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), 4 * kHour);
  m.jump(kHour);
  m.take_events();
  const Amount before = m.balance(kCustomer);
  m.must(kCustomer, "releaseBooking", id);
  const auto events = m.take_events();
  REQUIRE(events.size() == 1);
  const Amount arrived = m.balance(kCustomer) - before;
  CHECK(arrived == Amount::ait(3));  // half of three hours at 2 AIT
  CHECK(events[0].find("\"refund\":\"" + to_units_string(arrived) + "\"") != std::string::npos);
}

TEST_CASE("reviews by people who never booked: only the customer, only when it is over, only once") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), kHour);
  const auto refused = [&](const Address& from) {
    return m.fails(from, "addReview", SubjectKind::booking, id.value, std::uint8_t{5}, std::string());
  };
  CHECK(refused(kStranger).starts_with("NotBookingCustomer("));
  CHECK(refused(kProvider).starts_with("NotBookingCustomer("));
  CHECK(refused(kCustomer).starts_with("NotFinished("));
  m.pass(kHour);
  m.must(kCustomer, "addReview", SubjectKind::booking, id.value, std::uint8_t{5}, std::string());
  CHECK(refused(kCustomer).starts_with("AlreadyReviewed("));
}

}  // namespace
}  // namespace aitbc::market::test
