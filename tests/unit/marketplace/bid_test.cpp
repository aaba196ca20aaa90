#include "market.hpp"

namespace aitbc::market::test {
namespace {

TEST_CASE("an accepted bid on a GPU becomes a booking from now on, for the bid's money") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const Amount before = m.balance(kCustomer);
  const BidId bid = m.bid_on_gpu(gpu, Amount::ait(15), 10 * kHour);
  CHECK(m.balance(kCustomer) == before - Amount::ait(15));
  m.pass(kHour);
  const BookingId id{m.must(kProvider, "acceptBid", bid)};
  const Booking booking = m.record(id);
  CHECK(booking.customer == kCustomer);
  CHECK(booking.start == m.now());
  CHECK(booking.end == m.now() + 10 * kHour);
  CHECK(booking.price_per_hour == milli(1'500));
  CHECK(booking.bid == bid);
  CHECK(m.record(bid).state == BidState::accepted);
  CHECK(m.record(bid).booking == id);
  m.pass(10 * kHour);
  CHECK(m.record(id).paid == milli(14'625));
}

TEST_CASE("a bid's odd remainder goes back to the bidder") {
  Market m;
  const BidId bid = m.bid_on_gpu(m.register_gpu(), Amount(10'000), 7);
  const BookingId id{m.must(kProvider, "acceptBid", bid)};
  m.pass(7);
  const Booking booking = m.record(id);
  CHECK(booking.price_per_hour == Amount(5'142'857));
  CHECK(booking.paid + booking.fee == Amount(9'999));
  CHECK(booking.refund == Amount(1));
}

TEST_CASE("a bid that nobody takes comes back by itself when it expires") {
  Market m;
  const Amount before = m.balance(kCustomer);
  const BidId bid = m.bid_on_gpu(m.register_gpu(), Amount::ait(15), kHour);
  m.jump(m.params().default_bid_ttl);
  CHECK(state_of(m.record(bid), m.now()) == BidState::expired);
  CHECK(m.fails(kProvider, "acceptBid", bid) == "BidNotOpen(bidId: \"bid_1\", state: \"expired\")");
  m.end_block();
  CHECK(m.record(bid).state == BidState::expired);
  CHECK(m.balance(kCustomer) == before);
}

TEST_CASE("a withdrawn bid comes back at once, to its bidder only") {
  Market m;
  const BidId bid = m.bid_on_gpu(m.register_gpu(), Amount::ait(15), kHour);
  CHECK(m.fails(kRival, "withdrawBid", bid).starts_with("NotBidder(bidId: \"bid_1\""));
  m.must(kCustomer, "withdrawBid", bid);
  CHECK(m.balance(kCustomer) == kWealth);
  CHECK(m.fails(kCustomer, "withdrawBid", bid) == "BidNotOpen(bidId: \"bid_1\", state: \"withdrawn\")");
  CHECK(m.fails(kProvider, "acceptBid", bid) == "BidNotOpen(bidId: \"bid_1\", state: \"withdrawn\")");
}

TEST_CASE("only the provider accepts, and only when the GPU is free") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BidId bid = m.bid_on_gpu(gpu, Amount::ait(15), 10 * kHour);
  CHECK(m.fails(kStranger, "acceptBid", bid).starts_with("NotTargetProvider(bidId: \"bid_1\""));
  m.book(gpu, kHour, m.now() + kHour, kRival);
  CHECK(m.fails(kProvider, "acceptBid", bid).starts_with("GpuNotFree(gpuId: \"gpu_1\""));
  m.pass(2 * kHour);
  m.must(kProvider, "acceptBid", bid);
  CHECK(m.fails(kProvider, "acceptBid", bid) == "BidNotOpen(bidId: \"bid_1\", state: \"accepted\")");
}

TEST_CASE("bids lose, with their money, when their GPU is delisted, retired or declared anew") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const BidId first = m.bid_on_gpu(gpu, Amount::ait(15), kHour);
  m.must(kProvider, "updateGpu", gpu, Market::spec("device-1", Amount::ait(9)));
  CHECK(m.record(first).state == BidState::open);  // only the price changed
  GpuSpec smaller = Market::spec();
  smaller.memory_gb = 8;
  m.must(kProvider, "updateGpu", gpu, smaller);
  CHECK(m.record(first).state == BidState::lost);
  const BidId second = m.bid_on_gpu(gpu, Amount::ait(15), kHour);
  m.must(kProvider, "delistGpu", gpu);
  CHECK(m.record(second).state == BidState::lost);
  CHECK(m.fails(kCustomer, "placeBid", TargetKind::gpu, gpu.value, Amount(5), std::uint64_t{1}, kHour,
                std::string(), Seconds{0}) == "GpuNotListed(gpuId: \"gpu_1\", status: \"delisted\")");
  m.must(kProvider, "relistGpu", gpu);
  m.bid_on_gpu(gpu, Amount::ait(15), kHour);
  m.must(kProvider, "retireGpu", gpu);
  CHECK(m.balance(kCustomer) == kWealth);
}

TEST_CASE("a full book of 64 bids takes a better one in place of the worst") {
  Market m;
  const GpuId gpu = m.register_gpu();
  for (std::uint64_t i = 0; i < kMaxOpenBids; ++i) m.bid_on_gpu(gpu, Amount(3'600 * (100 + i)), kHour);
  const Amount before = m.balance(kCustomer);
  CHECK(m.fails(kRival, "placeBid", TargetKind::gpu, gpu.value, Amount(3'600 * 100), std::uint64_t{1}, kHour,
                std::string(), Seconds{0}) == "BidTooLow(minimum: \"360001\")");
  m.bid_on_gpu(gpu, Amount(3'600 * 101), kHour, kRival);
  CHECK(m.record(BidId{1}).state == BidState::lost);
  CHECK(m.balance(kCustomer) == before + Amount(360'000));
  CHECK(m.totals().open_bids == kMaxOpenBids);
}

TEST_CASE("what a bid may not be") {
  Market m;
  const GpuId gpu = m.register_gpu();
  const std::uint64_t one = 1;
  const std::string none;
  const auto bid = [&](const Address& from, std::uint8_t kind, std::uint64_t target, Amount amount,
                       std::uint64_t capacity, Seconds duration, const std::string& notes, Seconds ttl) {
    return m.fails(from, "placeBid", kind, target, amount, capacity, duration, notes, ttl);
  };
  const Amount fair = Amount::ait(1);
  CHECK(bid(kCustomer, 9, 1, fair, one, kHour, none, 0) == "UnknownTargetKind(targetKind: 9)");
  CHECK(bid(kCustomer, 0, 7, fair, one, kHour, none, 0) == "GpuNotFound(gpuId: \"gpu_7\")");
  CHECK(bid(kCustomer, 1, 7, fair, one, 0, none, 0) == "ServiceNotFound(serviceId: \"svc_7\")");
  CHECK(bid(kProvider, 0, gpu.value, fair, one, kHour, none, 0) ==
        "OwnTarget(targetKind: \"gpu\", targetId: 1)");
  CHECK(bid(kCustomer, 0, gpu.value, Amount(), one, kHour, none, 0)
            .starts_with("OutOfRange(argument: \"amount\""));
  CHECK(
      bid(kCustomer, 0, gpu.value, fair, 0, kHour, none, 0).starts_with("OutOfRange(argument: \"capacity\""));
  CHECK(bid(kCustomer, 0, gpu.value, fair, one, 0, none, 0).starts_with("OutOfRange(argument: \"duration\""));
  CHECK(bid(kCustomer, 0, gpu.value, fair, one, kHour, none, 31 * kDay)
            .starts_with("OutOfRange(argument: \"ttl\""));
  CHECK(bid(kCustomer, 0, gpu.value, fair, one, kHour, std::string(513, 'x'), 0).starts_with("TextTooLong("));
  CHECK(bid(kCustomer, 0, gpu.value, Amount::max(), one, 1, none, 0) == "AmountOverflow()");
  CHECK(bid(kCustomer, 0, gpu.value, kWealth + Amount(1), one, kHour, none, 0)
            .starts_with("InsufficientBalance(account: "));
  CHECK(m.fails(kCustomer, "withdrawBid", BidId{5}) == "BidNotFound(bidId: \"bid_5\")");
}

}  // namespace
}  // namespace aitbc::market::test
