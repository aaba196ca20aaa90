// Bids, services, offers and signed orders.
#include "model.hpp"

namespace aitbc::market::test::model {

// ---- bids
BidState World::state(const Wish& bid) const {
  return bid.state == BidState::open && now >= bid.expires ? BidState::expired : bid.state;
}

void World::close_bid(Id id, BidState how) {
  Wish& bid = bids[id];
  unplan(bid.expires, Kind::bid, id);
  bid.state = how;
  money[bid.bidder] += bid.amount;
}

void World::close_bids(TargetKind kind, Id target, Seconds at) {
  for (auto& [id, bid] : bids) {
    if (bid.state != BidState::open || bid.kind != kind || bid.target != target) continue;
    close_bid(id, bid.expires <= at ? BidState::expired : BidState::lost);
    ++happened[bid.state == BidState::lost ? "bid lost" : "bid expired with its parent"];
  }
}

bool World::place_bid(const Address& who, int kind, Id target, U amount, std::uint64_t capacity,
                      Seconds duration, Seconds ttl) {
  if (amount == 0 || capacity == 0 || capacity > 1'000'000 || ttl > rules.max_bid_ttl || kind > 2)
    return false;
  if (kind == 2) {
    if (!offers.contains(target) || offers[target].closed) return false;
    const Offered& offer = offers[target];
    if (offer.gpu != 0) {
      kind = 0;
      target = offer.gpu;
    } else if (offer.owner == who || capacity > offer.capacity - offer.reserved || duration == 0 ||
               duration > rules.max_delivery) {
      return false;
    }
  }
  if (kind == 0) {
    if (!gpus.contains(target) || gpus[target].owner == who) return false;
    const GpuStatus seen = status(gpus[target]);
    if (seen != GpuStatus::available && seen != GpuStatus::booked) return false;
    if (!duration_is_fine(gpus[target], duration)) return false;
  }
  if (kind == 1) {
    if (!services.contains(target) || services[target].owner == who || duration != 0) return false;
    if (state(services[target]) != ServiceState::open) return false;
  }
  Wish bid;
  bid.bidder = who;
  bid.kind = static_cast<TargetKind>(kind);
  bid.target = target;
  bid.amount = amount;
  bid.score = kind == 1 ? amount : scale(amount, 3'600, duration);
  bid.capacity = capacity;
  bid.duration = duration;
  bid.expires = now + (ttl == 0 ? rules.default_bid_ttl : ttl);
  std::size_t rivals = 0;
  Id worst = 0;
  for (const auto& [id, other] : bids) {
    if (other.state != BidState::open || other.kind != bid.kind || other.target != target) continue;
    ++rivals;
    if (worst == 0 || other.score <= bids[worst].score) worst = id;
  }
  const bool full = rivals >= 64;
  if (full && bid.score <= bids[worst].score) return false;
  // The money of a bid that goes makes room in its bidder's purse as well.
  const bool own = full && bids[worst].bidder == who;
  if (money[who] + (own ? bids[worst].amount : 0) < amount) return false;
  if (full) {
    close_bid(worst, now >= bids[worst].expires ? BidState::expired : BidState::lost);
    ++happened["bid replaced by a better one"];
  }
  take(who, amount);
  const Id id = next(Kind::bid);
  bids[id] = bid;
  plan(bid.expires, Kind::bid, id);
  return true;
}

bool World::withdraw_bid(const Address& who, Id id) {
  if (!bids.contains(id) || bids[id].bidder != who || state(bids[id]) != BidState::open) return false;
  close_bid(id, BidState::withdrawn);
  return true;
}

bool World::accept_on_gpu(const Address& who, Id id) {
  Wish& bid = bids[id];
  const Id gpu = bid.target;
  const Card& card = gpus[gpu];
  const GpuStatus seen = status(card);
  if (card.owner != who || (seen != GpuStatus::available && seen != GpuStatus::booked)) return false;
  const U asked = scale(bid.amount, 3'600, bid.duration);
  Seconds start = now;
  const Id tenant = conflict(gpu, now, now + bid.duration, now);
  if (tenant != 0) {
    const Rent& other = bookings[tenant];
    start = now + rules.eviction_notice;
    const bool yields = other.interruptible && other.evict_at == 0 && other.start <= now &&
                        asked > other.price && start < other.end;
    if (!yields) return false;
  }
  if (!time_is_fine(card, start, bid.duration) || !has_room(gpu, now)) return false;
  for (const auto& [other_id, other] : bookings) {
    if (other.gpu != gpu || other.closed || other.last() <= now || other_id == tenant) continue;
    if (other.start < start + bid.duration && start < other.last()) return false;
  }
  if (tenant != 0) {
    Rent& other = bookings[tenant];
    unplan(other.started ? other.last() : other.start, Kind::booking, tenant);
    other.evict_at = start;
    plan(other.started ? start : other.start, Kind::booking, tenant);
  }
  unplan(bid.expires, Kind::bid, id);
  bid.state = BidState::accepted;
  open_booking(gpu, bid.bidder, bid.bidder, start, bid.duration, asked, bid.amount);
  return true;
}

bool World::accept_bid(const Address& who, Id id) {
  if (!bids.contains(id) || state(bids[id]) != BidState::open) return false;
  Wish& bid = bids[id];
  if (bid.kind == TargetKind::gpu)
    return gpus[bid.target].owner == who && after_auction(bid.target, [&] { return accept_on_gpu(who, id); });
  if (bid.kind == TargetKind::service) {
    Work& work = services[bid.target];
    if (work.owner != who || state(work) != ServiceState::open) return false;
    unplan(bid.expires, Kind::bid, id);
    bid.state = BidState::accepted;
    unplan(work.deadline, Kind::service, bid.target);
    work.state = ServiceState::assigned;
    work.customer = bid.bidder;
    work.locked = bid.amount;
    work.take = rules.take_bps;
    work.pool_bps = rules.pool_bps;
    work.deadline = now + work.delivery;
    plan(work.deadline, Kind::service, bid.target);
    close_bids(TargetKind::service, bid.target, now);
    return true;
  }
  Offered& offer = offers[bid.target];
  if (offer.owner != who || bid.capacity > offer.capacity - offer.reserved) return false;
  unplan(bid.expires, Kind::bid, id);
  bid.state = BidState::accepted;
  offer.reserved += bid.capacity;
  award(who, bid.bidder, bid.amount, now, bid.duration, 0, bid.target, bid.capacity);
  return true;
}

// ---- services
ServiceState World::state(const Work& work) const {
  if (now < work.deadline) return work.state;
  if (work.state == ServiceState::open || work.state == ServiceState::assigned) return ServiceState::expired;
  if (work.state == ServiceState::delivered) return ServiceState::settled;
  return work.state == ServiceState::disputed ? ServiceState::resolved : work.state;
}

namespace {
bool fits(const Params& rules, const ServiceSpec& spec) {
  return !spec.name.empty() && !spec.price.is_zero() && spec.category == "ai-inference" &&
         spec.delivery_time <= rules.max_delivery && spec.lifetime <= rules.max_listing;
}
}  // namespace

bool World::create_service(const Address& who, const ServiceSpec& spec) {
  if (!fits(rules, spec)) return false;
  provider_of(who);
  Work work;
  work.owner = who;
  work.delivery = spec.delivery_time == 0 ? rules.default_delivery : spec.delivery_time;
  work.deadline = now + (spec.lifetime == 0 ? rules.default_listing : spec.lifetime);
  const Id id = next(Kind::service);
  services[id] = work;
  plan(work.deadline, Kind::service, id);
  return true;
}

bool World::update_service(const Address& who, Id id, const ServiceSpec& spec) {
  if (!services.contains(id) || services[id].owner != who || !fits(rules, spec)) return false;
  Work& work = services[id];
  if (state(work) != ServiceState::open) return false;
  close_bids(TargetKind::service, id, now);
  unplan(work.deadline, Kind::service, id);
  work.delivery = spec.delivery_time == 0 ? rules.default_delivery : spec.delivery_time;
  work.deadline = now + (spec.lifetime == 0 ? rules.default_listing : spec.lifetime);
  plan(work.deadline, Kind::service, id);
  return true;
}

Id World::award(const Address& owner, const Address& customer, U amount, Seconds at, Seconds delivery,
                U collateral, Id offer, std::uint64_t capacity) {
  Work work;
  work.owner = owner;
  work.customer = customer;
  work.state = ServiceState::assigned;
  work.deadline = at + delivery;
  work.locked = amount;
  work.take = rules.take_bps;
  work.pool_bps = rules.pool_bps;
  work.collateral = collateral;
  work.offer = offer;
  work.capacity = capacity;
  const Id id = next(Kind::service);
  services[id] = work;
  plan(work.deadline, Kind::service, id);
  return id;
}

// The deadline must have been taken out.
void World::end_service(Id id, ServiceState how, U gross, Seconds at) {
  Work& work = services[id];
  const Split split =
      pay_out(work.owner, work.customer, work.locked - work.frozen, gross, 0, work.take, work.pool_bps);
  work.paid = split.paid;
  work.fee = split.fee;
  work.refund = split.refund;
  const bool delivered = how == ServiceState::settled || how == ServiceState::disputed;
  money[delivered ? work.owner : work.customer] += work.collateral;
  if (work.offer != 0) offers[work.offer].reserved -= work.capacity;
  work.state = how;
  close_bids(TargetKind::service, id, at);
}

bool World::close_service(const Address& who, Id id) {
  if (!services.contains(id) || services[id].owner != who) return false;
  const ServiceState was = state(services[id]);
  if (was != ServiceState::open && was != ServiceState::assigned) return false;
  unplan(services[id].deadline, Kind::service, id);
  end_service(id, ServiceState::cancelled, 0, now);
  return true;
}

bool World::deliver(const Address& who, Id id) {
  if (!services.contains(id) || services[id].owner != who) return false;
  Work& work = services[id];
  if (state(work) != ServiceState::assigned) return false;
  unplan(work.deadline, Kind::service, id);
  work.state = ServiceState::delivered;
  work.deadline = now + rules.acceptance_time;
  plan(work.deadline, Kind::service, id);
  return true;
}

bool World::settle_payment(const Address& who, Id id) {
  if (!services.contains(id) || services[id].customer != who) return false;
  const ServiceState was = state(services[id]);
  if (was != ServiceState::assigned && was != ServiceState::delivered) return false;
  unplan(services[id].deadline, Kind::service, id);
  end_service(id, ServiceState::settled, services[id].locked, now);
  return true;
}

// ---- offers
bool World::create_offer(const Address& who, std::uint64_t capacity, U price) {
  if (capacity == 0 || capacity > 1'000'000 || price == 0) return false;
  provider_of(who);
  offers[next(Kind::offer)] = {who, 0, price, capacity, 0, false};
  return true;
}

bool World::close_offer(const Address& who, Id id) {
  if (!offers.contains(id) || offers[id].owner != who || offers[id].closed) return false;
  offers[id].closed = true;
  if (offers[id].gpu != 0) gpus[offers[id].gpu].offer = 0;
  close_bids(TargetKind::offer, id, now);
  return true;
}

bool World::sync_offers(const Address& provider, Id first) {
  if (!providers.contains(provider)) return false;
  std::size_t seen = 0;
  for (auto& [id, gpu] : gpus) {
    if (gpu.owner != provider || id < first || gpu.listing == Listing::retired) continue;
    if (++seen > 16) break;
    if (gpu.listing != Listing::listed || gpu.offer != 0) continue;
    gpu.offer = next(Kind::offer);
    offers[gpu.offer] = {provider, id, gpu.spec.price_per_hour.units(), 1, 0, false};
  }
  return true;
}

// ---- signed orders
bool World::fill_booking_order(const Address& customer, const Address& refund_to, std::uint64_t nonce, Id gpu,
                               Seconds start, Seconds duration, U maximum, Seconds from, Seconds until,
                               Seconds expiry) {
  const Seconds chosen = start == 0 ? std::max(now, from) : start;
  if (now >= expiry || chosen < from || chosen > until || nonces.contains({customer, nonce})) return false;
  if (!book(customer, refund_to.is_zero() ? customer : refund_to, gpu, chosen, duration, maximum))
    return false;
  nonces.insert({customer, nonce});
  return true;
}

bool World::fill_offer_order(const Address& owner, const Address& caller, std::uint64_t nonce, Id gpu,
                             Seconds start, Seconds duration, U asked, Seconds from, Seconds until,
                             Seconds expiry) {
  const Seconds chosen = start == 0 ? std::max(now, from) : start;
  if (now >= expiry || chosen < from || chosen > until || nonces.contains({owner, nonce})) return false;
  if (!gpus.contains(gpu) || gpus[gpu].owner != owner || owner == caller || asked == 0) return false;
  const bool booked = after_auction(gpu, [&] {
    const Card& card = gpus[gpu];
    const GpuStatus seen = status(card);
    if (seen != GpuStatus::available && seen != GpuStatus::booked) return false;
    const U cost = scale_up(asked, duration, 3'600);
    if (!time_is_fine(card, chosen, duration) || !has_room(gpu, now)) return false;
    if (!is_free(gpu, chosen, chosen + duration, now) || !take(caller, cost)) return false;
    open_booking(gpu, caller, caller, chosen, duration, asked, cost);
    return true;
  });
  if (booked) nonces.insert({owner, nonce});
  return booked;
}

bool World::cancel_order(const Address& who, std::uint64_t nonce) {
  return nonces.insert({who, nonce}).second;
}

}  // namespace aitbc::market::test::model
