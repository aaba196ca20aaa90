// What is wrong with arguments, as one sentence.
#pragma once

#include <optional>

#include "wallet/cli/outcome.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace aitbc::cli {

// After root.parse() threw the error: what is wrong, and whose --help tells what would be right.
Failure usage_failure(const CLI::App& root, const CLI::ParseError& error);

// After arguments were read, what the parser lets through: an empty value, which is a script's unset variable
// rather than anything meant (passwords are judged where they are used); a number that is none, such as nan
// or one that wraps around.
std::optional<Failure> bad_value(const CLI::App& root);

}  // namespace aitbc::cli
