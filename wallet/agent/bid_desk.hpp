// Answers bids on the provider's GPUs, offers and services by the policy. A bid that is refused stays open:
// it may be withdrawn, expire, or be accepted by hand.
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "wallet/agent/agent_context.hpp"
#include "wallet/agent/policy.hpp"

namespace aitbc::agent {

class BidDesk {
 public:
  explicit BidDesk(AgentContext& context) : context_(context) {}

  // Looks at bids that are new and at those that could not be accepted yet.
  cli::Outcome<void> tick();
  void on_sent(const Sent& sent);
  std::uint64_t accepted() const { return accepted_; }

 private:
  cli::Outcome<void> take_in();
  cli::Outcome<void> consider(const BidView& bid);
  cli::Outcome<bool> consider_again(std::uint64_t bid);
  cli::Outcome<std::optional<BidTerms>> terms_of(const BidView& bid);

  AgentContext& context_;
  std::uint64_t next_bid_ = 1;
  std::set<std::uint64_t> wanted_;  // by the policy; not accepted yet
  std::uint64_t next_retry_ms_ = 0;
  std::uint64_t accepted_ = 0;
};

}  // namespace aitbc::agent
