// A command whose answer is a file.
#pragma once

#include <string>

#include "wallet/cli/context.hpp"

namespace aitbc::cli {

// Tells people in a sentence, and programs with {"file": ...}, where it was written.
void report_file(const Context& context, const std::string& sentence, const std::string& file);

}  // namespace aitbc::cli
