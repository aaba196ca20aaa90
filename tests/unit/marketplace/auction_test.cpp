#include "market.hpp"
#include "marketplace/auction_types.hpp"

namespace aitbc::market::test {
namespace {

AuctionSpec work(const std::string& type, std::vector<AuctionParameter> parameters = {}) {
  AuctionSpec out;
  out.type = type;
  out.title = "Render a film";
  out.category = "video-rendering";
  out.duration = 3 * kDay;
  out.parameters = std::move(parameters);
  return out;
}
AuctionId create(Market& m, const AuctionSpec& spec, const Address& creator = kProvider) {
  return AuctionId{m.must(creator, "createAuction", spec)};
}
std::string refused(Market& m, const AuctionSpec& spec, const Address& creator = kProvider) {
  return m.fails(creator, "createAuction", spec);
}
void bid(Market& m, const Address& bidder, AuctionId id, Amount amount) {
  m.must(bidder, "bidAuction", id, amount);
}
std::string refused_bid(Market& m, const Address& bidder, AuctionId id, Amount amount) {
  return m.fails(bidder, "bidAuction", id, amount);
}
Amount price_of(Market& m, AuctionId id) {
  return find_auction_type(m.record(id).spec.type)->price(m.record(id), m.now());
}

// ---- dutch: 1000 AIT, falling by 10 a minute to 100
TEST_CASE("a dutch auction runs down by the minute, and stops at the reserve") {
  Market m;
  const AuctionId id = create(m, work("dutch"));
  CHECK(price_of(m, id) == Amount::ait(1'000));
  m.jump(59);
  CHECK(price_of(m, id) == Amount::ait(1'000));
  m.jump(1);
  CHECK(price_of(m, id) == Amount::ait(990));
  m.jump(540);  // ten drops in all
  CHECK(price_of(m, id) == Amount::ait(900));
  m.jump(kHour * 3);
  CHECK(price_of(m, id) == Amount::ait(100));
}

TEST_CASE("the first bid takes a dutch auction at the price of the moment") {
  Market m;
  const AuctionId id = create(m, work("dutch"));
  m.jump(600);
  CHECK(refused_bid(m, kCustomer, id, Amount::ait(899)) ==
        "AuctionRefused(auctionId: \"auc_1\", reason: \"the price is above the bidder's maximum\", "
        "amount: \"900000000000000000000\")");
  bid(m, kCustomer, id, Amount::ait(5'000));
  const Auction sold = m.record(id);
  CHECK(sold.state == AuctionState::sold);
  CHECK(sold.price == Amount::ait(900));
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(900));
  const Service service = m.record(sold.service);
  CHECK(service.state == ServiceState::assigned);
  CHECK(service.locked == Amount::ait(900));
  CHECK(service.deadline == m.now() + 3 * kDay);
  CHECK(refused_bid(m, kRival, id, Amount::ait(5'000)) ==
        "AuctionNotOpen(auctionId: \"auc_1\", state: \"sold\")");
}

TEST_CASE("a dutch auction of a GPU becomes a booking from the bid on") {
  Market m;
  AuctionSpec spec = work("dutch");
  spec.gpu = m.register_gpu();
  spec.duration = 10 * kHour;
  m.must(kProvider, "delistGpu", spec.gpu);
  const AuctionId id = create(m, spec);
  m.jump(60);
  bid(m, kCustomer, id, Amount::ait(990));
  const Booking booking = m.record(m.record(id).booking);
  CHECK(booking.customer == kCustomer);
  CHECK(booking.start == m.now());
  CHECK(booking.price_per_hour == Amount::ait(99));
  const AuctionId second = create(m, spec);
  CHECK(refused_bid(m, kRival, second, Amount::max()).starts_with("GpuNotFree("));
  m.pass(10 * kHour);
  CHECK(m.record(booking.id).final_state == BookingState::completed);
}

TEST_CASE("a dutch auction that nobody takes ends unsold") {
  Market m;
  const AuctionId id = create(m, work("dutch"));
  m.jump(kDay);
  CHECK(state_of(m.record(id), m.now()) == AuctionState::closing);
  CHECK(refused_bid(m, kCustomer, id, Amount::max()) ==
        "AuctionNotOpen(auctionId: \"auc_1\", state: \"closing\")");
  m.end_block();
  CHECK(m.record(id).state == AuctionState::unsold);
}

// ---- english
TEST_CASE("an english auction refunds the outbid at once and sells to the highest at the end") {
  Market m;
  const AuctionId id = create(m, work("english", {{"startPrice", Amount::ait(10)}}));
  CHECK(refused_bid(m, kCustomer, id, Amount::ait(9)).find("the bid is below the minimum") !=
        std::string::npos);
  bid(m, kCustomer, id, Amount::ait(10));
  CHECK(refused_bid(m, kRival, id, milli(10'999)).find("amount: \"11000000000000000000\"") !=
        std::string::npos);
  bid(m, kRival, id, Amount::ait(11));
  CHECK(m.balance(kCustomer) == kWealth);
  CHECK(m.record(id).money == Amount::ait(11));
  m.pass(kDay);
  const Auction sold = m.record(id);
  CHECK(sold.state == AuctionState::sold);
  CHECK(sold.winner == kRival);
  CHECK(sold.total_bids == 2);
  CHECK(m.record(sold.service).deadline == kGenesisTime + kDay + 3 * kDay);
}

TEST_CASE("a late bid extends an english auction, up to a limit") {
  Market m;
  AuctionSpec spec = work("english", {{"extension", Amount(300)}, {"maxExtension", Amount(400)}});
  spec.lifetime = kHour;
  const AuctionId id = create(m, spec);
  m.jump(kHour - 10);
  bid(m, kCustomer, id, Amount::ait(1));
  CHECK(m.record(id).deadline == kGenesisTime + kHour + 290);
  m.jump(200);
  bid(m, kRival, id, Amount::ait(2));
  CHECK(m.record(id).deadline == kGenesisTime + kHour + 400);
  m.pass(210);
  CHECK(m.record(id).winner == kRival);
}

TEST_CASE("an english auction below its reserve sells nothing and refunds the leader") {
  Market m;
  const AuctionId id = create(m, work("english", {{"reservePrice", Amount::ait(50)}}));
  bid(m, kCustomer, id, Amount::ait(49));
  m.pass(kDay);
  CHECK(m.record(id).state == AuctionState::unsold);
  CHECK(m.balance(kCustomer) == kWealth);
}

TEST_CASE("an auctioned GPU that is not free in the end goes to nobody, for nothing") {
  Market m;
  AuctionSpec spec = work("english");
  spec.gpu = m.register_gpu();
  spec.duration = kHour;
  const AuctionId id = create(m, spec);
  bid(m, kCustomer, id, Amount::ait(5));
  m.jump(kDay - kHour);
  m.book(spec.gpu, 5 * kHour, 0, kRival);
  m.pass(kHour);
  CHECK(m.record(id).state == AuctionState::unsold);
  CHECK(m.balance(kCustomer) == kWealth);
}

TEST_CASE("an auctioned GPU whose provider is absent goes to nobody") {
  Market m;
  AuctionSpec spec = work("english");
  spec.gpu = m.register_gpu();
  spec.duration = kHour;
  m.beat();
  const AuctionId id = create(m, spec);
  bid(m, kCustomer, id, Amount::ait(5));
  m.pass(kDay);
  CHECK(m.record(id).state == AuctionState::unsold);
  CHECK(m.balance(kCustomer) == kWealth);
}

// ---- sealed
Hash salt(std::uint8_t last) {
  Hash out;
  out.bytes[31] = last;
  return out;
}
void commit(Market& m, const Address& bidder, AuctionId id, Amount amount, std::uint8_t last = 1) {
  const Hash commitment = Hash::from(m.call(bidder, "bidCommitment", id, bidder, amount, salt(last)).output);
  m.must(bidder, "commitBid", id, commitment);
}
AuctionId sealed(Market& m) {
  return create(m, work("sealed", {{"reservePrice", Amount::ait(10)},
                                   {"bond", Amount::ait(5)},
                                   {"commitTime", Amount(kHour)},
                                   {"revealTime", Amount(kHour)}}));
}

TEST_CASE("the highest sealed bid wins at the second highest price") {
  Market m;
  const AuctionId id = sealed(m);
  commit(m, kCustomer, id, Amount::ait(100));
  commit(m, kRival, id, Amount::ait(70), 2);
  commit(m, kStranger, id, Amount::ait(40), 3);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(5));
  m.pass(kHour);
  m.must(kStranger, "revealBid", id, Amount::ait(40), salt(3));
  m.must(kCustomer, "revealBid", id, Amount::ait(100), salt(1));
  CHECK(m.balance(kStranger) == kWealth);  // outbid, and its bond is back
  m.must(kRival, "revealBid", id, Amount::ait(70), salt(2));
  CHECK(m.balance(kRival) == kWealth);
  m.pass(kHour);
  CHECK(m.record(id).winner == kCustomer);
  CHECK(m.record(id).price == Amount::ait(70));
  CHECK(m.record(id).total_bids == 3);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(70));
}

TEST_CASE("a lone sealed bid pays the reserve, and one below it wins nothing") {
  Market m;
  const AuctionId id = sealed(m);
  commit(m, kCustomer, id, Amount::ait(100));
  commit(m, kRival, id, Amount::ait(9));
  m.pass(kHour);
  m.must(kCustomer, "revealBid", id, Amount::ait(100), salt(1));
  m.must(kRival, "revealBid", id, Amount::ait(9), salt(1));
  m.pass(kHour);
  CHECK(m.record(id).price == Amount::ait(10));
  CHECK(m.balance(kRival) == kWealth);
}

TEST_CASE("the bond of a bid that is not revealed burns") {
  Market m;
  const AuctionId id = sealed(m);
  commit(m, kCustomer, id, Amount::ait(100));
  m.pass(2 * kHour);
  CHECK(m.record(id).state == AuctionState::unsold);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(5));
  CHECK(m.totals().burned == Amount::ait(5));
}

TEST_CASE("sealed bids follow their two phases, once each") {
  Market m;
  const AuctionId id = sealed(m);
  commit(m, kCustomer, id, Amount::ait(100));
  const auto reveal = [&](const Address& who, Amount amount, std::uint8_t last) {
    return m.fails(who, "revealBid", id, amount, salt(last));
  };
  CHECK(m.fails(kCustomer, "commitBid", id, Hash{}).find("has a sealed bid already") != std::string::npos);
  CHECK(reveal(kCustomer, Amount::ait(100), 1).find("when the time for sealed bids is over") !=
        std::string::npos);
  CHECK(refused_bid(m, kRival, id, Amount(1)).find("bids are sealed") != std::string::npos);
  m.pass(kHour);
  CHECK(m.fails(kRival, "commitBid", id, Hash{}).find("the time for sealed bids is over") !=
        std::string::npos);
  CHECK(reveal(kRival, Amount::ait(100), 1).find("no sealed bid left") != std::string::npos);
  CHECK(reveal(kCustomer, Amount::ait(99), 1).find("do not make the commitment") != std::string::npos);
  CHECK(reveal(kCustomer, Amount::ait(100), 2).find("do not make the commitment") != std::string::npos);
  m.must(kCustomer, "revealBid", id, Amount::ait(100), salt(1));
  CHECK(reveal(kCustomer, Amount::ait(100), 1).find("no sealed bid left") != std::string::npos);
}

TEST_CASE("who reveals a sealed bid must have the money for it") {
  Market m;
  const AuctionId id = sealed(m);
  commit(m, kCustomer, id, kWealth + Amount::ait(1));
  m.pass(kHour);
  CHECK(m.fails(kCustomer, "revealBid", id, kWealth + Amount::ait(1), salt(1))
            .starts_with("InsufficientBalance("));
}

// ---- procurement
AuctionId procurement(Market& m) {
  return create(m,
                work("procurement", {{"startPrice", Amount::ait(10)},
                                     {"maxPrice", Amount::ait(50)},
                                     {"incrementRate", Amount::ait(2)},
                                     {"collateral", Amount::ait(7)}}),
                kCustomer);
}

TEST_CASE("a procurement rises until a provider takes it and puts up collateral") {
  Market m;
  const AuctionId id = procurement(m);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(50));
  m.jump(300);
  CHECK(price_of(m, id) == Amount::ait(20));
  CHECK(refused_bid(m, kProvider, id, Amount::ait(21)).find("below the provider's minimum") !=
        std::string::npos);
  const Amount before = m.balance(kProvider);
  bid(m, kProvider, id, Amount::ait(20));
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(20));
  CHECK(m.balance(kProvider) == before - Amount::ait(7));
  const ServiceId service = m.record(id).service;
  m.must(kProvider, "deliverService", service, Hash{}, std::string());
  m.must(kCustomer, "settlePayment", service);
  CHECK(m.balance(kProvider) == before + milli(19'500));
}

TEST_CASE("the collateral of work that is not delivered is the customer's") {
  Market m;
  const AuctionId id = procurement(m);
  bid(m, kProvider, id, Amount::ait(1));
  m.pass(3 * kDay);
  CHECK(m.record(m.record(id).service).state == ServiceState::expired);
  CHECK(m.balance(kCustomer) == kWealth + Amount::ait(7));
}

TEST_CASE("who disputes before delivery gives up the collateral: only a missed delivery costs it") {
  // Otherwise a customer could take it at any time. Who waits for the deadline gets price and collateral.
  for (const bool decided : {true, false}) {
    Market m(R"({"arbitrators": ["0x0000000000000000000000000000000000000051"]})");
    const AuctionId id = procurement(m);
    const Amount before = m.balance(kProvider);
    bid(m, kProvider, id, Amount::ait(1));
    const ServiceId service = m.record(id).service;
    const DisputeId dispute{m.must(kCustomer, "openDispute", SubjectKind::service, service.value, Amount(),
                                   Amount::ait(1), Hash{}, std::string())};
    CHECK(m.balance(kProvider) == before);
    CHECK(m.fails(kProvider, "deliverService", service, Hash{}, std::string()) ==
          "WrongServiceState(serviceId: \"svc_1\", state: \"disputed\")");
    if (decided) {
      m.must(aitbc::test::address_of(0x51), "voteDispute", dispute, std::uint16_t{10'000});
      CHECK(m.balance(kCustomer) == kWealth);
      CHECK(m.balance(kProvider) == before);
    } else {
      m.pass(m.params().dispute_time);
      CHECK(m.balance(kCustomer) == kWealth - Amount::ait(10));
      CHECK(m.balance(kProvider) == before + milli(9'750));
    }
    CHECK(m.record(service).state == ServiceState::resolved);
  }
}

TEST_CASE("a procurement that nobody takes gives the money back") {
  Market m;
  const AuctionId id = procurement(m);
  m.jump(kHour);
  CHECK(price_of(m, id) == Amount::ait(50));
  m.pass(kDay);
  CHECK(m.record(id).state == AuctionState::unsold);
  CHECK(m.balance(kCustomer) == kWealth);
}

// ---- all
TEST_CASE("an auction without bids can be cancelled by its creator") {
  Market m;
  const AuctionId id = procurement(m);
  CHECK(m.fails(kRival, "cancelAuction", id).starts_with("NotAuctionCreator(auctionId: \"auc_1\""));
  m.must(kCustomer, "cancelAuction", id);
  CHECK(m.balance(kCustomer) == kWealth);
  const AuctionId english = create(m, work("english"));
  bid(m, kCustomer, english, Amount::ait(5));
  CHECK(m.fails(kProvider, "cancelAuction", english) ==
        "AuctionNotOpen(auctionId: \"auc_2\", state: \"open\")");
}

TEST_CASE("bad parameters of an auction are named") {
  Market m;
  const auto bad = [&](const std::string& type, std::vector<AuctionParameter> parameters) {
    return refused(m, work(type, std::move(parameters)));
  };
  CHECK(bad("dutch", {{"reservePrice", Amount::ait(1'000)}}) ==
        "BadAuctionParameter(parameter: \"reservePrice\", value: \"1000000000000000000000\", "
        "reason: \"Reserve price must be less than start price\")");
  CHECK(bad("dutch", {{"decrementInterval", Amount(0)}}).find("\"decrementInterval\"") != std::string::npos);
  CHECK(bad("dutch", {{"colour", Amount(1)}}).find("is no parameter of this type") != std::string::npos);
  CHECK(bad("dutch", {{"startPrice", Amount(7)}, {"startPrice", Amount(7)}}).find("is given twice") !=
        std::string::npos);
  CHECK(bad("english", {{"minimumIncrement", Amount(0)}}).find("is out of its range") != std::string::npos);
  CHECK(bad("procurement", {{"startPrice", Amount::ait(100)}}).find("\"maxPrice\"") != std::string::npos);
  CHECK(bad("silent", {}) == "UnknownAuctionType(auctionType: \"silent\")");
}

TEST_CASE("what may not be auctioned, by whom, and who may not bid") {
  Market m;
  AuctionSpec spec = work("dutch");
  spec.title = "";
  CHECK(refused(m, spec) == "TextMissing(argument: \"title\")");
  spec = work("dutch");
  spec.category = "cooking";
  CHECK(refused(m, spec) == "UnknownCategory(category: \"cooking\")");
  spec = work("dutch");
  spec.duration = 0;
  CHECK(refused(m, spec).starts_with("OutOfRange(argument: \"duration\""));
  spec = work("dutch");
  spec.lifetime = ~Seconds{0};
  CHECK(refused(m, spec).starts_with("OutOfRange(argument: \"lifetime\""));
  spec = work("dutch");
  spec.gpu = GpuId{1};
  CHECK(refused(m, spec) == "GpuNotFound(gpuId: \"gpu_1\")");
  m.register_gpu();
  CHECK(refused(m, spec, kRival).starts_with("NotGpuProvider("));
  spec.type = "procurement";
  CHECK(refused(m, spec).starts_with("OutOfRange(argument: \"gpuId\""));
  spec.type = "dutch";
  m.must(kProvider, "retireGpu", spec.gpu);
  CHECK(refused(m, spec) == "GpuNotListed(gpuId: \"gpu_1\", status: \"retired\")");
  const AuctionId id = create(m, work("dutch"));
  CHECK(refused_bid(m, kProvider, id, Amount::max()) == "OwnAuction(auctionId: \"auc_1\")");
  CHECK(refused_bid(m, kCustomer, AuctionId{9}, Amount(1)) == "AuctionNotFound(auctionId: \"auc_9\")");
  CHECK(refused_bid(m, kCustomer, id, Amount()).starts_with("OutOfRange(argument: \"amount\""));
  CHECK(m.fails(kCustomer, "commitBid", id, Hash{}).find("bids are open") != std::string::npos);
  CHECK(m.fails(kCustomer, "revealBid", id, Amount(1), Hash{}).find("bids are open") != std::string::npos);
}

}  // namespace
}  // namespace aitbc::market::test
