#include "node/rest/iso_time.hpp"

#include <array>
#include <ctime>

namespace aitbc::rest {
namespace {

constexpr const char* kFormat = "%Y-%m-%dT%H:%M:%SZ";

}  // namespace

std::string iso_time(Seconds unix_seconds) {
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text;
  return {text.data(), std::strftime(text.data(), text.size(), kFormat, &parts)};
}

std::optional<Seconds> parse_iso_time(std::string_view text) {
  const std::string copy(text);
  std::tm parts{};
  if (::strptime(copy.c_str(), kFormat, &parts) == nullptr) return std::nullopt;
  const std::time_t seconds = ::timegm(&parts);
  if (seconds < 0) return std::nullopt;
  const auto out = static_cast<Seconds>(seconds);
  // Days that no month has, and what strptime is lenient about, read back as something else.
  if (iso_time(out) != text) return std::nullopt;
  return out;
}

}  // namespace aitbc::rest
