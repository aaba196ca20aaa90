// The processes that came from this one, as /proc has them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace aitbc::agent {

struct ProcessTree {
  std::vector<pid_t> processes;  // descendants, without this process
  std::uint64_t resident_bytes = 0;
};
// Those that end while it looks may be left out. Processes that nobody has waited for yet do not count.
ProcessTree descendants();

// Makes descendants whose parent ended children of this process, so that none of them gets away.
void adopt_orphans();

// Kills all descendants and waits until there are none.
void kill_descendants();

}  // namespace aitbc::agent
