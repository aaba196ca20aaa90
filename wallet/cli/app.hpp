// The `aitbc` command line as a function.
#pragma once

#include <string>
#include <vector>

#include "wallet/cli/environment.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

class Context;

// Adds commands of a room above this one.
using AddCommands = void (*)(CLI::App& root, Context& context);

// Runs one command and gives the process's exit status. `arguments` are without the program's name.
int run(std::vector<std::string> arguments, Environment environment,
        const std::vector<AddCommands>& more_commands = {});

}  // namespace aitbc::cli
