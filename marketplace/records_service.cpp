#include "marketplace/records_service.hpp"

namespace aitbc::market {

ServiceState state_of(const Service& service, Seconds now) {
  if (now < service.deadline) return service.state;
  switch (service.state) {
    case ServiceState::open:
    case ServiceState::assigned:
      return ServiceState::expired;
    case ServiceState::delivered:
      return ServiceState::settled;
    case ServiceState::disputed:
      return ServiceState::resolved;
    case ServiceState::settled:
    case ServiceState::cancelled:
    case ServiceState::expired:
    case ServiceState::resolved:
      break;
  }
  return service.state;
}

bool is_running(ServiceState state) {
  return state == ServiceState::open || state == ServiceState::assigned || state == ServiceState::delivered;
}

std::optional<Seconds> deadline_of(const Service& service) {
  return is_running(service.state) ? std::optional(service.deadline) : std::nullopt;
}

Amount Service::held() const {
  return is_running(state) ? Amount::from_units(locked.units() + collateral.units()) : Amount{};
}

std::optional<Seconds> deadline_of(const Bid& bid) {
  return bid.state == BidState::open ? std::optional(bid.expires_at) : std::nullopt;
}

BidState state_of(const Bid& bid, Seconds now) {
  return bid.state == BidState::open && now >= bid.expires_at ? BidState::expired : bid.state;
}

}  // namespace aitbc::market
