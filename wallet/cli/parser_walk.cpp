#include "wallet/cli/parser_walk.hpp"

namespace aitbc::cli {

std::vector<const CLI::App*> shown_commands(const CLI::App& command) {
  return command.get_subcommands(
      [](const CLI::App* each) { return !each->get_name().empty() && !each->get_group().empty(); });
}

std::vector<const CLI::Option*> options_of(const CLI::App& command) {
  std::vector<const CLI::Option*> out;
  for (const CLI::Option* option : command.get_options()) out.push_back(option);
  for (const CLI::App* group :
       command.get_subcommands([](const CLI::App* each) { return each->get_name().empty(); }))
    for (const CLI::Option* option : group->get_options()) out.push_back(option);
  return out;
}

// A set of allowed values is described as "{a,b,c}".
std::vector<std::string> values_of(const CLI::Option& option) {
  std::vector<std::string> out;
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return out;
  std::string rest = type.substr(open + 1, close - open - 1) + ",";
  for (std::size_t comma = rest.find(','); comma != std::string::npos; comma = rest.find(',')) {
    out.push_back(rest.substr(0, comma));
    rest.erase(0, comma + 1);
  }
  return out;
}

bool is_flag(const CLI::Option& option) {
  return option.get_items_expected_max() == 0 && !option.get_positional();
}

std::string name_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  return option.get_lnames().empty() ? option.get_name() : "--" + option.get_lnames().front();
}

}  // namespace aitbc::cli
