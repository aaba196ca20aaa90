// GPUs on the market.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
Outcome<GpuId> register_gpu(Context& c, const GpuSpec& spec);
Outcome<void> update_gpu(Context& c, GpuId id, const GpuSpec& spec);
Outcome<void> delist_gpu(Context& c, GpuId id);
Outcome<void> relist_gpu(Context& c, GpuId id);
Outcome<void> retire_gpu(Context& c, GpuId id);

// ---- views
struct GpuView {
  static constexpr std::string_view kName = "GpuView";
  Gpu gpu;
  GpuStatus status = GpuStatus::available;
  Amount price_per_hour;      // what a booking made now would pay
  BookingId current_booking;  // none unless booked
  Seconds booking_expires = 0;
  static constexpr auto kFields = FlatTuple(field("gpu", &GpuView::gpu), field("status", &GpuView::status),
                                            field("currentPricePerHour", &GpuView::price_per_hour),
                                            field("currentBookingId", &GpuView::current_booking),
                                            field("bookingExpires", &GpuView::booking_expires));
};
Outcome<GpuView> get_gpu(Context& c, GpuId id);
// Whether [start, end) could be booked now.
Outcome<bool> is_available(Context& c, GpuId id, Seconds start, Seconds end);

// ---- for the rest of the module
Outcome<Gpu> find_gpu(Context& c, GpuId id);
Gpu existing_gpu(Context& c, GpuId id);
GpuView view_of(Context& c, const Gpu& gpu, const Provider& provider);
// What a provider's stake and presence make of its listed GPUs: delisted, offline or available.
GpuStatus standing_of(const Provider& provider, const Params& params, Seconds now);
// Of one GPU of a provider in that standing. `down`: its heartbeats say that it does not work.
GpuStatus status_of(Listing listing, bool down, GpuStatus standing, bool booked);
// Fails with GpuNotListed unless bookings and bids may be made on it.
Outcome<void> check_listed(const Context& c, const Gpu& gpu, const Provider& provider);

}  // namespace aitbc::market
