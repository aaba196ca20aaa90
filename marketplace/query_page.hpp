// Pages of lists: limit, order, cursor.
#pragma once

#include <functional>

#include "marketplace/query_handlers.hpp"
#include "marketplace/query_json.hpp"

namespace aitbc::market {

inline constexpr std::string_view kPageResult =
    "{items, nextCursor}: cursor for the next page, null at the end";

// A parameter that narrows a list.
inline QueryParam filter(std::string_view name, std::string_view description,
                         std::string_view type = "string") {
  return {name, type, false, description};
}
// The filters, then limit, cursor and order.
std::vector<QueryParam> page_params(std::vector<QueryParam> filters);
std::vector<QueryParam> sorted_page_params(std::vector<QueryParam> filters, std::string_view sorts);

Result<std::uint64_t> page_limit(const QueryArgs& args);

// True when the filter was not given or equals the value.
inline bool matches(const std::optional<std::string_view>& wanted, std::string_view value) {
  return !wanted || *wanted == value;
}
template <class T>
bool matches(const std::optional<T>& wanted, const T& value) {
  return !wanted || *wanted == value;
}
// For Wanted::all: nothing when the filter was not given.
template <class T>
void want(Wanted& wanted, Facet which, const std::optional<T>& value) {
  if (value) wanted.all.push_back(facet(which, *value));
}
// Names the states when the text is none of them.
template <NamedEnum State>
Result<void> want_state(Wanted& wanted, const std::optional<std::string_view>& state) {
  if (!state) return {};
  const auto names = enum_names(State{});
  std::string all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == *state) {
      wanted.state = static_cast<std::uint8_t>(i);
      return {};
    }
    all += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  return fail(ErrorCode::invalid_input, "state: must be one of " + all);
}

// Walks the ids wanted from the cursor on; `accept` writes the record and answers true when it belongs.
Result<std::string> list_ids(Query& q, const Wanted& wanted,
                             const std::function<bool(JsonWriter&, std::uint64_t)>& accept);

// "price" or "-price", of a sorted list, and its cursor "2000.gpu_12".
template <NamedEnum Sort>
struct SortedPage {
  Sort sort{};
  SearchPage page;
};
Result<SearchPage> search_page(const QueryArgs& args, Kind kind, bool descending, bool by_id);
std::string cursor_text(const SearchPosition& next, Kind kind, bool by_id);

template <NamedEnum Sort>
Result<SortedPage<Sort>> sorted_page(const QueryArgs& args, Kind kind) {
  AITBC_ASSIGN(const auto newest, args.boolean("newestFirst"));
  SortedPage<Sort> out;
  std::string_view wanted = args.text("sort").value_or(newest.value_or(false) ? "-id" : "id");
  const bool descending = wanted.starts_with('-');
  if (descending) wanted.remove_prefix(1);
  const auto names = enum_names(Sort{});
  const auto at = std::find(names.begin(), names.end(), wanted);
  if (at == names.end())
    return fail(ErrorCode::invalid_input, "sort: there is no order '" + std::string(wanted) + "'");
  out.sort = static_cast<Sort>(at - names.begin());
  AITBC_ASSIGN(out.page, search_page(args, kind, descending, out.sort == Sort{}));
  return out;
}

}  // namespace aitbc::market
