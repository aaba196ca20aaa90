#include "marketplace/services.hpp"

#include "marketplace/bids.hpp"
#include "marketplace/categories.hpp"
#include "marketplace/money.hpp"
#include "marketplace/offers.hpp"
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxLongText = 1'024;
constexpr std::size_t kMaxUri = 256;

void fill_defaults(const Params& params, ServiceSpec& spec) {
  if (spec.delivery_time == 0) spec.delivery_time = params.default_delivery;
  if (spec.lifetime == 0) spec.lifetime = params.default_listing;
}

Outcome<void> check_spec(const Params& params, const ServiceSpec& spec) {
  MARKET_TRY(check_required_text("name", spec.name, kMaxName));
  if (find_category(spec.category) == nullptr) return revert<"UnknownCategory">(spec.category);
  MARKET_TRY(check_range("price", spec.price, Amount(1), Amount::max()));
  MARKET_TRY(check_text("description", spec.description, kMaxLongText));
  MARKET_TRY(check_text("parameters", spec.parameters, kMaxLongText));
  MARKET_TRY(check_range("deliveryTime", spec.delivery_time, 1, params.max_delivery));
  return check_range("lifetime", spec.lifetime, 1, params.max_listing);
}

// The service in its present state, which must be one of those.
Outcome<Service> find_in_state(Context& c, ServiceId id, std::initializer_list<ServiceState> states) {
  MARKET_ASSIGN(Service service, find_service(c, id));
  const ServiceState state = state_of(service, c.now());
  if (std::find(states.begin(), states.end(), state) == states.end())
    return revert<"WrongServiceState">(id, state);
  return service;
}

// Ends the service at `at` and pays: `gross` is earned, what a dispute froze stays, the rest of the lock goes
// back. Its deadline must have been taken out.
void finish_service(Context& c, Service& service, ServiceState state, Seconds at, Amount gross) {
  Closing closing;
  if (!service.locked.is_zero()) {
    Provider provider = existing_provider(c, service.provider);
    closing = close_lock(c, provider, service.customer, difference(service.locked, service.frozen),
                         {gross, {}}, service.rates);
    if (state == ServiceState::settled || state == ServiceState::disputed) ++provider.closed_services;
    save(c, provider);
  }
  // Collateral answers for delivery, and for nothing else.
  const bool delivered = state == ServiceState::settled || state == ServiceState::disputed;
  if (!service.collateral.is_zero())
    pay(c, delivered ? service.provider : service.customer, service.collateral);
  service.state = state;
  service.closed_at = at;
  service.paid = closing.paid;
  service.fee = closing.fee;
  service.refund = closing.refund;
  --c.totals.open_services;
  save(c, service);
  close_bids(c, TargetKind::service, service.id.value, at);
  if (!service.offer.is_none()) return_capacity(c, service.offer, service.capacity);
  emit<"ServiceClosed">(c.logs, service.id, service.provider, service.customer, state, closing.paid,
                        closing.fee, closing.refund);
}

void move_deadline(Context& c, Service& service, Seconds deadline) {
  unschedule(c, service.deadline, Kind::service, service.id.value);
  service.deadline = deadline;
  schedule(c, deadline, Kind::service, service.id.value);
}

}  // namespace

Outcome<Service> find_service(Context& c, ServiceId id) {
  if (auto service = load(c.state, id)) return *std::move(service);
  return revert<"ServiceNotFound">(id);
}

Outcome<ServiceId> create_service(Context& c, const ServiceSpec& declared) {
  Service service;
  service.spec = declared;
  fill_defaults(c.params, service.spec);
  MARKET_TRY(check_spec(c.params, service.spec));
  save(c, provider_of_caller(c));
  service.id = ServiceId{take_id(c.state, Kind::service)};
  service.provider = c.caller;
  service.created_at = c.now();
  service.deadline = c.now() + service.spec.lifetime;
  schedule(c, service.deadline, Kind::service, service.id.value);
  ++c.totals.open_services;
  save(c, service);
  emit<"ServiceCreated">(c.logs, service.id, c.caller, service.spec.name, service.spec.category,
                         service.spec.price);
  return service.id;
}

Outcome<void> update_service(Context& c, ServiceId id, const ServiceSpec& declared) {
  MARKET_ASSIGN(Service service, find_in_state(c, id, {ServiceState::open}));
  if (service.provider != c.caller) return revert<"NotServiceProvider">(id, c.caller);
  ServiceSpec spec = declared;
  fill_defaults(c.params, spec);
  MARKET_TRY(check_spec(c.params, spec));
  // Who bid, bid on what was offered then.
  close_bids(c, TargetKind::service, id.value, c.now());
  service.spec = std::move(spec);
  move_deadline(c, service, c.now() + service.spec.lifetime);
  save(c, service);
  emit<"ServiceUpdated">(c.logs, id, c.caller, service.spec.price);
  return {};
}

Outcome<void> close_service(Context& c, ServiceId id) {
  MARKET_ASSIGN(Service service, find_in_state(c, id, {ServiceState::open, ServiceState::assigned}));
  if (service.provider != c.caller) return revert<"NotServiceProvider">(id, c.caller);
  unschedule(c, service.deadline, Kind::service, id.value);
  finish_service(c, service, ServiceState::cancelled, c.now(), {});
  return {};
}

ServiceId award_service(Context& c, const Award& award) {
  Service service;
  service.id = ServiceId{take_id(c.state, Kind::service)};
  service.provider = award.provider;
  service.spec = award.spec;
  service.created_at = award.at;
  service.state = ServiceState::assigned;
  service.deadline = award.at + award.spec.delivery_time;
  service.customer = award.customer;
  service.bid = award.bid;
  service.locked = award.amount;
  service.rates = current_rates(c.params);
  service.offer = award.offer;
  service.capacity = award.capacity;
  service.collateral = award.collateral;
  schedule(c, service.deadline, Kind::service, service.id.value);
  ++c.totals.open_services;
  save(c, service);
  emit<"ServiceCreated">(c.logs, service.id, service.provider, service.spec.name, service.spec.category,
                         service.spec.price);
  emit<"ServiceAssigned">(c.logs, service.id, service.customer, service.bid, service.locked,
                          service.deadline);
  return service.id;
}

void freeze_service(Context& c, Service& service, const Dispute& dispute) {
  unschedule(c, service.deadline, Kind::service, service.id.value);
  service.dispute = dispute.id;
  service.frozen = dispute.contested_gross;
  service.deadline = dispute.deadline;
  finish_service(c, service, ServiceState::disputed, c.now(), difference(service.locked, service.frozen));
}

void assign_service(Context& c, Service& service, const Bid& bid) {
  service.state = ServiceState::assigned;
  service.customer = bid.bidder;
  service.bid = bid.id;
  service.locked = bid.amount;
  service.rates = current_rates(c.params);
  move_deadline(c, service, c.now() + service.spec.delivery_time);
  save(c, service);
  emit<"ServiceAssigned">(c.logs, service.id, service.customer, bid.id, bid.amount, service.deadline);
}

Outcome<void> deliver_service(Context& c, ServiceId id, const Hash& result_digest,
                              const std::string& result_uri) {
  MARKET_TRY(check_text("resultUri", result_uri, kMaxUri));
  MARKET_ASSIGN(Service service, find_in_state(c, id, {ServiceState::assigned}));
  if (service.provider != c.caller) return revert<"NotServiceProvider">(id, c.caller);
  service.state = ServiceState::delivered;
  service.result_digest = result_digest;
  service.result_uri = result_uri;
  move_deadline(c, service, c.now() + c.params.acceptance_time);
  save(c, service);
  emit<"ServiceDelivered">(c.logs, id, service.customer, result_digest, result_uri, service.deadline);
  return {};
}

Outcome<void> settle_payment(Context& c, ServiceId id) {
  MARKET_ASSIGN(Service service, find_in_state(c, id, {ServiceState::assigned, ServiceState::delivered}));
  if (service.customer != c.caller) return revert<"NotServiceCustomer">(id, c.caller);
  unschedule(c, service.deadline, Kind::service, id.value);
  finish_service(c, service, ServiceState::settled, c.now(), service.locked);
  return {};
}

void service_due(Context& c, ServiceId id) {
  auto service = load(c.state, id);
  AITBC_CHECK(service && is_running(service->state), "a closed service has a deadline");
  const ServiceState state = state_of(*service, service->deadline);
  finish_service(c, *service, state, service->deadline,
                 state == ServiceState::settled ? service->locked : Amount{});
}

Outcome<ServiceView> get_service(Context& c, ServiceId id) {
  MARKET_ASSIGN(Service service, find_service(c, id));
  const ServiceState state = state_of(service, c.now());
  return ServiceView{std::move(service), state};
}

}  // namespace aitbc::market
