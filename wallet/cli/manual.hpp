// Manual pages and shell completion, both made from the parser itself, so that they say what it does.
#pragma once

#include <string>
#include <vector>

#include "wallet/cli/context.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

// A page in man(7)'s language of one command with all below it: `path` is "aitbc marketplace".
std::string manual_page(const CLI::App& command, const std::string& path);

// `man` prints or writes the pages, `completion` prints a script for a shell, and `complete`, which that
// script asks, prints what may follow some words.
void add_manual_commands(CLI::App& root, Context& context);

// What may follow: names of sub-commands, flags, values that an option takes. Of the last word, which is
// being written, what begins like it.
std::vector<std::string> completions(const CLI::App& root, std::vector<std::string> words);

}  // namespace aitbc::cli
