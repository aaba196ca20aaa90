#include "market.hpp"

namespace aitbc::market::test {
namespace {

OfferSpec cluster() { return {10, Amount::ait(5), "99.9 %", {{"gpu", "H100"}}}; }

BidId bid_on_offer(Market& m, OfferId offer, Amount amount, std::uint64_t capacity, Seconds duration,
                   const Address& bidder = kCustomer) {
  return BidId{m.must(bidder, "placeBid", TargetKind::offer, offer.value, amount, capacity, duration,
                      std::string("notes"), Seconds{0})};
}
OfferState state_of(Market& m, OfferId offer) {
  const auto text = *decode_result("getOffer", m.call(kStranger, "getOffer", offer).output);
  for (const OfferState state : {OfferState::open, OfferState::reserved, OfferState::closed})
    if (text.find("\"state\":\"" + std::string(name_of(state)) + "\"") != std::string::npos) return state;
  FAIL("no state");
  return {};
}

TEST_CASE("offers are made of a provider's listed GPUs, once each") {
  Market m;
  for (int i = 0; i < 20; ++i) m.register_gpu("device-" + std::to_string(i));
  m.must(kProvider, "delistGpu", GpuId{3});
  CallResult first = m.call(kStranger, "syncOffers", kProvider, GpuId{});
  CHECK(decode_result("syncOffers", first.output)->ends_with(R"("nextGpuId":"gpu_17"})"));
  m.must(kStranger, "syncOffers", kProvider, GpuId{17});
  CHECK(m.totals().open_offers == 19);
  CHECK(m.record(GpuId{4}).offer == OfferId{3});
  m.must(kStranger, "syncOffers", kProvider, GpuId{});
  CHECK(m.totals().open_offers == 19);
  CHECK(m.fails(kStranger, "syncOffers", kCustomer, GpuId{}).starts_with("ProviderNotFound("));
}

TEST_CASE("a GPU's offer is open, reserved or closed as the GPU is") {
  Market m;
  const GpuId gpu = m.register_gpu();
  m.must(kStranger, "syncOffers", kProvider, GpuId{});
  const OfferId offer{1};
  CHECK(state_of(m, offer) == OfferState::open);
  m.book(gpu, kHour);
  CHECK(state_of(m, offer) == OfferState::reserved);
  m.pass(kHour);
  m.must(kProvider, "delistGpu", gpu);
  CHECK(state_of(m, offer) == OfferState::closed);
  m.must(kProvider, "relistGpu", gpu);
  CHECK(state_of(m, offer) == OfferState::open);
  m.must(kProvider, "retireGpu", gpu);
  CHECK(m.record(offer).closed);
}

TEST_CASE("a bid on a GPU's offer is a bid on the GPU") {
  Market m;
  const GpuId gpu = m.register_gpu();
  m.must(kStranger, "syncOffers", kProvider, GpuId{});
  const BidId bid = bid_on_offer(m, OfferId{1}, Amount::ait(2), 1, kHour);
  CHECK(m.record(bid).target_kind == TargetKind::gpu);
  CHECK(m.record(bid).target == gpu.value);
  CHECK(m.must(kProvider, "acceptBid", bid) == 1);
}

TEST_CASE("an accepted bid on offered capacity becomes a service and holds the capacity until it is over") {
  Market m;
  const OfferId offer{m.must(kProvider, "createOffer", cluster())};
  const BidId six = bid_on_offer(m, offer, Amount::ait(60), 6, 2 * kDay);
  const BidId four = bid_on_offer(m, offer, Amount::ait(40), 4, kDay, kRival);
  const BidId five = bid_on_offer(m, offer, Amount::ait(50), 5, kDay, kStranger);
  m.must(kProvider, "acceptBid", six);
  CHECK(m.fails(kProvider, "acceptBid", five).starts_with("OutOfRange(argument: \"capacity\""));
  m.must(kProvider, "acceptBid", four);
  CHECK(state_of(m, offer) == OfferState::reserved);
  const Service service = m.record(m.record(six).service);
  CHECK(service.customer == kCustomer);
  CHECK(service.locked == Amount::ait(60));
  CHECK(service.deadline == m.now() + 2 * kDay);
  m.must(kCustomer, "settlePayment", service.id);
  CHECK(state_of(m, offer) == OfferState::open);
  CHECK(m.record(offer).reserved == 4);
  m.must(kProvider, "acceptBid", five);
  m.pass(kDay);  // nothing was delivered
  CHECK(m.record(offer).reserved == 0);
  CHECK(m.balance(kRival) == kWealth);
}

TEST_CASE("a closed offer gives its bidders their money back and takes no more") {
  Market m;
  const OfferId offer{m.must(kProvider, "createOffer", cluster())};
  const BidId bid = bid_on_offer(m, offer, Amount::ait(60), 6, kDay);
  CHECK(m.fails(kRival, "closeOffer", offer).starts_with("NotOfferProvider(offerId: \"off_1\""));
  m.must(kProvider, "closeOffer", offer);
  CHECK(m.record(bid).state == BidState::lost);
  CHECK(m.fails(kProvider, "closeOffer", offer) == "OfferIsClosed(offerId: \"off_1\")");
  CHECK(m.fails(kCustomer, "placeBid", TargetKind::offer, offer.value, Amount(5), std::uint64_t{1}, kHour,
                std::string(), Seconds{0}) == "TargetNotOpen(targetKind: \"offer\", targetId: 1)");
}

TEST_CASE("what an offer and a bid on it may not be") {
  Market m;
  OfferSpec spec = cluster();
  spec.capacity = 0;
  CHECK(m.fails(kProvider, "createOffer", spec).starts_with("OutOfRange(argument: \"capacity\""));
  spec = cluster();
  spec.price = Amount();
  CHECK(m.fails(kProvider, "createOffer", spec).starts_with("OutOfRange(argument: \"price\""));
  spec = cluster();
  spec.sla = std::string(257, 'x');
  CHECK(m.fails(kProvider, "createOffer", spec).starts_with("TextTooLong(argument: \"sla\""));
  const OfferId offer{m.must(kProvider, "createOffer", cluster())};
  const auto bid = [&](const Address& from, std::uint64_t id, std::uint64_t capacity, Seconds duration) {
    return m.fails(from, "placeBid", TargetKind::offer, id, Amount(5), capacity, duration, std::string(),
                   Seconds{0});
  };
  CHECK(bid(kCustomer, offer.value, 11, kHour).starts_with("OutOfRange(argument: \"capacity\""));
  CHECK(bid(kCustomer, offer.value, 1, 0).starts_with("OutOfRange(argument: \"duration\""));
  CHECK(bid(kCustomer, 9, 1, kHour) == "OfferNotFound(offerId: \"off_9\")");
  CHECK(bid(kProvider, offer.value, 1, kHour) == "OwnTarget(targetKind: \"offer\", targetId: 1)");
}

}  // namespace
}  // namespace aitbc::market::test
