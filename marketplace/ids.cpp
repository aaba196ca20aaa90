#include "marketplace/ids.hpp"

#include <charconv>

namespace aitbc::market {

std::string_view prefix_of(Kind kind) {
  switch (kind) {
    case Kind::gpu:
      return "gpu";
    case Kind::booking:
      return "bk";
    case Kind::service:
      return "svc";
    case Kind::bid:
      return "bid";
    case Kind::review:
      return "rv";
    case Kind::unbonding:
      return "unb";
    case Kind::provider:
      return "prov";
    case Kind::outage:
      return "out";
    case Kind::offer:
      return "off";
    case Kind::dispute:
      return "dsp";
    case Kind::job:
      return "job";
    case Kind::auction:
      return "auc";
    case Kind::model:
      return "mdl";
    case Kind::proposal:
      return "prop";
  }
  return "?";
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::gpu:
      return "gpu";
    case Kind::booking:
      return "booking";
    case Kind::service:
      return "service";
    case Kind::bid:
      return "bid";
    case Kind::review:
      return "review";
    case Kind::unbonding:
      return "unbonding";
    case Kind::provider:
      return "provider";
    case Kind::outage:
      return "outage";
    case Kind::offer:
      return "offer";
    case Kind::dispute:
      return "dispute";
    case Kind::job:
      return "job";
    case Kind::auction:
      return "auction";
    case Kind::model:
      return "model";
    case Kind::proposal:
      return "proposal";
  }
  return "?";
}

std::string id_text(Kind kind, std::uint64_t value) {
  return std::string(prefix_of(kind)) + "_" + std::to_string(value);
}

Result<std::uint64_t> parse_id(Kind kind, std::string_view text) {
  const std::string_view prefix = prefix_of(kind);
  std::string_view digits = text;
  if (digits.starts_with(prefix) && digits.substr(prefix.size()).starts_with('_'))
    digits.remove_prefix(prefix.size() + 1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return fail(ErrorCode::invalid_input,
                "'" + std::string(text) + "' is not an id such as " + id_text(kind, 12));
  return value;
}

}  // namespace aitbc::market
