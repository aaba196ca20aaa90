#include "wallet/cli/service_log.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "wallet/cli/json.hpp"
#include "wallet/cli/output.hpp"

namespace aitbc::cli {
namespace {

// "2026-01-31T12:00:00.123Z"
std::string timestamp(std::uint64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text;
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> fraction;
  std::snprintf(fraction.data(), fraction.size(), ".%03uZ", static_cast<unsigned>(unix_ms % 1000));
  return std::string(text.data(), size) + fraction.data();
}

std::string_view file_name(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

// "run" of "void aitbc::agent::Agent::run(int)"
std::string_view function_name(std::string_view signature) {
  signature = signature.substr(0, signature.find('('));
  const std::size_t start = signature.find_last_of(" :");
  return start == std::string_view::npos ? signature : signature.substr(start + 1);
}

}  // namespace

std::uint64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::uint64_t steady_clock_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void ServiceLog::write(std::string_view level, std::string_view message, LogExtras extras,
                       const SourceLocation& where) {
  std::string line;
  if (json_) {
    JsonObject out;
    out.text("timestamp", timestamp(now_ms_())).text("service", service_).text("level", level);
    out.text("logger", service_).text("module", file_name(where.file_name()));
    out.text("function", function_name(where.function_name())).number("line", where.line());
    out.text("message", message);
    for (const LogExtra& extra : extras) out.text(extra.name, extra.value);
    line = out.str();
  } else {
    line = timestamp(now_ms_()) + " " + std::string(level) + " " + printable(message);
    for (const LogExtra& extra : extras) line += " " + std::string(extra.name) + "=" + printable(extra.value);
  }
  const std::lock_guard lock(mutex_);
  out_ << line << '\n' << std::flush;
}

}  // namespace aitbc::cli
