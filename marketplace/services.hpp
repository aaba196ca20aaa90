// Services: one piece of work each, offered by a provider and given to one bidder.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
Outcome<ServiceId> create_service(Context& c, const ServiceSpec& spec);
Outcome<void> update_service(Context& c, ServiceId id, const ServiceSpec& spec);
// By the provider: withdraws the offer, or gives an assigned customer everything back.
Outcome<void> close_service(Context& c, ServiceId id);
Outcome<void> deliver_service(Context& c, ServiceId id, const Hash& result_digest,
                              const std::string& result_uri);
// By the customer, who is content.
Outcome<void> settle_payment(Context& c, ServiceId id);

// ---- views
struct ServiceView {
  static constexpr std::string_view kName = "ServiceView";
  Service service;
  ServiceState state = ServiceState::open;
  static constexpr auto kFields =
      FlatTuple(field("service", &ServiceView::service), field("state", &ServiceView::state));
};
Outcome<ServiceView> get_service(Context& c, ServiceId id);

// ---- for the rest of the module
Outcome<Service> find_service(Context& c, ServiceId id);
// The bid's money becomes the service's. Precondition: the service is open.
void assign_service(Context& c, Service& service, const Bid& bid);
// A service that begins assigned, for money that the contract holds already.
struct Award {
  Address provider;
  Address customer;
  Amount amount;
  ServiceSpec spec;
  OfferId offer;
  std::uint64_t capacity = 0;
  BidId bid;
  Amount collateral;  // of the provider, held already
  Seconds at = 0;     // when it is awarded
};
ServiceId award_service(Context& c, const Award& award);
// Ends the service for the dispute's sake: what is not contested is paid at once.
void freeze_service(Context& c, Service& service, const Dispute& dispute);
void service_due(Context& c, ServiceId id);

}  // namespace aitbc::market
