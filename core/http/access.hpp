// Who may talk to the server: Host names (against DNS rebinding), origins (CORS, WebSockets), content types.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace aitbc::http {

// Whether a Host field names an IP address or one of `allowed` (letter case and port ignored; "*" allows
// all). An empty host (HTTP/1.0) passes.
bool host_allowed(std::string_view host, std::span<const std::string> allowed);

// Whether a page of this origin may read responses: it is listed, or "*" is.
bool origin_allowed(std::string_view origin, std::span<const std::string> allowed);

// Browsers do not apply CORS to WebSockets, so the server does: a connection without an Origin (not a
// browser), from a listed origin, or from a page served by this very machine passes.
bool websocket_origin_allowed(std::string_view origin, std::span<const std::string> allowed);

// A media type that a page cannot send across origins without asking first (CORS preflight).
bool is_json_content_type(std::string_view content_type);

}  // namespace aitbc::http
