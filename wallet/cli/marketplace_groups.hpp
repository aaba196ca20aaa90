// The groups of `aitbc marketplace`, and `aitbc stake`.
#pragma once

#include "wallet/cli/context.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

void add_gpu_commands(CLI::App& market, Context& context);       // gpu register|list|details|book|release|...
void add_gpu_views(CLI::App& gpu, Context& context);             // its list and details
void add_order_commands(CLI::App& market, Context& context);     // orders list, order, settle
void add_bid_commands(CLI::App& market, Context& context);       // bid submit|list|details|accept|withdraw
void add_review_commands(CLI::App& market, Context& context);    // review add, reviews
void add_action_commands(CLI::App& market, Context& context);    // action ..., written --action ...
void add_market_calls(CLI::App& market, Context& context);       // offers, providers, services, stats
void add_order_calls(CLI::App& orders, Context& context);        // orders extend|cancel
void add_review_calls(CLI::App& review, Context& context);       // review hide
void add_pricing_command(CLI::App& market, Context& context);    // pricing MODEL
void add_dispute_commands(CLI::App& root, Context& context);     // dispute ...
void add_governance_commands(CLI::App& root, Context& context);  // governance ...
void add_auction_commands(CLI::App& root, Context& context);     // auction ...
void add_signed_order_commands(CLI::App& root, Context& context);  // signed-order ...
void add_proof_command(CLI::App& root, Context& context);          // proof
void add_stake_commands(CLI::App& root, Context& context);         // stake add|remove|claim|show

}  // namespace aitbc::cli
