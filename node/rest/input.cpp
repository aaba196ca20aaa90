#include "node/rest/input.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "codec/hex.hpp"
#include "node/rest/iso_time.hpp"

namespace aitbc::rest {
namespace {

constexpr std::size_t kMaxListItems = 64;

// Text as it stands; numbers in the shortest decimal form that means them, so that 3.6 is "3.6".
std::optional<std::string> decimal_text(const Source& source) {
  if (source.text) return std::string(*source.text);
  if (source.json.is_string()) return std::string(source.json.string());
  if (source.json.kind() != Json::Kind::number) return std::nullopt;
  if (const auto whole = source.json.u64()) return std::to_string(*whole);
  std::array<char, 400> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), source.json.number(),
                                          std::chars_format::fixed);
  if (error != std::errc{}) return std::nullopt;
  return std::string(digits.data(), end);
}

std::optional<std::string_view> text_of(const Source& source) {
  if (source.text) return source.text;
  if (source.json.is_string()) return source.json.string();
  return std::nullopt;
}

bool is_one_of(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const std::string_view choice = choices.substr(0, choices.find('|'));
    if (choice == value) return true;
    choices.remove_prefix(std::min(choices.size(), choice.size() + 1));
  }
  return false;
}

bool refused(const Where& where, std::string message, Issues& issues, const char* type = "type_error") {
  report(where, std::move(message), type, issues);
  return false;
}

template <class Fixed, class Parser>
bool read_parsed(const Source& source, Fixed& out, const Where& where, Issues& issues, Parser parse) {
  const auto text = text_of(source);
  if (!text) return refused(where, "a string is expected", issues);
  auto parsed = parse(*text);
  if (!parsed) return refused(where, parsed.error().message, issues, "value_error");
  out = *parsed;
  return true;
}

}  // namespace

void report(Where where, std::string message, std::string type, Issues& issues) {
  issues.push_back({std::move(where), std::move(message), std::move(type)});
}
void report_missing(Where where, Issues& issues) {
  report(std::move(where), "field required", "missing", issues);
}
void report_unexpected(Where where, Issues& issues) {
  report(std::move(where), "no such field", "extra_forbidden", issues);
}

bool read(const Source& source, std::string& out, const Limits& limits, const Where& where, Issues& issues) {
  const auto text = text_of(source);
  if (!text) return refused(where, "a string is expected", issues);
  if (text->size() < limits.min || text->size() > limits.max)
    return refused(
        where,
        "the text must have " + std::to_string(limits.min) + " to " + std::to_string(limits.max) + " bytes",
        issues, "value_error");
  if (!limits.one_of.empty() && !is_one_of(limits.one_of, *text))
    return refused(where, "must be one of " + std::string(limits.one_of), issues, "value_error");
  out = *text;
  return true;
}

bool read(const Source& source, std::uint64_t& out, const Limits& limits, const Where& where,
          Issues& issues) {
  std::optional<std::uint64_t> value;
  if (source.text) {
    std::uint64_t parsed = 0;
    const auto [end, error] =
        std::from_chars(source.text->data(), source.text->data() + source.text->size(), parsed);
    if (error == std::errc{} && end == source.text->data() + source.text->size()) value = parsed;
  } else if (source.json.kind() == Json::Kind::number) {
    value = source.json.u64();
  }
  if (!value) return refused(where, "a whole number is expected", issues);
  if (*value < limits.min || *value > limits.max)
    return refused(where,
                   "must be between " + std::to_string(limits.min) + " and " + std::to_string(limits.max),
                   issues, "value_error");
  out = *value;
  return true;
}

bool read(const Source& source, bool& out, const Limits&, const Where& where, Issues& issues) {
  if (source.text && (*source.text == "true" || *source.text == "1")) {
    out = true;
  } else if (source.text && (*source.text == "false" || *source.text == "0")) {
    out = false;
  } else if (!source.text && source.json.kind() == Json::Kind::boolean) {
    out = source.json.boolean();
  } else {
    return refused(where, "true or false is expected", issues);
  }
  return true;
}

bool read(const Source& source, Ait& out, const Limits&, const Where& where, Issues& issues) {
  const auto text = decimal_text(source);
  if (!text) return refused(where, "an amount in AIT is expected, such as 1.5", issues);
  const auto parsed = parse_ait(*text);
  if (!parsed) return refused(where, parsed.error().message, issues, "value_error");
  out.value = *parsed;
  return true;
}

bool read(const Source& source, Hours& out, const Limits&, const Where& where, Issues& issues) {
  double value = 0;
  if (source.text) {
    const auto [end, error] =
        std::from_chars(source.text->data(), source.text->data() + source.text->size(), value);
    if (error != std::errc{} || end != source.text->data() + source.text->size() || !std::isfinite(value))
      return refused(where, "a number of hours is expected", issues);
  } else if (source.json.kind() == Json::Kind::number) {
    value = source.json.number();
  } else {
    return refused(where, "a number of hours is expected", issues);
  }
  out.value = value;
  return true;
}

bool read(const Source& source, Time& out, const Limits&, const Where& where, Issues& issues) {
  const auto text = text_of(source);
  const auto parsed = text ? parse_iso_time(*text) : std::nullopt;
  if (!parsed)
    return refused(where, "a time is expected, such as 2026-01-02T03:04:05Z", issues,
                   text ? "value_error" : "type_error");
  out.value = *parsed;
  return true;
}

bool read(const Source& source, Rating& out, const Limits&, const Where& where, Issues& issues) {
  Hours number;
  if (!read(source, number, {}, where, issues)) return false;
  if (number.value < 0 || number.value > 5)
    return refused(where, "must be between 0 and 5", issues, "value_error");
  out.hundredths = static_cast<std::uint64_t>(std::llround(number.value * 100));
  return true;
}

bool read(const Source& source, Address& out, const Limits&, const Where& where, Issues& issues) {
  return read_parsed(source, out, where, issues, hex::parse_address);
}
bool read(const Source& source, Hash& out, const Limits&, const Where& where, Issues& issues) {
  return read_parsed(source, out, where, issues, hex::decode_fixed<Hash>);
}
bool read(const Source& source, Bytes& out, const Limits& limits, const Where& where, Issues& issues) {
  if (!read_parsed(source, out, where, issues, hex::decode)) return false;
  if (out.size() >= limits.min && out.size() <= limits.max) return true;
  return refused(where,
                 "must have " + std::to_string(limits.min) + " to " + std::to_string(limits.max) + " bytes",
                 issues, "value_error");
}
bool read_id(const Source& source, market::Kind kind, std::uint64_t& out, const Where& where,
             Issues& issues) {
  return read_parsed(source, out, where, issues,
                     [kind](std::string_view text) { return market::parse_id(kind, text); });
}

bool read(const Source& source, std::vector<std::string>& out, const Limits&, const Where& where,
          Issues& issues) {
  if (!source.json.is_array()) return refused(where, "an array of strings is expected", issues);
  if (source.json.size() > kMaxListItems)
    return refused(where, "at most " + std::to_string(kMaxListItems) + " items are allowed", issues,
                   "value_error");
  for (std::size_t i = 0; i < source.json.size(); ++i) {
    Where inner = where;
    inner.push_back(std::to_string(i));
    if (!read({source.json[i], std::nullopt}, out.emplace_back(), {}, inner, issues)) return false;
  }
  return true;
}

}  // namespace aitbc::rest
