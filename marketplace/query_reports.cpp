// What the records add up to.
#include "marketplace/liveness.hpp"
#include "marketplace/query_page.hpp"

namespace aitbc::market {
namespace {

constexpr std::uint64_t kWhole = 10'000;  // basis points

// part / whole in basis points, null when there is no whole.
void write_share(JsonWriter& out, std::string_view name, std::uint64_t part, std::uint64_t whole) {
  out.key(name);
  if (whole == 0) {
    out.null();
    return;
  }
  const auto share = mul_div_floor(Amount(part), kWhole, whole);
  out.number(share ? static_cast<std::uint64_t>(share->units()) : kWhole);
}

// Silence so far, the present one included.
Seconds offline_seconds(const Liveness& liveness, Seconds now) {
  if (!liveness.watched || is_present(liveness, now)) return liveness.offline_total;
  const Seconds from = liveness.online ? liveness.alive_until : liveness.offline_from;
  return liveness.offline_total + (now > from ? now - from : 0);
}

Result<std::string> get_quality(Query& q) {
  AITBC_ASSIGN(const auto account, required(q.args.address("provider")));
  const auto provider = get_provider(q.context, account);
  if (!provider) return fail(to_error(provider.error()));
  const Seconds now = q.context.now();
  const Seconds known = now > provider->created_at ? now - provider->created_at : 0;
  const Seconds offline = std::min(offline_seconds(provider->liveness, now), known);
  const std::uint64_t broken = provider->faulted_bookings + provider->evicted_bookings;
  JsonWriter out;
  out.begin_object();
  write_json_member(out, "provider", provider->account);
  write_share(out, "uptimeBps", known - offline, known);
  write_json_member(out, "offlineSeconds", offline);
  write_json_member(out, "outages", provider->liveness.outages);
  write_json_member(out, "jailedUntil", provider->liveness.jailed_until);
  write_json_member(out, "closedBookings", provider->closed_bookings);
  write_json_member(out, "faultedBookings", provider->faulted_bookings);
  write_json_member(out, "evictedBookings", provider->evicted_bookings);
  write_share(out, "completionBps", provider->closed_bookings - std::min(broken, provider->closed_bookings),
              provider->closed_bookings);
  write_json_member(out, "closedServices", provider->closed_services);
  write_json_member(out, "completedJobs", provider->completed_jobs);
  write_json_member(out, "reviews", provider->reviews);
  write_average(out, "averageRating", Amount(provider->rating_sum), Amount(provider->reviews));
  write_json_member(out, "earned", provider->earned);
  out.end_object();
  return out.take();
}

}  // namespace

std::vector<QueryEntry> report_queries() {
  return {
      {{"market_getQuality",
        "How reliable a provider has been: uptime, completed bookings, faults, evictions, ratings.",
        {{"provider", "string", true, "address"}},
        "{uptimeBps, completionBps, ...}"},
       &get_quality},
  };
}

}  // namespace aitbc::market
