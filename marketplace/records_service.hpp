// Services, the bids on them and on GPUs, and reviews.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/records_booking.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

// What a provider declares about a service.
struct ServiceSpec {
  static constexpr std::string_view kName = "ServiceSpec";
  std::string name;
  std::string category;
  Amount price;  // asked; bids may differ
  std::string description;
  std::string parameters;
  Seconds delivery_time = 0;  // from acceptance; 0: the parameter's default
  Seconds lifetime = 0;       // of the open listing; 0: the parameter's default

  static constexpr auto kFields = FlatTuple(
      field("name", &ServiceSpec::name), field("category", &ServiceSpec::category),
      field("price", &ServiceSpec::price), field("description", &ServiceSpec::description),
      field("parameters", &ServiceSpec::parameters), field("deliveryTime", &ServiceSpec::delivery_time),
      field("lifetime", &ServiceSpec::lifetime));
};

// One engagement: offered, given to one customer, delivered, paid.
struct Service {
  static constexpr std::string_view kName = "Service";
  ServiceId id;
  Address provider;
  ServiceSpec spec;
  Seconds created_at = 0;
  // As of the last change; state_of() tells what it is now.
  ServiceState state = ServiceState::open;
  Seconds deadline = 0;  // open: expires; assigned: to be delivered by; delivered: settles by itself;
                         // disputed: decided without arbitrators
  Address customer;
  BidId bid;
  Amount locked;  // by the customer; held while assigned or delivered
  FeeRates rates;
  OfferId offer;               // that it came from
  std::uint64_t capacity = 0;  // of that offer
  Amount collateral;           // of the provider; the customer's when the work is not delivered
  DisputeId dispute;
  Amount frozen;  // of the lock, by the dispute
  Hash result_digest;
  std::string result_uri;
  Seconds closed_at = 0;
  Amount paid;
  Amount fee;
  Amount refund;
  ReviewId review;

  static constexpr auto kFields = FlatTuple(
      field("id", &Service::id), field("provider", &Service::provider), field("spec", &Service::spec),
      field("createdAt", &Service::created_at), field("lastState", &Service::state),
      field("deadline", &Service::deadline), field("customer", &Service::customer),
      field("bidId", &Service::bid), field("locked", &Service::locked), field("rates", &Service::rates),
      field("offerId", &Service::offer), field("capacity", &Service::capacity),
      field("collateral", &Service::collateral), field("disputeId", &Service::dispute),
      field("frozen", &Service::frozen), field("resultDigest", &Service::result_digest),
      field("resultUri", &Service::result_uri), field("closedAt", &Service::closed_at),
      field("paid", &Service::paid), field("fee", &Service::fee), field("refund", &Service::refund),
      field("reviewId", &Service::review));

  Amount held() const;
};
ServiceState state_of(const Service& service, Seconds now);
// Open, assigned or delivered: it has a deadline of its own.
bool is_running(ServiceState state);
std::optional<Seconds> deadline_of(const Service& service);

struct Bid {
  static constexpr std::string_view kName = "Bid";
  BidId id;
  Address bidder;
  TargetKind target_kind = TargetKind::gpu;
  std::uint64_t target = 0;
  Amount amount;
  std::uint64_t capacity = 0;
  Seconds duration = 0;  // of the booking it asks for; 0 on a service
  std::string notes;
  Seconds created_at = 0;
  Seconds expires_at = 0;
  BidState state = BidState::open;  // as of the last change
  Seconds closed_at = 0;
  BookingId booking;  // that it became
  ServiceId service;  // that it became: on an offer

  static constexpr auto kFields = FlatTuple(
      field("id", &Bid::id), field("bidder", &Bid::bidder), field("targetKind", &Bid::target_kind),
      field("targetId", &Bid::target), field("amount", &Bid::amount), field("capacity", &Bid::capacity),
      field("duration", &Bid::duration), field("notes", &Bid::notes), field("createdAt", &Bid::created_at),
      field("expiresAt", &Bid::expires_at), field("lastState", &Bid::state),
      field("closedAt", &Bid::closed_at), field("bookingId", &Bid::booking),
      field("serviceId", &Bid::service));

  Amount held() const { return state == BidState::open ? amount : Amount{}; }
};
BidState state_of(const Bid& bid, Seconds now);
std::optional<Seconds> deadline_of(const Bid& bid);

// The open bids on one target, best first; equal ones by id.
struct BidRank {
  static constexpr std::string_view kName = "BidRank";
  BidId bid;
  Amount score;  // the amount, or on a GPU the price per hour
  static constexpr auto kFields = FlatTuple(field("bidId", &BidRank::bid), field("score", &BidRank::score));
};
struct BidBook {
  static constexpr std::string_view kName = "BidBook";
  TargetKind target_kind = TargetKind::gpu;
  std::uint64_t target = 0;
  std::vector<BidRank> bids;
  static constexpr auto kFields =
      FlatTuple(field("targetKind", &BidBook::target_kind), field("targetId", &BidBook::target),
                field("bids", &BidBook::bids));
};
inline constexpr std::size_t kMaxOpenBids = 64;

struct Review {
  static constexpr std::string_view kName = "Review";
  ReviewId id;
  SubjectKind subject_kind = SubjectKind::booking;
  std::uint64_t subject = 0;
  GpuId gpu;  // none for a service
  Address provider;
  Address customer;
  std::uint8_t rating = 0;  // 1 to 5
  std::string comment;
  Amount weight;  // what the customer paid for it
  Seconds created_at = 0;
  bool hidden = false;  // by a moderator: it counts for nothing
  std::string hidden_reason;

  static constexpr auto kFields =
      FlatTuple(field("id", &Review::id), field("subjectKind", &Review::subject_kind),
                field("subjectId", &Review::subject), field("gpuId", &Review::gpu),
                field("provider", &Review::provider), field("customer", &Review::customer),
                field("rating", &Review::rating), field("comment", &Review::comment),
                field("weight", &Review::weight), field("createdAt", &Review::created_at),
                field("hidden", &Review::hidden), field("hiddenReason", &Review::hidden_reason));
};

}  // namespace aitbc::market
