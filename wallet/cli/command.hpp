// How commands are put together: options that live as long as the parser, and the work that is done with
// them.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "wallet/cli/context.hpp"

namespace aitbc::cli {

// Adds `parent name`. `describe(command, options)` adds the options; `work(context, options)` runs when the
// arguments name the command and all of them were read.
template <class Options, class Describe>
CLI::App* add_command(CLI::App& parent, Context& context, const std::string& name, const std::string& help,
                      Describe describe, Outcome<void> (*work)(Context&, const Options&)) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parent.add_subcommand(name, help);
  describe(*command, *options);
  command->callback([&context, options, work] {
    context.action = [&context, options, work] { return work(context, *options); };
  });
  return command;
}

// Adds a group, which does nothing without one of its commands.
inline CLI::App* add_group(CLI::App& parent, const std::string& name, const std::string& help) {
  CLI::App* group = parent.add_subcommand(name, help);
  group->require_subcommand(1);
  return group;
}

}  // namespace aitbc::cli
