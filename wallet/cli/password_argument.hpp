// --password among the arguments, dealt with before the parser: it and its messages never have the value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wallet/secret.hpp"

namespace aitbc::cli {

// Takes the value of --password out of the arguments and leaves a star in its place. Words behind "--" are no
// options. Of several (which the parser refuses) all values are replaced, and the last one is given.
std::optional<wallet::SecretBytes> take_password(std::vector<std::string>& arguments);

// Overwrites the values of --password in the process's own arguments, where the list of processes shows them.
void hide_passwords(int argc, char** argv);

}  // namespace aitbc::cli
