// The node's log: text for people on a terminal, one JSON object a line otherwise. Thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/source_location.hpp"

namespace aitbc::log {

enum class Level { debug, info, warning, error };
enum class Format { automatic, text, json };  // automatic: text when standard error is a terminal

struct Options {
  Level level = Level::info;
  Format format = Format::automatic;
  std::string service = "aitbc-node";
};
// Once, before the first message. Messages go to standard error.
void init(const Options& options);
Result<Level> parse_level(std::string_view text);
Result<Format> parse_format(std::string_view text);

struct Field {
  std::string_view name;
  std::string value;
};
using Fields = std::initializer_list<Field>;

// `logger` names the part of the node that speaks: chain, consensus, rpc, ... Never pass a secret.
void write(Level level, std::string_view logger, std::string_view message, Fields fields = {},
           SourceLocation where = SourceLocation::current());

inline void debug(std::string_view logger, std::string_view message, Fields fields = {},
                  SourceLocation where = SourceLocation::current()) {
  write(Level::debug, logger, message, fields, where);
}
inline void info(std::string_view logger, std::string_view message, Fields fields = {},
                 SourceLocation where = SourceLocation::current()) {
  write(Level::info, logger, message, fields, where);
}
inline void warning(std::string_view logger, std::string_view message, Fields fields = {},
                    SourceLocation where = SourceLocation::current()) {
  write(Level::warning, logger, message, fields, where);
}
inline void error(std::string_view logger, std::string_view message, Fields fields = {},
                  SourceLocation where = SourceLocation::current()) {
  write(Level::error, logger, message, fields, where);
}

// Who did what to what: the line's message is "audit_event", its member audit says the rest.
struct AuditEvent {
  std::string_view action;
  std::string_view user_id;
  std::string_view resource_id;
  Fields details;
  bool success = true;
};
void audit(const AuditEvent& event, SourceLocation where = SourceLocation::current());

}  // namespace aitbc::log
