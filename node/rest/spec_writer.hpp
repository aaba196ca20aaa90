// The JSON of a spec that the contract takes: each member is what was given, or else what it was before, or
// else empty, which the contract reads as its default.
#pragma once

#include "node/rest/backend.hpp"
#include "node/rest/input.hpp"

namespace aitbc::rest {

class SpecWriter {
 public:
  // before: the record that is changed; null for a new one.
  explicit SpecWriter(Json before = {}) : before_(before) {}

  SpecWriter& text(std::string_view name, const std::optional<std::string>& given);
  SpecWriter& number(std::string_view name, const std::optional<std::uint64_t>& given);
  SpecWriter& boolean(std::string_view name, const std::optional<bool>& given);
  SpecWriter& amount(std::string_view name, const std::optional<Ait>& given);
  SpecWriter& texts(std::string_view name, const std::optional<std::vector<std::string>>& given);
  // given: JSON
  SpecWriter& raw(std::string_view name, const std::optional<std::string>& given, std::string_view empty);
  std::string json() const { return out_.json(); }

 private:
  Json before_;
  Params out_;
};

// ["a","b"]
std::string json_of(const std::vector<std::string>& texts);
// [{"key":"a","value":"b"}] of "a=b".
RestResult<std::string> attributes_of(const std::vector<std::string>& texts);

}  // namespace aitbc::rest
