// Money, pools and presence.
#include <boost/multiprecision/cpp_int.hpp>

#include "model.hpp"

namespace aitbc::market::test::model {
namespace {

using Wide = boost::multiprecision::uint256_t;
Wide wide(U value) {
  return (Wide(static_cast<std::uint64_t>(value >> 64)) << 64) + static_cast<std::uint64_t>(value);
}
U narrow(const Wide& value) {
  return (U{static_cast<std::uint64_t>(value >> 64)} << 64) |
         static_cast<std::uint64_t>(value & ~std::uint64_t{0});
}
constexpr U kIndexScale = 1'000'000'000'000'000'000U;

}  // namespace

U scale(U a, U b, U c) { return narrow(wide(a) * wide(b) / wide(c)); }
U scale_up(U a, U b, U c) { return narrow((wide(a) * wide(b) + wide(c) - 1) / wide(c)); }

// ---- pools
U Pool::active() const {
  U sum = 0;
  for (const auto& [who, some] : shares) sum += some;
  return sum;
}
U Pool::worth(U some) const { return some == 0 ? 0 : scale(staked, some, active() + leaving); }

bool World::take(const Address& from, U amount) {
  if (money[from] < amount) return false;
  money[from] -= amount;
  return true;
}

Who& World::provider_of(const Address& who) {
  const auto [at, fresh] = providers.try_emplace(who);
  if (fresh) at->second.number = next(Kind::provider);
  return at->second;
}

bool World::register_provider(const Address& who) {
  if (providers.contains(who)) return false;
  provider_of(who);
  return true;
}

void World::pay_rewards(Who& provider, const Address& staker) {
  Pool& pool = provider.pool;
  const U own = pool.shares.contains(staker) ? pool.shares[staker] : 0;
  const U since = pool.claimed.contains(staker) ? pool.claimed[staker] : pool.index;
  const U due = own == 0 ? 0 : scale(own, pool.index - since, kIndexScale);
  pool.claimed[staker] = pool.index;
  pool.rewards -= due;
  money[staker] += due;
}

bool World::stake(const Address& who, const Address& on, U amount) {
  if (amount == 0 || (who != on && !providers.contains(on))) return false;
  Pool fresh;
  const Pool& before = providers.contains(on) ? providers[on].pool : fresh;
  const U all = before.active() + before.leaving;
  const U some = all == 0 ? amount : scale(all, amount, before.staked);
  if (some == 0 || money[who] < amount) return false;
  Who& provider = provider_of(on);
  money[who] -= amount;
  pay_rewards(provider, who);
  provider.pool.shares[who] += some;
  provider.pool.staked += amount;
  return true;
}

bool World::unstake(const Address& who, const Address& on, U amount) {
  if (amount == 0 || !providers.contains(on)) return false;
  Who& provider = providers[on];
  Pool& pool = provider.pool;
  const U own = pool.shares.contains(who) ? pool.shares[who] : 0;
  const U available = pool.worth(own);
  if (amount > available) return false;
  const U wanted = scale_up(pool.active() + pool.leaving, amount, pool.staked);
  const U some = amount == available ? own : std::min(wanted, own);
  pay_rewards(provider, who);
  pool.shares[who] -= some;
  if (pool.shares[who] == 0) {
    pool.shares.erase(who);
    pool.claimed.erase(who);
  }
  pool.leaving += some;
  const Id id = next(Kind::unbonding);
  unbondings[id] = {on, who, some};
  plan(now + rules.unbonding_time, Kind::unbonding, id);
  return true;
}

bool World::claim_rewards(const Address& who, const Address& on) {
  if (!providers.contains(on) || !providers[on].pool.shares.contains(who)) return false;
  Pool& pool = providers[on].pool;
  if (scale(pool.shares[who], pool.index - pool.claimed[who], kIndexScale) == 0) return false;
  pay_rewards(providers[on], who);
  return true;
}

World::Split World::pay_out(const Address& owner, const Address& to, U all, U gross, U kept, U take_bps,
                            U pool_bps) {
  Split out;
  out.fee = gross * take_bps / 10'000;
  out.paid = gross - out.fee + kept;
  out.refund = all - out.paid - out.fee;
  Pool& pool = providers[owner].pool;
  U shared = out.fee * pool_bps / 10'000;
  if (pool.active() == 0) shared = 0;
  if (shared > 0) {
    pool.index += scale(shared, kIndexScale, pool.active());
    pool.rewards += shared;
  }
  money[owner] += out.paid;
  money[rules.treasury] += out.fee - shared;
  money[to] += out.refund;
  return out;
}

U World::locked() const {
  U sum = 0;
  for (const auto& [who, provider] : providers) sum += provider.pool.staked + provider.pool.rewards;
  for (const auto& [id, booking] : bookings) sum += booking.closed ? 0 : booking.locked;
  for (const auto& [id, bid] : bids) sum += bid.state == BidState::open ? bid.amount : 0;
  for (const auto& [id, work] : services) sum += work.running() ? work.locked + work.collateral : 0;
  for (const auto& [id, task] : jobs) sum += task.state <= JobState::running ? task.payment : 0;
  for (const auto& [id, quarrel] : disputes)
    if (quarrel.state == DisputeState::open) sum += quarrel.bond + quarrel.gross + quarrel.kept;
  for (const auto& [id, sale] : auctions) {
    if (sale.state != AuctionState::open) continue;
    sum += sale.lead;
    if (sale.type == "procurement") sum += sale.set.at("maxPrice");
    for (const auto& [who, envelope] : sale.sealed) sum += envelope.open ? 0 : sale.set.at("bond");
  }
  return sum;
}

// ---- presence
std::optional<Seconds> World::silence(const Who& who, Seconds start, Seconds end, Seconds as_of) const {
  std::vector<std::pair<Seconds, Seconds>> gaps;
  if (who.silent_from != 0) gaps.emplace_back(who.silent_from, who.online ? who.silent_until : ~Seconds{0});
  if (who.online) gaps.emplace_back(who.alive_until, ~Seconds{0});
  for (const auto& [from, until] : gaps) {
    const Seconds at = std::max(start, from);
    if (at < until && at < end && at <= as_of) return at;
  }
  return std::nullopt;
}

bool World::is_down(const Who& who, Id number) const {
  return number < 8 * who.down.size() && (who.down[number / 8] & (1U << (number % 8))) != 0;
}

bool World::in_outage(const Who& who) const {
  return who.closing != 0 || (who.online && now >= who.alive_until);
}

bool World::heartbeat(const Address& who, const Bytes& down, bool recent) {
  if (!recent || down.size() > 128 || !providers.contains(who)) return false;
  Who& provider = providers[who];
  if (in_outage(provider)) return false;
  if (provider.online) {
    unplan(provider.alive_until, Kind::provider, provider.number);
  } else {
    if (provider.silent_from != 0) provider.silent_until = now;
    provider.watched = provider.online = true;
  }
  provider.last_beat = now;
  provider.alive_until = now + rules.heartbeat_grace;
  provider.down = down;
  plan(provider.alive_until, Kind::provider, provider.number);
  return true;
}

void World::fall_silent(Id number) {
  std::uint64_t watched = 0;
  Address owner;
  for (const auto& [who, provider] : providers) {
    watched += provider.online ? 1 : 0;
    if (provider.number == number) owner = who;
  }
  Who& provider = providers[owner];
  silences_.emplace_back(provider.alive_until, watched);
  const Id id = next(Kind::outage);
  outages[id] = {owner, provider.alive_until, provider.last_beat, OutagePhase::closing, {}, 0};
  provider.online = false;
  provider.silent_from = provider.alive_until;
  provider.silent_until = 0;
  provider.closing = id;
  plan(provider.silent_from, Kind::outage, id);
  ++happened["provider offline"];
}

void World::outage_due(Id id) {
  Silence& outage = outages[id];
  if (outage.phase == OutagePhase::judging) return judge(outage);
  for (auto& [booking_id, booking] : bookings) {
    const bool running = booking.owner == outage.owner && !booking.closed && booking.start < outage.at &&
                         outage.at < booking.last();
    if (!running || gpus[booking.gpu].listing == Listing::retired) continue;
    const Seconds unseen = outage.at - std::max(booking.start, outage.last_beat);
    unplan(booking.started ? booking.last() : booking.start, Kind::booking, booking_id);
    fault_booking(booking_id, outage.at);
    ++outage.faulted;
    const U loss = booking.price * unseen / 3'600;
    if (loss > 0) outage.harmed[booking_id] = {booking.refund_to, loss};
    ++happened["booking faulted by an outage"];
  }
  providers[outage.owner].closing = 0;
  outage.phase = outage.faulted == 0 ? OutagePhase::over : OutagePhase::judging;
  if (outage.faulted != 0) plan(outage.at + 2 * rules.outage_window, Kind::outage, id);
}

void World::judge(Silence& outage) {
  Who& provider = providers[outage.owner];
  const Seconds judged_at = outage.at + 2 * rules.outage_window;
  const Seconds slot = outage.at / rules.outage_window;
  std::uint64_t together = 0;
  std::uint64_t watched = 0;
  for (const auto& [at, count] : silences_) {
    const Seconds other = at / rules.outage_window;
    if (other + 1 < slot || other > slot + 1) continue;
    ++together;
    watched = std::max(watched, count);
  }
  outage.phase = OutagePhase::over;
  if (together * 3 > watched) {
    ++happened["outage forgiven"];
    return;
  }
  ++happened["outage slashed"];
  U slashed = provider.pool.staked * rules.slash_bps / 10'000;
  provider.pool.staked -= slashed;
  provider.faults = judged_at - provider.last_fault > rules.fault_memory ? 1 : provider.faults + 1;
  provider.last_fault = judged_at;
  if (provider.faults >= rules.faults_to_jail) {
    provider.faults = 0;
    provider.jailed_until = judged_at + rules.jail_time;
    ++happened["provider jailed"];
  }
  burned += slashed - compensate(outage, slashed);
}

// All get their loss, or parts in proportion that make up the slash; the odd units go to the largest
// remainders, earlier bookings first.
U World::compensate(const Silence& outage, U slashed) {
  U lost = 0;
  for (const auto& [booking, harm] : outage.harmed) lost += harm.second;
  const bool enough = slashed >= lost;
  std::map<Id, U> parts;
  std::vector<std::pair<Wide, Id>> remainders;
  U given = 0;
  for (const auto& [booking, harm] : outage.harmed) {
    given += parts[booking] = enough ? harm.second : scale(slashed, harm.second, lost);
    remainders.emplace_back(wide(slashed) * wide(harm.second) % wide(lost), booking);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; !enough && given < slashed; ++i, ++given) ++parts[remainders[i].second];
  for (const auto& [booking, part] : parts) {
    money[outage.harmed.at(booking).first] += part;
    if (part > 0) ++happened[enough ? "customer compensated" : "customer compensated in part"];
  }
  if (!enough && parts.size() > 1) ++happened["slash divided"];
  return given;
}

}  // namespace aitbc::market::test::model
