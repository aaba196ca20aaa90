// The GPU marketplace: a native contract at 0x00000000000000000000000000000000000a17bc.
#pragma once

#include <memory>

#include "execution/module.hpp"

namespace aitbc {

std::unique_ptr<Module> make_marketplace();

}  // namespace aitbc
