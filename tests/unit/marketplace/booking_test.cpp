#include "market.hpp"

namespace aitbc::market::test {
namespace {

// 2 AIT an hour; fee 2.5 %, a fifth of which goes to the provider's stakers.
struct Sale {
  Amount provider, customer, treasury;
};
Sale balances(Market& m) { return {m.balance(kProvider), m.balance(kCustomer), m.balance(m.treasury())}; }

TEST_CASE("a booking that runs its time pays the provider all but the fee, without anybody's doing") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const Sale before = balances(m);
  const BookingId id = m.book(gpu, 10 * kHour);
  CHECK(m.balance(kCustomer) == before.customer - Amount::ait(20));
  CHECK(m.state_of(id) == BookingState::active);
  m.pass(10 * kHour);
  const Booking booking = m.record(id);
  CHECK(booking.closed);
  CHECK(booking.final_state == BookingState::completed);
  CHECK(booking.closed_at == booking.end);
  CHECK(booking.paid == milli(19'500));
  CHECK(booking.fee == milli(500));
  CHECK(booking.refund.is_zero());
  CHECK(m.balance(kProvider) == before.provider + milli(19'500));
  CHECK(m.balance(m.treasury()) == before.treasury + milli(400));
  CHECK(m.provider().rewards == milli(100));
  CHECK(m.record(gpu).schedule.empty());
}

TEST_CASE("a booking reads completed from its end on, processed or not") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), kHour);
  m.jump(kHour - 1);
  CHECK(m.state_of(id) == BookingState::active);
  m.jump(1);
  CHECK_FALSE(m.record(id).closed);
  CHECK(m.state_of(id) == BookingState::completed);
}

TEST_CASE("an early release refunds half of the unused time") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const Sale before = balances(m);
  const BookingId id = m.book(gpu, 10 * kHour);
  m.pass(4 * kHour);
  m.must(kCustomer, "releaseBooking", id);
  const Booking booking = m.record(id);
  CHECK(booking.final_state == BookingState::released);
  CHECK(booking.fee == milli(200));                      // 2.5 % of 8 AIT for the time used
  CHECK(booking.paid == milli(7'800) + Amount::ait(6));  // and half of the 12 AIT for the rest
  CHECK(booking.refund == Amount::ait(6));
  CHECK(m.balance(kCustomer) == before.customer - Amount::ait(14));
  CHECK(m.must(kRival, "isAvailable", gpu, m.now(), m.now() + kHour) == 1);
}

TEST_CASE("a provider may offer a full refund of unused time") {
  Market m;
  GpuSpec spec = Market::spec();
  spec.refund_bps = 10'000;
  const GpuId gpu{m.must(kProvider, "registerGpu", spec)};
  const BookingId id = m.book(gpu, 10 * kHour);
  m.must(kCustomer, "releaseBooking", id);
  CHECK(m.record(id).refund == Amount::ait(20));
  CHECK(m.record(id).paid.is_zero());
}

TEST_CASE("a booking for later starts by itself, and until then can be cancelled for all of its money") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const Amount before = m.balance(kCustomer);
  const BookingId cancelled = m.book(gpu, kHour, m.now() + kDay);
  CHECK(m.state_of(cancelled) == BookingState::scheduled);
  CHECK(m.fails(kCustomer, "releaseBooking", cancelled) ==
        "WrongBookingState(bookingId: \"bk_1\", state: \"scheduled\")");
  m.must(kCustomer, "cancelBooking", cancelled);
  CHECK(m.balance(kCustomer) == before);
  const BookingId kept = m.book(gpu, kHour, m.now() + kDay);
  m.take_events();
  m.pass(kDay);
  CHECK(m.record(kept).started);
  CHECK(m.take_events() ==
        std::vector<std::string>{R"(BookingStarted {"bookingId":"bk_2","gpuId":"gpu_1"})"});
  CHECK(m.fails(kCustomer, "cancelBooking", kept) ==
        "WrongBookingState(bookingId: \"bk_2\", state: \"active\")");
  m.pass(kHour);
  CHECK(m.record(kept).final_state == BookingState::completed);
}

TEST_CASE("bookings of a GPU never overlap, and may touch") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const Seconds t = m.now() + kDay;
  m.book(gpu, kHour, t);
  for (const auto& [start, duration] :
       {std::pair(t, kHour), std::pair(t + kHour - 1, kHour), std::pair(t - kHour + 1, kHour),
        std::pair(t - 10, 2 * kHour), std::pair(t + 10, Seconds{10})})
    CHECK(m.fails(kRival, "bookGpu", gpu, start, duration, Amount::max(), std::string())
              .starts_with("GpuNotFree(gpuId: \"gpu_1\""));
  m.book(gpu, kHour, t + kHour, kRival);
  m.book(gpu, kHour, t - kHour, kRival);
  CHECK(m.record(gpu).schedule.size() == 3);
}

TEST_CASE("a GPU takes at most 32 bookings ahead; ended ones make room") {
  Market m;
  const GpuId gpu = m.register_gpu();
  for (Seconds i = 0; i < kMaxSchedule; ++i) m.book(gpu, 10, m.now() + 10 * i);
  CHECK(m.fails(kCustomer, "bookGpu", gpu, m.now() + 10 * kMaxSchedule, Seconds{10}, Amount::max(),
                std::string()) == "ScheduleFull(gpuId: \"gpu_1\", maximum: 32)");
  m.jump(10);
  m.book(gpu, 10, m.now() + 10 * kMaxSchedule);
}

TEST_CASE("what a booking may not be") {
  Market m("{\"maxBooking\": 31536000}");
  const GpuId gpu = m.register_gpu();
  const Amount any = Amount::max();
  const std::string job;
  CHECK(m.fails(kProvider, "bookGpu", gpu, Seconds{0}, kHour, any, job) == "OwnGpu(gpuId: \"gpu_1\")");
  CHECK(m.fails(kCustomer, "bookGpu", GpuId{9}, Seconds{0}, kHour, any, job) ==
        "GpuNotFound(gpuId: \"gpu_9\")");
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, kHour, Amount::ait(1), job) ==
        "PriceAboveMaximum(gpuId: \"gpu_1\", pricePerHour: \"2000000000000000000\", "
        "maximum: \"1000000000000000000\")");
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, Seconds{0}, any, job)
            .starts_with("OutOfRange(argument: \"duration\""));
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, Seconds{31'536'001}, any, job)
            .starts_with("OutOfRange(argument: \"duration\""));
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, ~Seconds{0}, any, job)
            .starts_with("OutOfRange(argument: \"duration\""));
  CHECK(m.fails(kCustomer, "bookGpu", gpu, m.now() - 1, kHour, any, job).starts_with("StartInPast(start: "));
  CHECK(m.fails(kCustomer, "bookGpu", gpu, ~Seconds{0}, kHour, any, job)
            .starts_with("OutOfRange(argument: \"start\""));
  CHECK(m.fails(kCustomer, "bookGpu", gpu, Seconds{0}, kHour, any, std::string(129, 'x')) ==
        "TextTooLong(argument: \"job\", maximumBytes: 128)");
  const GpuId dear = m.register_gpu("device-2", Amount::ait(10'000'000));
  CHECK(m.fails(kCustomer, "bookGpu", dear, Seconds{0}, kHour, any, job)
            .starts_with("InsufficientBalance(account: "));
}

TEST_CASE("a booking is extended at its price while the GPU is free and no dearer") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BookingId id = m.book(gpu, kHour);
  const Amount before = m.balance(kCustomer);
  m.must(kCustomer, "extendBooking", id, kHour);
  CHECK(m.balance(kCustomer) == before - Amount::ait(2));
  CHECK(m.record(id).end == m.now() + 2 * kHour);
  CHECK(m.fails(kRival, "extendBooking", id, kHour).starts_with("NotBookingCustomer(bookingId: \"bk_1\""));
  m.book(gpu, kHour, m.now() + 3 * kHour, kRival);
  CHECK(m.fails(kCustomer, "extendBooking", id, kHour + 1).starts_with("GpuNotFree("));
  m.must(kProvider, "updateGpu", gpu, Market::spec("device-1", Amount::ait(3)));
  CHECK(m.fails(kCustomer, "extendBooking", id, kHour).starts_with("PriceChanged(bookingId: \"bk_1\""));
  m.must(kProvider, "updateGpu", gpu, Market::spec("device-1", Amount::ait(1)));
  m.must(kCustomer, "extendBooking", id, kHour);
  m.pass(3 * kHour);
  CHECK(m.record(id).paid == milli(5'850));
  CHECK(m.fails(kCustomer, "extendBooking", id, kHour).starts_with("WrongBookingState("));
}

TEST_CASE("settling closes what is due, once, and nothing else") {
  Market m;
  const BookingId id = m.book(m.register_gpu(), kHour);
  CHECK(m.fails(kStranger, "settleBooking", id).starts_with("BookingNotDue(bookingId: \"bk_1\""));
  m.jump(kHour);
  m.must(kStranger, "settleBooking", id);
  CHECK(m.fails(kStranger, "settleBooking", id) ==
        "WrongBookingState(bookingId: \"bk_1\", state: \"completed\")");
  CHECK(m.fails(kCustomer, "releaseBooking", id) ==
        "WrongBookingState(bookingId: \"bk_1\", state: \"completed\")");
  CHECK(m.fails(kStranger, "settleBooking", BookingId{2}) == "BookingNotFound(bookingId: \"bk_2\")");
}

TEST_CASE("a booking keeps the terms it was made under") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BookingId id = m.book(gpu, 10 * kHour);
  GpuSpec dearer = Market::spec("device-1", Amount::ait(50));
  dearer.refund_bps = 10'000;
  m.must(kProvider, "updateGpu", gpu, dearer);
  m.must(kCustomer, "releaseBooking", id);
  CHECK(m.record(id).refund == Amount::ait(10));
}

TEST_CASE("rounding favours nobody: every base unit of the lock is paid out") {
  Market m;
  const GpuId gpu = m.register_gpu("device-1", Amount(1'000'000'007));
  for (const Seconds duration : {Seconds{1}, Seconds{7}, Seconds{3'599}, Seconds{12'345}}) {
    const BookingId id = m.book(gpu, duration);
    m.jump(duration / 2);
    if (duration > 10) m.must(kCustomer, "releaseBooking", id);
    m.pass(duration);
    const Booking booking = m.record(id);
    CHECK(booking.paid + booking.fee + booking.refund == booking.locked);
  }
}

}  // namespace
}  // namespace aitbc::market::test
