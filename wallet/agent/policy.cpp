#include "wallet/agent/policy.hpp"

#include <algorithm>

namespace aitbc::agent {

std::optional<std::string> refuse_timed_bid(const Policy& policy, const BidTerms& bid) {
  if (!policy.accept_bids) return "bids are not accepted";
  if (bid.duration_seconds == 0) return "it asks for no time";
  if (policy.max_booking_seconds != 0 && bid.duration_seconds > policy.max_booking_seconds)
    return "it is for too long";
  const auto units = uint128{bid.duration_seconds} * bid.capacity;
  const auto offered = mul_div_floor(bid.amount, 3'600, units);
  const Amount wanted = policy.min_price_per_hour.value_or(bid.asked);
  if (!offered || *offered < wanted) return "the price per hour is below " + to_ait_string(wanted) + " AIT";
  return std::nullopt;
}

std::optional<std::string> refuse_service_bid(const Policy& policy, const BidTerms& bid) {
  if (!policy.accept_bids) return "bids are not accepted";
  if (bid.amount < bid.asked) return "it is below " + to_ait_string(bid.asked) + " AIT";
  return std::nullopt;
}

std::optional<std::string> refuse_job(const Policy& policy, const JobTicket& job) {
  if (job.target_kind == "anyone" && !policy.take_open_jobs) return "open jobs are not taken";
  const auto& types = policy.allowed_types;
  if (!types.empty() && std::find(types.begin(), types.end(), job.type) == types.end())
    return "this provider does not run jobs of type '" + job.type + "'";
  if (job.payment < policy.min_job_payment)
    return "this provider runs jobs from " + to_ait_string(policy.min_job_payment) + " AIT on";
  return std::nullopt;
}

Amount min_bid_of(const AgentConfig& config, const std::string& service, Amount asked) {
  for (const ServiceOffer& offer : config.services)
    if (offer.name == service) return offer.min_bid;
  return asked;
}

bool is_worth_beginning(const Policy& policy, const JobTicket& job, std::uint64_t now) {
  return job.expires_at > now && job.expires_at - now >= policy.min_seconds_left;
}

}  // namespace aitbc::agent
