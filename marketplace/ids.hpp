// Record kinds and their ids. Ids count up from 1 per kind; 0 means "none".
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc::market {

// Part of storage keys and of the time index: numbers never change meaning.
enum class Kind : std::uint8_t {
  gpu = 1,
  booking = 2,
  service = 3,
  bid = 4,
  review = 5,
  unbonding = 6,
  provider = 7,
  outage = 8,
  offer = 9,
  dispute = 10,
  job = 11,
  auction = 12,
  model = 13,
  proposal = 14,
};

// Those whose records are known by such ids.
inline constexpr Kind kNumberedKinds[] = {Kind::gpu,     Kind::booking,   Kind::service, Kind::bid,
                                          Kind::review,  Kind::unbonding, Kind::outage,  Kind::offer,
                                          Kind::dispute, Kind::job,       Kind::auction, Kind::proposal};

// "gpu", "bk", "svc", ...: ids print as gpu_12, bk_7, svc_3.
std::string_view prefix_of(Kind kind);
// "gpu", "booking", "service", ...
std::string_view kind_name(Kind kind);

template <Kind K>
struct Id {
  static constexpr Kind kKind = K;
  std::uint64_t value = 0;
  constexpr auto operator<=>(const Id&) const = default;
  constexpr bool is_none() const { return value == 0; }
};

using GpuId = Id<Kind::gpu>;
using BookingId = Id<Kind::booking>;
using ServiceId = Id<Kind::service>;
using BidId = Id<Kind::bid>;
using ReviewId = Id<Kind::review>;
using UnbondingId = Id<Kind::unbonding>;
using ProviderNumber = Id<Kind::provider>;  // providers are known by address; this stands in the time index
using OutageId = Id<Kind::outage>;
using OfferId = Id<Kind::offer>;
using DisputeId = Id<Kind::dispute>;
using JobId = Id<Kind::job>;
using AuctionId = Id<Kind::auction>;
using ModelNumber = Id<Kind::model>;  // models are known by name; this stands in the time index
using ProposalId = Id<Kind::proposal>;

std::string id_text(Kind kind, std::uint64_t value);
template <Kind K>
std::string to_text(Id<K> id) {
  return id_text(K, id.value);
}
// Accepts "gpu_12" for Kind::gpu and plain "12".
Result<std::uint64_t> parse_id(Kind kind, std::string_view text);

}  // namespace aitbc::market
