// The `aitbc` command line as a function.
#pragma once

#include <string>
#include <vector>

#include "wallet/cli/environment.hpp"

namespace aitbc::cli {

// Runs one command and gives the process's exit status. `arguments` are without the program's name.
int run(const std::vector<std::string>& arguments, Environment environment);

}  // namespace aitbc::cli
