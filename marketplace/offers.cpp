#include "marketplace/offers.hpp"

#include "marketplace/bids.hpp"
#include "marketplace/gpu_spec.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

constexpr std::uint64_t kMaxCapacity = 1'000'000;
constexpr std::size_t kMaxSla = 256;

void open_offer(Context& c, Offer& offer) {
  offer.id = OfferId{take_id(c.state, Kind::offer)};
  offer.created_at = c.now();
  ++c.totals.open_offers;
  save(c, offer);
  emit<"OfferCreated">(c.logs, offer.id, offer.provider, offer.gpu, offer.spec.capacity, offer.spec.price);
}

void mark_closed(Context& c, Offer& offer) {
  offer.closed = true;
  offer.closed_at = c.now();
  --c.totals.open_offers;
  save(c, offer);
  emit<"OfferClosed">(c.logs, offer.id, offer.provider);
}

OfferId offer_gpu(Context& c, Gpu& gpu) {
  Offer offer;
  offer.provider = gpu.provider;
  offer.gpu = gpu.id;
  offer.spec.capacity = 1;
  offer.spec.price = gpu.spec.price_per_hour;
  open_offer(c, offer);
  gpu.offer = offer.id;
  save(c, gpu);
  return offer.id;
}

// A GPU's offer is what the GPU is.
OfferState state_of_gpu(GpuStatus status) {
  switch (status) {
    case GpuStatus::available:
      return OfferState::open;
    case GpuStatus::booked:
      return OfferState::reserved;
    case GpuStatus::offline:
    case GpuStatus::delisted:
    case GpuStatus::retired:
      break;
  }
  return OfferState::closed;
}

}  // namespace

Outcome<Offer> find_offer(Context& c, OfferId id) {
  if (auto offer = load(c.state, id)) return *std::move(offer);
  return revert<"OfferNotFound">(id);
}

Outcome<OfferId> create_offer(Context& c, const OfferSpec& spec) {
  MARKET_TRY(check_range("capacity", spec.capacity, 1, kMaxCapacity));
  MARKET_TRY(check_range("price", spec.price, Amount(1), Amount::max()));
  MARKET_TRY(check_text("sla", spec.sla, kMaxSla));
  MARKET_TRY(check_attributes(spec.attributes));
  save(c, provider_of_caller(c));
  Offer offer;
  offer.provider = c.caller;
  offer.spec = spec;
  open_offer(c, offer);
  return offer.id;
}

Outcome<void> close_offer(Context& c, OfferId id) {
  MARKET_ASSIGN(Offer offer, find_offer(c, id));
  if (offer.provider != c.caller) return revert<"NotOfferProvider">(id, c.caller);
  if (offer.closed) return revert<"OfferIsClosed">(id);
  if (!offer.gpu.is_none()) {
    Gpu gpu = existing_gpu(c, offer.gpu);
    gpu.offer = {};
    save(c, gpu);
  }
  mark_closed(c, offer);
  close_bids(c, TargetKind::offer, id.value, c.now());
  return {};
}

Outcome<SyncResult> sync_offers(Context& c, const Address& provider, GpuId first_gpu) {
  MARKET_TRY(get_provider(c, provider));
  SyncResult out;
  const Key prefix = Key('g').bytes(provider);
  Bytes from = to_bytes(own_gpu_key(provider, first_gpu));
  for (std::size_t seen = 0;; ++seen) {
    const auto entry = c.state.lower_bound(kContract, from);
    require_readable(c.state);
    if (!entry || !starts_with(entry->key, prefix)) return out;
    const GpuId id{read_be64(ByteView(entry->key).subspan(1 + Address::kSize))};
    if (seen == kMaxSync) {
      out.next_gpu = id;
      return out;
    }
    Gpu gpu = existing_gpu(c, id);
    if (gpu.listing == Listing::listed && gpu.offer.is_none()) out.offers.push_back(offer_gpu(c, gpu));
    from = entry->key;
    from.push_back(0);
  }
}

void take_capacity(Context& c, Offer& offer, std::uint64_t capacity) {
  offer.reserved += capacity;
  AITBC_CHECK(offer.reserved <= offer.spec.capacity, "an offer gave away more than it has");
  save(c, offer);
}

void return_capacity(Context& c, OfferId id, std::uint64_t capacity) {
  auto offer = load(c.state, id);
  AITBC_CHECK(offer && offer->reserved >= capacity, "an offer got back more than it gave");
  offer->reserved -= capacity;
  save(c, *offer);
}

void close_gpu_offer(Context& c, OfferId id) {
  auto offer = load(c.state, id);
  AITBC_CHECK(offer.has_value(), "a GPU names an unknown offer");
  mark_closed(c, *offer);
}

Outcome<OfferView> get_offer(Context& c, OfferId id) {
  MARKET_ASSIGN(const Offer offer, find_offer(c, id));
  OfferView view{offer, OfferState::open, offer.spec.price};
  if (offer.closed) {
    view.state = OfferState::closed;
  } else if (!offer.gpu.is_none()) {
    MARKET_ASSIGN(const GpuView gpu, get_gpu(c, offer.gpu));
    view.state = state_of_gpu(gpu.status);
    view.price_per_hour = gpu.price_per_hour;
  } else if (offer.reserved == offer.spec.capacity) {
    view.state = OfferState::reserved;
  }
  return view;
}

}  // namespace aitbc::market
