#include "wallet/cli/usage_failure.hpp"

#include <CLI/CLI.hpp>
#include <limits>

#include "wallet/cli/option_values.hpp"
#include "wallet/cli/parser_walk.hpp"

namespace aitbc::cli {
namespace {

// The command that the arguments came to.
struct Reached {
  const CLI::App* command;
  std::string words;
};

Reached reached(const CLI::App& root) {
  Reached out{&root, root.get_name()};
  while (!out.command->get_subcommands().empty()) {
    out.command = out.command->get_subcommands().back();
    if (!out.command->get_name().empty()) out.words += " " + out.command->get_name();
  }
  return out;
}

Failure wrong(const Reached& at, const std::string& what) {
  return {Exit::usage, what + "; see: " + at.words + " --help"};
}

bool is_decimal(const std::string& text) {
  const std::string whole = text.substr(0, text.find('.'));
  const std::string fraction = whole.size() < text.size() ? text.substr(whole.size() + 1) : "0";
  const auto all_digits = [](const std::string& part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
  };
  return all_digits(whole) && all_digits(fraction);
}

std::string fault_of(const CLI::Option& option, const std::string& value) {
  if (value.empty()) return " is empty: give it a value, or leave it out";
  const std::string type = option.get_type_name();
  if (type.starts_with("UINT") &&
      !whole_number_fault(value, 0, std::numeric_limits<std::uint64_t>::max()).empty())
    return " '" + value + "' is not a whole number";
  if (type.starts_with("FLOAT") && !is_decimal(value)) return " '" + value + "' is not a number such as 1.5";
  return "";
}

}  // namespace

Failure usage_failure(const CLI::App& root, const CLI::ParseError& error) {
  const Reached at = reached(root);
  std::string what = error.what();
  const bool lacks_command = at.command->get_require_subcommand_min() > 0;
  if (lacks_command) {
    const std::vector<std::string> rest = root.remaining(true);
    what = rest.empty() ? at.words + " takes a command" : at.words + " has no command '" + rest.front() + "'";
  }
  return wrong(at, what);
}

std::optional<Failure> bad_value(const CLI::App& root) {
  const Reached at = reached(root);
  for (const CLI::App* app = at.command; app != nullptr; app = app->get_parent())
    for (const CLI::Option* option : options_of(*app)) {
      if (option->count() == 0 || is_flag(*option) || name_of(*option) == "--password") continue;
      for (const std::string& value : option->results())
        if (const std::string fault = fault_of(*option, value); !fault.empty())
          return wrong(at, name_of(*option) + fault);
    }
  return std::nullopt;
}

}  // namespace aitbc::cli
