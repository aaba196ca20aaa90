#include "marketplace/records_service.hpp"

namespace aitbc::market {

namespace {

// What becomes of a service when its deadline passes.
ServiceState after_deadline(ServiceState state) {
  switch (state) {
    case ServiceState::open:
    case ServiceState::assigned:
      return ServiceState::expired;
    case ServiceState::delivered:
      return ServiceState::settled;
    case ServiceState::settled:
    case ServiceState::cancelled:
    case ServiceState::expired:
      break;
  }
  return state;
}

}  // namespace

ServiceState state_of(const Service& service, Seconds now) {
  return now < service.deadline ? service.state : after_deadline(service.state);
}

bool is_final(ServiceState state) { return after_deadline(state) == state; }

std::optional<Seconds> deadline_of(const Service& service) {
  return is_final(service.state) ? std::nullopt : std::optional(service.deadline);
}

Amount Service::held() const { return is_final(state) ? Amount{} : locked; }

std::optional<Seconds> deadline_of(const Bid& bid) {
  return bid.state == BidState::open ? std::optional(bid.expires_at) : std::nullopt;
}

BidState state_of(const Bid& bid, Seconds now) {
  return bid.state == BidState::open && now >= bid.expires_at ? BidState::expired : bid.state;
}

}  // namespace aitbc::market
