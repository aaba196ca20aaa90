// Whether providers are there: heartbeats, and what their absence led to.
#pragma once

#include <optional>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

// Part of a provider's record. A provider is watched from its first heartbeat on.
struct Liveness {
  static constexpr std::string_view kName = "Liveness";
  bool watched = false;
  bool online = false;  // as of the last change: silent all the same once alive_until has come
  Seconds last_heartbeat = 0;
  Seconds alive_until = 0;
  // The last silence; 0 as its end while it lasts.
  Seconds offline_from = 0;
  Seconds offline_until = 0;
  Seconds offline_total = 0;  // of silences that are over
  std::uint64_t outages = 0;
  OutageId closing;  // whose bookings are still being closed
  Bytes down;        // bit i (from the lowest of each byte): the provider's GPU number i does not work
  Seconds jailed_until = 0;
  std::uint64_t faults = 0;  // slashes that count towards the next jail
  Seconds last_fault = 0;

  static constexpr auto kFields = FlatTuple(
      field("watched", &Liveness::watched), field("online", &Liveness::online),
      field("lastHeartbeat", &Liveness::last_heartbeat), field("aliveUntil", &Liveness::alive_until),
      field("offlineFrom", &Liveness::offline_from), field("offlineUntil", &Liveness::offline_until),
      field("offlineTotal", &Liveness::offline_total), field("outages", &Liveness::outages),
      field("closingOutageId", &Liveness::closing), field("down", &Liveness::down),
      field("jailedUntil", &Liveness::jailed_until), field("faults", &Liveness::faults),
      field("lastFault", &Liveness::last_fault));
};
inline constexpr std::size_t kMaxDownBytes = 128;

// Whether the provider takes work at `now`, as far as heartbeats go.
bool is_present(const Liveness& liveness, Seconds now);
bool is_down(const Liveness& liveness, std::uint64_t gpu_number);
// The first moment of [start, end), no later than `now`, at which the provider was silent.
std::optional<Seconds> silence_within(const Liveness& liveness, Seconds start, Seconds end, Seconds now);

// One silence of a provider that took work with it.
struct Outage {
  static constexpr std::string_view kName = "Outage";
  OutageId id;
  Address provider;
  Seconds at = 0;
  Seconds last_heartbeat = 0;
  OutagePhase phase = OutagePhase::closing;
  Seconds deadline = 0;  // when the phase goes on
  GpuId next_gpu;        // closing: GPUs below it are done
  std::uint64_t faulted_bookings = 0;
  bool forgiven = false;
  Amount losses;     // of all customers that it harmed
  Amount slashed;    // taken from the pool
  Amount left_over;  // of a slash that is divided in proportion: what is in nobody's part, rounded down
  Amount compensated;
  Amount burned;

  static constexpr auto kFields =
      FlatTuple(field("id", &Outage::id), field("provider", &Outage::provider), field("at", &Outage::at),
                field("lastHeartbeat", &Outage::last_heartbeat), field("phase", &Outage::phase),
                field("deadline", &Outage::deadline), field("nextGpuId", &Outage::next_gpu),
                field("faultedBookings", &Outage::faulted_bookings), field("forgiven", &Outage::forgiven),
                field("losses", &Outage::losses), field("slashed", &Outage::slashed),
                field("leftOver", &Outage::left_over), field("compensated", &Outage::compensated),
                field("burned", &Outage::burned));

  Amount held() const { return Amount::from_units(slashed.units() - compensated.units() - burned.units()); }
};
std::optional<Seconds> deadline_of(const Outage& outage);

// What a customer paid for time that the provider cannot have been seen serving; kept until the outage is
// over.
struct Harm {
  static constexpr std::string_view kName = "Harm";
  OutageId outage;
  BookingId booking;
  Address customer;
  Amount loss;
  // Set when a slash does not cover all losses: what its part is, rounded down, and its place among those who
  // share what rounding left over (largest remainder first).
  Amount share;
  Amount rank;
  static constexpr auto kFields =
      FlatTuple(field("outageId", &Harm::outage), field("bookingId", &Harm::booking),
                field("customer", &Harm::customer), field("loss", &Harm::loss), field("share", &Harm::share),
                field("rank", &Harm::rank));
};

// How many providers fell silent in one stretch of time, and how many were watched before.
struct OutageWindow {
  static constexpr std::string_view kName = "OutageWindow";
  std::uint64_t slot = 0;  // time / Params::outage_window
  std::uint64_t outages = 0;
  std::uint64_t watched = 0;
  static constexpr auto kFields =
      FlatTuple(field("slot", &OutageWindow::slot), field("outages", &OutageWindow::outages),
                field("watched", &OutageWindow::watched));
};
// The last few, ascending.
struct OutageWindows {
  static constexpr std::string_view kName = "OutageWindows";
  std::vector<OutageWindow> windows;
  static constexpr auto kFields = FlatTuple(field("windows", &OutageWindows::windows));
};

}  // namespace aitbc::market
