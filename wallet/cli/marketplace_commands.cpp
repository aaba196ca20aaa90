#include <CLI/CLI.hpp>

#include "wallet/cli/commands.hpp"
#include "wallet/cli/marketplace_groups.hpp"

namespace aitbc::cli {

void add_marketplace_commands(CLI::App& root, Context& context) {
  CLI::App* market = root.add_subcommand("marketplace", "Rent out and rent GPUs");
  market->require_subcommand(1);
  add_gpu_commands(*market, context);
  add_order_commands(*market, context);
  add_bid_commands(*market, context);
  add_review_commands(*market, context);
  add_market_calls(*market, context);
  add_pricing_command(*market, context);
  add_action_commands(*market, context);
  add_auction_commands(root, context);
  add_dispute_commands(root, context);
  add_governance_commands(root, context);
  add_signed_order_commands(root, context);
  add_proof_command(root, context);
  add_stake_commands(root, context);
}

}  // namespace aitbc::cli
