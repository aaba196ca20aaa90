// Each rule, broken on purpose.
#include "marketplace/orders.hpp"
#include "violations.hpp"

namespace aitbc::market::test {
namespace {

void break_providers(Violations& v) {
  const std::string name = "name";
  v.refused("ProviderExists", kProvider, "registerProvider", name, name, name);
  v.refused("TextTooLong", kStranger, "registerProvider", kLong, name, name);
  v.refused("ProviderNotFound", kStranger, "updateProvider", name, name, name);
  v.refused("TextTooLong", kProvider, "updateProvider", name, name, kLong);
  v.refused("ProviderNotFound", kCustomer, "stake", kStranger, Amount(1));
  v.refused("OutOfRange", kCustomer, "stake", kProvider, Amount());
  v.refused("InsufficientBalance", kCustomer, "stake", kProvider, kWealth);
  v.refused("AmountOverflow", kCustomer, "stake", kProvider, kAny);
  v.refused("StakeNotFound", kCustomer, "unstake", kProvider, Amount(1));
  v.refused("StakeNotFound", kProvider, "unstake", kProvider, Amount::ait(101));
  v.refused("OutOfRange", kProvider, "unstake", kProvider, Amount());
  v.refused("NothingToClaim", kCustomer, "claimRewards", kProvider);
  v.refused("ProviderNotFound", kCustomer, "claimRewards", kStranger);
  v.refused("NotARecentBlock", kProvider, "heartbeat", Bytes{}, Hash{});
  v.refused("ListTooLong", kProvider, "heartbeat", Bytes(129), v.m.block().recent_hashes[0]);
  v.refused("ProviderNotFound", kStranger, "heartbeat", Bytes{}, v.m.block().recent_hashes[0]);
  v.refused("ProviderNotFound", kStranger, "getProvider", kStranger);
  v.refused("OutageNotFound", kStranger, "getOutage", OutageId{9});
}

void break_gpus(Violations& v) {
  const auto spec = [](auto change) {
    GpuSpec out = Market::spec("device-9");
    change(out);
    return out;
  };
  const auto bad = [&](const char* error, auto change) {
    v.refused(error, kProvider, "registerGpu", spec(change));
  };
  bad("DeviceAlreadyRegistered", [](GpuSpec& s) { s.device_id = "device-1"; });
  bad("TextMissing", [](GpuSpec& s) { s.device_id.clear(); });
  bad("TextMissing", [](GpuSpec& s) { s.model.clear(); });
  bad("TextTooLong", [](GpuSpec& s) { s.region = kLong; });
  bad("ListTooLong", [](GpuSpec& s) { s.capabilities.assign(17, "fp16"); });
  bad("ListTooLong", [](GpuSpec& s) { s.attributes.assign(17, {"a", "b"}); });
  bad("UnknownCategory", [](GpuSpec& s) { s.category = "cooking"; });
  bad("UnknownPricingStrategy", [](GpuSpec& s) { s.pricing_strategy = "greed"; });
  bad("OutOfRange", [](GpuSpec& s) { s.price_per_hour = {}; });
  bad("OutOfRange", [](GpuSpec& s) { s.price_per_hour = kAny; });
  bad("OutOfRange", [](GpuSpec& s) { s.memory_gb = 0; });
  bad("OutOfRange", [](GpuSpec& s) { s.refund_bps = 4'999; });
  bad("OutOfRange", [](GpuSpec& s) { s.refund_bps = 10'001; });
  bad("OutOfRange", [](GpuSpec& s) { s.max_duration = ~Seconds{0}; });
  bad("OutOfRange", [](GpuSpec& s) { s.max_duration = 10, s.min_duration = 11; });
  v.refused("StakeTooLow", kStranger, "registerGpu", Market::spec("device-9"));
  v.refused("GpuNotFound", kProvider, "updateGpu", GpuId{99}, Market::spec());
  v.refused("NotGpuProvider", kRival, "updateGpu", v.listed, Market::spec());
  v.refused("ModelIsFixed", kProvider, "updateGpu", v.listed, [] {
    GpuSpec out = Market::spec();
    out.model = "H100";
    return out;
  }());
  v.refused("DeviceAlreadyRegistered", kProvider, "updateGpu", v.listed, Market::spec("device-9"));
  v.refused("GpuNotListed", kProvider, "updateGpu", v.retired, Market::spec("device-3"));
  v.refused("GpuNotListed", kProvider, "delistGpu", v.delisted);
  v.refused("NotGpuProvider", kRival, "delistGpu", v.listed);
  v.refused("GpuAlreadyListed", kProvider, "relistGpu", v.listed);
  v.refused("NotGpuProvider", kRival, "relistGpu", v.delisted);
  v.refused("GpuHasBookings", kProvider, "retireGpu", v.listed);
  v.refused("NotGpuProvider", kRival, "retireGpu", v.delisted);
  v.refused("GpuNotFound", kStranger, "getGpu", GpuId{99});
  v.refused("GpuNotFound", kStranger, "isAvailable", GpuId{99}, Seconds{1}, Seconds{2});
  v.refused("OutOfRange", kStranger, "quoteBooking", v.listed, Seconds{0});
  v.refused("ModelNotFound", kStranger, "getModelPricing", std::string("GTX 970"));
}

void break_bookings(Violations& v) {
  const auto book = [&](const char* error, const Address& from, GpuId gpu, Seconds start, Seconds duration,
                        Amount maximum = kAny, const std::string& job = {}) {
    v.refused(error, from, "bookGpu", gpu, start, duration, maximum, job);
  };
  const Seconds now = v.m.now();
  book("GpuNotFound", kCustomer, GpuId{99}, 0, kHour);
  book("OwnGpu", kProvider, v.listed, now + 50 * kHour, kHour);
  book("GpuNotListed", kCustomer, v.delisted, 0, kHour);
  book("GpuNotListed", kCustomer, v.retired, 0, kHour);
  book("GpuNotFree", kRival, v.listed, 0, kHour);
  book("GpuNotFree", kRival, v.listed, now + 9 * kHour, 2 * kHour);   // over an end
  book("GpuNotFree", kRival, v.listed, now + 20 * kHour, kHour);      // the same time
  book("GpuNotFree", kRival, v.listed, now + 19 * kHour, 3 * kHour);  // around
  book("PriceAboveMaximum", kRival, v.listed, now + 50 * kHour, kHour, Amount(1));
  book("StartInPast", kRival, v.listed, now - 1, kHour);
  book("OutOfRange", kRival, v.listed, now + 366 * kDay, kHour);
  book("OutOfRange", kRival, v.listed, ~Seconds{0}, kHour);
  book("OutOfRange", kRival, v.listed, now + 50 * kHour, 0);
  book("OutOfRange", kRival, v.listed, now + 50 * kHour, ~Seconds{0});
  book("OutOfRange", kRival, v.interruptible, now + 50 * kHour, 59);
  book("TextTooLong", kRival, v.listed, now + 50 * kHour, kHour, kAny, kLong);
  book("InsufficientBalance", v.arbitrator, v.listed, now + 50 * kHour, kHour);
  v.refused("WrongBookingState", kCustomer, "extendBooking", v.released, kHour);
  v.refused("NotBookingCustomer", kRival, "extendBooking", v.active, kHour);
  v.refused("BookingNotFound", kRival, "extendBooking", BookingId{99}, kHour);
  v.refused("GpuNotFree", kCustomer, "extendBooking", v.active, 11 * kHour);
  v.refused("OutOfRange", kCustomer, "extendBooking", v.active, ~Seconds{0});
  v.refused("OutOfRange", kCustomer, "extendBooking", v.active, Seconds{0});
  v.refused("UnderNotice", kCustomer, "extendBooking", v.noticed, kHour);
  v.refused("WrongBookingState", kCustomer, "cancelBooking", v.active);
  v.refused("NotBookingCustomer", kProvider, "cancelBooking", v.scheduled);
  v.refused("WrongBookingState", kCustomer, "releaseBooking", v.scheduled);
  v.refused("WrongBookingState", kCustomer, "releaseBooking", v.released);  // settled before
  v.refused("NotBookingCustomer", kProvider, "releaseBooking", v.active);
  v.refused("BookingNotDue", kStranger, "settleBooking", v.active);
  v.refused("WrongBookingState", kStranger, "settleBooking", v.released);
  v.refused("BookingNotFound", kStranger, "getBooking", BookingId{99});
}

void break_trade(Violations& v) {
  const auto bid = [&](const char* error, const Address& from, int kind, std::uint64_t target, Amount amount,
                       Seconds duration, std::uint64_t capacity = 1, Seconds ttl = 0) {
    v.refused(error, from, "placeBid", static_cast<std::uint8_t>(kind), target, amount, capacity, duration,
              std::string(), ttl);
  };
  const Amount one = Amount::ait(1);
  bid("UnknownTargetKind", kRival, 3, 1, one, 0);
  bid("OwnTarget", kProvider, 0, v.listed.value, one, kHour);
  bid("OwnTarget", kProvider, 1, v.open_service.value, one, 0);
  bid("OwnTarget", kProvider, 2, v.offer.value, one, kHour);
  bid("TargetNotOpen", kRival, 1, v.assigned.value, one, 0);
  bid("TargetNotOpen", kRival, 2, v.closed_offer.value, one, kHour);
  bid("GpuNotListed", kRival, 0, v.delisted.value, one, kHour);
  bid("OutOfRange", kRival, 1, v.open_service.value, Amount(), 0);
  bid("OutOfRange", kRival, 1, v.open_service.value, one, 0, 0);
  bid("OutOfRange", kRival, 2, v.offer.value, one, kHour, 3);
  bid("OutOfRange", kRival, 1, v.open_service.value, one, 0, 1, ~Seconds{0});
  bid("OutOfRange", kRival, 1, v.open_service.value, one, kHour);
  bid("AmountOverflow", kRival, 0, v.listed.value, kAny, 2);
  bid("InsufficientBalance", kRival, 1, v.open_service.value, kWealth + kWealth, 0);
  bid("ServiceNotFound", kRival, 1, 99, one, 0);
  bid("OfferNotFound", kRival, 2, 99, one, kHour);
  v.refused("BidNotFound", kProvider, "acceptBid", BidId{99});
  v.refused("NotTargetProvider", kRival, "acceptBid", v.open_bid);
  v.refused("BidNotOpen", kProvider, "acceptBid", v.lost_bid);
  v.refused("NotBidder", kRival, "withdrawBid", v.open_bid);
  v.refused("BidNotOpen", kRival, "withdrawBid", v.lost_bid);
  const auto spec = [](auto change) {
    ServiceSpec out = Market::service_spec();
    change(out);
    return out;
  };
  v.refused("TextMissing", kProvider, "createService", spec([](ServiceSpec& s) { s.name.clear(); }));
  v.refused("UnknownCategory", kProvider, "createService", spec([](ServiceSpec& s) { s.category = "x"; }));
  v.refused("OutOfRange", kProvider, "createService", spec([](ServiceSpec& s) { s.price = {}; }));
  v.refused("OutOfRange", kProvider, "createService", spec([](ServiceSpec& s) { s.lifetime = ~Seconds{0}; }));
  v.refused("NotServiceProvider", kRival, "updateService", v.open_service, Market::service_spec());
  v.refused("WrongServiceState", kProvider, "updateService", v.assigned, Market::service_spec());
  v.refused("WrongServiceState", kProvider, "closeService", v.delivered);
  v.refused("NotServiceProvider", kCustomer, "closeService", v.assigned);
  v.refused("WrongServiceState", kProvider, "deliverService", v.open_service, Hash{}, std::string());
  v.refused("NotServiceProvider", kRival, "deliverService", v.assigned, Hash{}, std::string());
  v.refused("NotServiceCustomer", kRival, "settlePayment", v.delivered);
  v.refused("WrongServiceState", kCustomer, "settlePayment", v.settled);  // twice
  v.refused("OutOfRange", kProvider, "createOffer", OfferSpec{0, one, "", {}});
  v.refused("TextTooLong", kProvider, "createOffer", OfferSpec{1, one, kLong, {}});
  v.refused("NotOfferProvider", kRival, "closeOffer", v.offer);
  v.refused("OfferIsClosed", kProvider, "closeOffer", v.closed_offer);
  v.refused("ProviderNotFound", kStranger, "syncOffers", kStranger, GpuId{0});
}

void break_work(Violations& v) {
  const auto dispute = [&](const char* error, const Address& from, int kind, std::uint64_t subject,
                           Amount contested, Amount bond) {
    v.refused(error, from, "openDispute", static_cast<std::uint8_t>(kind), subject, contested, bond, Hash{},
              std::string());
  };
  const Amount one = Amount::ait(1);
  dispute("UnknownSubjectKind", kCustomer, 2, 1, {}, one);
  dispute("NotBookingCustomer", kRival, 0, v.active.value, {}, one);
  dispute("WrongBookingState", kCustomer, 0, v.scheduled.value, {}, one);
  dispute("NotServiceCustomer", kRival, 1, v.delivered.value, {}, one);
  dispute("WrongServiceState", kCustomer, 1, v.settled.value, {}, one);
  dispute("OutOfRange", kCustomer, 1, v.delivered.value, kAny, one);
  dispute("OutOfRange", kCustomer, 1, v.delivered.value, {}, Amount(1));
  dispute("InsufficientBalance", kCustomer, 1, v.delivered.value, {}, kWealth);
  v.refused("DisputeNotFound", v.arbitrator, "voteDispute", DisputeId{99}, std::uint16_t{1});
  v.refused("DisputeIsClosed", v.arbitrator, "voteDispute", v.decided, std::uint16_t{1});
  v.refused("NotArbitrator", kCustomer, "voteDispute", v.dispute, std::uint16_t{1});
  v.refused("AlreadyVoted", v.arbitrator, "voteDispute", v.dispute, std::uint16_t{1});
  v.refused("OutOfRange", v.arbitrator, "voteDispute", v.dispute, std::uint16_t{10'001});
  const auto submit = [&](const char* error, const JobSpec& spec, Amount payment, int kind = 0,
                          std::uint64_t target = 0) {
    v.refused(error, kCustomer, "submitJob", spec, payment, static_cast<std::uint8_t>(kind), target,
              Seconds{0});
  };
  submit("TextMissing", JobSpec{}, one);
  submit("OutOfRange", image_job(), Amount());
  submit("InsufficientBalance", image_job(), kWealth);
  submit("UnknownTargetKind", image_job(), one, 3);
  submit("WrongServiceState", image_job(), one, 1, v.settled.value);
  submit("WrongBookingState", image_job(), one, 2, v.released.value);
  v.refused("OwnJob", kCustomer, "startJob", v.queued);
  v.refused("ProviderNotFound", kStranger, "startJob", v.queued);
  v.refused("WrongJobState", v.worker.address, "startJob", v.running);
  v.refused("NotJobProvider", kProvider, "completeJob", v.running, JobResult{});
  v.refused("WrongJobState", v.worker.address, "completeJob", v.finished, JobResult{});
  JobResult large;
  large.inline_data = Bytes(4'097);
  v.refused("TextTooLong", v.worker.address, "completeJob", v.running, large);
  v.refused("NotJobProvider", kProvider, "failJob", v.running, std::string());
  v.refused("WrongJobState", kCustomer, "cancelJob", v.running);
  v.refused("NotJobCustomer", kRival, "cancelJob", v.queued);
  v.refused("JobNotFound", kRival, "cancelJob", JobId{99});
  const auto review = [&](const char* error, const Address& from, std::uint64_t booking,
                          std::uint8_t rating) {
    v.refused(error, from, "addReview", SubjectKind::booking, booking, rating, std::string());
  };
  review("NotBookingCustomer", kRival, v.released.value, 5);
  review("NotFinished", kCustomer, v.active.value, 5);
  review("AlreadyReviewed", kCustomer, v.released.value, 5);
  review("OutOfRange", kCustomer, v.released.value, 0);
  review("OutOfRange", kCustomer, v.released.value, 6);
  v.refused("NotModerator", kProvider, "hideReview", v.review, std::string("I do not like it"));
  v.refused("TextMissing", v.moderator, "hideReview", v.review, std::string());
  v.refused("ReviewIsHidden", v.moderator, "hideReview", v.hidden, std::string("again"));
  v.refused("ReviewNotFound", v.moderator, "hideReview", ReviewId{99}, std::string("what"));
}

void break_receipts(Violations& v) {
  const Hash digest = v.receipt_digest(v.finished);
  const Bytes own = v.worker.sign(digest);
  const std::vector<Bytes> both = v.attestations(v.finished);
  const auto claim = [&](const char* error, JobId job, const Bytes& signature,
                         const std::vector<Bytes>& list) {
    v.refused(error, kStranger, "claimReceipt", job, signature, list);
  };
  claim("ReceiptClaimed", v.claimed, v.worker.sign(v.receipt_digest(v.claimed)), v.attestations(v.claimed));
  claim("NothingToMint", v.unitless, own, both);
  claim("WrongJobState", v.running, own, both);
  claim("NotJobProvider", v.finished, both[0], both);
  claim("BadSignature", v.finished, Bytes(65), both);
  claim("TooFewAttestations", v.finished, own, {both[0]});
  claim("NotCoordinator", v.finished, own, {both[0], own});
  claim("AttestationsOutOfOrder", v.finished, own, {both[1], both[0]});
  claim("AttestationsOutOfOrder", v.finished, own, {both[0], both[0]});
  claim("ListTooLong", v.finished, own, std::vector<Bytes>(32, both[0]));
}

void break_auctions(Violations& v) {
  const auto create = [&](const char* error, const AuctionSpec& spec, const Address& from = kProvider) {
    v.refused(error, from, "createAuction", spec);
  };
  create("UnknownAuctionType", auction_of_work("silent"));
  create("BadAuctionParameter", auction_of_work("dutch", {{"reservePrice", Amount::ait(1'000)}}));
  AuctionSpec of_gpu = auction_of_work("dutch");
  of_gpu.gpu = v.delisted;
  create("GpuInAuction", of_gpu);
  create("NotGpuProvider", of_gpu, kRival);
  GpuSpec changed = Market::spec("device-2");
  changed.interruptible = true;
  v.refused("GpuInAuction", kProvider, "updateGpu", v.delisted, changed);
  create("InsufficientBalance", auction_of_work("procurement", {{"maxPrice", kWealth + kWealth}}), kRival);
  v.refused("AuctionNotFound", kRival, "bidAuction", AuctionId{99}, kAny);
  v.refused("AuctionNotOpen", kRival, "bidAuction", v.cancelled, kAny);
  v.refused("OwnAuction", kProvider, "bidAuction", v.dutch, kAny);
  v.refused("AuctionRefused", kRival, "bidAuction", v.dutch, Amount(1));
  v.refused("AuctionRefused", kRival, "bidAuction", v.english, Amount::ait(5));
  v.refused("InsufficientBalance", kRival, "bidAuction", v.english, kWealth + kWealth);
  v.refused("AuctionRefused", kRival, "commitBid", v.dutch, Hash{});
  v.refused("OwnAuction", kProvider, "commitBid", v.sealed, Hash{});
  v.refused("AuctionRefused", kRival, "revealBid", v.sealed, Amount(1), Hash{});
  v.refused("NotAuctionCreator", kRival, "cancelAuction", v.dutch);
  v.refused("AuctionNotOpen", kProvider, "cancelAuction", v.english);  // it has a bid
}

void break_orders(Violations& v) {
  const Seconds now = v.m.now();
  BookingOrder order;
  order.customer = v.worker.address;
  order.gpu = v.listed;
  order.max_price_per_hour = kAny;
  order.duration = kHour;
  order.window_start = now + 100 * kHour;
  order.window_end = now + 200 * kHour;
  order.expiry = now + kDay;
  const auto fill = [&](const char* error, const BookingOrder& each, const Signer& signer) {
    const Hash digest = Hash::from(v.m.call(kStranger, "bookingOrderDigest", each).output);
    v.refused(error, kStranger, "fillBookingOrder", each, signer.sign(digest), Seconds{0});
  };
  fill("WrongSigner", order, v.coordinator);
  BookingOrder changed = order;
  changed.expiry = now;
  fill("OrderExpired", changed, v.worker);
  changed = order;
  changed.refund_to = kContract;
  fill("BadRefundAddress", changed, v.worker);
  changed = order;
  changed.window_start = now + 300 * kHour;
  fill("OutOfRange", changed, v.worker);
  const Hash digest = Hash::from(v.m.call(kStranger, "bookingOrderDigest", order).output);
  v.m.must(kStranger, "fillBookingOrder", order, v.worker.sign(digest), Seconds{0});
  fill("OrderUsed", order, v.worker);  // replayed
  v.m.must(v.worker.address, "cancelOrder", std::uint64_t{5});
  order.nonce = 5;
  fill("OrderUsed", order, v.worker);  // cancelled
  v.refused("OrderUsed", v.worker.address, "cancelOrder", std::uint64_t{5});
  OfferOrder offer;
  offer.provider = v.worker.address;
  offer.gpu = v.workers;
  offer.price_per_hour = Amount::ait(1);
  offer.max_duration = kDay;
  offer.window_end = offer.expiry = now + kDay;
  offer.nonce = 6;
  const auto take = [&](const char* error, const Address& from, const OfferOrder& each) {
    const Hash signed_digest = Hash::from(v.m.call(kStranger, "offerOrderDigest", each).output);
    v.refused(error, from, "fillOfferOrder", each, v.worker.sign(signed_digest), Seconds{0}, kHour,
              std::string());
  };
  take("OwnGpu", v.worker.address, offer);
  OfferOrder other = offer;
  other.customer = kRival;
  take("NotForCaller", kCustomer, other);
  other = offer;
  other.gpu = v.listed;
  take("NotGpuProvider", kCustomer, other);
}

void break_governance(Violations& v) {
  const auto propose = [&](const char* error, const Address& from, const char* subject, Amount value) {
    v.refused(error, from, "propose", std::string(subject), value, Address{});
  };
  propose("NotValidator", kProvider, "takeBps", Amount(1));
  propose("UnknownParameter", v.validator, "taxes", Amount(1));
  propose("BadParameterValue", v.validator, "takeBps", Amount(10'001));
  propose("TextMissing", v.validator, "", Amount(1));
  v.refused("NotValidator", kProvider, "approve", v.voting);
  v.refused("AlreadyApproved", v.validator, "approve", v.voting);
  v.refused("ProposalNotOpen", v.last_validator, "approve", v.accepted);
  v.refused("ProposalNotFound", v.validator, "approve", ProposalId{99});
}

// What needs a scene of its own, set up step by step.
void break_the_rest(Violations& v) {
  v.refused_data("UnknownCall", kRival, {1, 2, 3, 4});
  v.refused_data("UnknownCall", kRival, {});
  v.refused_data("NotPayable", kRival, encode_abi(find_call("getTotals")->selector), Amount(1));
  for (int i = 0; i < 64; ++i) v.m.bid_on_service(v.open_service, Amount::ait(95), kRival);
  v.refused("BidTooLow", kStranger, "placeBid", TargetKind::service, v.open_service.value, Amount::ait(95),
            std::uint64_t{1}, Seconds{0}, std::string(), Seconds{0});
  for (Seconds i = 0; i < 32; ++i) v.book(v.workers, 60, v.m.now() + kDay + i * 100);
  v.refused("ScheduleFull", kRival, "bookGpu", v.workers, v.m.now() + 9 * kDay, kHour, kAny, std::string());
  v.m.must(kProvider, "updateGpu", v.listed, Market::spec("device-1", Amount::ait(3)));
  v.refused("PriceChanged", kCustomer, "extendBooking", v.active, Seconds{60});
  v.m.beat(v.worker.address);
  v.m.jump(v.m.params().heartbeat_grace);
  const CallResult late = v.m.call(v.worker.address, "heartbeat", Bytes{}, v.m.block().recent_hashes[0]);
  CHECK(Market::refusal(late).starts_with("OutageBeingClosed("));
  CHECK(v.m.fails(v.worker.address, "retireGpu", v.workers).starts_with("OutageBeingClosed("));
  v.errors.insert("OutageBeingClosed");
}

TEST_CASE("each rule broken on purpose has its own error, and leaves state and funds as they were") {
  Violations v;
  break_providers(v);
  break_gpus(v);
  break_bookings(v);
  break_trade(v);
  break_work(v);
  break_receipts(v);
  break_auctions(v);
  break_orders(v);
  break_governance(v);
  break_the_rest(v);
  v.errors.insert("InvalidCalldata");  // the test below
  for (const ErrorEntry& error : errors())
    CHECK_MESSAGE(v.errors.contains(std::string(error.name)), std::string(error.name), " was never provoked");
  for (const Call& call : calls())
    if (!call.is_view())
      CHECK_MESSAGE(v.calls.contains(std::string(call.name)), std::string(call.name), " was never refused");
}

TEST_CASE("garbage calldata is refused by name, whatever the call") {
  Violations v;
  for (const Call& call : calls()) {
    INFO(std::string(call.name));
    Bytes data = to_bytes(ByteView(call.selector.bytes));
    if (!call.inputs.empty()) v.refused_data("InvalidCalldata", kRival, data);  // nothing follows
    data.push_back(0);
    v.refused_data("InvalidCalldata", kRival, data);  // a part of a word
    data.insert(data.end(), 20 * 32 - 1, 0xff);
    v.refused_data("InvalidCalldata", kRival, data);  // numbers out of range, offsets beyond the end
  }
}

}  // namespace
}  // namespace aitbc::market::test
