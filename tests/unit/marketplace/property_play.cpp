#include "property_play.hpp"

#include "codec/hex.hpp"
#include "marketplace/gpus.hpp"
#include "signer.hpp"

namespace aitbc::market::test {
namespace {

using model::U;

constexpr std::size_t kActors = 9;

PrivateKey key_of_actor(std::size_t index) { return key_ending(static_cast<std::uint8_t>(0x40 + index)); }

std::string listed(std::size_t from, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = from; i < from + count; ++i)
    out += (i == from ? "\"" : ",\"") + hex::encode_prefixed(key_of_actor(i).address()) + "\"";
  return out + "]";
}

// Short times, so that everything comes to its end; no cap, since the model has none.
std::string rules() {
  return R"({"unbondingTime": 172800, "heartbeatGrace": 7200, "outageWindow": 600, "faultMemory": 604800,
    "faultsToJail": 2, "jailTime": 43200, "disputeTime": 86400, "proposalTime": 86400, "governanceDelay": 43200,
    "acceptanceTime": 43200, "defaultJobTtl": 43200, "slashBps": 300, "maxClosingsPerBlock": 1000000,
    "arbitrators": )" +
         listed(3, 3) + ", \"moderators\": " + listed(5, 2) + ", \"coordinators\": " + listed(6, 3) + "}";
}

U units(Amount amount) { return amount.units(); }

// Of a GPU or a provider.
bool same_rating(const auto& its, const auto& mine) {
  return its.reviews == mine.reviews && its.rating_sum == mine.stars &&
         units(its.rating_weight) == mine.weight && units(its.weighted_rating) == mine.weighted_stars;
}

}  // namespace

void Coverage::add(const Coverage& other) {
  operations += other.operations;
  for (const auto& [name, counts] : other.calls)
    for (std::size_t i = 0; i < 2; ++i) calls[name][i] += counts[i];
  for (const auto& [name, count] : other.events) events[name] += count;
  for (const auto& [name, count] : other.logs) logs[name] += count;
}

Play::Play(std::uint64_t seed) : dice_(seed), market_(rules()) {
  const Amount wealth = Amount::ait(100'000);
  world_.rules = market_.params();
  world_.roles = load_roles(market_.state());
  world_.now = market_.now();
  for (const Address& account : {kProvider, kCustomer, kRival, kStranger})
    world_.money[account] = units(market_.balance(account));
  // What Market's constructor did.
  world_.money[kProvider] += units(Amount::ait(100));
  world_.stake(kProvider, kProvider, units(Amount::ait(100)));
  for (std::size_t i = 0; i < kActors; ++i) {
    const PrivateKey key = key_of_actor(i);
    actors_.push_back({key, key.address()});
    market_.fund(key.address(), wealth);
    world_.money[key.address()] = units(wealth);
  }
  vote_in({actors_[0].address, actors_[1].address, actors_[2].address});
}

const Play::Actor& Play::actor(const Address& address) const {
  for (const Actor& each : actors_)
    if (each.address == address) return each;
  return actors_[0];
}

Amount Play::money(std::uint64_t most_ait) {
  const std::uint64_t whole = dice_.below(most_ait);
  return Amount::ait(whole) + Amount(dice_.between(1, 1'000'000'000'000'000'000U));
}

Bytes Play::signature(const Address& who, const Hash& digest) const {
  return signature_of(actor(who).key, digest, 0);
}

// Consensus' own business, as far as the market goes: from now on these validate.
void Play::vote_in(std::vector<Address> validators) {
  std::sort(validators.begin(), validators.end());
  market_.block().validators = validators;
  world_.validators = std::move(validators);
}

void Play::change_validators() {
  std::vector<Address> validators = world_.validators;
  const Address& changed = actors_[dice_.below(kVoters)].address;
  if (std::erase(validators, changed) == 0) validators.push_back(changed);
  if (!validators.empty()) vote_in(std::move(validators));
}

// Providers with stake and GPUs, some of which will send heartbeats.
void Play::set_up() {
  for (std::size_t i = 0; i < 4; ++i) {
    const Address& who = actors_[i].address;
    const Amount amount = Amount::ait(120) + money(100);
    const bool staked = call(who, "stake", who, amount);
    agree("stake", staked, world_.stake(who, who, amount.units()));
    for (int k = 0; k < 3; ++k) {
      const GpuSpec spec = gpu_spec();
      const bool registered = call(who, "registerGpu", spec);
      agree("registerGpu", registered, world_.register_gpu(who, spec));
    }
  }
}

bool Play::run(std::size_t count) {
  set_up();
  std::vector<void (Play::*)()> bag;
  for (const Operation& each : operations()) bag.insert(bag.end(), each.weight, each.play);
  while (coverage_.operations < count && report_.empty()) {
    (this->*bag[dice_.below(bag.size())])();
    compare_money();
    if (dice_.in_100(12)) new_block();
  }
  new_block();
  compare_records();
  coverage_.events = world_.happened;
  return report_.empty();
}

void Play::agree(const char* name, bool market, bool model) {
  ++coverage_.operations;
  ++coverage_.calls[name][market ? 1 : 0];
  if (market == model || !report_.empty()) return;
  differs(std::string(name) + ": the market says " + (market ? "yes" : "no") + ", the model " +
          (model ? "yes" : "no") + "; " + last_);
}

void Play::new_block() {
  market_.end_block();
  world_.end_block();
  for (const std::string& log : market_.take_events()) ++coverage_.logs[log.substr(0, log.find(' '))];
  last_ = "end of block";
  compare_money();
  if (++blocks_ % 16 == 0) compare_records();
  const std::uint64_t kind = dice_.below(200);
  const Seconds step = kind < 140   ? dice_.between(1, 600)
                       : kind < 196 ? dice_.between(600, 2 * kHour)
                                    : dice_.between(2 * kHour, 3 * kDay);
  // Who sends heartbeats usually sends them in time; now and then all of them miss one.
  const bool common_failure = dice_.in_100(2);
  for (const auto& [who, provider] : world_.providers) {
    if (!provider.online || common_failure || dice_.in_100(8) || provider.alive_until > world_.now + 2 * step)
      continue;
    const bool beaten = call(who, "heartbeat", provider.down, market_.block().recent_hashes[0]);
    agree("heartbeat", beaten, world_.heartbeat(who, provider.down, true));
  }
  market_.block().timestamp += step;
  world_.now += step;
  if (dice_.in_100(3)) change_validators();
}

void Play::differs(const std::string& what) {
  if (!report_.empty()) return;
  report_ = "operation " + std::to_string(coverage_.operations) + ", second " +
            std::to_string(world_.now - kGenesisTime) + ": " + what;
}

// ---- comparing
void Play::compare_money() {
  if (!report_.empty()) return;
  for (const auto& [who, amount] : world_.money)
    if (!who.is_zero() && units(market_.balance(who)) != amount)
      return differs("balance of " + hex::encode_prefixed(who) + ": " + to_ait_string(market_.balance(who)) +
                     " AIT, in the model " + to_ait_string(Amount::from_units(amount)) + "; after " + last_);
  if (units(market_.balance(kContract)) != world_.locked())
    differs("the contract holds " + to_ait_string(market_.balance(kContract)) + " AIT, in the model " +
            to_ait_string(Amount::from_units(world_.locked())) + "; after " + last_);
}

void Play::compare_records() {
  if (!report_.empty()) return;
  const Totals totals = market_.totals();
  if (units(totals.burned) != world_.burned) differs("burned");
  if (units(totals.minted) != world_.minted) differs("minted");
  compare_bookings();
  compare_work();
  compare_gpus();
  compare_pools();
  compare_votes();
}

void Play::compare_bookings() {
  if (last_id(market_.state(), Kind::booking) != world_.bookings.size()) differs("number of bookings");
  for (const auto& [id, mine] : world_.bookings) {
    const auto its = record<Kind::booking>(id);
    const bool same = its && its->customer == mine.customer && its->refund_to == mine.refund_to &&
                      its->start == mine.start && its->end == mine.end && its->evict_at == mine.evict_at &&
                      units(its->locked) == mine.locked && units(its->price_per_hour) == mine.price &&
                      units(its->paid) == mine.paid && units(its->fee) == mine.fee &&
                      units(its->refund) == mine.refund && its->closed == mine.closed &&
                      its->review.value == mine.review && market_.state_of(its->id) == world_.state(mine);
    if (!same) return differs("booking " + std::to_string(id));
  }
  for (const auto& [id, mine] : world_.bids) {
    const auto its = record<Kind::bid>(id);
    if (!its || units(its->amount) != mine.amount || its->state != mine.state ||
        state_of(*its, world_.now) != world_.state(mine))
      return differs("bid " + std::to_string(id));
  }
}

void Play::compare_work() {
  for (const auto& [id, mine] : world_.services) {
    const auto its = record<Kind::service>(id);
    const bool same = its && its->provider == mine.owner && its->customer == mine.customer &&
                      units(its->locked) == mine.locked && units(its->paid) == mine.paid &&
                      units(its->fee) == mine.fee && units(its->refund) == mine.refund &&
                      state_of(*its, world_.now) == world_.state(mine) && its->review.value == mine.review;
    if (!same) return differs("service " + std::to_string(id));
  }
  for (const auto& [id, mine] : world_.jobs) {
    const auto its = record<Kind::job>(id);
    if (!its || its->provider != mine.owner || units(its->paid) != mine.paid || units(its->fee) != mine.fee ||
        units(its->refund) != mine.refund || state_of(*its, world_.now) != world_.state(mine))
      return differs("job " + std::to_string(id));
  }
  for (const auto& [id, mine] : world_.auctions) {
    const auto its = record<Kind::auction>(id);
    if (!its || its->deadline != mine.deadline || its->total_bids != mine.bids ||
        its->booking.value != mine.booking || its->service.value != mine.service ||
        state_of(*its, world_.now) != world_.state(mine))
      return differs("auction " + std::to_string(id));
  }
  for (const auto& [id, mine] : world_.offers) {
    const auto its = record<Kind::offer>(id);
    if (!its || its->reserved != mine.reserved || its->closed != mine.closed)
      return differs("offer " + std::to_string(id));
  }
}

void Play::compare_gpus() {
  Logs logs;
  Context c(market_.state(), market_.block(), kStranger, logs);
  for (const auto& [id, mine] : world_.gpus) {
    const auto its = get_gpu(c, GpuId{id});
    if (!its || its->gpu.listing != mine.listing || its->status != world_.status(mine) ||
        units(its->price_per_hour) != world_.price(mine) || !same_rating(its->gpu, mine) ||
        its->gpu.auction.value != mine.auction || its->gpu.offer.value != mine.offer)
      return differs("GPU " + std::to_string(id));
    const Seconds from = world_.now + dice_.below(kDay);
    const bool free = is_available(c, GpuId{id}, from, from + kHour).value();
    const GpuStatus status = world_.status(mine);
    const bool listed = status == GpuStatus::available || status == GpuStatus::booked;
    if (free != (listed && world_.is_free(id, from, from + kHour, world_.now)))
      return differs("what is free on GPU " + std::to_string(id));
  }
  for (const auto& [name, mine] : world_.models) {
    const auto its = load<ModelStats>(market_.state(), model_key(name));
    const U index = mine.history.empty() ? 0 : mine.history.back();
    if (!its || its->listed != mine.listed || its->busy != mine.busy || units(its->index) != index)
      return differs("model " + name);
  }
}

void Play::compare_pools() {
  for (const auto& [who, mine] : world_.providers) {
    const auto its = load<Provider>(market_.state(), provider_key(who));
    if (!its || units(its->staked) != mine.pool.staked || units(its->shares) != mine.pool.active() ||
        units(its->rewards) != mine.pool.rewards || its->stakers != mine.pool.shares.size() ||
        its->liveness.jailed_until != mine.jailed_until || !same_rating(*its, mine))
      return differs("provider " + hex::encode_prefixed(who));
  }
  for (const auto& [id, mine] : world_.outages) {
    const auto its = record<Kind::outage>(id);
    if (!its || its->phase != mine.phase || its->faulted_bookings != mine.faulted)
      return differs("outage " + std::to_string(id));
  }
}

void Play::compare_votes() {
  for (const auto& [id, mine] : world_.disputes) {
    const auto its = record<Kind::dispute>(id);
    if (!its || its->state != mine.state || its->votes.size() != mine.votes.size())
      return differs("dispute " + std::to_string(id));
  }
  for (const auto& [id, mine] : world_.proposals) {
    const auto its = record<Kind::proposal>(id);
    if (!its || its->state != mine.state) return differs("proposal " + std::to_string(id));
  }
  for (const auto& [id, mine] : world_.reviews) {
    const auto its = record<Kind::review>(id);
    if (!its || its->hidden != mine.hidden || its->rating != mine.stars || units(its->weight) != mine.weight)
      return differs("review " + std::to_string(id));
  }
  const Params params = market_.params();
  if (params.take_bps != world_.rules.take_bps || params.min_stake != world_.rules.min_stake)
    differs("parameters");
}

}  // namespace aitbc::market::test
