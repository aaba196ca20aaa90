#include "marketplace/reviews.hpp"

#include "marketplace/gpus.hpp"
#include "marketplace/money.hpp"
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxComment = 1'024;
constexpr std::size_t kMaxReason = 256;

// Adds a review to the aggregates that GPUs and providers share.
template <class Rated>
void add_rating(Rated& rated, const Review& review) {
  ++rated.reviews;
  rated.rating_sum += review.rating;
  const auto weighted = checked_mul(review.weight, review.rating);
  const auto total = weighted ? checked_add(rated.weighted_rating, *weighted) : std::nullopt;
  if (!total) return;  // beyond 128 bits a weighted average has no use for more weight
  rated.weighted_rating = *total;
  rated.rating_weight = sum(rated.rating_weight, review.weight);
}

template <class Rated>
void take_rating(Rated& rated, const Review& review) {
  --rated.reviews;
  rated.rating_sum -= review.rating;
  // A review that was too heavy to be weighed is too heavy to be taken out.
  const auto weighted = checked_mul(review.weight, review.rating);
  const auto left = weighted ? checked_sub(rated.weighted_rating, *weighted) : std::nullopt;
  const auto weight = checked_sub(rated.rating_weight, review.weight);
  if (!left || !weight) return;
  rated.weighted_rating = *left;
  rated.rating_weight = *weight;
}

// What the customer paid for it in all: the same whether its closing was processed yet or not, and what a
// dispute froze goes to the provider when nobody decides it in time.
Amount price_paid(const Booking& booking, const Liveness& provider, Seconds now) {
  if (booking.closed) return difference(booking.locked, booking.refund);
  const Seconds last = planned_end(booking);
  const Seconds end = silence_within(provider, booking.start, last, now).value_or(last);
  return usage_at(booking, end - booking.start, kFullRefund).gross;
}

Outcome<void> check_customer(Context& c, const Booking& booking) {
  if (booking.customer != c.caller) return revert<"NotBookingCustomer">(booking.id, c.caller);
  return {};
}
Outcome<void> check_customer(Context& c, const Service& service) {
  if (service.customer != c.caller) return revert<"NotServiceCustomer">(service.id, c.caller);
  return {};
}
bool is_reviewable(BookingState state) {
  return state == BookingState::completed || state == BookingState::released ||
         state == BookingState::faulted || state == BookingState::evicted || state == BookingState::resolved;
}
bool is_reviewable(ServiceState state) {
  return state == ServiceState::settled || state == ServiceState::resolved;
}

template <class Subject, class State>
Outcome<void> review_subject(Context& c, Subject subject, State state, Review& review) {
  MARKET_TRY(check_customer(c, subject));
  if (!is_reviewable(state)) return revert<"NotFinished">(review.subject_kind, review.subject);
  if (!subject.review.is_none())
    return revert<"AlreadyReviewed">(review.subject_kind, review.subject, subject.review);
  review.provider = subject.provider;
  review.id = ReviewId{take_id(c.state, Kind::review)};
  subject.review = review.id;
  save(c, subject);
  return {};
}

Outcome<void> review_booking(Context& c, BookingId id, Review& review) {
  auto booking = load(c.state, id);
  if (!booking) return revert<"BookingNotFound">(id);
  review.gpu = booking->gpu;
  const Liveness liveness = existing_provider(c, booking->provider).liveness;
  const BookingState state = state_of(*booking, liveness, c.now());
  if (is_reviewable(state)) review.weight = price_paid(*booking, liveness, c.now());
  MARKET_TRY(review_subject(c, *std::move(booking), state, review));
  update(c, review.gpu, [&](Gpu& gpu) { add_rating(gpu, review); });
  return {};
}

Outcome<void> review_service(Context& c, ServiceId id, Review& review) {
  auto service = load(c.state, id);
  if (!service) return revert<"ServiceNotFound">(id);
  const ServiceState state = state_of(*service, c.now());
  review.weight = difference(service->locked, service->refund);
  return review_subject(c, *std::move(service), state, review);
}

}  // namespace

Outcome<ReviewId> add_review(Context& c, std::uint8_t subject_kind, std::uint64_t subject,
                             std::uint8_t rating, const std::string& comment) {
  if (subject_kind >= enum_names(SubjectKind{}).size()) return revert<"UnknownSubjectKind">(subject_kind);
  MARKET_TRY(check_range("rating", rating, 1, 5));
  MARKET_TRY(check_text("comment", comment, kMaxComment));
  Review review;
  review.subject_kind = static_cast<SubjectKind>(subject_kind);
  review.subject = subject;
  review.customer = c.caller;
  review.rating = rating;
  review.comment = comment;
  review.created_at = c.now();
  if (review.subject_kind == SubjectKind::booking) {
    MARKET_TRY(review_booking(c, BookingId{subject}, review));
  } else {
    MARKET_TRY(review_service(c, ServiceId{subject}, review));
  }
  update<Provider>(c, provider_key(review.provider),
                   [&](Provider& provider) { add_rating(provider, review); });
  save(c, review);
  emit<"ReviewAdded">(c.logs, review.id, review.provider, review.customer, review.subject_kind, subject,
                      rating);
  return review.id;
}

Outcome<void> hide_review(Context& c, ReviewId id, const std::string& reason) {
  MARKET_TRY(check_required_text("reason", reason, kMaxReason));
  if (!has_role(load_roles(c.state).moderators, c.caller)) return revert<"NotModerator">(c.caller);
  MARKET_ASSIGN(Review review, get_review(c, id));
  if (review.hidden) return revert<"ReviewIsHidden">(id);
  review.hidden = true;
  review.hidden_reason = reason;
  save(c, review);
  if (!review.gpu.is_none()) update(c, review.gpu, [&](Gpu& gpu) { take_rating(gpu, review); });
  update<Provider>(c, provider_key(review.provider),
                   [&](Provider& provider) { take_rating(provider, review); });
  emit<"ReviewHidden">(c.logs, id, review.provider, c.caller, reason);
  return {};
}

Outcome<Review> get_review(Context& c, ReviewId id) {
  if (auto review = load(c.state, id)) return *std::move(review);
  return revert<"ReviewNotFound">(id);
}

}  // namespace aitbc::market
