#include "node/telemetry/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>

namespace aitbc::log {
namespace {

struct Sink {
  Options options;
  bool json = true;
  std::shared_ptr<spdlog::logger> out;
};

// The one process-wide stream of log lines; spdlog's sink serializes them.
Sink& sink() {
  static Sink instance = [] {
    Sink made;
    made.out = std::make_shared<spdlog::logger>("aitbc", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.out->set_pattern("%v");
    made.out->set_level(spdlog::level::debug);
    made.out->flush_on(spdlog::level::info);
    return made;
  }();
  return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

const char* level_name(Level level) {
  switch (level) {
    case Level::debug:
      return "DEBUG";
    case Level::info:
      return "INFO";
    case Level::warning:
      return "WARNING";
    case Level::error:
      return "ERROR";
  }
  return "ERROR";
}

std::string utc_now() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     now.time_since_epoch().count() % 1000);
}

// "node/rpc/server.cpp" of ".../node/rpc/server.cpp".
std::string_view module_of(std::string_view file) {
  for (const std::string_view top :
       {"/node/", "/core/", "/wallet/", "/mempool/", "/consensus/", "/marketplace/"})
    if (const std::size_t at = file.rfind(top); at != std::string_view::npos) return file.substr(at + 1);
  return file;
}

// "aitbc::Node::open" of the whole signature.
std::string_view function_of(std::string_view signature) {
  signature = signature.substr(0, signature.find('('));
  const std::size_t space = signature.rfind(' ');
  return space == std::string_view::npos ? signature : signature.substr(space + 1);
}

boost::json::object line_of(Level level, std::string_view logger, std::string_view message,
                            const SourceLocation& where) {
  boost::json::object line;
  line["timestamp"] = utc_now();
  line["service"] = sink().options.service;
  line["level"] = level_name(level);
  line["logger"] = logger;
  line["module"] = module_of(where.file_name());
  line["function"] = function_of(where.function_name());
  line["line"] = where.line();
  line["message"] = message;
  return line;
}

}  // namespace

void init(const Options& options) {
  Sink& target = sink();
  target.options = options;
  target.json =
      options.format == Format::json || (options.format == Format::automatic && isatty(STDERR_FILENO) == 0);
}

Result<Level> parse_level(std::string_view text) {
  if (text == "debug") return Level::debug;
  if (text == "info") return Level::info;
  if (text == "warning") return Level::warning;
  if (text == "error") return Level::error;
  return fail(ErrorCode::invalid_input, "the log level is one of debug, info, warning, error");
}

Result<Format> parse_format(std::string_view text) {
  if (text == "auto") return Format::automatic;
  if (text == "text") return Format::text;
  if (text == "json") return Format::json;
  return fail(ErrorCode::invalid_input, "the log format is one of auto, text, json");
}

void write(Level level, std::string_view logger, std::string_view message, Fields fields,
           SourceLocation where) {
  const Sink& target = sink();
  if (level < target.options.level) return;
  if (target.json) {
    boost::json::object line = line_of(level, logger, message, where);
    for (const Field& field : fields) line[field.name] = field.value;
    target.out->log(to_spdlog(level), boost::json::serialize(line));
    return;
  }
  std::string line = fmt::format("{} {:<7} {:<9} {}", utc_now(), level_name(level), logger, message);
  for (const Field& field : fields) line += fmt::format("  {}={}", field.name, field.value);
  target.out->log(to_spdlog(level), line);
}

void audit(const AuditEvent& event, SourceLocation where) {
  const Sink& target = sink();
  boost::json::object details;
  for (const Field& field : event.details) details[field.name] = field.value;
  if (!target.json) {
    write(Level::info, "audit", "audit_event",
          {{"action", std::string(event.action)},
           {"user_id", std::string(event.user_id)},
           {"resource_id", std::string(event.resource_id)},
           {"details", boost::json::serialize(details)},
           {"success", event.success ? "true" : "false"}},
          where);
    return;
  }
  boost::json::object line = line_of(Level::info, "audit", "audit_event", where);
  line["audit"] = {{"action", event.action},
                   {"user_id", event.user_id},
                   {"resource_id", event.resource_id},
                   {"details", std::move(details)},
                   {"success", event.success}};
  target.out->info(boost::json::serialize(line));
}

}  // namespace aitbc::log
