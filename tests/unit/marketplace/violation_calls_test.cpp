// The rules that several calls share, broken in each of them.
#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "marketplace/orders.hpp"
#include "violations.hpp"

namespace aitbc::market::test {
namespace {

const Amount kOne = Amount::ait(1);

std::string not_found(Kind kind) {
  std::string name(kind_name(kind));
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name + "NotFound";
}

std::string empty_json(const AbiParam& param) {
  if (param.type.ends_with("[]")) return "[]";
  if (!param.components.empty()) return "{}";
  if (param.type == "string") return "\"\"";
  if (param.type == "bytes") return "\"0x\"";
  if (param.type == "bytes32") return '"' + hex::encode_prefixed(Hash{}) + '"';
  if (param.type == "address") return '"' + hex::encode_prefixed(Address{}) + '"';
  return "0";
}

TEST_CASE("an id that nothing has is refused by name, whatever the call") {
  Violations v;
  int refused = 0;
  for (const Call& call : calls()) {
    if (call.inputs.empty() || !call.inputs[0].id_kind || call.name == "hideReview") continue;
    INFO(std::string(call.name));
    std::string arguments = "[999999";
    for (std::size_t i = 1; i < call.inputs.size(); ++i) arguments += "," + empty_json(call.inputs[i]);
    const auto data = encode_call(call.name, arguments + "]");
    REQUIRE(data.has_value());
    v.refused_data(not_found(*call.inputs[0].id_kind), v.validator, *data);
    ++refused;
  }
  CHECK(refused > 40);
}

TEST_CASE("GPUs: what a new one must not be, a changed one must not become, and a retired one stays so") {
  Violations v;
  const auto change = [&](const char* error, auto edit) {
    GpuSpec spec = Market::spec();
    edit(spec);
    v.refused(error, kProvider, "updateGpu", v.listed, spec);
  };
  change("TextMissing", [](GpuSpec& s) { s.model.clear(); });
  change("TextTooLong", [](GpuSpec& s) { s.cuda_version = kLong; });
  change("ListTooLong", [](GpuSpec& s) { s.capabilities.assign(17, "fp16"); });
  change("UnknownCategory", [](GpuSpec& s) { s.category = "cooking"; });
  change("UnknownPricingStrategy", [](GpuSpec& s) { s.pricing_strategy = "greed"; });
  change("OutOfRange", [](GpuSpec& s) { s.price_per_hour = kAny; });
  change("OutOfRange", [](GpuSpec& s) { s.refund_bps = 10'001; });
  for (const char* call : {"delistGpu", "relistGpu", "retireGpu"})
    v.refused("GpuNotListed", kProvider, call, v.retired);
  v.refused("ProviderNotFound", kCustomer, "unstake", kStranger, kOne);
  v.m.must(kProvider, "unstake", kProvider, kOne);
  v.refused("StakeTooLow", kProvider, "relistGpu", v.delisted);
  v.refused("GpuNotListed", kRival, "bookGpu", v.listed, v.m.now() + 50 * kHour, kHour, kAny, std::string());
}

TEST_CASE("bids: targets, limits, and who accepts what") {
  Violations v;
  const auto bid = [&](const char* error, int kind, std::uint64_t target, Seconds duration,
                       const std::string& notes = {}, std::uint64_t capacity = 1) {
    v.refused(error, kRival, "placeBid", static_cast<std::uint8_t>(kind), target, kOne, capacity, duration,
              notes, Seconds{0});
  };
  bid("GpuNotFound", 0, 99, kHour);
  bid("OutOfRange", 0, v.listed.value, 0);
  bid("OutOfRange", 0, v.listed.value, kHour, {}, 1'000'001);
  bid("OutOfRange", 2, v.offer.value, 0);
  bid("TextTooLong", 1, v.open_service.value, 0, kLong);
  const BidId taken = v.m.bid_on_gpu(v.listed, kOne, kHour, kRival);
  v.refused("NotTargetProvider", kRival, "acceptBid", taken);
  v.refused("GpuNotFree", kProvider, "acceptBid", taken);
  const auto on_offer = [&] {
    return BidId{v.m.must(kRival, "placeBid", TargetKind::offer, v.offer.value, kOne, std::uint64_t{2}, kHour,
                          std::string(), kHour)};
  };
  const BidId first = on_offer();
  const BidId second = on_offer();
  v.refused("NotTargetProvider", kRival, "acceptBid", first);
  v.m.must(kProvider, "acceptBid", first);
  v.refused("OutOfRange", kProvider, "acceptBid", second);
  v.m.jump(kHour);
  v.refused("BidNotOpen", kRival, "withdrawBid", second);
}

TEST_CASE("services and offers: what they must not be") {
  Violations v;
  const auto spec = [](auto edit) {
    ServiceSpec out = Market::service_spec();
    edit(out);
    return out;
  };
  const auto bad = [&](const char* error, const ServiceSpec& each) {
    v.refused(error, kProvider, "createService", each);
    v.refused(error, kProvider, "updateService", v.open_service, each);
  };
  bad("TextMissing", spec([](ServiceSpec& s) { s.name.clear(); }));
  bad("TextTooLong", spec([](ServiceSpec& s) { s.description = kLong; }));
  bad("UnknownCategory", spec([](ServiceSpec& s) { s.category = "cooking"; }));
  bad("OutOfRange", spec([](ServiceSpec& s) { s.price = {}; }));
  bad("OutOfRange", spec([](ServiceSpec& s) { s.delivery_time = ~Seconds{0}; }));
  v.refused("TextTooLong", kProvider, "deliverService", v.assigned, Hash{}, kLong);
  v.refused("WrongServiceState", kCustomer, "settlePayment", v.open_service);
  v.refused("WrongServiceState", kProvider, "closeService", v.settled);
  v.refused("OutOfRange", kProvider, "createOffer", OfferSpec{1, {}, "", {}});
  v.refused("ListTooLong", kProvider, "createOffer",
            OfferSpec{1, kOne, "", std::vector<Attribute>(17, {"a", "b"})});
  v.refused("TextMissing", kProvider, "createOffer", OfferSpec{1, kOne, "", {{"", "b"}}});
}

TEST_CASE("disputes and reviews: subjects that are not there, not the caller's, or not over") {
  Violations v;
  const auto dispute = [&](const char* error, int kind, std::uint64_t subject, const std::string& uri = {}) {
    v.refused(error, kCustomer, "openDispute", static_cast<std::uint8_t>(kind), subject, Amount(), kOne,
              Hash{}, uri);
  };
  dispute("BookingNotFound", 0, 99);
  dispute("ServiceNotFound", 1, 99);
  dispute("TextTooLong", 0, v.active.value, kLong);
  dispute("WrongServiceState", 1, v.open_service.value);
  const auto review = [&](const char* error, const Address& from, int kind, std::uint64_t subject,
                          const std::string& comment = {}) {
    v.refused(error, from, "addReview", static_cast<std::uint8_t>(kind), subject, std::uint8_t{5}, comment);
  };
  review("UnknownSubjectKind", kCustomer, 2, 1);
  review("BookingNotFound", kCustomer, 0, 99);
  review("ServiceNotFound", kCustomer, 1, 99);
  review("NotServiceCustomer", kRival, 1, v.settled.value);
  review("NotFinished", kCustomer, 1, v.delivered.value);
  review("TextTooLong", kCustomer, 0, v.released.value, kLong);
  v.m.must(kCustomer, "addReview", SubjectKind::service, v.settled.value, std::uint8_t{5}, std::string());
  review("AlreadyReviewed", kCustomer, 1, v.settled.value);
  v.refused("TextTooLong", v.moderator, "hideReview", v.review, kLong);
}

TEST_CASE("jobs: targets, states and limits, and a receipt that overflows") {
  Violations v;
  const auto submit = [&](const char* error, const Address& from, int kind, std::uint64_t target,
                          Seconds ttl = 0, const JobSpec& spec = image_job()) {
    v.refused(error, from, "submitJob", spec, kOne, static_cast<std::uint8_t>(kind), target, ttl);
  };
  submit("ServiceNotFound", kCustomer, 1, 99);
  submit("BookingNotFound", kCustomer, 2, 99);
  submit("NotServiceCustomer", kRival, 1, v.assigned.value);
  submit("NotBookingCustomer", kRival, 2, v.active.value);
  submit("OwnTarget", kProvider, 1, v.open_service.value);
  submit("OutOfRange", kCustomer, 0, 0, ~Seconds{0});
  JobSpec wordy = image_job();
  wordy.prompt = kLong;
  submit("TextTooLong", kCustomer, 0, 0, 0, wordy);
  const JobId providers{
      v.m.must(kRival, "submitJob", image_job(), kOne, JobTarget::service, v.open_service.value, Seconds{0})};
  v.refused("NotJobProvider", v.worker.address, "startJob", providers);
  v.refused("WrongJobState", kProvider, "completeJob", providers, JobResult{});
  v.refused("WrongJobState", kProvider, "failJob", providers, std::string());
  v.refused("TextTooLong", v.worker.address, "failJob", v.running, kLong);
  JobResult result;
  result.units = ~std::uint64_t{0};
  v.refused("OutOfRange", v.worker.address, "completeJob", v.running, result);
  // Ten units: more than 128 bits hold, and more than they hold beside what there is.
  for (const Amount per_unit : {kAny, Amount::from_units(kAny.units() / 10)}) {
    Params params = v.m.params();
    params.mint_per_unit = per_unit;
    v.m.state().put(kContract, Key('P'), encode_record(params));
    v.refused("AmountOverflow", kStranger, "claimReceipt", v.finished,
              v.worker.sign(v.receipt_digest(v.finished)), v.attestations(v.finished));
  }
}

TEST_CASE("auctions: what is auctioned, with which parameters, and bids out of turn") {
  Violations v;
  const auto create = [&](const char* error, auto edit, const char* type = "dutch") {
    AuctionSpec spec = auction_of_work(type);
    edit(spec);
    v.refused(error, kProvider, "createAuction", spec);
  };
  create("TextMissing", [](AuctionSpec& s) { s.title.clear(); });
  create("TextTooLong", [](AuctionSpec& s) { s.description = kLong; });
  create("UnknownCategory", [](AuctionSpec& s) { s.category = "cooking"; });
  create("OutOfRange", [](AuctionSpec& s) { s.duration = 0; });
  create("OutOfRange", [](AuctionSpec& s) { s.lifetime = ~Seconds{0}; });
  create("GpuNotFound", [](AuctionSpec& s) { s.gpu = GpuId{99}; });
  create("GpuNotListed", [&](AuctionSpec& s) { s.gpu = v.retired; });
  create(
      "OutOfRange", [&](AuctionSpec& s) { s.gpu = v.listed; }, "procurement");
  create("BadAuctionParameter", [](AuctionSpec& s) { s.parameters = {{"colour", Amount(1)}}; });
  create("BadAuctionParameter", [](AuctionSpec& s) { s.parameters = {{"decrementInterval", Amount()}}; });
  create("BadAuctionParameter", [](AuctionSpec& s) {
    s.parameters = {{"startPrice", Amount::ait(500)}, {"startPrice", Amount::ait(600)}};
  });
  v.refused("OutOfRange", kRival, "bidAuction", v.dutch, Amount());
  v.refused("AuctionRefused", kRival, "bidAuction", v.sealed, kOne);
  v.refused("AuctionNotOpen", kRival, "commitBid", v.cancelled, Hash{});
  v.refused("AuctionNotOpen", kRival, "revealBid", v.cancelled, kOne, Hash{});
  v.refused("AuctionNotOpen", kProvider, "cancelAuction", v.cancelled);
  v.refused("InsufficientBalance", v.arbitrator, "commitBid", v.sealed, Hash{});
  v.m.must(kRival, "commitBid", v.sealed, Hash{});
  v.refused("AuctionRefused", kRival, "commitBid", v.sealed, Hash{});  // twice
}

TEST_CASE("a customer's signed order keeps every rule of a booking") {
  Violations v;
  BookingOrder good;
  good.customer = v.worker.address;
  good.gpu = v.listed;
  good.max_price_per_hour = kAny;
  good.duration = kHour;
  good.window_start = v.m.now() + 100 * kHour;
  good.window_end = v.m.now() + 500 * kDay;
  good.expiry = v.m.now() + kDay;
  const auto digest = [&](const BookingOrder& each) {
    return Hash::from(v.m.call(kStranger, "bookingOrderDigest", each).output);
  };
  const auto fill = [&](const char* error, auto edit, Seconds start = 0) {
    BookingOrder order = good;
    edit(order);
    v.refused(error, kStranger, "fillBookingOrder", order, v.worker.sign(digest(order)), start);
  };
  const auto as_it_is = [](BookingOrder&) {};
  fill("TextTooLong", [](BookingOrder& o) { o.job = kLong; });
  fill("OutOfRange", as_it_is, v.m.now() + 99 * kHour);  // before the window
  fill("OutOfRange", as_it_is, v.m.now() + 400 * kDay);  // further ahead than anybody books
  fill("OutOfRange", [](BookingOrder& o) { o.duration = ~Seconds{0}; });
  fill("PriceAboveMaximum", [](BookingOrder& o) { o.max_price_per_hour = Amount(1); });
  fill("GpuNotFound", [](BookingOrder& o) { o.gpu = GpuId{99}; });
  fill("GpuNotListed", [&](BookingOrder& o) { o.gpu = v.delisted; });
  fill("OwnGpu", [&](BookingOrder& o) { o.gpu = v.workers; });
  fill("GpuNotFree", [&](BookingOrder& o) { o.window_start = v.m.now(); });
  v.refused("BadSignature", kStranger, "fillBookingOrder", good, Bytes(65), Seconds{0});
  v.m.must(v.worker.address, "stake", v.worker.address, v.m.balance(v.worker.address) - Amount(1));
  fill("InsufficientBalance", as_it_is);
}

TEST_CASE("a provider's signed offer keeps every rule of a booking") {
  Violations v;
  OfferOrder good;
  good.provider = v.worker.address;
  good.gpu = v.workers;
  good.price_per_hour = kOne;
  good.max_duration = kDay;
  good.window_start = v.m.now();
  good.window_end = good.expiry = v.m.now() + kDay;
  const auto digest = [&](const OfferOrder& each) {
    return Hash::from(v.m.call(kStranger, "offerOrderDigest", each).output);
  };
  const auto take = [&](const char* error, auto edit, Seconds duration = kHour, const std::string& job = {}) {
    OfferOrder order = good;
    edit(order);
    v.refused(error, kCustomer, "fillOfferOrder", order, v.worker.sign(digest(order)), Seconds{0}, duration,
              job);
  };
  const auto as_it_is = [](OfferOrder&) {};
  take("TextTooLong", as_it_is, kHour, kLong);
  take("OrderExpired", [&](OfferOrder& o) { o.expiry = v.m.now(); });
  take("OutOfRange", [](OfferOrder& o) { o.window_end = o.window_start - 1; });
  take("OutOfRange", [](OfferOrder& o) { o.price_per_hour = {}; });
  take("OutOfRange", as_it_is, kDay + 1);
  take(
      "AmountOverflow", [](OfferOrder& o) { o.price_per_hour = kAny; }, 2 * kHour);
  take("InsufficientBalance", [](OfferOrder& o) { o.price_per_hour = kWealth + kWealth; });
  take("GpuNotFound", [](OfferOrder& o) { o.gpu = GpuId{99}; });
  const auto fill = [&](const Bytes& signature) {
    return [&, signature](const char* error) {
      v.refused(error, kCustomer, "fillOfferOrder", good, signature, Seconds{0}, kHour, std::string());
    };
  };
  fill(v.coordinator.sign(digest(good)))("WrongSigner");
  fill(Bytes(64))("BadSignature");
  const Bytes genuine = v.worker.sign(digest(good));
  v.m.must(kCustomer, "fillOfferOrder", good, genuine, Seconds{0}, kHour, std::string());
  fill(genuine)("OrderUsed");  // replayed
  good.nonce = 1;
  take("GpuNotFree", as_it_is);
  v.m.must(v.worker.address, "cancelOrder", good.nonce);
  take("OrderUsed", as_it_is);  // cancelled
  good.nonce = 2;
  v.m.must(v.worker.address, "delistGpu", v.workers);
  take("GpuNotListed", as_it_is);
}

TEST_CASE("bookings: money that is not there, and a GPU that takes no more time") {
  Violations v;
  const Address poor = aitbc::test::address_of(0x55);
  v.m.fund(poor, Amount::ait(2));
  const BookingId all_of_it = v.m.book(v.workers, kHour, 0, poor);
  v.refused("InsufficientBalance", poor, "extendBooking", all_of_it, kHour);
  v.m.must(v.worker.address, "delistGpu", v.workers);
  v.refused("GpuNotListed", poor, "extendBooking", all_of_it, Seconds{1});
  v.m.jump(kHour);
  for (const char* call : {"releaseBooking", "cancelBooking"})
    v.refused("WrongBookingState", poor, call, all_of_it);
  v.refused("WrongBookingState", kStranger, "settleBooking", all_of_it);  // the block's end did
}

TEST_CASE("proposals: values that make no sense") {
  Violations v;
  const auto propose = [&](const char* error, const std::string& subject, Amount value,
                           const Address& account = {}) {
    v.refused(error, v.validator, "propose", subject, value, account);
  };
  propose("TextTooLong", kLong, Amount(1));
  propose("BadParameterValue", "arbitrators", Amount(1), v.arbitrator);  // is one
  propose("BadParameterValue", "arbitrators", Amount(0), kStranger);     // is none
  propose("BadParameterValue", "arbitrators", Amount(2), kStranger);
  propose("BadParameterValue", "heartbeatRequired", Amount(2));
  propose("BadParameterValue", "maxBooking", kAny);
  propose("BadParameterValue", "treasury", Amount(), kContract);
  propose("BadParameterValue", "maxClosingsPerBlock", Amount(0));
}

}  // namespace
}  // namespace aitbc::market::test
