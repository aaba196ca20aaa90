#include "wallet/web/url.hpp"

#include <algorithm>
#include <optional>

namespace aitbc::web {
namespace {

bool is_plain(char c) { return c > ' ' && c < 0x7f; }

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
  return std::nullopt;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  // The text itself may be a secret (a webhook), so the message leaves it out.
  const auto refuse = [](const char* why) { return fail(ErrorCode::invalid_input, why); };
  Url out;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    out.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return refuse("it must start with http:// or https://");
  }
  if (!std::all_of(rest.begin(), rest.end(), is_plain)) return refuse("it has spaces or control characters");
  if (rest.find('#') != std::string_view::npos) return refuse("it must not have a # part");
  const std::size_t target_at = std::min(rest.find_first_of("/?"), rest.size());
  out.target = rest.substr(target_at);
  if (!out.target.starts_with('/')) out.target.insert(0, "/");
  out.authority = rest.substr(0, target_at);
  std::string_view authority = out.authority;
  if (authority.find('@') != std::string_view::npos) return refuse("user names in it are not supported");
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return refuse("the address lacks its ]");
    out.host = authority.substr(1, close - 1);
    authority.remove_prefix(close + 1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    out.host = authority.substr(0, colon);
    authority.remove_prefix(colon);
  }
  const bool has_port = authority.starts_with(':');
  out.port = has_port ? std::string(authority.substr(1)) : (out.tls ? "443" : "80");
  const bool digits = out.port.find_first_not_of("0123456789") == std::string::npos;
  if (out.host.empty() || out.port.empty() || out.port.size() > 5 || !digits ||
      (!authority.empty() && !has_port))
    return refuse("it must be http://HOST:PORT or https://HOST:PORT");
  return out;
}

std::string origin_of(const Url& url) { return (url.tls ? "https://" : "http://") + url.authority; }

std::string query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    return percent_decode(pair.substr(equals + 1)).value_or("");
  }
  return "";
}

}  // namespace aitbc::web
