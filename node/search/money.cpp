// What was earned and turned over, by period.
#include <algorithm>

#include "marketplace/json_form.hpp"
#include "marketplace/query_handlers.hpp"
#include "node/search/keys.hpp"
#include "node/search/node_queries.hpp"
#include "node/search/sums.hpp"

namespace aitbc::search {
namespace {

using market::JsonWriter;

// "1h", "7d", "2w", "90" (seconds)
Result<Seconds> parse_period(std::string_view text) {
  constexpr std::pair<char, Seconds> kUnits[] = {{'s', 1},      {'m', 60},      {'h', 3'600},
                                                 {'d', 86'400}, {'w', 604'800}, {'y', 31'536'000}};
  Seconds unit = 1;
  for (const auto& [letter, seconds] : kUnits)
    if (text.ends_with(letter)) unit = seconds;
  if (!text.empty() && (text.back() < '0' || text.back() > '9')) text.remove_suffix(1);
  const auto count = market::parse_number(text);
  if (!count || *count == 0 || *count > 10'000'000'000 / unit)
    return fail(ErrorCode::invalid_input, "period: must be such as 1h, 7d, 4w or 1y");
  return *count * unit;
}

struct Period {
  Seconds from = 0;
  Seconds until = 0;
};

// Whole hours: the one that `from` is in counts from its beginning, the last one is the present one's.
Result<Period> parse_range(const NodeQuery& q, Seconds now) {
  AITBC_ASSIGN(const auto from, q.args.number("from"));
  AITBC_ASSIGN(const auto until, q.args.number("until"));
  Period out{from.value_or(0), until.value_or(now + 1)};
  if (const auto text = q.args.text("period")) {
    if (from || until) return fail(ErrorCode::invalid_input, "period: with it from and until make no sense");
    AITBC_ASSIGN(const Seconds length, parse_period(*text));
    out.from = now > length ? now - length : 0;
  }
  out.from -= out.from % kHourSeconds;
  if (out.from >= out.until) return fail(ErrorCode::invalid_input, "from: must be before until");
  return out;
}

Result<void> visit_hours(const Snapshot& entries, const Address& provider, const Period& period,
                         const std::function<void(Seconds, const Sums&)>& visit) {
  const Bytes prefix = sums_prefix(provider);
  const auto iterator = entries.iterate(Table::index);
  for (iterator->seek(sums_key(provider, period.from / kHourSeconds));
       iterator->valid() && starts_with(iterator->key(), prefix); iterator->next()) {
    const Seconds at = read_be64(iterator->key().last(8)) * kHourSeconds;
    if (at >= period.until) break;
    Sums sums;
    if (!market::decode_record(iterator->value(), sums))
      return fail(ErrorCode::corruption, "the search index is damaged: rebuild it");
    visit(at, sums);
  }
  return iterator->status();
}

Result<std::string> report(const NodeQuery& q, const Address& provider, bool by_provider) {
  AITBC_ASSIGN(const IndexReading reading, q.index.read());
  const Seconds now = std::max(q.now, reading.chain().head.timestamp);
  AITBC_ASSIGN(const Period period, parse_range(q, now));
  AITBC_ASSIGN(const auto interval, q.args.number("interval"));
  const Seconds step = std::max<Seconds>(interval.value_or(0) / kHourSeconds * kHourSeconds, 0);
  Sums all;
  std::map<Seconds, Sums> steps;
  AITBC_TRY(visit_hours(*reading.entries(), provider, period, [&](Seconds at, const Sums& sums) {
    all.add(sums);
    if (step > 0) steps[at - at % step].add(sums);
  }));
  if (steps.size() > market::kMaxPage)
    return fail(ErrorCode::limit,
                "interval: more than " + std::to_string(market::kMaxPage) + " of them have sums");
  JsonWriter out;
  out.begin_object();
  if (by_provider) market::write_json_member(out, "provider", provider);
  out.key("from").number(period.from).key("until").number(period.until);
  market::write_json_member(out, "volume", checked_add(all.paid, all.fee).value_or(Amount::max()));
  market::write_json_fields(out, all);
  out.key("series").begin_array();
  for (const auto& [at, sums] : steps) {
    out.begin_object().key("from").number(at);
    market::write_json_fields(out, sums);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

Result<std::string> get_revenue(const NodeQuery& q) {
  AITBC_ASSIGN(const auto provider, market::required(q.args.address("provider")));
  return report(q, provider, true);
}

Result<std::string> get_volume(const NodeQuery& q) { return report(q, Address{}, false); }

std::vector<market::QueryParam> period_params(std::vector<market::QueryParam> params) {
  params.push_back({"period", "string", false, "the last 1h, 24h, 7d, 4w, 1y ...; everything when left out"});
  params.push_back({"from", "integer", false, "Unix seconds, instead of a period; whole hours"});
  params.push_back({"until", "integer", false, "Unix seconds"});
  params.push_back({"interval", "integer", false, "seconds, a multiple of 3600: a series of sums as well"});
  return params;
}

constexpr std::string_view kResult =
    "{from, until, volume (paid + fee), paid, fee, refund, bookings, services, jobs, disputes, gpuSeconds, "
    "series}; amounts in base units";

}  // namespace

std::vector<NodeQueryEntry> money_queries() {
  return {
      {{"market_getRevenue", "What a provider's closed work paid in a period.",
        period_params({{"provider", "string", true, "address"}}), kResult, false},
       &get_revenue},
      {{"market_getVolume", "What all closed work turned over in a period.", period_params({}), kResult,
        false},
       &get_volume},
  };
}

}  // namespace aitbc::search
