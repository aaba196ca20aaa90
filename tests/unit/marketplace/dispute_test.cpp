#include "market.hpp"

namespace aitbc::market::test {
namespace {

const Address kFirst = aitbc::test::address_of(0x51);
const Address kSecond = aitbc::test::address_of(0x52);
const Address kThird = aitbc::test::address_of(0x53);
constexpr const char* kCourt = R"({"arbitrators": ["0x0000000000000000000000000000000000000053",
    "0x0000000000000000000000000000000000000051", "0x0000000000000000000000000000000000000052"]})";
const Amount kBond = Amount::ait(1);

DisputeId dispute(Market& m, SubjectKind kind, std::uint64_t subject, Amount contested = {}) {
  return DisputeId{
      m.must(kCustomer, "openDispute", kind, subject, contested, kBond, Hash{}, std::string("ipfs://x"))};
}
std::string refused(Market& m, const Address& from, SubjectKind kind, std::uint64_t subject,
                    Amount contested = {}, Amount bond = kBond) {
  return m.fails(from, "openDispute", kind, subject, contested, bond, Hash{}, std::string());
}
void vote(Market& m, const Address& arbitrator, DisputeId id, std::uint16_t bps) {
  m.must(arbitrator, "voteDispute", id, bps);
}

// A booking of 10 hours at 2 AIT, 4 of which were used: 8 AIT for use (fee 0.2), 6 kept, 6 refunded.
BookingId used_booking(Market& m) {
  const BookingId id = m.book(m.register_gpu(), 10 * kHour);
  m.pass(4 * kHour);
  return id;
}

TEST_CASE("a dispute freezes what it contests and nothing else") {
  Market m(kCourt);
  const BookingId id = used_booking(m);
  const Amount provider = m.balance(kProvider);
  const Amount customer = m.balance(kCustomer);
  dispute(m, SubjectKind::booking, id.value, Amount::ait(3));
  const Booking booking = m.record(id);
  CHECK(booking.final_state == BookingState::disputed);
  CHECK(booking.frozen == Amount::ait(3));
  CHECK(m.balance(kCustomer) == customer + Amount::ait(6) - kBond);
  CHECK(m.balance(kProvider) == provider + Amount::ait(5) - milli(125) + Amount::ait(6));
  CHECK(m.record(GpuId{1}).schedule.empty());
  CHECK(m.totals().held == Amount::ait(100) + Amount::ait(4) + m.provider().rewards);
}

TEST_CASE("arbitrators divide what is contested, by the median of a majority") {
  Market m(kCourt);
  const BookingId id = used_booking(m);
  const DisputeId d = dispute(m, SubjectKind::booking, id.value);
  CHECK(m.record(id).frozen == Amount::ait(14));
  const Amount customer = m.balance(kCustomer);
  vote(m, kFirst, d, 10'000);
  CHECK(m.fails(kFirst, "voteDispute", d, std::uint16_t{0}).starts_with("AlreadyVoted(disputeId: \"dsp_1\""));
  vote(m, kThird, d, 7'500);
  const Booking booking = m.record(id);
  CHECK(booking.final_state == BookingState::resolved);
  CHECK(m.record(d).customer_bps == 7'500);
  CHECK(booking.paid == Amount::ait(2) - milli(50) + milli(1'500));
  CHECK(m.balance(kCustomer) == customer + milli(10'500) + kBond);
  CHECK(m.fails(kSecond, "voteDispute", d, std::uint16_t{0}) ==
        "DisputeIsClosed(disputeId: \"dsp_1\", state: \"decided\")");
  m.must(kCustomer, "addReview", SubjectKind::booking, id.value, std::uint8_t{2}, std::string());
}

TEST_CASE("who disputes without reason loses the bond to the provider") {
  Market m(kCourt);
  const BookingId id = used_booking(m);
  const DisputeId d = dispute(m, SubjectKind::booking, id.value);
  const Amount provider = m.balance(kProvider);
  vote(m, kFirst, d, 0);
  vote(m, kSecond, d, 4'999);
  CHECK(m.record(d).customer_bps == 0);
  CHECK(m.balance(kProvider) == provider + milli(7'800) + Amount::ait(6) + kBond);
}

TEST_CASE("silence of the arbitrators pays by the record and returns the bond") {
  Market m(kCourt);
  const BookingId id = used_booking(m);
  const DisputeId d = dispute(m, SubjectKind::booking, id.value);
  const Amount customer = m.balance(kCustomer);
  m.jump(m.params().dispute_time);
  CHECK(m.state_of(id) == BookingState::resolved);
  CHECK(m.fails(kFirst, "voteDispute", d, std::uint16_t{0}) ==
        "DisputeIsClosed(disputeId: \"dsp_1\", state: \"timed_out\")");
  m.end_block();
  CHECK(m.record(id).paid == milli(13'800));
  CHECK(m.record(id).refund == Amount::ait(6));
  CHECK(m.balance(kCustomer) == customer + kBond);
}

TEST_CASE("a service is disputed while it is assigned or delivered") {
  Market m(kCourt);
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  CHECK(refused(m, kCustomer, SubjectKind::service, service.value) ==
        "WrongServiceState(serviceId: \"svc_1\", state: \"open\")");
  m.must(kProvider, "acceptBid", m.bid_on_service(service, Amount::ait(120)));
  m.must(kProvider, "deliverService", service, Hash{}, std::string());
  CHECK(refused(m, kRival, SubjectKind::service, service.value).starts_with("NotServiceCustomer("));
  const Amount provider = m.balance(kProvider);
  const DisputeId d = dispute(m, SubjectKind::service, service.value, Amount::ait(80));
  CHECK(m.balance(kProvider) == provider + Amount::ait(39));
  CHECK(m.record(service).state == ServiceState::disputed);
  vote(m, kFirst, d, 5'000);
  vote(m, kSecond, d, 5'000);
  CHECK(m.record(service).state == ServiceState::resolved);
  CHECK(m.record(service).paid == Amount::ait(78));
  CHECK(m.record(service).refund == Amount::ait(40));
}

TEST_CASE("what may not be disputed or judged, and by whom") {
  Market m(kCourt);
  const BookingId id = used_booking(m);
  CHECK(refused(m, kRival, SubjectKind::booking, id.value).starts_with("NotBookingCustomer("));
  CHECK(refused(m, kCustomer, SubjectKind::booking, id.value, Amount::ait(15))
            .starts_with("OutOfRange(argument: \"contested\""));
  CHECK(refused(m, kCustomer, SubjectKind::booking, id.value, {}, milli(999))
            .starts_with("OutOfRange(argument: \"bond\""));
  CHECK(refused(m, kCustomer, SubjectKind::booking, 9) == "BookingNotFound(bookingId: \"bk_9\")");
  CHECK(m.fails(kCustomer, "openDispute", std::uint8_t{9}, id.value, Amount(), kBond, Hash{},
                std::string()) == "UnknownSubjectKind(subjectKind: 9)");
  const DisputeId d = dispute(m, SubjectKind::booking, id.value);
  CHECK(refused(m, kCustomer, SubjectKind::booking, id.value) ==
        "WrongBookingState(bookingId: \"bk_1\", state: \"disputed\")");
  CHECK(m.fails(kStranger, "voteDispute", d, std::uint16_t{1})
            .starts_with("NotArbitrator(disputeId: \"dsp_1\""));
  CHECK(m.fails(kCustomer, "voteDispute", d, std::uint16_t{10'000})
            .starts_with("NotArbitrator(disputeId: \"dsp_1\""));
  CHECK(m.fails(kFirst, "voteDispute", d, std::uint16_t{10'001})
            .starts_with("OutOfRange(argument: \"customerBps\""));
  CHECK(m.fails(kFirst, "voteDispute", DisputeId{7}, std::uint16_t{1}) ==
        "DisputeNotFound(disputeId: \"dsp_7\")");
  m.pass(m.params().dispute_time);
}

TEST_CASE("a party to a dispute does not judge it") {
  Market m(R"({"arbitrators": ["0x0000000000000000000000000000000000000002"]})");
  const DisputeId d = dispute(m, SubjectKind::booking, used_booking(m).value);
  CHECK(m.fails(kCustomer, "voteDispute", d, std::uint16_t{10'000}).starts_with("NotArbitrator("));
}

}  // namespace
}  // namespace aitbc::market::test
