// The parameters of a query, checked against the method's description.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/amount.hpp"
#include "base/result.hpp"
#include "marketplace/ids.hpp"
#include "marketplace/queries.hpp"

namespace aitbc::market {

class QueryArgs {
 public:
  // By position in an array, by name in an object, or in an array of just that object. The error names the
  // parameter that is missing, unknown or of the wrong type.
  static Result<QueryArgs> parse(const QueryMethod& method, std::string_view params_json);

  // nullopt when the parameter was left out or is null.
  std::optional<std::string_view> text(std::string_view name) const;
  Result<std::optional<std::uint64_t>> number(std::string_view name) const;
  Result<std::optional<Amount>> amount(std::string_view name) const;  // base units
  Result<std::optional<Address>> address(std::string_view name) const;
  Result<std::optional<bool>> boolean(std::string_view name) const;
  Result<std::optional<std::uint64_t>> id(std::string_view name, Kind kind) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// In decimal, or hexadecimal after 0x.
Result<std::uint64_t> parse_number(std::string_view text);

// A required parameter: QueryArgs::parse made sure that it is there.
template <class T>
Result<T> required(Result<std::optional<T>> value) {
  if (!value) return fail(std::move(value).error());
  return **std::move(value);
}

}  // namespace aitbc::market
