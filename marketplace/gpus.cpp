#include "marketplace/gpus.hpp"

#include "marketplace/auctions.hpp"
#include "marketplace/bids.hpp"
#include "marketplace/gpu_spec.hpp"
#include "marketplace/liveness.hpp"
#include "marketplace/models.hpp"
#include "marketplace/offers.hpp"
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

Outcome<Gpu> find_own_gpu(Context& c, GpuId id) {
  MARKET_ASSIGN(Gpu gpu, find_gpu(c, id));
  if (gpu.provider != c.caller) return revert<"NotGpuProvider">(id, c.caller);
  if (gpu.listing == Listing::retired) return revert<"GpuNotListed">(id, GpuStatus::retired);
  return gpu;
}

Outcome<void> check_stake(const Context& c, const Provider& provider) {
  const Amount staked = active_stake(provider);
  if (staked < c.params.min_stake) return revert<"StakeTooLow">(provider.account, c.params.min_stake, staked);
  return {};
}

std::optional<GpuId> gpu_of_device(Context& c, const std::string& device_id) {
  const Bytes* stored = c.state.get(kContract, device_key(device_id));
  if (stored != nullptr) return GpuId{read_be64(*stored)};
  require_readable(c.state);
  return std::nullopt;
}

void set_listing(Context& c, Gpu& gpu, Provider& provider, Listing listing) {
  if (gpu.listing == Listing::listed) {
    --provider.listed_gpus;
    --c.totals.listed_gpus;
    count_listed(c, gpu.spec.model, false);
  }
  if (listing == Listing::listed) {
    ++provider.listed_gpus;
    ++c.totals.listed_gpus;
    count_listed(c, gpu.spec.model, true);
  }
  gpu.listing = listing;
  emit<"GpuListingChanged">(c.logs, gpu.id, gpu.provider, listing);
}

GpuStatus status_of(const Context& c, const Gpu& gpu, const Provider& provider, bool booked) {
  return status_of(gpu.listing, is_down(provider.liveness, gpu.number),
                   standing_of(provider, c.params, c.now()), booked);
}

}  // namespace

GpuStatus standing_of(const Provider& provider, const Params& params, Seconds now) {
  // A provider whose stake fell below the minimum offers nothing until it is made up.
  if (active_stake(provider) < params.min_stake) return GpuStatus::delisted;
  const bool watched = provider.liveness.watched || !params.heartbeat_required;
  return is_present(provider.liveness, now) && watched ? GpuStatus::available : GpuStatus::offline;
}

GpuStatus status_of(Listing listing, bool down, GpuStatus standing, bool booked) {
  if (listing == Listing::retired) return GpuStatus::retired;
  if (listing == Listing::delisted || standing == GpuStatus::delisted) return GpuStatus::delisted;
  if (down || standing == GpuStatus::offline) return GpuStatus::offline;
  return booked ? GpuStatus::booked : GpuStatus::available;
}

Outcome<Gpu> find_gpu(Context& c, GpuId id) {
  if (auto gpu = load(c.state, id)) return *std::move(gpu);
  return revert<"GpuNotFound">(id);
}

Gpu existing_gpu(Context& c, GpuId id) {
  auto gpu = load(c.state, id);
  AITBC_CHECK(gpu.has_value(), "a record names an unknown GPU");
  return *std::move(gpu);
}

Outcome<GpuId> register_gpu(Context& c, const GpuSpec& declared) {
  GpuSpec spec = declared;
  fill_defaults(c.params, spec);
  MARKET_TRY(check_spec(c.params, spec));
  if (const auto other = gpu_of_device(c, spec.device_id))
    return revert<"DeviceAlreadyRegistered">(spec.device_id, *other);
  Provider provider = provider_of_caller(c);
  MARKET_TRY(check_stake(c, provider));
  Gpu gpu;
  gpu.id = GpuId{take_id(c.state, Kind::gpu)};
  gpu.provider = c.caller;
  gpu.number = provider.next_gpu_number++;
  gpu.created_at = c.now();
  gpu.spec = std::move(spec);
  Bytes stored_id;
  append_be64(stored_id, gpu.id.value);
  c.state.put(kContract, device_key(gpu.spec.device_id), std::move(stored_id));
  c.state.put(kContract, own_gpu_key(gpu.provider, gpu.id), {1});
  ++provider.gpus;
  ++provider.listed_gpus;
  ++c.totals.gpus;
  ++c.totals.listed_gpus;
  count_listed(c, gpu.spec.model, true);
  save(c, provider);
  save(c, gpu);
  emit<"GpuRegistered">(c.logs, gpu.id, gpu.provider, gpu.spec.model, gpu.spec.region,
                        gpu.spec.price_per_hour);
  return gpu.id;
}

Outcome<void> update_gpu(Context& c, GpuId id, const GpuSpec& declared) {
  MARKET_ASSIGN(Gpu gpu, find_own_gpu(c, id));
  GpuSpec spec = declared;
  // A device is what it is: only its description changes.
  if (spec.device_id.empty()) spec.device_id = gpu.spec.device_id;
  fill_defaults(c.params, spec);
  MARKET_TRY(check_spec(c.params, spec));
  if (spec.device_id != gpu.spec.device_id) return revert<"DeviceAlreadyRegistered">(gpu.spec.device_id, id);
  if (spec.model != gpu.spec.model) return revert<"ModelIsFixed">(id, gpu.spec.model);
  // Who bid, bid on what was declared: only the price may change under open bids and in an auction.
  GpuSpec repriced = gpu.spec;
  repriced.price_per_hour = spec.price_per_hour;
  if (spec != repriced) {
    if (!gpu.auction.is_none()) return revert<"GpuInAuction">(id, gpu.auction);
    close_bids(c, TargetKind::gpu, id.value, c.now());
  }
  gpu.spec = std::move(spec);
  save(c, gpu);
  emit<"GpuUpdated">(c.logs, id, gpu.provider, gpu.spec.price_per_hour);
  return {};
}

Outcome<void> delist_gpu(Context& c, GpuId id) {
  MARKET_ASSIGN(Gpu gpu, find_own_gpu(c, id));
  if (gpu.listing != Listing::listed) return revert<"GpuNotListed">(id, GpuStatus::delisted);
  Provider provider = existing_provider(c, gpu.provider);
  set_listing(c, gpu, provider, Listing::delisted);
  save(c, gpu);
  save(c, provider);
  close_bids(c, TargetKind::gpu, id.value, c.now());
  return {};
}

Outcome<void> relist_gpu(Context& c, GpuId id) {
  MARKET_ASSIGN(Gpu gpu, find_own_gpu(c, id));
  if (gpu.listing == Listing::listed) return revert<"GpuAlreadyListed">(id);
  Provider provider = existing_provider(c, gpu.provider);
  MARKET_TRY(check_stake(c, provider));
  set_listing(c, gpu, provider, Listing::listed);
  save(c, gpu);
  save(c, provider);
  return {};
}

Outcome<void> retire_gpu(Context& c, GpuId id) {
  MARKET_ASSIGN(Gpu gpu, find_own_gpu(c, id));
  gpu = after_auction(c, std::move(gpu));
  Provider provider = existing_provider(c, gpu.provider);
  // Who fell silent answers for it with all GPUs.
  MARKET_TRY(check_no_outage(c, provider));
  prune_schedule(gpu.schedule, c.now());
  if (!gpu.schedule.empty()) return revert<"GpuHasBookings">(id, gpu.schedule.size());
  set_listing(c, gpu, provider, Listing::retired);
  if (!gpu.offer.is_none()) close_gpu_offer(c, gpu.offer);
  gpu.offer = {};
  --provider.gpus;
  --c.totals.gpus;
  // The device may come back under another id, or another provider.
  c.state.erase(kContract, device_key(gpu.spec.device_id));
  c.state.erase(kContract, own_gpu_key(gpu.provider, id));
  save(c, gpu);
  save(c, provider);
  close_bids(c, TargetKind::gpu, id.value, c.now());
  return {};
}

GpuView view_of(Context& c, const Gpu& gpu, const Provider& provider) {
  const Interval* current = interval_at(gpu.schedule, c.now());
  GpuView out;
  out.gpu = gpu;
  prune_schedule(out.gpu.schedule, c.now());
  out.status = status_of(c, gpu, provider, current != nullptr);
  out.price_per_hour = price_now(c, gpu, provider);
  if (current != nullptr) {
    out.current_booking = current->booking;
    out.booking_expires = current->end;
  }
  return out;
}

Outcome<void> check_listed(const Context& c, const Gpu& gpu, const Provider& provider) {
  const GpuStatus status = status_of(c, gpu, provider, false);
  if (status != GpuStatus::available) return revert<"GpuNotListed">(gpu.id, status);
  return {};
}

Outcome<GpuView> get_gpu(Context& c, GpuId id) {
  MARKET_ASSIGN(const Gpu gpu, find_gpu(c, id));
  return view_of(c, gpu, existing_provider(c, gpu.provider));
}

Outcome<bool> is_available(Context& c, GpuId id, Seconds start, Seconds end) {
  MARKET_ASSIGN(const Gpu gpu, find_gpu(c, id));
  if (start >= end || end <= c.now()) return false;
  return check_listed(c, gpu, existing_provider(c, gpu.provider)).has_value() &&
         first_conflict(gpu.schedule, start, end).is_none();
}

}  // namespace aitbc::market
