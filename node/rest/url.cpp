#include "node/rest/url.hpp"

#include <algorithm>

#include "codec/utf8.hpp"

namespace aitbc::rest {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const int high = i + 1 < text.size() ? digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return fail(ErrorCode::invalid_input, "a '%' in the address is not followed by two digits");
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  const bool has_controls = std::any_of(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (has_controls || !is_utf8(out))
    return fail(ErrorCode::invalid_input, "the address holds bytes that are no text");
  return out;
}

Result<QueryPairs> parse_query(std::string_view query) {
  QueryPairs out;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    if (out.size() == kMaxQueryPairs)
      return fail(ErrorCode::limit, "more than " + std::to_string(kMaxQueryPairs) + " query parameters");
    std::string spaced(pair);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    const std::size_t equals = std::min(spaced.find('='), spaced.size());
    AITBC_ASSIGN(std::string name, percent_decode(std::string_view(spaced).substr(0, equals)));
    AITBC_ASSIGN(std::string value,
                 percent_decode(std::string_view(spaced).substr(std::min(equals + 1, spaced.size()))));
    out.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

Result<std::vector<std::string>> split_path(std::string_view path) {
  std::vector<std::string> out;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    AITBC_ASSIGN(std::string decoded, percent_decode(segment));
    out.push_back(std::move(decoded));
    path.remove_prefix(segment.size());
  }
  return out;
}

}  // namespace aitbc::rest
