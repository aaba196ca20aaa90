// Disputes, jobs, auctions, signed orders, votes, reviews and views of the property test (property_ops.cpp).
#include "marketplace/orders.hpp"
#include "property_play.hpp"

namespace aitbc::market::test {
namespace {

using model::Id;

std::uint8_t as_byte(std::uint64_t value) { return static_cast<std::uint8_t>(value); }

}  // namespace

// ---- disputes
void Play::play_dispute() {
  if (dice_.in_100(65)) {
    const Id id =
        some(world_.disputes, [](const model::Quarrel& each) { return each.state == DisputeState::open; });
    const Address who = mostly(actors_[3 + dice_.below(3)].address);
    const auto share = static_cast<std::uint16_t>(dice_.below(10'050));
    agree("voteDispute", call(who, "voteDispute", DisputeId{id}, share), world_.vote(who, id, share));
    return;
  }
  const auto kind = as_byte(dice_.below(dice_.in_100(97) ? 2 : 3));
  const auto active = [&](const model::Rent& each) { return world_.state(each) == BookingState::active; };
  const auto running = [](const model::Work& each) {
    return each.state == ServiceState::assigned || each.state == ServiceState::delivered;
  };
  const Id subject = kind == 0 ? some(world_.bookings, active) : some(world_.services, running);
  Address who = anyone();
  if (kind == 0 && world_.bookings.contains(subject)) who = mostly(world_.bookings[subject].customer);
  if (kind == 1 && world_.services.contains(subject)) who = mostly(world_.services[subject].customer);
  const Amount contested = dice_.in_100(50) ? Amount() : money(2);
  const Amount bond = dice_.in_100(95) ? Amount::ait(1) + money(2) : Amount(5);
  const bool market = call(who, "openDispute", kind, subject, contested, bond, Hash{}, std::string());
  agree("openDispute", market, world_.open_dispute(who, kind, subject, contested.units(), bond.units()));
}

// ---- jobs
void Play::play_job() {
  const Id id =
      some(world_.jobs, [&](const model::Task& job) { return world_.state(job) <= JobState::running; });
  const bool there = world_.jobs.contains(id);
  const Address customer = mostly(there ? world_.jobs[id].customer : anyone());
  Address owner = there ? world_.jobs[id].owner : anyone();
  owner = owner.is_zero() ? anyone() : mostly(owner);
  const std::uint64_t step = dice_.below(20);
  if (step < 6) {
    const auto kind = as_byte(dice_.below(dice_.in_100(97) ? 3 : 4));
    const auto active = [&](const model::Rent& each) { return world_.state(each) == BookingState::active; };
    const Id target = kind == 1 ? some(world_.services) : kind == 2 ? some(world_.bookings, active) : 0;
    Address who = anyone();
    if (kind == 1 && world_.services.contains(target) && !world_.services[target].customer.is_zero())
      who = mostly(world_.services[target].customer);
    if (kind == 2 && world_.bookings.contains(target)) who = mostly(world_.bookings[target].customer);
    JobSpec spec;
    spec.type = "inference";
    spec.prompt = "a futuristic cityscape";
    const Amount payment = dice_.in_100(3) ? Amount() : money(10);
    const Seconds ttl = dice_.in_100(50) ? 0 : while_up_to(kDay);
    const bool market = call(who, "submitJob", spec, payment, kind, target, ttl);
    agree("submitJob", market, world_.submit_job(who, payment.units(), kind, target, ttl));
  } else if (step < 12) {
    agree("startJob", call(owner, "startJob", JobId{id}), world_.start_job(owner, id));
  } else if (step < 17) {
    JobResult result;
    result.units = dice_.in_100(90) ? dice_.below(1'000'000) : 2'000'000'000'000;
    agree("completeJob", call(owner, "completeJob", JobId{id}, result),
          world_.complete_job(owner, id, result.units));
  } else if (step < 18) {
    agree("failJob", call(owner, "failJob", JobId{id}, std::string("no memory")), world_.fail_job(owner, id));
  } else {
    agree("cancelJob", call(customer, "cancelJob", JobId{id}), world_.cancel_job(customer, id));
  }
}

void Play::play_receipt() {
  const Id id = some(world_.jobs, [](const model::Task& job) {
    return job.state == JobState::completed && !job.claimed && job.units > 0;
  });
  const CallResult view = market_.call(kStranger, "receiptDigest", JobId{id});
  const Hash digest = view.succeeded ? Hash::from(view.output) : Hash{};
  const Address signer = mostly(world_.jobs.contains(id) ? world_.jobs[id].owner : anyone());
  std::vector<Address> attesters;
  for (std::size_t i = 6; i < 9; ++i)
    if (dice_.in_100(80)) attesters.push_back(actors_[i].address);
  if (dice_.in_100(5)) attesters.push_back(anyone());
  if (dice_.in_100(90)) std::sort(attesters.begin(), attesters.end());
  std::vector<Bytes> signatures;
  for (const Address& each : attesters) signatures.push_back(signature(each, digest));
  // Accounts without a key of their own are signed for by the first actor.
  const bool market = call(kStranger, "claimReceipt", JobId{id}, signature(signer, digest), signatures);
  agree("claimReceipt", market, world_.claim_receipt(id, actor(signer).address, attesters));
}

// ---- auctions
void Play::play_auction() {
  if (dice_.in_100(15)) {
    const Id id = some(world_.auctions);
    const Address who = mostly(world_.auctions.contains(id) ? world_.auctions[id].creator : anyone());
    agree("cancelAuction", call(who, "cancelAuction", AuctionId{id}), world_.cancel_auction(who, id));
    return;
  }
  static const std::array<const char*, 5> kTypes = {"dutch", "english", "sealed", "procurement", "silent"};
  AuctionSpec spec;
  spec.type = kTypes[dice_.below(dice_.in_100(97) ? 4 : 5)];
  spec.title = "A film";
  spec.category = "ai-inference";
  spec.duration = while_up_to(12 * kHour);
  spec.lifetime = while_up_to(kDay);
  const auto set = [&](const char* name, Amount value) { spec.parameters.push_back({name, value}); };
  if (spec.type == "dutch" || spec.type == "procurement") {
    set("startPrice", money(50));
    set(spec.type == "dutch" ? "reservePrice" : "maxPrice", money(50));
  }
  if (spec.type == "dutch") set("decrementRate", money(3));
  if (spec.type == "procurement") set("collateral", money(5));
  if (spec.type == "english") {
    set("reservePrice", money(20));
    set("extension", Amount(dice_.below(kHour)));
  }
  if (spec.type == "sealed") {
    set("reservePrice", money(20));
    set("commitTime", Amount(while_up_to(6 * kHour)));
    set("revealTime", Amount(while_up_to(6 * kHour)));
  }
  if (dice_.in_100(3)) set("colour", Amount(1));
  Address who = anyone();
  if (spec.type != "procurement" && dice_.in_100(50)) {
    spec.gpu = GpuId{some(world_.gpus)};
    if (world_.gpus.contains(spec.gpu.value)) who = mostly(world_.gpus[spec.gpu.value].owner);
  }
  agree("createAuction", call(who, "createAuction", spec), world_.create_auction(who, spec));
}

void Play::play_auction_bid() {
  const Id id = some(world_.auctions, [&](const model::Sale& sale) {
    return world_.state(sale) == AuctionState::open && sale.type != "sealed";
  });
  const Address who = anyone();
  const Amount amount = dice_.in_100(2) ? Amount() : money(60);
  agree("bidAuction", call(who, "bidAuction", AuctionId{id}, amount),
        world_.bid_auction(who, id, amount.units()));
}

void Play::play_sealed_bid() {
  if (envelopes_.empty() || dice_.in_100(30)) {
    const Id id = some(world_.auctions, [&](const model::Sale& sale) {
      return world_.state(sale) == AuctionState::open && sale.type == "sealed";
    });
    const Address who = anyone();
    const Amount amount = money(60);
    const CallResult view = market_.call(who, "bidCommitment", AuctionId{id}, who, amount, Hash{});
    const Hash commitment = view.succeeded ? Hash::from(view.output) : Hash{};
    const bool market = call(who, "commitBid", AuctionId{id}, commitment);
    agree("commitBid", market, world_.commit(who, id, amount.units()));
    if (market) envelopes_.emplace_back(id, who, amount);
    return;
  }
  const std::size_t recent = std::min<std::size_t>(envelopes_.size(), 6);
  const auto [id, who, sealed] = envelopes_[envelopes_.size() - 1 - dice_.below(recent)];
  const Amount amount = dice_.in_100(95) ? sealed : money(60);
  agree("revealBid", call(who, "revealBid", AuctionId{id}, amount, Hash{}),
        world_.reveal(who, id, amount.units()));
}

// ---- signed orders
void Play::play_booking_order() {
  BookingOrder order;
  order.customer = anyone();
  order.gpu = GpuId{some(world_.gpus)};
  order.max_price_per_hour = dice_.in_100(80) ? Amount::max() : money(4);
  order.duration = while_up_to(5 * kHour);
  order.window_start = world_.now + dice_.below(kHour) - dice_.below(kHour);
  order.window_end = order.window_start + dice_.below(2 * kHour);
  order.expiry = world_.now + dice_.below(kHour) - dice_.below(600);
  order.nonce = dice_.below(300);
  if (dice_.in_100(40)) order.refund_to = anyone();
  const bool forged = dice_.in_100(5);
  const Seconds start = dice_.in_100(70) ? 0 : world_.now + dice_.below(kHour);
  const Hash digest = Hash::from(market_.call(kStranger, "bookingOrderDigest", order).output);
  const Bytes signed_order = signature(forged ? anyone() : order.customer, forged ? Hash{} : digest);
  const bool market = call(kStranger, "fillBookingOrder", order, signed_order, start);
  agree("fillBookingOrder", market,
        !forged && world_.fill_booking_order(order.customer, order.refund_to, order.nonce, order.gpu.value,
                                             start, order.duration, order.max_price_per_hour.units(),
                                             order.window_start, order.window_end, order.expiry));
  if (!dice_.in_100(40)) return;
  const std::uint64_t nonce = dice_.below(40);
  const Address who = anyone();
  agree("cancelOrder", call(who, "cancelOrder", nonce), world_.cancel_order(who, nonce));
}

void Play::play_offer_order() {
  OfferOrder order;
  order.gpu = GpuId{some(world_.gpus)};
  order.provider =
      mostly(world_.gpus.contains(order.gpu.value) ? world_.gpus[order.gpu.value].owner : anyone());
  order.price_per_hour = dice_.in_100(97) ? money(4) : Amount();
  order.max_duration = 5 * kHour;
  order.window_start = world_.now;
  order.window_end = world_.now + dice_.below(2 * kHour);
  order.expiry = world_.now + dice_.below(kHour);
  order.nonce = dice_.below(300);
  const Address who = anyone();
  if (dice_.in_100(20)) order.customer = anyone();
  const Seconds duration = while_up_to(6 * kHour);
  const Seconds start = dice_.in_100(70) ? 0 : world_.now + dice_.below(kHour);
  const Hash digest = Hash::from(market_.call(kStranger, "offerOrderDigest", order).output);
  const bool market =
      call(who, "fillOfferOrder", order, signature(order.provider, digest), start, duration, std::string());
  const bool for_caller = order.customer.is_zero() || order.customer == who;
  // Signatures for accounts without a key of their own are the first actor's.
  const bool genuine = actor(order.provider).address == order.provider;
  agree("fillOfferOrder", market,
        for_caller && genuine && duration <= order.max_duration &&
            world_.fill_offer_order(order.provider, who, order.nonce, order.gpu.value, start, duration,
                                    order.price_per_hour.units(), order.window_start, order.window_end,
                                    order.expiry));
}

// ---- governance
void Play::play_governance() {
  const Address who = mostly(world_.validators[dice_.below(world_.validators.size())]);
  if (dice_.in_100(65)) {
    const Id id =
        some(world_.proposals, [](const model::Motion& each) { return each.state == ProposalState::voting; });
    agree("approve", call(who, "approve", ProposalId{id}), world_.approve(who, id));
    return;
  }
  static const std::array<const char*, 7> kSubjects = {
      "takeBps", "poolBps", "evictionNotice", "minStake", "moderators", "moderators", "taxes"};
  const std::string subject = kSubjects[dice_.below(kSubjects.size())];
  const bool role = subject == "moderators";
  const Amount value = role                    ? Amount(dice_.below(dice_.in_100(95) ? 2 : 3))
                       : subject == "minStake" ? money(100)
                                               : Amount(dice_.below(dice_.in_100(90) ? 1'000 : 70'000));
  const Address account = actors_[dice_.below(2)].address;
  agree("propose", call(who, "propose", subject, value, account),
        world_.propose(who, subject, value.units(), account));
}

// ---- reviews
void Play::play_review() {
  if (dice_.in_100(15)) {
    const Id id = some(world_.reviews);
    const Address who = mostly(actors_[5 + dice_.below(2)].address);
    const std::string reason = dice_.in_100(95) ? "an insult" : "";
    agree("hideReview", call(who, "hideReview", ReviewId{id}, reason),
          !reason.empty() && world_.hide(who, id));
    return;
  }
  const auto kind = as_byte(dice_.below(dice_.in_100(97) ? 2 : 3));
  const auto over = [](const auto& each) { return each.paid + each.fee > 0 && each.review == 0; };
  const Id subject = kind == 0 ? some(world_.bookings, over) : some(world_.services, over);
  Address who = anyone();
  if (kind == 0 && world_.bookings.contains(subject)) who = mostly(world_.bookings[subject].customer);
  if (kind == 1 && world_.services.contains(subject)) who = mostly(world_.services[subject].customer);
  const auto stars = as_byte(dice_.in_100(95) ? dice_.between(1, 5) : dice_.below(2) * 6);
  const bool market = call(who, "addReview", kind, subject, stars, std::string("fine"));
  agree("addReview", market, world_.review(who, kind, subject, stars));
}

// ---- views: there is an answer for what there is
void Play::play_view() {
  const auto look = [&](const char* name, const auto& records) {
    const Id id = some(records);
    agree(name, call(kStranger, name, id), records.contains(id));
  };
  const Id gpu = some(world_.gpus);
  const Id auction = some(world_.auctions);
  const Address who = anyone();
  const Address other = anyone();
  const bool provides = world_.providers.contains(who);
  switch (dice_.below(22)) {
    case 0:
      return agree("getParams", call(who, "getParams"), true);
    case 1:
      return agree("getTotals", call(who, "getTotals"), true);
    case 2:
      return agree("getRoles", call(who, "getRoles"), true);
    case 3:
      return agree("getProvider", call(other, "getProvider", who), provides);
    case 4:
      return agree("getStake", call(other, "getStake", who, other), provides);
    case 5:
      return look("getOutage", world_.outages);
    case 6:
      return look("getGpu", world_.gpus);
    case 7:
      return agree("isAvailable", call(who, "isAvailable", gpu, world_.now, world_.now + 60),
                   world_.gpus.contains(gpu));
    case 8: {
      const bool fits = world_.gpus.contains(gpu) && world_.gpus[gpu].spec.min_duration <= 60 &&
                        world_.gpus[gpu].spec.max_duration >= 60;
      return agree("quoteBooking", call(who, "quoteBooking", gpu, Seconds{60}), fits);
    }
    case 9:
      return look("getBooking", world_.bookings);
    case 10:
      return look("getBid", world_.bids);
    case 11:
      return look("getService", world_.services);
    case 12:
      return look("getOffer", world_.offers);
    case 13:
      return look("getDispute", world_.disputes);
    case 14:
      return look("getJob", world_.jobs);
    case 15: {
      const Id id = some(world_.jobs);
      const bool done = world_.jobs.contains(id) && world_.jobs[id].state == JobState::completed;
      return agree("receiptDigest", call(who, "receiptDigest", id), done);
    }
    case 16:
      return look("getAuction", world_.auctions);
    case 17:
      return agree("bidCommitment", call(who, "bidCommitment", auction, who, Amount(1), Hash{}),
                   world_.auctions.contains(auction));
    case 18: {
      const std::string model = dice_.in_100(80) ? "RTX 4090" : "GTX 970";
      return agree("getModelPricing", call(who, "getModelPricing", model), world_.models.contains(model));
    }
    case 19:
      return agree("isNonceUsed", call(who, "isNonceUsed", other, Id{3}), true);
    case 20:
      return look("getProposal", world_.proposals);
    case 21:
      return look("getReview", world_.reviews);
    default:
      break;
  }
}

}  // namespace aitbc::market::test
