#include "marketplace/params.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "marketplace/events.hpp"

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

Result<void> read_param(const json::value& value, std::vector<Address>& out) {
  if (!value.is_array() || value.as_array().size() > kMaxRole)
    return fail(ErrorCode::invalid_input,
                "must be an array of at most " + std::to_string(kMaxRole) + " addresses");
  out.clear();
  for (const json::value& each : value.as_array()) AITBC_TRY(read_param(each, out.emplace_back()));
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end())
    return fail(ErrorCode::invalid_input, "names an address twice");
  return {};
}

}  // namespace

Result<void> check_params(const Params& params) {
  const auto bad = [](std::string what) { return fail(ErrorCode::invalid_input, "marketplace: " + what); };
  if (params.take_bps > 10'000 || params.pool_bps > 10'000 || params.min_refund_bps > 10'000 ||
      params.slash_bps > 9'999 || params.coordinator_bps > 10'000)
    return bad("shares in basis points are at most 10000");
  if (params.treasury == kContract) return bad("the treasury must not be the contract itself");
  if (params.min_refund_bps == 0) return bad("minRefundBps must not be 0");
  if (params.faults_to_jail == 0) return bad("faultsToJail must not be 0");
  if (params.max_closings_per_block == 0) return bad("maxClosingsPerBlock must not be 0");
  for (const Seconds time :
       {params.unbonding_time,   params.max_booking,      params.max_advance,     params.default_bid_ttl,
        params.max_bid_ttl,      params.default_delivery, params.max_delivery,    params.default_listing,
        params.max_listing,      params.acceptance_time,  params.heartbeat_grace, params.outage_window,
        params.fault_memory,     params.jail_time,        params.eviction_notice, params.dispute_time,
        params.default_job_ttl,  params.price_epoch,      params.default_auction, params.proposal_time,
        params.governance_delay, params.max_job_ttl})
    if (time == 0 || time > kLongestTime) return bad("times are between 1 second and 100 years");
  if (params.default_bid_ttl > params.max_bid_ttl || params.default_delivery > params.max_delivery ||
      params.default_listing > params.max_listing || params.default_job_ttl > params.max_job_ttl)
    return bad("a default exceeds its maximum");
  return {};
}

Result<GenesisSection> parse_genesis(std::string_view text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  if (error || !parsed.is_object())
    return fail(ErrorCode::invalid_input, "marketplace: must be a JSON object");
  json::object left = parsed.as_object();
  GenesisSection section;
  Result<void> outcome;
  const auto take = [&](std::string_view name, auto& member) {
    const json::value* value = parsed.as_object().if_contains(name);
    if (value == nullptr || !outcome) return;
    left.erase(name);
    outcome = read_param(*value, member);
    if (!outcome)
      outcome =
          fail(ErrorCode::invalid_input, "marketplace." + std::string(name) + ": " + outcome.error().message);
  };
  for_each_field(section.params, take);
  for_each_field(section.roles, take);
  if (!outcome) return fail(std::move(outcome).error());
  if (!left.empty())
    return fail(ErrorCode::invalid_input,
                "marketplace." + std::string(left.begin()->key()) + ": no such parameter");
  AITBC_TRY(check_params(section.params));
  return section;
}

}  // namespace aitbc::market
