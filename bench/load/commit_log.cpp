#include <boost/json.hpp>

#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>

#include "load/commit_log.hpp"

namespace aitbc::bench {
namespace {

constexpr std::string_view kMark = R"("message":"block committed")";

// "2026-01-02T03:04:05.678Z"
std::optional<WallClock::time_point> parse_time(const std::string& text) {
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S.", &parts);
  char* end = nullptr;
  const long milliseconds = rest == nullptr ? 0 : std::strtol(rest, &end, 10);
  if (rest == nullptr || end != rest + 3 || std::string_view(end) != "Z") return std::nullopt;
  return WallClock::from_time_t(::timegm(&parts)) + std::chrono::milliseconds(milliseconds);
}

std::optional<std::pair<std::uint64_t, WallClock::time_point>> parse_line(std::string_view line) {
  boost::json::error_code error;
  const boost::json::value parsed = boost::json::parse({line.data(), line.size()}, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const auto* height = parsed.as_object().if_contains("height");
  const auto* time = parsed.as_object().if_contains("timestamp");
  if (height == nullptr || time == nullptr || !height->is_string() || !time->is_string()) return std::nullopt;
  const auto at = parse_time(std::string(time->as_string()));
  if (!at) return std::nullopt;
  return std::pair(std::strtoull(height->as_string().c_str(), nullptr, 10), *at);
}

}  // namespace

Result<CommitTimes> parse_commit_times(std::string_view log) {
  CommitTimes out;
  while (!log.empty()) {
    const std::string_view line = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(line.size() + 1, log.size()));
    if (line.find(kMark) == std::string_view::npos) continue;
    const auto commit = parse_line(line);
    if (!commit) return fail(ErrorCode::invalid_input, "not a line of the node's log: " + std::string(line));
    out.insert(*commit);
  }
  return out;
}

Result<CommitTimes> read_commit_times(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return fail(ErrorCode::not_found, "cannot read the node's log " + file);
  return parse_commit_times(text.str());
}

}  // namespace aitbc::bench
