#include <algorithm>

#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/marketplace_groups.hpp"

namespace aitbc::cli {
namespace {

using Arguments = std::vector<std::string>;

// The command: the first argument that is neither an option of the program nor the value of one.
Arguments::iterator find_command(Arguments& arguments) {
  auto at = arguments.begin();
  while (at != arguments.end() && at->starts_with('-')) {
    const bool has_value =
        at->starts_with("--") && at->find('=') == std::string::npos && *at != "--help" && *at != "--version";
    at += has_value && at + 1 != arguments.end() ? 2 : 1;
  }
  return at;
}

}  // namespace

Arguments with_action_first(Arguments arguments) {
  constexpr std::string_view kJoined = "--action=";
  const auto command = find_command(arguments);
  if (command == arguments.end() || *command != "marketplace") return arguments;
  const auto option = std::find_if(command, arguments.end(), [&](const std::string& argument) {
    return argument == "--action" || argument.starts_with(kJoined);
  });
  if (option == arguments.end()) return arguments;
  Arguments words{"action"};
  const bool is_joined = *option != "--action";
  const bool has_value = !is_joined && option + 1 != arguments.end();
  if (is_joined) words.push_back(option->substr(kJoined.size()));
  if (has_value) words.push_back(*(option + 1));
  const auto after = command - arguments.begin() + 1;
  arguments.erase(option, option + (has_value ? 2 : 1));
  arguments.insert(arguments.begin() + after, words.begin(), words.end());
  return arguments;
}

void add_action_commands(CLI::App& market, Context& context) {
  CLI::App* actions =
      add_group(market, "action", "The market's work by name, also written 'marketplace --action NAME'");
  add_service_actions(*actions, context);
  add_bid_actions(*actions, context);
  add_report_actions(*actions, context);
  add_audit_actions(*actions, context);
  add_quality_actions(*actions, context);
  add_network_actions(*actions, context);
  add_check_actions(*actions, context);
  add_load_actions(*actions, context);
}

}  // namespace aitbc::cli
