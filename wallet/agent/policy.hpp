// The decisions of an agent, as functions of what it sees.
#pragma once

#include <optional>
#include <string>

#include "wallet/agent/config.hpp"
#include "wallet/agent/job_folder.hpp"

namespace aitbc::agent {

// What a bid asks for, with what is asked of it.
struct BidTerms {
  Amount amount;
  std::uint64_t capacity = 1;          // units of an offer; 1 elsewhere
  std::uint64_t duration_seconds = 0;  // 0 on a service
  Amount asked;                        // per hour and unit of a GPU or offer; in all for a service
};

// nullopt: accept. Otherwise why not, in a few words for the log.
std::optional<std::string> refuse_timed_bid(const Policy& policy, const BidTerms& bid);
std::optional<std::string> refuse_service_bid(const Policy& policy, const BidTerms& bid);

// A job of the provider's own service or booking, or one for anyone. A reason is told to the customer, except
// for jobs that are for anyone, which are simply left to others.
std::optional<std::string> refuse_job(const Policy& policy, const JobTicket& job);

// The least that is taken for a service: the configuration's for one of its own, else what is asked.
Amount min_bid_of(const AgentConfig& config, const std::string& service, Amount asked);

// Whether there is time to run it: `now` in Unix seconds.
bool is_worth_beginning(const Policy& policy, const JobTicket& job, std::uint64_t now);

}  // namespace aitbc::agent
