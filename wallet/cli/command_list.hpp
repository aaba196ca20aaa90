// Every command with its options, for programs: `aitbc --format json man`.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace aitbc::cli {

// A JSON array: of each command that does something by itself its words, what it does, and of each option the
// name, whether it goes without a flag or is one, the type of its value, allowed values, whether it is
// required, its default. The program's own options come first, under the command without words.
std::string command_list(const CLI::App& root);

}  // namespace aitbc::cli
