#include "marketplace/params.hpp"

#include <boost/json.hpp>

#include "codec/hex.hpp"

namespace aitbc::market {
namespace {

namespace json = boost::json;

// A century: keeps every sum of times far from overflow.
constexpr Seconds kLongestTime = 100ULL * 365 * 86'400;

Result<void> read_param(const json::value& value, Amount& out) {
  if (!value.is_string()) return fail(ErrorCode::invalid_input, "must be a decimal string of base units");
  AITBC_ASSIGN(out, parse_units(value.as_string()));
  return {};
}
Result<void> read_param(const json::value& value, Address& out) {
  if (!value.is_string()) return fail(ErrorCode::invalid_input, "must be an address");
  AITBC_ASSIGN(out, hex::parse_address(value.as_string()));
  return {};
}
Result<void> read_param(const json::value& value, bool& out) {
  if (!value.is_bool()) return fail(ErrorCode::invalid_input, "must be true or false");
  out = value.as_bool();
  return {};
}
template <UnsignedField T>
Result<void> read_param(const json::value& value, T& out) {
  boost::system::error_code error;
  const T number = value.to_number<T>(error);
  if (error || !(value.is_int64() || value.is_uint64()))
    return fail(ErrorCode::invalid_input, "must be a whole number in range");
  out = number;
  return {};
}

Result<void> check(const Params& params) {
  const auto bad = [](std::string what) { return fail(ErrorCode::invalid_input, "marketplace: " + what); };
  if (params.take_bps > 10'000 || params.pool_bps > 10'000 || params.min_refund_bps > 10'000 ||
      params.slash_bps > 9'999)
    return bad("shares in basis points are at most 10000");
  if (params.min_refund_bps == 0) return bad("minRefundBps must not be 0");
  if (params.faults_to_jail == 0) return bad("faultsToJail must not be 0");
  if (params.max_closings_per_block == 0) return bad("maxClosingsPerBlock must not be 0");
  for (const Seconds time :
       {params.unbonding_time, params.max_booking, params.max_advance, params.default_bid_ttl,
        params.max_bid_ttl, params.default_delivery, params.max_delivery, params.default_listing,
        params.max_listing, params.acceptance_time, params.heartbeat_grace, params.outage_window,
        params.fault_memory, params.jail_time, params.eviction_notice})
    if (time == 0 || time > kLongestTime) return bad("times are between 1 second and 100 years");
  if (params.default_bid_ttl > params.max_bid_ttl || params.default_delivery > params.max_delivery ||
      params.default_listing > params.max_listing)
    return bad("a default exceeds its maximum");
  return {};
}

}  // namespace

Result<Params> parse_params(std::string_view text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  if (error || !parsed.is_object())
    return fail(ErrorCode::invalid_input, "marketplace: must be a JSON object");
  Params params;
  std::size_t known = 0;
  Result<void> outcome;
  for_each_field(params, [&](std::string_view name, auto& member) {
    const json::value* value = parsed.as_object().if_contains(name);
    if (value == nullptr || !outcome) return;
    ++known;
    outcome = read_param(*value, member);
    if (!outcome)
      outcome =
          fail(ErrorCode::invalid_input, "marketplace." + std::string(name) + ": " + outcome.error().message);
  });
  if (!outcome) return fail(std::move(outcome).error());
  if (known != parsed.as_object().size()) {
    for (const auto& member : parsed.as_object()) {
      bool found = false;
      for_each_field(params, [&](std::string_view name, const auto&) { found |= name == member.key(); });
      if (!found)
        return fail(ErrorCode::invalid_input,
                    "marketplace." + std::string(member.key()) + ": no such parameter");
    }
  }
  AITBC_TRY(check(params));
  return params;
}

}  // namespace aitbc::market
