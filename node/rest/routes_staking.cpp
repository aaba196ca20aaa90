// What is staked on providers, what it earns, and what is on its way back.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

constexpr std::array kStake{
    OutField{"staked", "staked", Form::amount, "AIT"},
    OutField{"rewards", "rewards", Form::amount, "AIT that can be claimed"},
};
constexpr Shape kStakeShape{"Stake", kStake};
constexpr std::array kPoolStake{
    OutField{"staker", "staker", Form::text, "address"},
    OutField{"staked", "staked", Form::amount, "AIT"},
    OutField{"rewards", "rewards", Form::amount, "AIT that can be claimed"},
};
constexpr Shape kPoolStakeShape{"PoolStake", kPoolStake};
constexpr std::array kUnbonding{
    OutField{"id", "id", Form::text, "id of what is on its way"},
    OutField{"staker", "staker", Form::text, "address that it goes to"},
    OutField{"available_at", "availableAt", Form::time, "when it arrives, by itself"},
};
constexpr Shape kUnbondingShape{"Unbonding", kUnbonding};
constexpr std::array kStaked{
    OutField{"provider", "provider", Form::text, "address"},
    OutField{"staker", "staker", Form::text, "address"},
    OutField{"amount", "amount", Form::amount, "AIT"},
};
constexpr Shape kStakedShape{"Staked", kStaked};
constexpr std::array kUnstaking{
    OutField{"provider", "provider", Form::text, "address"},
    OutField{"staker", "staker", Form::text, "address"},
    OutField{"amount", "amount", Form::amount, "AIT"},
    OutField{"available_at", "availableAt", Form::time, "when it arrives, by itself"},
};
constexpr Shape kUnstakingShape{"Unstaking", kUnstaking};

struct ListPool : QueryInput {
  std::optional<std::uint64_t> limit;
  std::optional<std::string> cursor;
  static constexpr auto kFields =
      std::tuple(input("limit", &ListPool::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListPool::cursor, "X-Next-Cursor of the page before"));
};
RestResult<Page> list_pool(const RestBackend& backend, std::string_view method, const Address& provider,
                           const ListPool& query) {
  return ask_page(backend, method, Params().text("provider", hex::checksummed(provider)), query.limit,
                  query.cursor);
}

struct Stake : BodyInput {
  Address provider;
  Ait amount;
  static constexpr auto kFields =
      std::tuple(input("provider", &Stake::provider, "address"), input("amount", &Stake::amount, "AIT"));
};
struct Claim : BodyInput {
  Address provider;
  static constexpr auto kFields = std::tuple(input("provider", &Claim::provider, "address"));
};

void register_stake_change(Registry& registry, const Describe& about, std::string call, std::string event) {
  registry.write(
      about, {call},
      [call](const RestBackend&, const Stake& body) -> RestResult<Plan> {
        return Plan{call, Params()
                              .text("provider", hex::checksummed(body.provider))
                              .amount("amount", body.amount.value)
                              .json()};
      },
      [event](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event(event);
      });
}

}  // namespace

void register_staking_routes(Registry& registry) {
  registry.read(
      {"get_stake",
       "GET",
       "/v1/staking/{provider}/{staker}",
       "staking",
       "What an account has staked on a provider",
       &kStakeShape,
       200,
       false,
       {404}},
      [](const RestBackend& backend, const Address& provider, const Address& staker) -> RestResult<Page> {
        Params params;
        params.text("provider", hex::checksummed(provider)).text("staker", hex::checksummed(staker));
        REST_ASSIGN(Answer stake, ask(backend, "market_getStake", params));
        return Page{std::move(stake), {}, {}};
      });
  registry.read({"list_stakes",
                 "GET",
                 "/v1/staking/{provider}",
                 "staking",
                 "Who has staked on a provider",
                 &kPoolStakeShape,
                 200,
                 true,
                 {400, 404}},
                [](const RestBackend& backend, const Address& provider, const ListPool& query) {
                  return list_pool(backend, "market_listStakes", provider, query);
                });
  registry.read({"list_unbondings",
                 "GET",
                 "/v1/staking/{provider}/unbondings",
                 "staking",
                 "What is on its way back to stakers",
                 &kUnbondingShape,
                 200,
                 true,
                 {400, 404}},
                [](const RestBackend& backend, const Address& provider, const ListPool& query) {
                  return list_pool(backend, "market_listUnbondings", provider, query);
                });
  register_stake_change(
      registry,
      {"stake", "POST", "/v1/staking/stake", "staking", "Locks AIT in a provider's pool", &kStakedShape, 201},
      "stake", "Staked");
  register_stake_change(registry,
                        {"unstake",
                         "POST",
                         "/v1/staking/unstake",
                         "staking",
                         "Takes AIT out; it arrives after the unbonding time",
                         &kUnstakingShape,
                         200,
                         false,
                         {404}},
                        "unstake", "UnstakeStarted");
  registry.write(
      {"claim_rewards",
       "POST",
       "/v1/staking/claim",
       "staking",
       "Pays out the caller's share of the fees",
       &kStakedShape,
       200,
       false,
       {404}},
      {"claimRewards"},
      [](const RestBackend&, const Claim& body) -> RestResult<Plan> {
        return Plan{"claimRewards", Params().text("provider", hex::checksummed(body.provider)).json()};
      },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("RewardsClaimed");
      });
}

}  // namespace aitbc::rest
