// The actions of `aitbc marketplace --action NAME`, by subject. Each is a command of the group `marketplace
// action`, with its own options.
#pragma once

#include <string>
#include <vector>

#include "wallet/cli/context.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

void add_service_actions(CLI::App& actions, Context& context);  // list, search, create, my-listings
void add_bid_actions(CLI::App& actions, Context& context);  // bid, accept-bid, pending-bids, settle-payment
void add_report_actions(CLI::App& actions,
                        Context& context);  // revenue, volume, transactions, optimize, pricing
void add_optimize_action(CLI::App& actions, Context& context);
void add_audit_actions(CLI::App& actions, Context& context);  // audit, reconcile, verify-..., ...-audit
void add_quality_actions(CLI::App& actions,
                         Context& context);  // verify-provider, quality-metrics, satisfaction
void add_network_actions(CLI::App& actions,
                         Context& context);                   // performance-, latency-, capacity-metrics
void add_check_actions(CLI::App& actions, Context& context);  // connectivity-test, health-check, debug
void add_load_actions(CLI::App& actions, Context& context);   // stress-test, throughput-test, ...

// `marketplace --action NAME ...` and `marketplace ... --action NAME` become `marketplace action NAME ...`.
std::vector<std::string> with_action_first(std::vector<std::string> arguments);

}  // namespace aitbc::cli
