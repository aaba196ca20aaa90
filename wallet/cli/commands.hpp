// The commands, by subject. Each adds its sub-commands and options to the parser; the one that the arguments
// name leaves its work in Context::action.
#pragma once

#include "wallet/cli/context.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

void add_wallet_commands(CLI::App& root, Context& context);     // create, import, list, balance
void add_send_command(CLI::App& root, Context& context);        // send
void add_chain_commands(CLI::App& root, Context& context);      // tx, block, chain
void add_validator_commands(CLI::App& root, Context& context);  // validator propose, votes, list, discard
void add_ai_commands(CLI::App& root, Context& context);        // ai-submit, ai-status, ai-results, ai-metrics
void add_resource_commands(CLI::App& root, Context& context);  // resource ...
void add_transaction_commands(CLI::App& root, Context& context);  // transactions, transaction ...
void add_coordinator_commands(CLI::App& root, Context& context);  // coordinator attest
void add_sign_commands(CLI::App& root, Context& context);         // sign typed-data
void add_marketplace_commands(CLI::App& root, Context& context);  // marketplace ..., stake ...

}  // namespace aitbc::cli
