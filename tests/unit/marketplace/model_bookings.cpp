// GPUs, bookings and what they cost.
#include "model.hpp"

namespace aitbc::market::test::model {

Model& World::model_of(const std::string& name) {
  const auto [at, fresh] = models.try_emplace(name);
  if (fresh) at->second.number = next(Kind::model);
  return at->second;
}

// ---- GPUs
bool World::enough_stake(const Who& who) const {
  return who.pool.worth(who.pool.active()) >= rules.min_stake.units();
}

bool World::spec_is_fine(GpuSpec& spec) const {
  if (spec.refund_bps == 0) spec.refund_bps = rules.min_refund_bps;
  if (spec.max_duration == 0) spec.max_duration = rules.max_booking;
  if (spec.min_duration == 0) spec.min_duration = 1;
  if (spec.pricing_strategy.empty()) spec.pricing_strategy = "fixed";
  return !spec.device_id.empty() && !spec.price_per_hour.is_zero() &&
         spec.refund_bps >= rules.min_refund_bps && spec.refund_bps <= 10'000 &&
         spec.max_duration <= rules.max_booking && spec.min_duration <= spec.max_duration;
}

bool World::register_gpu(const Address& who, GpuSpec spec) {
  if (!spec_is_fine(spec) || !providers.contains(who) || !enough_stake(providers[who])) return false;
  for (const auto& [id, gpu] : gpus)
    if (gpu.listing != Listing::retired && gpu.spec.device_id == spec.device_id) return false;
  Card gpu;
  gpu.owner = who;
  gpu.number = providers[who].next_gpu++;
  gpu.spec = spec;
  ++model_of(spec.model).listed;
  gpus[next(Kind::gpu)] = gpu;
  return true;
}

bool World::update_gpu(const Address& who, Id id, GpuSpec spec) {
  if (!gpus.contains(id)) return false;
  Card& gpu = gpus[id];
  if (gpu.owner != who || gpu.listing == Listing::retired) return false;
  if (spec.device_id.empty()) spec.device_id = gpu.spec.device_id;
  if (spec.category.empty()) spec.category = gpu.spec.category;
  if (!spec_is_fine(spec) || spec.device_id != gpu.spec.device_id || spec.model != gpu.spec.model)
    return false;
  GpuSpec same = gpu.spec;
  same.price_per_hour = spec.price_per_hour;
  if (!(same == spec)) {
    if (gpu.auction != 0) return false;
    close_bids(TargetKind::gpu, id, now);
  }
  gpu.spec = spec;
  return true;
}

void World::list(Card& gpu, Listing listing) {
  if (gpu.listing == Listing::listed) --model_of(gpu.spec.model).listed;
  if (listing == Listing::listed) ++model_of(gpu.spec.model).listed;
  gpu.listing = listing;
}

bool World::delist_gpu(const Address& who, Id id) {
  if (!gpus.contains(id) || gpus[id].owner != who || gpus[id].listing != Listing::listed) return false;
  list(gpus[id], Listing::delisted);
  close_bids(TargetKind::gpu, id, now);
  return true;
}

bool World::relist_gpu(const Address& who, Id id) {
  if (!gpus.contains(id) || gpus[id].owner != who || gpus[id].listing != Listing::delisted) return false;
  if (!enough_stake(providers[who])) return false;
  list(gpus[id], Listing::listed);
  return true;
}

bool World::retire_gpu(const Address& who, Id id) {
  if (!gpus.contains(id) || gpus[id].owner != who || gpus[id].listing == Listing::retired) return false;
  return after_auction(id, [&] {
    if (in_outage(providers[who])) return false;
    for (const auto& [booking_id, booking] : bookings)
      if (booking.gpu == id && !booking.closed && booking.last() > now) return false;
    Card& gpu = gpus[id];
    list(gpu, Listing::retired);
    if (gpu.offer != 0) offers[gpu.offer].closed = true;
    gpu.offer = 0;
    close_bids(TargetKind::gpu, id, now);
    return true;
  });
}

GpuStatus World::status(const Card& gpu) const {
  const Who& who = providers.at(gpu.owner);
  if (gpu.listing == Listing::retired) return GpuStatus::retired;
  if (gpu.listing == Listing::delisted || !enough_stake(who)) return GpuStatus::delisted;
  const bool absent = who.watched && !(who.online && now < who.alive_until);
  if (absent || now < who.jailed_until || is_down(who, gpu.number)) return GpuStatus::offline;
  if (rules.heartbeat_required && !who.watched) return GpuStatus::offline;
  for (const auto& [id, booking] : bookings)
    if (&gpus.at(booking.gpu) == &gpu && !booking.closed && booking.start <= now && now < booking.last())
      return GpuStatus::booked;
  return GpuStatus::available;
}

U World::price(const Card& gpu) const {
  const U base = gpu.spec.price_per_hour.units();
  const std::string& strategy = gpu.spec.pricing_strategy;
  if (strategy == "fixed") return base;
  const Model& model = models.at(gpu.spec.model);
  const Who& who = providers.at(gpu.owner);
  const U index = model.history.empty() ? 0 : model.history.back();
  const U demand = model.busy;
  const U supply = model.listed > model.busy ? model.listed - model.busy : 0;
  const U used = demand + supply == 0 ? 0 : demand * 10'000 / (demand + supply);
  const Seconds hour = now % 86'400 / 3'600;
  const bool working_hours = hour >= 9 && hour <= 16;
  U price = base;
  if (strategy == "dynamic") {
    if (demand > 2 * supply) price = price * 15 / 10;
    if (working_hours) price = price * 12 / 10;
    if (who.reviews > 0 && who.stars * 100 / who.reviews >= 450) price = price * 11 / 10;
  } else if (strategy == "market-balance") {
    price = (index == 0 ? base : (base + index) / 2) * (6'500 + used / 2) / 10'000;
  } else if (strategy == "aggressive-growth") {
    price = base * (used < 5'000 ? 8 : used < 8'000 ? 9 : 10) / 10;
  } else if (strategy == "profit-maximization") {
    price = base * (10'000 + used * 3 / 10 + (working_hours ? 1'000 : 0)) / 10'000;
  } else if (strategy == "competitive-response") {
    price = index == 0 ? base : index * 98 / 100;
  } else {
    price = base * (6'000 + used * 8 / 10) / 10'000;
  }
  return std::max(std::min(price, base * 3 / 2), std::max(base / 2, U{1}));
}

bool World::duration_is_fine(const Card& gpu, Seconds duration) const {
  return duration >= gpu.spec.min_duration && duration <= gpu.spec.max_duration &&
         duration <= rules.max_booking;
}

bool World::time_is_fine(const Card& gpu, Seconds start, Seconds duration) const {
  return duration_is_fine(gpu, duration) && start >= now && start <= now + rules.max_advance;
}

// ---- bookings
BookingState World::state(const Rent& booking) const {
  if (booking.closed)
    return booking.state == BookingState::disputed && now >= booking.frozen_until ? BookingState::resolved
                                                                                  : booking.state;
  if (silence(providers.at(booking.owner), booking.start, booking.last(), now)) return BookingState::faulted;
  if (now < booking.start) return BookingState::scheduled;
  if (now < booking.last()) return BookingState::active;
  return booking.evict_at == 0 ? BookingState::completed : BookingState::evicted;
}

// The earliest booking in the way; those that ended by `as_of` are not.
Id World::conflict(Id gpu, Seconds start, Seconds end, Seconds as_of) const {
  Id found = 0;
  for (const auto& [id, booking] : bookings) {
    if (booking.gpu != gpu || booking.closed || booking.last() <= as_of) continue;
    if (booking.start >= end || start >= booking.last()) continue;
    if (found == 0 || booking.start < bookings.at(found).start) found = id;
  }
  return found;
}

bool World::is_free(Id gpu, Seconds start, Seconds end, Seconds as_of) const {
  return conflict(gpu, start, end, as_of) == 0;
}

bool World::has_room(Id gpu, Seconds as_of) const {
  std::size_t open = 0;
  for (const auto& [id, booking] : bookings)
    open += booking.gpu == gpu && !booking.closed && booking.last() > as_of ? 1 : 0;
  return open < 32;
}

Id World::open_booking(Id gpu, const Address& who, const Address& refund_to, Seconds start, Seconds duration,
                       U price, U locked) {
  const Card& card = gpus[gpu];
  Rent booking;
  booking.gpu = gpu;
  booking.owner = card.owner;
  booking.customer = who;
  booking.refund_to = refund_to;
  booking.start = start;
  booking.end = start + duration;
  booking.price = price;
  booking.locked = locked;
  booking.refund_bps = card.spec.refund_bps;
  booking.take = rules.take_bps;
  booking.pool_bps = rules.pool_bps;
  booking.interruptible = card.spec.interruptible;
  booking.started = start <= now;
  if (booking.started) ++model_of(card.spec.model).busy;
  const Id id = next(Kind::booking);
  bookings[id] = booking;
  plan(booking.started ? booking.end : start, Kind::booking, id);
  return id;
}

bool World::auction_first(Id gpu) {
  const Id id = gpus[gpu].auction;
  if (id == 0 || now < auctions[id].deadline) return false;
  unplan(auctions[id].deadline, Kind::auction, id);
  auction_due(id);
  return true;
}

bool World::after_auction(Id gpu, const std::function<bool()>& call) {
  const Id id = gpus[gpu].auction;
  if (id == 0 || now < auctions[id].deadline) return call();
  const World before = *this;
  auction_first(gpu);
  if (call()) return true;
  *this = before;
  return false;
}

bool World::book(const Address& who, const Address& refund_to, Id gpu, Seconds start, Seconds duration,
                 U maximum) {
  if (!gpus.contains(gpu) || gpus[gpu].owner == who) return false;
  return after_auction(gpu, [&] {
    const Card& card = gpus[gpu];
    const GpuStatus seen = status(card);
    const Seconds from = start == 0 ? now : start;
    if (seen != GpuStatus::available && seen != GpuStatus::booked) return false;
    if (!time_is_fine(card, from, duration)) return false;
    const U asked = price(card);
    const U cost = scale_up(asked, duration, 3'600);
    if (asked > maximum || !has_room(gpu, now) || !is_free(gpu, from, from + duration, now)) return false;
    if (!take(who, cost)) return false;
    open_booking(gpu, who, refund_to, from, duration, asked, cost);
    return true;
  });
}

bool World::extend(const Address& who, Id id, Seconds extra) {
  if (!bookings.contains(id) || bookings[id].customer != who) return false;
  if (bookings[id].closed) return false;
  return after_auction(bookings[id].gpu, [&] {
    Rent& booking = bookings[id];
    const Card& card = gpus[booking.gpu];
    const BookingState was = state(booking);
    if (was != BookingState::scheduled && was != BookingState::active) return false;
    const GpuStatus seen = status(card);
    if (booking.evict_at != 0 || (seen != GpuStatus::available && seen != GpuStatus::booked)) return false;
    const Seconds duration = booking.end - booking.start;
    const Seconds longest = std::min(card.spec.max_duration, rules.max_booking);
    if (extra == 0 || duration + extra > longest || price(card) > booking.price) return false;
    if (!is_free(booking.gpu, booking.end, booking.end + extra, now)) return false;
    const U cost = scale_up(booking.price, duration + extra, 3'600);
    const U more = cost > booking.locked ? cost - booking.locked : 0;
    if (!take(who, more)) return false;
    booking.locked += more;
    if (booking.started) {
      unplan(booking.end, Kind::booking, id);
      plan(booking.end + extra, Kind::booking, id);
    }
    booking.end += extra;
    return true;
  });
}

std::pair<U, U> World::usage(const Rent& booking, Seconds used, U refund_bps) const {
  const U whole = scale(booking.price, booking.end - booking.start, 3'600);
  const U gross = scale(booking.price, used, 3'600);
  return {gross, (whole - gross) * (10'000 - refund_bps) / 10'000};
}

void World::count_use(const Rent& booking, U gross) {
  if (booking.closed_at <= booking.start || gross == 0 || booking.frozen != 0) return;
  const Id model = model_of(gpus[booking.gpu].spec.model).number;
  const Seconds end = (booking.closed_at / rules.price_epoch + 1) * rules.price_epoch;
  plan(end, Kind::model, model);
  Epoch& epoch = epochs_[{model, end}];
  const Seconds used = booking.closed_at - booking.start;
  ++epoch.bookings;
  epoch.seconds += used;
  auto& pair = epoch.pairs[{booking.customer, booking.owner}];
  pair.first += gross;
  pair.second += used;
}

void World::epoch_due(Id number, Seconds end) {
  const Epoch epoch = epochs_.at({number, end});
  epochs_.erase({number, end});
  U gross = 0;
  U seconds = 0;
  for (const auto& [who, use] : epoch.pairs) {
    const Seconds counted = std::min(use.second, std::max<Seconds>(epoch.seconds / 10, 1));
    gross += scale(use.first, counted, use.second);
    seconds += counted;
  }
  U index = scale(gross, 3'600, seconds);
  if (index == 0) return;
  for (auto& [name, model] : models) {
    if (model.number != number) continue;
    if (!model.history.empty()) {
      const U last = model.history.back();
      index = std::max(index, last * 875 / 1'000);
      index = std::min(index, last * 1'125 / 1'000);
    }
    model.history.push_back(index);
    ++happened["price index"];
  }
}

void World::close_booking(Id id, Seconds at, BookingState how, U gross, U kept) {
  Rent& booking = bookings[id];
  const Split split = pay_out(booking.owner, booking.refund_to, booking.locked - booking.frozen, gross, kept,
                              booking.take, booking.pool_bps);
  booking.paid = split.paid;
  booking.fee = split.fee;
  booking.refund = split.refund;
  booking.closed = true;
  booking.state = how;
  booking.closed_at = at;
  if (booking.started) --model_of(gpus[booking.gpu].spec.model).busy;
  count_use(booking, gross);
}

void World::end_booking(Id id) {
  const Rent& booking = bookings[id];
  const auto [gross, kept] = usage(booking, booking.last() - booking.start, 10'000);
  const BookingState how = booking.evict_at == 0 ? BookingState::completed : BookingState::evicted;
  close_booking(id, booking.last(), how, gross, kept);
}

void World::fault_booking(Id id, Seconds at) {
  const auto [gross, kept] = usage(bookings[id], at - bookings[id].start, 10'000);
  close_booking(id, at, BookingState::faulted, gross, kept);
}

bool World::cancel(const Address& who, Id id) {
  if (!bookings.contains(id) || bookings[id].customer != who || bookings[id].closed) return false;
  return after_auction(bookings[id].gpu, [&] {
    if (state(bookings[id]) != BookingState::scheduled) return false;
    unplan(bookings[id].start, Kind::booking, id);
    close_booking(id, now, BookingState::cancelled, 0, 0);
    return true;
  });
}

bool World::release(const Address& who, Id id) {
  if (!bookings.contains(id) || bookings[id].customer != who || bookings[id].closed) return false;
  return after_auction(bookings[id].gpu, [&] {
    const Rent& booking = bookings[id];
    if (state(booking) != BookingState::active) return false;
    unplan(booking.started ? booking.last() : booking.start, Kind::booking, id);
    if (is_down(providers[booking.owner], gpus[booking.gpu].number)) {
      fault_booking(id, now);
    } else {
      const U refund = booking.evict_at == 0 ? booking.refund_bps : 10'000;
      const auto [gross, kept] = usage(booking, now - booking.start, refund);
      close_booking(id, now, BookingState::released, gross, kept);
    }
    return true;
  });
}

bool World::settle(Id id) {
  if (!bookings.contains(id) || bookings[id].closed) return false;
  return after_auction(bookings[id].gpu, [&] {
    const BookingState was = state(bookings[id]);
    if (was != BookingState::completed && was != BookingState::evicted) return false;
    unplan(bookings[id].started ? bookings[id].last() : bookings[id].start, Kind::booking, id);
    end_booking(id);
    return true;
  });
}

void World::booking_due(Id id) {
  Rent& booking = bookings[id];
  const Seconds due = booking.started ? booking.last() : booking.start;
  if (const auto at = silence(providers[booking.owner], booking.start, booking.last(), due)) {
    fault_booking(id, *at);
    ++happened["booking faulted at its own time"];
  } else if (booking.started) {
    end_booking(id);
    ++happened[booking.evict_at == 0 ? "booking completed" : "booking evicted"];
  } else {
    booking.started = true;
    ++model_of(gpus[booking.gpu].spec.model).busy;
    plan(booking.last(), Kind::booking, id);
    ++happened["booking started"];
  }
}

}  // namespace aitbc::market::test::model
