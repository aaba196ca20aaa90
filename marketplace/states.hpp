// The states that records go through. Numbers are part of storage and of the ABI: they never change meaning.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace aitbc::market {

enum class GpuStatus : std::uint8_t { available, booked, offline, delisted, retired };
constexpr auto enum_names(GpuStatus) {
  return std::to_array<std::string_view>({"available", "booked", "offline", "delisted", "retired"});
}

// The provider's own wish for a GPU; what others see is GpuStatus.
enum class Listing : std::uint8_t { listed, delisted, retired };
constexpr auto enum_names(Listing) {
  return std::to_array<std::string_view>({"listed", "delisted", "retired"});
}

enum class BookingState : std::uint8_t {
  scheduled,
  active,
  completed,
  released,   // by the customer, early
  cancelled,  // by the customer, before the start
  faulted,    // the provider fell silent
  evicted,    // a better bid took over, after notice
  disputed,   // by the customer; part of the money is frozen
  resolved,   // a dispute was decided, or nobody decided it in time
};
constexpr auto enum_names(BookingState) {
  return std::to_array<std::string_view>({"scheduled", "active", "completed", "released", "cancelled",
                                          "faulted", "evicted", "disputed", "resolved"});
}

// How far the consequences of a provider's silence have been worked out.
enum class OutagePhase : std::uint8_t {
  closing,       // its active bookings are being closed
  judging,       // whether others fell silent with it
  dividing,      // what its customers get of a slash that is less than they lost is being worked out
  compensating,  // its customers are being paid from the slash
  over,
};
constexpr auto enum_names(OutagePhase) {
  return std::to_array<std::string_view>({"closing", "judging", "dividing", "compensating", "over"});
}

// What a bid is placed on.
enum class TargetKind : std::uint8_t { gpu, service, offer };
constexpr auto enum_names(TargetKind) { return std::to_array<std::string_view>({"gpu", "service", "offer"}); }

enum class BidState : std::uint8_t { open, accepted, lost, withdrawn, expired };
constexpr auto enum_names(BidState) {
  return std::to_array<std::string_view>({"open", "accepted", "lost", "withdrawn", "expired"});
}

enum class ServiceState : std::uint8_t {
  open,
  assigned,
  delivered,
  settled,
  cancelled,
  expired,
  disputed,
  resolved,
};
constexpr auto enum_names(ServiceState) {
  return std::to_array<std::string_view>(
      {"open", "assigned", "delivered", "settled", "cancelled", "expired", "disputed", "resolved"});
}

enum class OfferState : std::uint8_t { open, reserved, closed };
constexpr auto enum_names(OfferState) {
  return std::to_array<std::string_view>({"open", "reserved", "closed"});
}

enum class DisputeState : std::uint8_t { open, decided, timed_out };
constexpr auto enum_names(DisputeState) {
  return std::to_array<std::string_view>({"open", "decided", "timed_out"});
}

// Who runs a job: anybody who takes it, or the provider of the customer's service or booking.
enum class JobTarget : std::uint8_t { anyone, service, booking };
constexpr auto enum_names(JobTarget) {
  return std::to_array<std::string_view>({"anyone", "service", "booking"});
}

enum class JobState : std::uint8_t { queued, running, completed, failed, canceled, expired };
constexpr auto enum_names(JobState) {
  return std::to_array<std::string_view>({"queued", "running", "completed", "failed", "canceled", "expired"});
}

enum class AuctionState : std::uint8_t {
  open,
  closing,  // its time is over; the outcome is fixed and follows by itself
  sold,
  unsold,
  cancelled,
};
constexpr auto enum_names(AuctionState) {
  return std::to_array<std::string_view>({"open", "closing", "sold", "unsold", "cancelled"});
}

enum class ProposalState : std::uint8_t { voting, accepted, enacted, expired, failed };
constexpr auto enum_names(ProposalState) {
  return std::to_array<std::string_view>({"voting", "accepted", "enacted", "expired", "failed"});
}

// What a review or a dispute is about.
enum class SubjectKind : std::uint8_t { booking, service };
constexpr auto enum_names(SubjectKind) { return std::to_array<std::string_view>({"booking", "service"}); }

}  // namespace aitbc::market
