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
};
constexpr auto enum_names(BookingState) {
  return std::to_array<std::string_view>(
      {"scheduled", "active", "completed", "released", "cancelled", "faulted", "evicted"});
}

// How far the consequences of a provider's silence have been worked out.
enum class OutagePhase : std::uint8_t {
  closing,       // its active bookings are being closed
  judging,       // whether others fell silent with it
  compensating,  // its customers are being paid from the slash
  over,
};
constexpr auto enum_names(OutagePhase) {
  return std::to_array<std::string_view>({"closing", "judging", "compensating", "over"});
}

// What a bid is placed on.
enum class TargetKind : std::uint8_t { gpu, service };
constexpr auto enum_names(TargetKind) { return std::to_array<std::string_view>({"gpu", "service"}); }

enum class BidState : std::uint8_t { open, accepted, lost, withdrawn, expired };
constexpr auto enum_names(BidState) {
  return std::to_array<std::string_view>({"open", "accepted", "lost", "withdrawn", "expired"});
}

enum class ServiceState : std::uint8_t { open, assigned, delivered, settled, cancelled, expired };
constexpr auto enum_names(ServiceState) {
  return std::to_array<std::string_view>(
      {"open", "assigned", "delivered", "settled", "cancelled", "expired"});
}

// What a review is about.
enum class SubjectKind : std::uint8_t { booking, service };
constexpr auto enum_names(SubjectKind) { return std::to_array<std::string_view>({"booking", "service"}); }

}  // namespace aitbc::market
