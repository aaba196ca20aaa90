// Auctions, and what happens by itself when a block ends.
#include "model.hpp"

namespace aitbc::market::test::model {
namespace {

// What each type declares: minimum and default. A value below its minimum is refused.
struct Setting {
  std::string name;
  U minimum, fallback;
};
constexpr U kAit = 1'000'000'000'000'000'000U;
std::vector<Setting> settings_of(const std::string& type) {
  if (type == "dutch")
    return {{"startPrice", 1, 1'000 * kAit},
            {"reservePrice", 0, 100 * kAit},
            {"decrementRate", 0, 10 * kAit},
            {"decrementInterval", 1, 60}};
  if (type == "english")
    return {{"startPrice", 1, kAit},
            {"minimumIncrement", 1, kAit},
            {"reservePrice", 0, 0},
            {"extension", 0, 300},
            {"maxExtension", 0, 3'600}};
  if (type == "sealed")
    return {
        {"reservePrice", 1, kAit}, {"bond", 1, kAit}, {"commitTime", 1, 43'200}, {"revealTime", 1, 43'200}};
  if (type == "procurement")
    return {{"startPrice", 1, 10 * kAit},
            {"maxPrice", 1, 100 * kAit},
            {"incrementRate", 0, kAit},
            {"incrementInterval", 1, 60},
            {"collateral", 0, 10 * kAit}};
  return {};
}

}  // namespace

AuctionState World::state(const Sale& sale) const {
  return sale.state == AuctionState::open && now >= sale.deadline ? AuctionState::closing : sale.state;
}

U World::auction_price(const Sale& sale) const {
  const auto set = [&](const char* name) { return sale.set.at(name); };
  const Seconds age = now - sale.created;
  if (sale.type == "dutch") {
    const U drop = set("decrementRate") * (age / static_cast<Seconds>(set("decrementInterval")));
    const U room = set("startPrice") - set("reservePrice");
    return set("startPrice") - std::min(drop, room);
  }
  const U rise = set("incrementRate") * (age / static_cast<Seconds>(set("incrementInterval")));
  return std::min(set("startPrice") + rise, set("maxPrice"));
}

bool World::create_auction(const Address& who, const AuctionSpec& spec) {
  Sale sale;
  sale.type = spec.type;
  sale.creator = who;
  sale.gpu = spec.gpu.value;
  sale.created = now;
  sale.duration = spec.duration;
  sale.lifetime = spec.lifetime == 0 ? rules.default_auction : spec.lifetime;
  for (const Setting& each : settings_of(spec.type)) sale.set[each.name] = each.fallback;
  if (sale.set.empty() || sale.lifetime > rules.max_listing || spec.title.empty()) return false;
  for (const AuctionParameter& given : spec.parameters) {
    if (!sale.set.contains(given.name)) return false;
    sale.set[given.name] = given.value.units();
  }
  for (const Setting& each : settings_of(spec.type))
    if (sale.set[each.name] < each.minimum) return false;
  if (spec.type == "dutch" && sale.set["reservePrice"] >= sale.set["startPrice"]) return false;
  if (spec.type == "procurement" && sale.set["startPrice"] >= sale.set["maxPrice"]) return false;
  if (sale.gpu == 0) {
    if (spec.category != "ai-inference" || spec.duration == 0 || spec.duration > rules.max_delivery)
      return false;
  } else {
    if (spec.type == "procurement" || !gpus.contains(sale.gpu)) return false;
    const Card& gpu = gpus[sale.gpu];
    if (gpu.owner != who || gpu.listing == Listing::retired || gpu.auction != 0) return false;
    if (!duration_is_fine(gpu, spec.duration)) return false;
  }
  if (spec.type == "procurement" && !take(who, sale.set["maxPrice"])) return false;
  if (spec.type != "procurement") provider_of(who);
  sale.deadline = spec.type == "sealed"
                      ? now + static_cast<Seconds>(sale.set["commitTime"] + sale.set["revealTime"])
                      : now + sale.lifetime;
  const Id id = next(Kind::auction);
  auctions[id] = sale;
  if (sale.gpu != 0) gpus[sale.gpu].auction = id;
  plan(sale.deadline, Kind::auction, id);
  return true;
}

bool World::gpu_can_be_sold(const Sale& sale, Seconds at) const {
  if (sale.gpu == 0) return true;
  const Card& gpu = gpus.at(sale.gpu);
  const Who& owner = providers.at(gpu.owner);
  return gpu.listing != Listing::retired && !silence(owner, at, at + 1, now) && at >= owner.jailed_until &&
         !is_down(owner, gpu.number) && has_room(sale.gpu, at) &&
         is_free(sale.gpu, at, at + sale.duration, at);
}

void World::finish(Sale& sale, AuctionState how) {
  sale.state = how;
  sale.lead = 0;
  if (sale.gpu != 0) gpus[sale.gpu].auction = 0;
}

// The price is the contract's already.
bool World::sell(Id id, const Address& winner, U price, U collateral, Seconds at) {
  Sale& sale = auctions[id];
  if (!gpu_can_be_sold(sale, at)) return false;
  if (sale.gpu != 0) {
    const U hourly = scale(price, 3'600, sale.duration);
    sale.booking = open_booking(sale.gpu, winner, winner, at, sale.duration, hourly, price);
  } else if (sale.type == "procurement") {
    sale.service = award(winner, sale.creator, price, at, sale.duration, collateral, 0, 0);
  } else {
    sale.service = award(sale.creator, winner, price, at, sale.duration, collateral, 0, 0);
  }
  finish(sale, AuctionState::sold);
  return true;
}

bool World::bid_auction(const Address& who, Id id, U amount) {
  if (!auctions.contains(id) || auctions[id].creator == who || amount == 0) return false;
  Sale& sale = auctions[id];
  if (state(sale) != AuctionState::open || sale.type == "sealed") return false;
  if (sale.type == "english") {
    const U least = sale.bids == 0 ? sale.set["startPrice"] : sale.lead + sale.set["minimumIncrement"];
    if (amount < least || money[who] < amount) return false;
    take(who, amount);
    if (sale.bids > 0) money[sale.leader] += sale.lead;
    sale.leader = who;
    sale.lead = amount;
    unplan(sale.deadline, Kind::auction, id);
    const Seconds latest = sale.created + sale.lifetime + static_cast<Seconds>(sale.set["maxExtension"]);
    sale.deadline =
        std::max(sale.deadline, std::min(now + static_cast<Seconds>(sale.set["extension"]), latest));
    plan(sale.deadline, Kind::auction, id);
    ++sale.bids;
    return true;
  }
  const U price = auction_price(sale);
  if (sale.type == "dutch") {
    if (price > amount || money[who] < price || !gpu_can_be_sold(sale, now)) return false;
    take(who, price);
    unplan(sale.deadline, Kind::auction, id);
    ++sale.bids;
    return sell(id, who, price, 0, now);
  }
  if (price < amount || money[who] < sale.set["collateral"]) return false;
  provider_of(who);
  take(who, sale.set["collateral"]);
  money[sale.creator] += sale.set["maxPrice"] - price;
  unplan(sale.deadline, Kind::auction, id);
  ++sale.bids;
  return sell(id, who, price, sale.set["collateral"], now);
}

bool World::commit(const Address& who, Id id, U amount) {
  if (!auctions.contains(id) || auctions[id].creator == who) return false;
  Sale& sale = auctions[id];
  if (state(sale) != AuctionState::open || sale.type != "sealed") return false;
  if (now >= sale.created + static_cast<Seconds>(sale.set["commitTime"])) return false;
  if (sale.sealed.contains(who) || sale.sealed.size() >= 64 || !take(who, sale.set["bond"])) return false;
  sale.sealed[who] = {amount, false};
  ++sale.bids;
  return true;
}

bool World::reveal(const Address& who, Id id, U amount) {
  if (!auctions.contains(id) || auctions[id].creator == who) return false;
  Sale& sale = auctions[id];
  if (state(sale) != AuctionState::open || sale.type != "sealed" || !sale.sealed.contains(who)) return false;
  Sale::Sealed& envelope = sale.sealed[who];
  if (envelope.open || envelope.amount != amount) return false;
  if (now < sale.created + static_cast<Seconds>(sale.set["commitTime"])) return false;
  if (money[who] < amount) return false;
  envelope.open = true;
  money[who] += sale.set["bond"];
  if (amount < sale.set["reservePrice"]) return true;
  if (amount <= sale.lead) {
    sale.second = std::max(sale.second, amount);
    return true;
  }
  money[sale.leader] += sale.lead;
  sale.second = sale.lead;
  sale.leader = who;
  sale.lead = amount;
  return take(who, amount);
}

bool World::cancel_auction(const Address& who, Id id) {
  if (!auctions.contains(id) || auctions[id].creator != who || auctions[id].bids > 0) return false;
  Sale& sale = auctions[id];
  if (state(sale) != AuctionState::open) return false;
  unplan(sale.deadline, Kind::auction, id);
  if (sale.type == "procurement") money[who] += sale.set["maxPrice"];
  finish(sale, AuctionState::cancelled);
  return true;
}

// The deadline must have been taken out.
void World::auction_due(Id id) {
  Sale& sale = auctions[id];
  const Seconds at = sale.deadline;
  if (sale.type == "procurement") money[sale.creator] += sale.set["maxPrice"];
  for (const auto& [who, envelope] : sale.sealed) {
    if (envelope.open) continue;
    burned += sale.set["bond"];
    ++happened["bond of a sealed bid burned"];
  }
  const U lead = sale.lead;
  const Address leader = sale.leader;
  U price = lead;
  if (sale.type == "sealed" && lead != 0) price = std::max(sale.second, sale.set["reservePrice"]);
  const bool good = lead != 0 && (sale.type != "english" || lead >= sale.set["reservePrice"]);
  if (good && sell(id, leader, price, 0, at)) {
    money[leader] += lead - price;
    ++happened["auction sold at its end"];
    return;
  }
  money[leader] += lead;
  finish(sale, AuctionState::unsold);
  ++happened["auction ended unsold"];
}

void World::end_block() {
  while (!due_.empty() && std::get<0>(*due_.begin()) <= now) {
    const auto [at, kind, id] = *due_.begin();
    due_.erase(due_.begin());
    switch (static_cast<Kind>(kind)) {
      case Kind::booking:
        booking_due(id);
        break;
      case Kind::bid:
        close_bid(id, BidState::expired);
        ++happened["bid expired"];
        break;
      case Kind::service: {
        const ServiceState was = services[id].state;
        const bool settles = was == ServiceState::delivered;
        ++happened[settles                         ? "service settled by silence"
                   : was == ServiceState::assigned ? "service not delivered"
                                                   : "service expired"];
        end_service(id, settles ? ServiceState::settled : ServiceState::expired,
                    settles ? services[id].locked : 0, at);
        break;
      }
      case Kind::unbonding: {
        const Leaving leaving = unbondings[id];
        unbondings.erase(id);
        Pool& pool = providers[leaving.owner].pool;
        const U amount = pool.worth(leaving.shares);
        pool.staked -= amount;
        pool.leaving -= leaving.shares;
        money[leaving.staker] += amount;
        ++happened["stake came back"];
        break;
      }
      case Kind::provider:
        fall_silent(id);
        break;
      case Kind::outage:
        outage_due(id);
        break;
      case Kind::dispute:
        decide(id, DisputeState::timed_out, 0);
        ++happened["dispute timed out"];
        break;
      case Kind::job:
        end_job(id, JobState::expired, 0);
        ++happened["job expired"];
        break;
      case Kind::auction:
        auction_due(id);
        break;
      case Kind::model:
        epoch_due(id, at);
        break;
      case Kind::proposal: {
        Motion& motion = proposals[id];
        if (motion.state == ProposalState::voting)
          motion.state = ProposalState::expired;
        else
          motion.state = applies(motion, true) ? ProposalState::enacted : ProposalState::failed;
        ++happened["proposal " + std::string(name_of(motion.state))];
        break;
      }
      case Kind::gpu:
      case Kind::review:
      case Kind::offer:
        break;
    }
  }
}

}  // namespace aitbc::market::test::model
