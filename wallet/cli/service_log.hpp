// The log of a program that goes on: text for people, or one JSON object a line (timestamp in UTC, service,
// level, logger, module, function, line, message, and the message's extras), as the node's.
#pragma once

#include <functional>
#include <initializer_list>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

#include "base/source_location.hpp"

namespace aitbc::cli {

// Its name is none of the members that every line has.
struct LogExtra {
  std::string_view name;
  std::string value;
};
using LogExtras = std::initializer_list<LogExtra>;

// Thread-safe. Never give it keys, passwords or webhook addresses.
class ServiceLog {
 public:
  // `now_ms`: since 1970.
  ServiceLog(std::ostream& out, bool json, std::string service, std::function<std::uint64_t()> now_ms)
      : out_(out), json_(json), service_(std::move(service)), now_ms_(std::move(now_ms)) {}

  void info(std::string_view message, LogExtras extras = {},
            SourceLocation where = SourceLocation::current()) {
    write("INFO", message, extras, where);
  }
  void warning(std::string_view message, LogExtras extras = {},
               SourceLocation where = SourceLocation::current()) {
    write("WARNING", message, extras, where);
  }
  void error(std::string_view message, LogExtras extras = {},
             SourceLocation where = SourceLocation::current()) {
    write("ERROR", message, extras, where);
  }

 private:
  void write(std::string_view level, std::string_view message, LogExtras extras, const SourceLocation& where);
  std::mutex mutex_;
  std::ostream& out_;
  bool json_;
  std::string service_;
  std::function<std::uint64_t()> now_ms_;
};

// Of the system's clock.
std::uint64_t wall_clock_ms();
// Of the clock that never goes back.
std::uint64_t steady_clock_ms();

}  // namespace aitbc::cli
