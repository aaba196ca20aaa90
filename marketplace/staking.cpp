// A provider's pool: shares of a staked sum, and rewards per share.
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

Amount all_shares(const Provider& provider) { return sum(provider.shares, provider.unbonding_shares); }

// What shares are worth now, rounded down; the rest stays with the others.
Amount worth(const Provider& provider, Amount shares) {
  if (shares.is_zero()) return {};
  const auto out = mul_div_floor(provider.staked, shares.units(), all_shares(provider).units());
  AITBC_CHECK(out.has_value(), "shares are worth more than their pool");
  return *out;
}

// Shares for new money, rounded down so that nobody is diluted. nullopt on overflow.
std::optional<Amount> shares_for(const Provider& provider, Amount amount) {
  const Amount shares = all_shares(provider);
  if (shares.is_zero()) return amount;
  return mul_div_floor(shares, amount.units(), provider.staked.units());
}

Amount due_rewards(const Provider& provider, const Stake& stake) {
  const Amount gained = difference(provider.reward_index, stake.claimed_index);
  const auto out = mul_div_floor(stake.shares, gained.units(), kRewardScale);
  AITBC_CHECK(out && *out <= provider.rewards, "more rewards are due than are held");
  return *out;
}

// Pays what is due, so that the number of shares may change.
Amount settle_rewards(Context& c, Provider& provider, Stake& stake) {
  const Amount due = due_rewards(provider, stake);
  stake.claimed_index = provider.reward_index;
  if (due.is_zero()) return due;
  provider.rewards = difference(provider.rewards, due);
  pay(c, stake.staker, due);
  emit<"RewardsClaimed">(c.logs, provider.account, stake.staker, due);
  return due;
}

Stake stake_of(Context& c, const Provider& provider, const Address& staker) {
  if (auto stake = load<Stake>(c.state, stake_key(provider.account, staker))) return *stake;
  return {provider.account, staker, {}, provider.reward_index};
}

void save_stake(Context& c, const Stake& stake) {
  if (stake.shares.is_zero())
    c.state.erase(kContract, key_of(stake));
  else
    save(c, stake);
}

}  // namespace

Amount active_stake(const Provider& provider) { return worth(provider, provider.shares); }

Outcome<void> stake(Context& c, const Address& account, Amount amount) {
  MARKET_TRY(check_range("amount", amount, Amount(1), Amount::max()));
  // The first stake on oneself is registration enough.
  Provider provider = account == c.caller ? provider_of_caller(c) : Provider{};
  if (account != c.caller) {
    MARKET_ASSIGN(provider, get_provider(c, account));
  }
  const auto shares = shares_for(provider, amount);
  if (!shares || !checked_add(all_shares(provider), *shares)) return revert<"AmountOverflow">();
  if (shares->is_zero()) return revert<"OutOfRange">("amount", amount, Amount(1), Amount::max());
  MARKET_TRY(lock(c, amount));
  Stake own = stake_of(c, provider, c.caller);
  settle_rewards(c, provider, own);
  if (own.shares.is_zero()) ++provider.stakers;
  own.shares = sum(own.shares, *shares);
  provider.shares = sum(provider.shares, *shares);
  provider.staked = sum(provider.staked, amount);
  save_stake(c, own);
  save(c, provider);
  emit<"Staked">(c.logs, account, c.caller, amount);
  return {};
}

Outcome<UnbondingId> unstake(Context& c, const Address& account, Amount amount) {
  MARKET_TRY(check_range("amount", amount, Amount(1), Amount::max()));
  MARKET_ASSIGN(Provider provider, get_provider(c, account));
  Stake own = stake_of(c, provider, c.caller);
  const Amount available = worth(provider, own.shares);
  if (amount > available) return revert<"StakeNotFound">(account, c.caller, available);
  // Rounded up, so that the rest of the pool never pays for it; all of it when nothing worth keeping is left.
  const auto wanted = mul_div_ceil(all_shares(provider), amount.units(), provider.staked.units());
  const Amount shares = amount == available || !wanted ? own.shares : std::min(*wanted, own.shares);
  settle_rewards(c, provider, own);
  own.shares = difference(own.shares, shares);
  if (own.shares.is_zero()) --provider.stakers;
  provider.shares = difference(provider.shares, shares);
  provider.unbonding_shares = sum(provider.unbonding_shares, shares);
  const Unbonding unbonding{UnbondingId{take_id(c.state, Kind::unbonding)}, account, c.caller, shares,
                            c.now() + c.params.unbonding_time};
  schedule(c, unbonding.available_at, Kind::unbonding, unbonding.id.value);
  save_stake(c, own);
  save(c, provider);
  save(c, unbonding);
  emit<"UnstakeStarted">(c.logs, account, c.caller, unbonding.id, amount, unbonding.available_at);
  return unbonding.id;
}

Outcome<Amount> claim_rewards(Context& c, const Address& account) {
  MARKET_ASSIGN(Provider provider, get_provider(c, account));
  Stake own = stake_of(c, provider, c.caller);
  const Amount claimed = settle_rewards(c, provider, own);
  if (claimed.is_zero()) return revert<"NothingToClaim">(account, c.caller);
  save_stake(c, own);
  save(c, provider);
  return claimed;
}

Outcome<StakeView> get_stake(Context& c, const Address& account, const Address& staker) {
  MARKET_ASSIGN(const Provider provider, get_provider(c, account));
  const Stake own = stake_of(c, provider, staker);
  return StakeView{worth(provider, own.shares), due_rewards(provider, own)};
}

void finish_unbonding(Context& c, UnbondingId id) {
  const auto unbonding = load(c.state, id);
  AITBC_CHECK(unbonding.has_value(), "a deadline of nothing");
  Provider provider = existing_provider(c, unbonding->provider);
  const Amount amount = worth(provider, unbonding->shares);
  provider.staked = difference(provider.staked, amount);
  provider.unbonding_shares = difference(provider.unbonding_shares, unbonding->shares);
  save(c, provider);
  pay(c, unbonding->staker, amount);
  erase(c, *unbonding);
  emit<"UnstakeFinished">(c.logs, unbonding->staker, id, amount);
}

}  // namespace aitbc::market
