// Offers of capacity.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
Outcome<OfferId> create_offer(Context& c, const OfferSpec& spec);
Outcome<void> close_offer(Context& c, OfferId id);
struct SyncResult {
  static constexpr std::string_view kName = "SyncResult";
  std::vector<OfferId> offers;  // made now
  GpuId next_gpu;               // to go on with; none when all were seen
  static constexpr auto kFields =
      FlatTuple(field("offerIds", &SyncResult::offers), field("nextGpuId", &SyncResult::next_gpu));
};
// Makes offers of a provider's listed GPUs that have none, beginning at `first_gpu`; looks at kMaxSync GPUs.
Outcome<SyncResult> sync_offers(Context& c, const Address& provider, GpuId first_gpu);
inline constexpr std::size_t kMaxSync = 16;

// ---- views
struct OfferView {
  static constexpr std::string_view kName = "OfferView";
  Offer offer;
  OfferState state = OfferState::open;
  Amount price_per_hour;
  static constexpr auto kFields =
      FlatTuple(field("offer", &OfferView::offer), field("state", &OfferView::state),
                field("pricePerHour", &OfferView::price_per_hour));
};
Outcome<OfferView> get_offer(Context& c, OfferId id);

// ---- for the rest of the module
Outcome<Offer> find_offer(Context& c, OfferId id);
void take_capacity(Context& c, Offer& offer, std::uint64_t capacity);
void return_capacity(Context& c, OfferId id, std::uint64_t capacity);
// The GPU behind it is gone.
void close_gpu_offer(Context& c, OfferId id);

}  // namespace aitbc::market
