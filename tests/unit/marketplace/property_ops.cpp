// What the property test plays: each function makes one call (some make a few), with arguments that are
// usually good and sometimes not. Work, auctions and votes are in property_work.cpp.
#include "property_play.hpp"

namespace aitbc::market::test {
namespace {

using model::Id;

std::uint8_t as_byte(std::uint64_t value) { return static_cast<std::uint8_t>(value); }

}  // namespace

// ---- providers and stake
void Play::play_provider() {
  const Address who = anyone();
  const std::string name = dice_.in_100(97) ? "name" : std::string(65, 'x');
  if (dice_.in_100(50)) {
    const bool market = call(who, "registerProvider", name, std::string("eu"), std::string());
    agree("registerProvider", market, name.size() < 65 && world_.register_provider(who));
  } else {
    const bool market = call(who, "updateProvider", name, std::string("us"), std::string());
    agree("updateProvider", market, name.size() < 65 && world_.update_provider(who));
  }
}

void Play::play_stake() {
  const Address who = anyone();
  const Address on = dice_.in_100(50) ? who : anyone();
  const Amount amount = dice_.in_100(3) ? Amount() : money(dice_.in_100(50) ? 150 : 5);
  const std::uint64_t kind = dice_.below(10);
  if (kind < 5)
    agree("stake", call(who, "stake", on, amount), world_.stake(who, on, amount.units()));
  else if (kind < 8)
    agree("unstake", call(who, "unstake", on, amount), world_.unstake(who, on, amount.units()));
  else
    agree("claimRewards", call(who, "claimRewards", on), world_.claim_rewards(who, on));
}

void Play::play_heartbeat() {
  // Half of the accounts never do.
  const Address who = actors_[dice_.below(5)].address;
  const Bytes down = dice_.in_100(90) ? Bytes{} : Bytes{as_byte(dice_.below(8))};
  const bool recent = dice_.in_100(97);
  const Hash block = recent ? market_.block().recent_hashes[0] : Hash{};
  agree("heartbeat", call(who, "heartbeat", down, block), world_.heartbeat(who, down, recent));
}

// ---- GPUs
GpuSpec Play::gpu_spec() {
  static const std::array<const char*, 7> kStrategies = {"fixed",
                                                         "dynamic",
                                                         "market-balance",
                                                         "aggressive-growth",
                                                         "profit-maximization",
                                                         "competitive-response",
                                                         "demand-elasticity"};
  GpuSpec out = Market::spec("device-" + std::to_string(dice_.below(40)), money(4));
  out.model = dice_.in_100(60) ? "RTX 4090" : "H100";
  out.category = "gpu-rental";
  out.pricing_strategy = kStrategies[dice_.below(kStrategies.size())];
  out.refund_bps = static_cast<std::uint16_t>(dice_.in_100(5) ? 100 : 5'000 + 1'000 * dice_.below(6));
  out.min_duration = dice_.in_100(80) ? 1 : dice_.below(kHour);
  out.max_duration = dice_.in_100(80) ? 30 * kDay : dice_.below(kDay);
  out.interruptible = dice_.in_100(50);
  if (dice_.in_100(3)) out.price_per_hour = Amount();
  return out;
}

void Play::play_gpu() {
  const std::uint64_t kind = dice_.below(20);
  const Id id = some(world_.gpus);
  const bool there = world_.gpus.contains(id);
  const Address owner = mostly(there ? world_.gpus[id].owner : anyone());
  if (kind < 9) {
    const GpuSpec spec = gpu_spec();
    const Address who = anyone();
    agree("registerGpu", call(who, "registerGpu", spec), world_.register_gpu(who, spec));
  } else if (kind < 13) {
    GpuSpec spec = there && dice_.in_100(50) ? world_.gpus[id].spec : gpu_spec();
    if (dice_.in_100(80) && there) {
      spec.device_id = dice_.in_100(50) ? "" : world_.gpus[id].spec.device_id;
      spec.model = world_.gpus[id].spec.model;
    }
    if (dice_.in_100(30)) spec.price_per_hour = money(4);
    agree("updateGpu", call(owner, "updateGpu", GpuId{id}, spec), world_.update_gpu(owner, id, spec));
  } else if (kind < 15) {
    agree("delistGpu", call(owner, "delistGpu", GpuId{id}), world_.delist_gpu(owner, id));
  } else if (kind < 19) {
    agree("relistGpu", call(owner, "relistGpu", GpuId{id}), world_.relist_gpu(owner, id));
  } else {
    agree("retireGpu", call(owner, "retireGpu", GpuId{id}), world_.retire_gpu(owner, id));
  }
}

// ---- bookings
void Play::play_booking() {
  const Address who = anyone();
  const Id gpu = some(world_.gpus);
  const Seconds start = dice_.in_100(60)   ? 0
                        : dice_.in_100(95) ? world_.now + dice_.below(2 * kDay)
                                           : world_.now - dice_.between(1, kHour);
  const Seconds duration = dice_.in_100(5) ? 0 : while_up_to(dice_.in_100(80) ? 6 * kHour : 20 * kDay);
  const Amount maximum = dice_.in_100(90) ? Amount::max() : money(3);
  const bool market = call(who, "bookGpu", GpuId{gpu}, start, duration, maximum, std::string("job"));
  agree("bookGpu", market, world_.book(who, who, gpu, start, duration, maximum.units()));
}

void Play::play_booking_end() {
  const Id id = some(world_.bookings, [](const model::Rent& booking) { return !booking.closed; });
  const bool there = world_.bookings.contains(id);
  const Address who = mostly(there ? world_.bookings[id].customer : anyone());
  const std::uint64_t kind = dice_.below(10);
  if (kind < 3) {
    const Seconds extra = dice_.in_100(5) ? 0 : while_up_to(3 * kHour);
    agree("extendBooking", call(who, "extendBooking", BookingId{id}, extra), world_.extend(who, id, extra));
  } else if (kind < 5) {
    agree("cancelBooking", call(who, "cancelBooking", BookingId{id}), world_.cancel(who, id));
  } else if (kind < 8) {
    agree("releaseBooking", call(who, "releaseBooking", BookingId{id}), world_.release(who, id));
  } else {
    agree("settleBooking", call(who, "settleBooking", BookingId{id}), world_.settle(id));
  }
}

// ---- bids
void Play::play_bid() {
  const Address who = anyone();
  const auto kind = as_byte(dice_.below(dice_.in_100(97) ? 3 : 4));
  const auto open = [](const model::Work& work) { return work.state == ServiceState::open; };
  const auto offered = [](const model::Offered& offer) { return !offer.closed; };
  const Id target = kind == 0   ? some(world_.gpus)
                    : kind == 1 ? some(world_.services, open)
                                : some(world_.offers, offered);
  const Amount amount = dice_.in_100(2) ? Amount() : money(40);
  const std::uint64_t capacity = dice_.in_100(3) ? 0 : dice_.between(1, 3);
  const Seconds duration = kind == 1 && dice_.in_100(95) ? 0 : while_up_to(6 * kHour);
  const Seconds ttl = dice_.in_100(40) ? 0 : while_up_to(dice_.in_100(97) ? kDay : 40 * kDay);
  const bool market =
      call(who, "placeBid", kind, target, amount, capacity, duration, std::string("notes"), ttl);
  agree("placeBid", market, world_.place_bid(who, kind, target, amount.units(), capacity, duration, ttl));
}

// Fills the book of one service and goes on, with better and worse bids.
void Play::play_bid_flood() {
  const Id target =
      some(world_.services, [](const model::Work& work) { return work.state == ServiceState::open; });
  if (!dice_.in_100(15)) return;
  for (int i = 0; i < 75 && report_.empty(); ++i) {
    const Address who = anyone();
    const Amount amount = money(20);
    const Seconds ttl = while_up_to(kDay);
    const bool market = call(who, "placeBid", TargetKind::service, target, amount, std::uint64_t{1},
                             Seconds{0}, std::string(), ttl);
    const bool model = world_.place_bid(who, 1, target, amount.units(), 1, 0, ttl);
    agree("placeBid", market, model);
    if (!market && i == 0) return;
  }
}

void Play::play_bid_end() {
  const Id id = some(world_.bids, [](const model::Wish& bid) { return bid.state == BidState::open; });
  Address owner = anyone();
  Address bidder = owner;
  if (world_.bids.contains(id)) {
    const model::Wish& bid = world_.bids[id];
    bidder = bid.bidder;
    owner = bid.kind == TargetKind::gpu       ? world_.gpus[bid.target].owner
            : bid.kind == TargetKind::service ? world_.services[bid.target].owner
                                              : world_.offers[bid.target].owner;
  }
  if (dice_.in_100(65)) {
    const Address who = mostly(owner);
    agree("acceptBid", call(who, "acceptBid", BidId{id}), world_.accept_bid(who, id));
  } else {
    const Address who = mostly(bidder);
    agree("withdrawBid", call(who, "withdrawBid", BidId{id}), world_.withdraw_bid(who, id));
  }
}

// ---- services and offers
void Play::play_service() {
  ServiceSpec spec = Market::service_spec();
  spec.price = dice_.in_100(97) ? money(50) : Amount();
  spec.delivery_time = dice_.in_100(30) ? 0 : while_up_to(3 * kDay);
  spec.lifetime = dice_.in_100(30) ? 0 : while_up_to(4 * kDay);
  const Id id = some(world_.services);
  if (dice_.in_100(75)) {
    const Address who = anyone();
    agree("createService", call(who, "createService", spec), world_.create_service(who, spec));
  } else {
    const Address who = mostly(world_.services.contains(id) ? world_.services[id].owner : anyone());
    agree("updateService", call(who, "updateService", ServiceId{id}, spec),
          world_.update_service(who, id, spec));
  }
}

void Play::play_service_step() {
  const Id id = some(world_.services, [](const model::Work& work) {
    return work.state == ServiceState::assigned || work.state == ServiceState::delivered;
  });
  const bool there = world_.services.contains(id);
  const Address owner = mostly(there ? world_.services[id].owner : anyone());
  const Address customer = mostly(there ? world_.services[id].customer : anyone());
  const std::uint64_t kind = dice_.below(10);
  if (kind < 5) {
    const bool market = call(owner, "deliverService", ServiceId{id}, Hash{}, std::string("https://x/y"));
    agree("deliverService", market, world_.deliver(owner, id));
  } else if (kind < 8) {
    agree("settlePayment", call(customer, "settlePayment", ServiceId{id}),
          world_.settle_payment(customer, id));
  } else {
    agree("closeService", call(owner, "closeService", ServiceId{id}), world_.close_service(owner, id));
  }
}

void Play::play_offer() {
  const std::uint64_t kind = dice_.below(10);
  const Address who = anyone();
  if (kind < 5) {
    const OfferSpec spec{dice_.in_100(97) ? dice_.between(1, 6) : 0, money(5), "99.9 %", {}};
    agree("createOffer", call(who, "createOffer", spec),
          world_.create_offer(who, spec.capacity, spec.price.units()));
  } else if (kind < 8) {
    const GpuId first{dice_.in_100(80) ? 0 : dice_.below(10)};
    agree("syncOffers", call(who, "syncOffers", who, first), world_.sync_offers(who, first.value));
  } else {
    const Id id = some(world_.offers);
    const Address owner = mostly(world_.offers.contains(id) ? world_.offers[id].owner : who);
    agree("closeOffer", call(owner, "closeOffer", OfferId{id}), world_.close_offer(owner, id));
  }
}

std::span<const Play::Operation> Play::operations() {
  static constexpr std::array kOperations = {
      Operation{2, &Play::play_provider},      Operation{9, &Play::play_stake},
      Operation{8, &Play::play_heartbeat},     Operation{8, &Play::play_gpu},
      Operation{12, &Play::play_booking},      Operation{10, &Play::play_booking_end},
      Operation{10, &Play::play_bid},          Operation{1, &Play::play_bid_flood},
      Operation{7, &Play::play_bid_end},       Operation{5, &Play::play_service},
      Operation{7, &Play::play_service_step},  Operation{4, &Play::play_offer},
      Operation{6, &Play::play_dispute},       Operation{12, &Play::play_job},
      Operation{3, &Play::play_receipt},       Operation{5, &Play::play_auction},
      Operation{5, &Play::play_auction_bid},   Operation{6, &Play::play_sealed_bid},
      Operation{3, &Play::play_booking_order}, Operation{3, &Play::play_offer_order},
      Operation{5, &Play::play_governance},    Operation{6, &Play::play_review},
      Operation{6, &Play::play_view},
  };
  return kOperations;
}

}  // namespace aitbc::market::test
