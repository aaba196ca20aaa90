// Search of GPUs and providers.
#include "marketplace/queried_directory.hpp"
#include "marketplace/query_page.hpp"
#include "marketplace/text_search.hpp"

namespace aitbc::market {
namespace {

std::optional<std::string> owned(const std::optional<std::string_view>& text) {
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

Result<std::optional<GpuStatus>> parse_status(const QueryArgs& args) {
  AITBC_ASSIGN(const auto available, args.boolean("available"));
  const auto text = args.text("status");
  if (available.value_or(false)) {
    if (text && *text != name_of(GpuStatus::available))
      return fail(ErrorCode::invalid_input, "available: contradicts the status");
    return GpuStatus::available;
  }
  if (!text) return std::nullopt;
  const auto names = enum_names(GpuStatus{});
  const auto at = std::find(names.begin(), names.end(), *text);
  if (at == names.end())
    return fail(ErrorCode::invalid_input, "status: must be available, booked, offline, delisted or retired");
  return static_cast<GpuStatus>(at - names.begin());
}

Result<std::optional<Interval>> parse_window(const QueryArgs& args) {
  AITBC_ASSIGN(const auto from, args.number("freeFrom"));
  AITBC_ASSIGN(const auto until, args.number("freeUntil"));
  if (!from && !until) return std::nullopt;
  if (!from || !until || *from >= *until)
    return fail(ErrorCode::invalid_input, "freeFrom, freeUntil: a time needs both ends, in order");
  return Interval{*from, *until, {}};
}

Result<GpuFilter> gpu_filter(const QueryArgs& args) {
  GpuFilter out;
  AITBC_ASSIGN(out.provider, args.address("provider"));
  out.model = owned(args.text("model"));
  out.region = owned(args.text("region"));
  out.category = owned(args.text("category"));
  out.words = words_of(args.text("query").value_or(""));
  AITBC_ASSIGN(out.status, parse_status(args));
  AITBC_ASSIGN(out.price_min, args.amount("priceMin"));
  AITBC_ASSIGN(out.price_max, args.amount("priceMax"));
  AITBC_ASSIGN(out.memory_min, args.number("memoryMin"));
  AITBC_ASSIGN(out.memory_max, args.number("memoryMax"));
  AITBC_ASSIGN(out.rating_min, args.number("minRatingHundredths"));
  AITBC_ASSIGN(out.free, parse_window(args));
  return out;
}

template <class Write>
Result<std::string> write_hits(const SearchHits& hits, Kind kind, bool by_id, Write&& write) {
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  for (const std::uint64_t id : hits.ids) write(out, id);
  out.end_array().key("nextCursor");
  hits.next ? out.text(cursor_text(*hits.next, kind, by_id)) : out.null();
  out.end_object();
  return out.take();
}

Result<std::string> list_gpus(Query& q) {
  AITBC_ASSIGN(const GpuFilter wanted, gpu_filter(q.args));
  AITBC_ASSIGN(const auto page, sorted_page<GpuSort>(q.args, Kind::gpu));
  AITBC_ASSIGN(const QueriedDirectory directory, QueriedDirectory::of(q));
  const SearchHits hits =
      directory.get().find_gpus(wanted, page.sort, page.page, q.context.params, q.context.now());
  return write_hits(hits, Kind::gpu, page.sort == GpuSort::id, [&](JsonWriter& out, std::uint64_t id) {
    const Gpu gpu = existing_gpu(q.context, GpuId{id});
    write_record(out, view_of(q.context, gpu, existing_provider(q.context, gpu.provider)));
  });
}

Result<std::string> list_providers(Query& q) {
  ProviderFilter wanted;
  wanted.region = owned(q.args.text("region"));
  wanted.words = words_of(q.args.text("query").value_or(""));
  AITBC_ASSIGN(wanted.rating_min, q.args.number("minRatingHundredths"));
  AITBC_ASSIGN(wanted.present, q.args.boolean("online"));
  AITBC_ASSIGN(const auto page, sorted_page<ProviderSort>(q.args, Kind::provider));
  AITBC_ASSIGN(const QueriedDirectory directory, QueriedDirectory::of(q));
  const SearchHits hits = directory.get().find_providers(wanted, page.sort, page.page, q.context.now());
  const bool by_id = page.sort == ProviderSort::id;
  return write_hits(hits, Kind::provider, by_id, [&](JsonWriter& out, std::uint64_t number) {
    write_record(out, *directory.get().provider(number));
  });
}

}  // namespace

std::vector<QueryEntry> directory_queries() {
  return {
      {{"market_listGpus", "GPUs that pass every filter.",
        sorted_page_params(
            {filter("query", "words in model, region, category or capabilities"),
             filter("available", "only those free now", "boolean"), filter("model", "exact"),
             filter("region", "exact"), filter("category", "id of the category"),
             filter("provider", "address"), filter("status", "available, booked, offline, delisted, retired"),
             filter("priceMin", "base units per hour"), filter("priceMax", "base units per hour"),
             filter("memoryMin", "GB", "integer"), filter("memoryMax", "GB", "integer"),
             filter("minRatingHundredths", "450 for 4.5", "integer"),
             filter("freeFrom", "Unix seconds; bookable from then", "integer"),
             filter("freeUntil", "Unix seconds; until then", "integer")},
            "id, price, memory, rating or bookings; with - in front descending"),
        kPageResult},
       &list_gpus},
      {{"market_listProviders", "Providers that pass every filter.",
        sorted_page_params({filter("query", "words in name or region"), filter("region", "exact"),
                            filter("minRatingHundredths", "450 for 4.5", "integer"),
                            filter("online", "whether they take work now", "boolean")},
                           "id, rating, stake, earned or gpus; with - in front descending"),
        kPageResult},
       &list_providers},
  };
}

}  // namespace aitbc::market
