// Store in memory, for tests and simulation. A snapshot costs O(1) until the next write after it.
#pragma once

#include <memory>

#include "storage/store.hpp"

namespace aitbc {

std::unique_ptr<Store> make_memory_store();

}  // namespace aitbc
