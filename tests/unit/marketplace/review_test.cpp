#include "market.hpp"

namespace aitbc::market::test {
namespace {

CallResult review(Market& m, const Address& from, BookingId booking, std::uint8_t rating,
                  const std::string& comment = "good") {
  return m.call(from, "addReview", SubjectKind::booking, booking.value, rating, comment);
}

TEST_CASE("a customer reviews a finished booking once; GPU and provider are rated by it") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BookingId first = m.book(gpu, kHour);
  CHECK(Market::refusal(review(m, kCustomer, first, 5)) ==
        "NotFinished(subjectKind: \"booking\", subjectId: 1)");
  m.pass(kHour);
  const ReviewId id{Market::first_word(review(m, kCustomer, first, 5))};
  CHECK(m.record(first).review == id);
  CHECK(Market::refusal(review(m, kCustomer, first, 1)) ==
        "AlreadyReviewed(subjectKind: \"booking\", subjectId: 1, reviewId: \"rv_1\")");
  const BookingId second = m.book(gpu, 3 * kHour);
  m.pass(3 * kHour);
  Market::first_word(review(m, kCustomer, second, 2));
  const Gpu rated = m.record(gpu);
  CHECK(rated.reviews == 2);
  CHECK(rated.rating_sum == 7);
  CHECK(rated.rating_weight == Amount::ait(8));
  CHECK(rated.weighted_rating == Amount::ait(2 * 5 + 6 * 2));
  CHECK(m.provider().rating_sum == 7);
}

TEST_CASE("a rating weighs what was paid, not what was locked") {
  Market m;
  GpuSpec spec = Market::spec();
  spec.refund_bps = 10'000;
  const GpuId gpu{m.must(kProvider, "registerGpu", spec)};
  const BookingId nothing = m.book(gpu, 100 * kHour);
  m.must(kCustomer, "releaseBooking", nothing);  // all of it comes back
  Market::first_word(review(m, kCustomer, nothing, 1));
  const BookingId hour = m.book(gpu, 100 * kHour, 0, kRival);
  m.pass(kHour);
  m.must(kRival, "releaseBooking", hour);
  const ReviewId id{Market::first_word(review(m, kRival, hour, 5))};
  CHECK(m.record(id).weight == Amount::ait(2));
  CHECK(m.record(gpu).rating_weight == Amount::ait(2));
  CHECK(m.record(gpu).weighted_rating == Amount::ait(2 * 5));
  CHECK(m.record(gpu).rating_sum == 6);
}

TEST_CASE("a rating weighs the same before and after the closing is processed") {
  const auto weigh = [](bool processed, bool watched) {
    Market m;
    if (watched) m.beat();
    const BookingId id = m.book(m.register_gpu(), 10 * kHour);
    m.jump(10 * kHour);
    if (processed) m.end_block();
    CHECK(m.record(id).closed == processed);
    return m.record(ReviewId{Market::first_word(review(m, kCustomer, id, 4))}).weight;
  };
  CHECK(weigh(false, false) == Amount::ait(20));
  CHECK(weigh(true, false) == Amount::ait(20));
  // Faulted after an hour of silence.
  CHECK(weigh(false, true) == Amount::ait(2));
  CHECK(weigh(true, true) == Amount::ait(2));
}

TEST_CASE("a booking that ended but was not closed yet can be reviewed already") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), kHour);
  m.jump(kHour);
  Market::first_word(review(m, kCustomer, id, 4));
  m.end_block();
  CHECK(m.record(id).closed);
  CHECK(m.record(id).review == ReviewId{1});
}

TEST_CASE("nobody reviews what he did not book, or what was cancelled") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BookingId booked = m.book(gpu, kHour);
  const BookingId cancelled = m.book(gpu, kHour, m.now() + kDay);
  m.must(kCustomer, "cancelBooking", cancelled);
  m.pass(kHour);
  CHECK(
      Market::refusal(review(m, kStranger, booked, 1)).starts_with("NotBookingCustomer(bookingId: \"bk_1\""));
  CHECK(
      Market::refusal(review(m, kProvider, booked, 5)).starts_with("NotBookingCustomer(bookingId: \"bk_1\""));
  CHECK(Market::refusal(review(m, kCustomer, cancelled, 1)) ==
        "NotFinished(subjectKind: \"booking\", subjectId: 2)");
  CHECK(Market::refusal(review(m, kCustomer, BookingId{9}, 1)) == "BookingNotFound(bookingId: \"bk_9\")");
}

TEST_CASE("ratings go from 1 to 5 and comments have a limit") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), kHour);
  m.pass(kHour);
  for (const std::uint8_t rating : {std::uint8_t{0}, std::uint8_t{6}, std::uint8_t{255}})
    CHECK(Market::refusal(review(m, kCustomer, id, rating)).starts_with("OutOfRange(argument: \"rating\""));
  CHECK(Market::refusal(review(m, kCustomer, id, 5, std::string(1'025, 'x'))) ==
        "TextTooLong(argument: \"comment\", maximumBytes: 1024)");
  CHECK(m.fails(kCustomer, "addReview", std::uint8_t{7}, id.value, std::uint8_t{5}, std::string()) ==
        "UnknownSubjectKind(subjectKind: 7)");
}

TEST_CASE("a settled service is reviewed by its customer") {
  Market m;
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  const BidId bid = m.bid_on_service(service, Amount::ait(10));
  m.must(kProvider, "acceptBid", bid);
  const auto add = [&](const Address& from) {
    return m.call(from, "addReview", SubjectKind::service, service.value, std::uint8_t{4},
                  std::string("fine"));
  };
  CHECK(Market::refusal(add(kCustomer)) == "NotFinished(subjectKind: \"service\", subjectId: 1)");
  m.must(kCustomer, "settlePayment", service);
  CHECK(Market::refusal(add(kRival)).starts_with("NotServiceCustomer(serviceId: \"svc_1\""));
  Market::first_word(add(kCustomer));
  CHECK(m.provider().reviews == 1);
  CHECK(Market::refusal(m.call(kCustomer, "addReview", SubjectKind::service, std::uint64_t{9},
                               std::uint8_t{4}, std::string())) == "ServiceNotFound(serviceId: \"svc_9\")");
  CHECK(m.fails(kCustomer, "getReview", ReviewId{8}) == "ReviewNotFound(reviewId: \"rv_8\")");
}

}  // namespace
}  // namespace aitbc::market::test
