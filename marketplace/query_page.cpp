#include "marketplace/query_page.hpp"

namespace aitbc::market {
namespace {

struct Page {
  std::uint64_t limit = kDefaultPage;
  std::uint64_t first = 1;  // the id to begin with
  bool newest_first = false;
};

Result<Page> page_of(const Query& q, Kind kind, std::uint64_t last) {
  Page page;
  AITBC_ASSIGN(page.limit, page_limit(q.args));
  AITBC_ASSIGN(const auto newest, q.args.boolean("newestFirst"));
  page.newest_first = newest.value_or(false);
  AITBC_ASSIGN(const auto cursor, q.args.id("cursor", kind));
  page.first = cursor.value_or(page.newest_first ? last : 1);
  return page;
}

}  // namespace

std::vector<QueryParam> page_params(std::vector<QueryParam> filters) {
  filters.push_back({"limit", "integer", false, "1 to 500, 100 when left out"});
  filters.push_back({"cursor", "string", false, "nextCursor of the page before"});
  filters.push_back({"newestFirst", "boolean", false, "descending ids"});
  return filters;
}

std::vector<QueryParam> sorted_page_params(std::vector<QueryParam> filters, std::string_view sorts) {
  filters.push_back({"sort", "string", false, sorts});
  return page_params(std::move(filters));
}

Result<std::uint64_t> page_limit(const QueryArgs& args) {
  AITBC_ASSIGN(const auto limit, args.number("limit"));
  const std::uint64_t out = limit.value_or(kDefaultPage);
  if (out == 0 || out > kMaxPage)
    return fail(ErrorCode::invalid_input, "limit: must be between 1 and " + std::to_string(kMaxPage));
  return out;
}

Result<std::string> list_ids(Query& q, const Wanted& wanted,
                             const std::function<bool(JsonWriter&, std::uint64_t)>& accept) {
  const std::uint64_t last = last_id(q.context.state, wanted.kind);
  AITBC_ASSIGN(const Page page, page_of(q, wanted.kind, last));
  const auto ids = find_ids(q.index, wanted, last, page.newest_first);
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  std::uint64_t found = 0;
  AITBC_ASSIGN(auto id, ids->seek(page.first));
  for (std::uint64_t scanned = 0; id && found < page.limit && scanned < kMaxScan; ++scanned) {
    found += accept(out, *id) ? 1 : 0;
    AITBC_ASSIGN(id, ids->seek(page.newest_first ? *id - 1 : *id + 1));
  }
  out.end_array().key("nextCursor");
  id ? out.text(id_text(wanted.kind, *id)) : out.null();
  out.end_object();
  return out.take();
}

Result<SearchPage> search_page(const QueryArgs& args, Kind kind, bool descending, bool by_id) {
  SearchPage out;
  out.descending = descending;
  AITBC_ASSIGN(out.limit, page_limit(args));
  const auto cursor = args.text("cursor");
  if (!cursor) return out;
  const std::size_t dot = cursor->find('.');
  const bool has_value = dot != std::string_view::npos;
  const auto id = parse_id(kind, has_value ? cursor->substr(dot + 1) : *cursor);
  const auto value = has_value ? parse_units(cursor->substr(0, dot)) : Result<Amount>(Amount{});
  if (!id || !value || has_value == by_id)
    return fail(ErrorCode::invalid_input, "cursor: not one of this list and order");
  out.first = SearchPosition{by_id ? *id : value->units(), *id};
  return out;
}

std::string cursor_text(const SearchPosition& next, Kind kind, bool by_id) {
  const std::string id = id_text(kind, next.id);
  return by_id ? id : to_units_string(Amount::from_units(next.value)) + "." + id;
}

}  // namespace aitbc::market
