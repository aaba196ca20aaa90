// Walks over the parser, for what is made from it: manual pages, completion, the list of commands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace aitbc::cli {

// The commands directly below that people are shown.
std::vector<const CLI::App*> shown_commands(const CLI::App& command);

// Options of the command and of its option groups, which are commands without a name.
std::vector<const CLI::Option*> options_of(const CLI::App& command);

// The values that an option allows; empty when they are no short list.
std::vector<std::string> values_of(const CLI::Option& option);

// Whether the option is a flag, which takes no value.
bool is_flag(const CLI::Option& option);

// As it is written: "--amount", and the name of one without a flag.
std::string name_of(const CLI::Option& option);

}  // namespace aitbc::cli
