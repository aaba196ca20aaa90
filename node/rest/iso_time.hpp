// Times as the REST surface writes and reads them (RFC 3339, in UTC and whole seconds):
// "2026-01-02T03:04:05Z".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace aitbc::rest {

std::string iso_time(Seconds unix_seconds);
// nullopt: it is no such time, or one before 1970.
std::optional<Seconds> parse_iso_time(std::string_view text);

}  // namespace aitbc::rest
