// What runs before a node opens its chain, where `sync.mode = snapshot` and there is none yet: fetches the
// state of a recent block from peers. Requests are served only after it.
#pragma once

#include "base/result.hpp"
#include "node/config.hpp"

namespace aitbc {

// Returns at once where the database holds a chain, or the mode is full and no snapshot was begun. Goes on
// where an earlier run stopped. unavailable when SIGINT or SIGTERM stopped it.
Result<void> fetch_snapshot_if_wanted(const NodeConfig& config);

}  // namespace aitbc
