#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/marketplace_groups.hpp"
#include "wallet/cli/option_values.hpp"

namespace aitbc::cli {
namespace {

struct StakeOptions {
  std::string provider;  // empty: the wallet itself
  std::string amount;
  CallOptions call;
};

Outcome<Address> provider_of(const Context& context, const StakeOptions& options) {
  return options.provider.empty() ? wallet_address(context, options.call.wallet)
                                  : resolve_account(context, options.provider);
}

Outcome<JsonObject> stake_arguments(const Context& context, const StakeOptions& options) {
  AITBC_ASSIGN(const Address provider, provider_of(context, options));
  JsonObject out;
  out.text("provider", hex::encode_prefixed(provider));
  if (options.amount.empty()) return out;
  AITBC_ASSIGN(const Amount amount, ait_option(options.amount, "--amount"));
  out.text("amount", to_units_string(amount));
  return out;
}

Outcome<void> add_stake(Context& context, const StakeOptions& options) {
  AITBC_ASSIGN(const JsonObject arguments, stake_arguments(context, options));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "stake", arguments.str(), options.call.submit));
  const Json event = event_of(submitted, "Staked");
  report_call(context, "Staked: " + units_cell(event["amount"]).shown,
              {{{"provider", "Provider"}, plain_cell(event["provider"])},
               {{"amount", "Amount"}, units_cell(event["amount"])}},
              submitted);
  return {};
}

Outcome<void> remove_stake(Context& context, const StakeOptions& options) {
  AITBC_ASSIGN(const JsonObject arguments, stake_arguments(context, options));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "unstake", arguments.str(), options.call.submit));
  const Json event = event_of(submitted, "UnstakeStarted");
  report_call(context, "Unstaking: " + units_cell(event["amount"]).shown,
              {{{"provider", "Provider"}, plain_cell(event["provider"])},
               {{"amount", "Amount"}, units_cell(event["amount"])},
               {{"available_at", "Arrives"}, moment_cell(event["availableAt"])}},
              submitted);
  return {};
}

Outcome<void> claim(Context& context, const StakeOptions& options) {
  AITBC_ASSIGN(const JsonObject arguments, stake_arguments(context, options));
  AITBC_ASSIGN(const Submitted submitted, market_call(context, options.call.wallet, "claimRewards",
                                                      arguments.str(), options.call.submit));
  const Json event = event_of(submitted, "RewardsClaimed");
  report_call(context, "Claimed: " + units_cell(event["amount"]).shown,
              {{{"provider", "Provider"}, plain_cell(event["provider"])},
               {{"amount", "Amount"}, units_cell(event["amount"])}},
              submitted);
  return {};
}

Outcome<void> show_stake(Context& context, const StakeOptions& options) {
  AITBC_ASSIGN(const Address staker, resolve_account(context, options.call.wallet));
  AITBC_ASSIGN(JsonObject arguments, stake_arguments(context, options));
  arguments.text("staker", hex::encode_prefixed(staker));
  AITBC_ASSIGN(const Json view, market_query(context, "market_getStake", arguments));
  AITBC_ASSIGN(const Address provider, provider_of(context, options));
  context.output().record({
      {{"provider", "Provider"}, address_cell(provider)},
      {{"staker", "Staker"}, address_cell(staker)},
      {{"staked", "Staked"}, units_cell(view["staked"])},
      {{"rewards", "Rewards to claim"}, units_cell(view["rewards"])},
  });
  return {};
}

using StakeWork = Outcome<void> (*)(Context&, const StakeOptions&);

void add_stake_command(CLI::App& group, Context& context, const char* name, const char* help,
                       bool with_amount, StakeWork work) {
  auto options = std::make_shared<StakeOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("--provider", options->provider, "Whose pool (default: the wallet's own)");
  if (with_amount) command->add_option("--amount", options->amount, "In AIT")->required();
  if (work == show_stake)
    command->add_option("--wallet", options->call.wallet, "Whose stake (name of a wallet or address)")
        ->required();
  else
    add_call_options(*command, options->call);
  command->callback([&context, options, work] {
    context.action = [&context, options, work] { return work(context, *options); };
  });
}

}  // namespace

void add_stake_commands(CLI::App& root, Context& context) {
  CLI::App* group =
      root.add_subcommand("stake", "Money at stake for a provider, which lets its GPUs be listed");
  group->require_subcommand(1);
  add_stake_command(*group, context, "add", "Put money into a provider's pool", true, add_stake);
  add_stake_command(*group, context, "remove", "Take money out; it arrives after the unbonding time", true,
                    remove_stake);
  add_stake_command(*group, context, "claim", "Pay out the share of the fees", false, claim);
  add_stake_command(*group, context, "show", "Show what is staked and could be claimed", false, show_stake);
}

}  // namespace aitbc::cli
