#include "market.hpp"

namespace aitbc::market::test {
namespace {

struct Engagement {
  ServiceId service;
  BidId bid;
};
// kProvider's service, assigned to kCustomer for 120 AIT.
Engagement engage(Market& m) {
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  const BidId bid = m.bid_on_service(service, Amount::ait(120));
  m.must(kProvider, "acceptBid", bid);
  return {service, bid};
}

TEST_CASE("a service goes from offer over bid, acceptance and delivery to payment") {
  Market m;
  const Amount before = m.balance(kProvider);
  const auto [service, bid] = engage(m);
  CHECK(m.record(service).state == ServiceState::assigned);
  CHECK(m.record(service).customer == kCustomer);
  CHECK(m.record(bid).state == BidState::accepted);
  m.must(kProvider, "deliverService", service, Hash{}, std::string("https://example.org/result"));
  CHECK(m.record(service).state == ServiceState::delivered);
  m.must(kCustomer, "settlePayment", service);
  const Service settled = m.record(service);
  CHECK(settled.state == ServiceState::settled);
  CHECK(settled.paid == Amount::ait(117));
  CHECK(settled.fee == Amount::ait(3));
  CHECK(m.balance(kProvider) == before + Amount::ait(117));
  CHECK(m.fails(kCustomer, "settlePayment", service) ==
        "WrongServiceState(serviceId: \"svc_1\", state: \"settled\")");
}

TEST_CASE("silence after delivery settles at the deadline") {
  Market m;
  const auto [service, bid] = engage(m);
  m.must(kProvider, "deliverService", service, Hash{}, std::string());
  m.jump(m.params().acceptance_time);
  CHECK(state_of(m.record(service), m.now()) == ServiceState::settled);
  CHECK(m.record(service).state == ServiceState::delivered);
  m.end_block();
  CHECK(m.record(service).paid == Amount::ait(117));
}

TEST_CASE("work that is never delivered expires and is refunded in full") {
  Market m;
  const auto [service, bid] = engage(m);
  m.pass(m.params().default_delivery);
  CHECK(m.record(service).state == ServiceState::expired);
  CHECK(m.record(service).refund == Amount::ait(120));
  CHECK(m.balance(kCustomer) == kWealth);
  CHECK(m.fails(kProvider, "deliverService", service, Hash{}, std::string()) ==
        "WrongServiceState(serviceId: \"svc_1\", state: \"expired\")");
}

TEST_CASE("the other bids lose, with their money, when one is accepted") {
  Market m;
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  const BidId winner = m.bid_on_service(service, Amount::ait(50));
  const BidId loser = m.bid_on_service(service, Amount::ait(500), kRival);
  m.must(kProvider, "acceptBid", winner);
  CHECK(m.record(loser).state == BidState::lost);
  CHECK(m.balance(kRival) == kWealth);
  CHECK(m.fails(kRival, "placeBid", TargetKind::service, service.value, Amount(1), std::uint64_t{1},
                Seconds{0}, std::string(),
                Seconds{0}) == "TargetNotOpen(targetKind: \"service\", targetId: 1)");
}

TEST_CASE("a provider may close a service and gives back what it holds") {
  Market m;
  const ServiceId open{m.must(kProvider, "createService", Market::service_spec())};
  const BidId bid = m.bid_on_service(open, Amount::ait(50));
  CHECK(m.fails(kCustomer, "closeService", open).starts_with("NotServiceProvider(serviceId: \"svc_1\""));
  m.must(kProvider, "closeService", open);
  CHECK(m.record(bid).state == BidState::lost);
  const auto [assigned, accepted] = engage(m);
  m.must(kProvider, "closeService", assigned);
  CHECK(m.record(assigned).state == ServiceState::cancelled);
  CHECK(m.record(assigned).refund == Amount::ait(120));
  CHECK(m.balance(kCustomer) == kWealth);
}

TEST_CASE("an offer that nobody takes expires, and its bids with it") {
  Market m;
  ServiceSpec spec = Market::service_spec();
  spec.lifetime = kDay;
  const ServiceId service{m.must(kProvider, "createService", spec)};
  const BidId bid = m.bid_on_service(service, Amount::ait(50));
  m.pass(kDay);
  CHECK(m.record(service).state == ServiceState::expired);
  CHECK(m.record(bid).state == BidState::lost);
  CHECK(m.balance(kCustomer) == kWealth);
}

TEST_CASE("a service that changes loses the bids made on its old form") {
  Market m;
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  const BidId bid = m.bid_on_service(service, Amount::ait(50));
  CHECK(m.fails(kRival, "updateService", service, Market::service_spec())
            .starts_with("NotServiceProvider(serviceId: \"svc_1\""));
  m.must(kProvider, "updateService", service, Market::service_spec("Another service"));
  CHECK(m.record(bid).state == BidState::lost);
  CHECK(m.record(service).spec.name == "Another service");
}

TEST_CASE("what a service may not be, and who may not touch it") {
  Market m;
  ServiceSpec spec = Market::service_spec();
  spec.category = "cooking";
  CHECK(m.fails(kProvider, "createService", spec) == "UnknownCategory(category: \"cooking\")");
  spec = Market::service_spec("");
  CHECK(m.fails(kProvider, "createService", spec) == "TextMissing(argument: \"name\")");
  spec = Market::service_spec();
  spec.price = Amount();
  CHECK(m.fails(kProvider, "createService", spec).starts_with("OutOfRange(argument: \"price\""));
  spec = Market::service_spec();
  spec.description = std::string(1'025, 'x');
  CHECK(m.fails(kProvider, "createService", spec).starts_with("TextTooLong(argument: \"description\""));
  spec = Market::service_spec();
  spec.delivery_time = ~Seconds{0};
  CHECK(m.fails(kProvider, "createService", spec).starts_with("OutOfRange(argument: \"deliveryTime\""));
  const auto [service, bid] = engage(m);
  CHECK(m.fails(kRival, "settlePayment", service).starts_with("NotServiceCustomer(serviceId: \"svc_1\""));
  CHECK(m.fails(kRival, "deliverService", service, Hash{}, std::string())
            .starts_with("NotServiceProvider(serviceId: \"svc_1\""));
  CHECK(m.fails(kProvider, "deliverService", ServiceId{2}, Hash{}, std::string()) ==
        "ServiceNotFound(serviceId: \"svc_2\")");
}

}  // namespace
}  // namespace aitbc::market::test
