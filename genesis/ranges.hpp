// Bounds of the values in a genesis file.
#pragma once

#include "genesis/genesis.hpp"

namespace aitbc::genesis {

// Everything that validate() asks for except validators: a template of a chain has none yet.
Result<void> check_ranges(const Genesis& genesis);

}  // namespace aitbc::genesis
