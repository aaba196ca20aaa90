// What records are looked up by: the facts of a record that an index outside the state machine keeps lists
// for.
#pragma once

#include <string>
#include <vector>

#include "crypto/keccak.hpp"
#include "marketplace/record_codec.hpp"
#include "marketplace/tables.hpp"

namespace aitbc::market {

// Part of index keys: numbers never change meaning.
enum class Facet : std::uint8_t {
  state = 1,     // of records with states: one byte, see state_value()
  provider = 2,  // the creator of an auction
  customer = 3,  // whoever pays: of bookings, services, jobs, disputes, reviews; the bidder of a bid
  gpu = 4,
  service = 5,
  offer = 6,
  category = 7,
  type = 8,    // of jobs and auctions
  staker = 9,  // of unbondings
};

struct FacetValue {
  Facet which{};
  Bytes value;
  auto operator<=>(const FacetValue&) const = default;
};

inline FacetValue facet(Facet which, const Address& account) { return {which, to_bytes(account)}; }
inline FacetValue facet(Facet which, std::uint64_t id) {
  FacetValue out{which, {}};
  append_be64(out.value, id);
  return out;
}
// Long texts by their digest: equality is all that is asked for.
inline FacetValue facet(Facet which, std::string_view text) {
  if (text.size() <= Hash::kSize) return {which, to_bytes(as_bytes(text))};
  return {which, to_bytes(keccak256(as_bytes(text)))};
}

// The state's number once it is final; kMoving while time or a call may change it, so that what is listed
// under a state never depends on when it was looked at.
inline constexpr std::uint8_t kMoving = 0xff;
template <class State>
FacetValue state_value(bool moving, State state) {
  return {Facet::state, {moving ? kMoving : static_cast<std::uint8_t>(state)}};
}

inline std::vector<FacetValue> facets_of(const Booking& r) {
  return {state_value(!r.closed || r.final_state == BookingState::disputed, r.final_state),
          facet(Facet::provider, r.provider), facet(Facet::customer, r.customer),
          facet(Facet::gpu, r.gpu.value)};
}
inline std::vector<FacetValue> facets_of(const Service& r) {
  std::vector<FacetValue> out{state_value(deadline_of(r).has_value(), r.state),
                              facet(Facet::provider, r.provider), facet(Facet::category, r.spec.category)};
  if (!r.customer.is_zero()) out.push_back(facet(Facet::customer, r.customer));
  return out;
}
inline std::vector<FacetValue> facets_of(const Bid& r) {
  const Facet target = r.target_kind == TargetKind::gpu       ? Facet::gpu
                       : r.target_kind == TargetKind::service ? Facet::service
                                                              : Facet::offer;
  return {state_value(deadline_of(r).has_value(), r.state), facet(Facet::customer, r.bidder),
          facet(target, r.target)};
}
inline std::vector<FacetValue> facets_of(const Offer& r) {
  std::vector<FacetValue> out{state_value(!r.closed, OfferState::closed), facet(Facet::provider, r.provider)};
  if (!r.gpu.is_none()) out.push_back(facet(Facet::gpu, r.gpu.value));
  return out;
}
inline std::vector<FacetValue> facets_of(const Dispute& r) {
  return {state_value(deadline_of(r).has_value(), r.state), facet(Facet::provider, r.provider),
          facet(Facet::customer, r.customer)};
}
inline std::vector<FacetValue> facets_of(const Job& r) {
  std::vector<FacetValue> out{state_value(deadline_of(r).has_value(), r.state),
                              facet(Facet::customer, r.customer), facet(Facet::type, r.spec.type)};
  if (!r.provider.is_zero()) out.push_back(facet(Facet::provider, r.provider));
  if (r.target_kind == JobTarget::service) out.push_back(facet(Facet::service, r.target));
  return out;
}
inline std::vector<FacetValue> facets_of(const Review& r) {
  std::vector<FacetValue> out{facet(Facet::provider, r.provider), facet(Facet::customer, r.customer)};
  if (!r.gpu.is_none()) out.push_back(facet(Facet::gpu, r.gpu.value));
  if (r.subject_kind == SubjectKind::service) out.push_back(facet(Facet::service, r.subject));
  return out;
}
inline std::vector<FacetValue> facets_of(const Outage& r) { return {facet(Facet::provider, r.provider)}; }
inline std::vector<FacetValue> facets_of(const Unbonding& r) {
  return {facet(Facet::provider, r.provider), facet(Facet::staker, r.staker)};
}

inline std::vector<FacetValue> facets_of(const Auction& r) {
  std::vector<FacetValue> out{state_value(deadline_of(r).has_value(), r.state),
                              facet(Facet::provider, r.creator), facet(Facet::type, r.spec.type)};
  if (!r.spec.gpu.is_none()) out.push_back(facet(Facet::gpu, r.spec.gpu.value));
  return out;
}
inline std::vector<FacetValue> facets_of(const Proposal& r) {
  return {state_value(deadline_of(r).has_value(), r.state)};
}

// An entry of the contract's storage as an index sees it. Empty for entries that are not listed, and for GPUs
// and providers, which a Directory holds.
struct IndexedRecord {
  Kind kind{};
  std::uint64_t id = 0;
  std::vector<FacetValue> facets;
};
std::optional<IndexedRecord> indexed_record(ByteView key, ByteView value);

}  // namespace aitbc::market
