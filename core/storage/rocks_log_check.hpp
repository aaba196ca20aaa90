// Tells what a crash leaves at the end of RocksDB's log from damage. Private to this room.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace aitbc {

enum class LogState {
  whole,    // every record is intact
  torn,     // the last write was cut off, as by a crash: what was synced before it is intact
  damaged,  // something that had been written whole is no longer what it was
};

struct LogCheck {
  LogState state = LogState::whole;
  std::string where;  // file and offset of the first bad record, unless whole
};

// Reads every log file of the database in `folder`, of which the last may end torn. Changes nothing.
Result<LogCheck> check_rocks_log(const std::filesystem::path& folder);

}  // namespace aitbc
