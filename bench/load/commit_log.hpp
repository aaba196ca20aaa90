// When a node committed its blocks, from its own log.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace aitbc::bench {

using WallClock = std::chrono::system_clock;
using CommitTimes = std::map<std::uint64_t, WallClock::time_point>;  // by height

// From the lines "block committed" of a log in JSON; all other lines are passed over. Times are cut to
// milliseconds, as the log has them: at most one too early. invalid_input: such a line without height or
// time.
Result<CommitTimes> parse_commit_times(std::string_view log);
// The same of a file; not_found: it cannot be read.
Result<CommitTimes> read_commit_times(const std::string& file);

}  // namespace aitbc::bench
