// Where records stand in the contract's storage.
//
//   'P' -> Params              'p' | address           -> Provider       'i' | kind            -> last id
//   'T' -> Totals              's' | provider | staker -> Stake          'd' | keccak256(device id) -> GPU id
//   'n' | be64(provider number) -> address                              'g' | provider | be64(GPU id) -> 0x01
//   'h' | be64(outage) | be128(rank) | be64(booking) -> Harm            'w' -> OutageWindows     'R' -> Roles
//   'r' | kind | be64(id) -> Gpu, Booking, Service, Bid, Review, Unbonding, Outage, Offer, Dispute, Job,
//                       Auction, Proposal
//   'm' | keccak256(model) -> ModelStats      'M' | be64(model number) -> model      'H' | ... ->
//   PriceHistory 'e' | be64(model number) | be64(epoch end) -> EpochSums 'q' | be64(model number) |
//   be64(epoch end) | customer | provider -> PairSums 'o' | signer | be64(nonce / 256) -> 32 bytes, a bit per
//   used nonce of signed orders 'b' | target kind | be64(target id) -> BidBook 't' | be64(time) | kind |
//   be64(id) -> 0x01                           the time index
#pragma once

#include <optional>

#include "base/check.hpp"
#include "execution/state.hpp"
#include "marketplace/events.hpp"
#include "marketplace/params.hpp"
#include "marketplace/record_codec.hpp"
#include "marketplace/records_auction.hpp"
#include "marketplace/records_booking.hpp"
#include "marketplace/records_dispute.hpp"
#include "marketplace/records_gpu.hpp"
#include "marketplace/records_job.hpp"
#include "marketplace/records_model.hpp"
#include "marketplace/records_offer.hpp"
#include "marketplace/records_proposal.hpp"
#include "marketplace/records_provider.hpp"
#include "marketplace/records_service.hpp"
#include "marketplace/totals.hpp"

namespace aitbc::market {

// A storage key, built in place.
class Key {
 public:
  explicit Key(char tag) { u8(static_cast<std::uint8_t>(tag)); }
  Key& u8(std::uint8_t value) {
    data_[size_++] = value;
    return *this;
  }
  Key& be64(std::uint64_t value) {
    AITBC_CHECK(data_.size() - size_ >= 8, "a storage key is longer than the longest");
    store_be64(data_.data() + size_, value);
    size_ += 8;
    return *this;
  }
  Key& be128(uint128 value) {
    return be64(static_cast<std::uint64_t>(value >> 64)).be64(static_cast<std::uint64_t>(value));
  }
  Key& bytes(ByteView value) {
    AITBC_CHECK(data_.size() - size_ >= value.size(), "a storage key is longer than the longest");
    std::copy(value.begin(), value.end(), data_.data() + size_);
    size_ += value.size();
    return *this;
  }
  operator ByteView() const { return {data_.data(), size_}; }  // NOLINT(google-explicit-constructor)

 private:
  std::array<std::uint8_t, 57> data_{};  // the longest is a PairSums'
  std::size_t size_ = 0;
};

inline Key record_key(Kind kind, std::uint64_t id) {
  return Key('r').u8(static_cast<std::uint8_t>(kind)).be64(id);
}
inline Key provider_key(const Address& account) { return Key('p').bytes(account); }
inline Key stake_key(const Address& provider, const Address& staker) {
  return Key('s').bytes(provider).bytes(staker);
}
inline Key bid_book_key(TargetKind kind, std::uint64_t target) {
  return Key('b').u8(static_cast<std::uint8_t>(kind)).be64(target);
}
Key device_key(std::string_view device_id);
Key model_key(std::string_view model);
inline Key model_number_key(ModelNumber number) { return Key('M').be64(number.value); }
inline Key history_key(ModelNumber number) { return Key('H').be64(number.value); }
inline Key epoch_key(ModelNumber number, Seconds end) { return Key('e').be64(number.value).be64(end); }
// Used nonces of signed orders, 256 to an entry.
inline Key nonce_key(const Address& signer, std::uint64_t nonce) {
  return Key('o').bytes(signer).be64(nonce / 256);
}
inline Key deadline_key(Seconds at, Kind kind, std::uint64_t id) {
  return Key('t').be64(at).u8(static_cast<std::uint8_t>(kind)).be64(id);
}
// One per GPU of a provider that is not retired.
inline Key own_gpu_key(const Address& provider, GpuId gpu) {
  return Key('g').bytes(provider).be64(gpu.value);
}
inline Key provider_number_key(ProviderNumber number) { return Key('n').be64(number.value); }

template <Record T>
requires requires(const T& record) { record.id.value; }
Key key_of(const T& record) { return record_key(decltype(record.id)::kKind, record.id.value); }
inline Key key_of(const Params&) { return Key('P'); }
inline Key key_of(const Totals&) { return Key('T'); }
inline Key key_of(const Roles&) { return Key('R'); }
inline Key key_of(const OutageWindows&) { return Key('w'); }
inline Key key_of(const Harm& record) {
  return Key('h').be64(record.outage.value).be128(record.rank.units()).be64(record.booking.value);
}
inline Key key_of(const ModelStats& record) { return model_key(record.model); }
inline Key key_of(const PriceHistory& record) { return history_key(record.model); }
inline Key key_of(const EpochSums& record) { return epoch_key(record.model, record.end); }
inline Key key_of(const PairSums& record) {
  return Key('q').be64(record.model.value).be64(record.end).bytes(record.customer).bytes(record.provider);
}
inline Key key_of(const Provider& record) { return provider_key(record.account); }
inline Key key_of(const Stake& record) { return stake_key(record.provider, record.staker); }
inline Key key_of(const BidBook& record) { return bid_book_key(record.target_kind, record.target); }

// Thrown out of a half-done call or closing when the state could not be read (State::failure() says why), and
// caught where the module was entered: its driver discards everything, so nothing may be concluded from what
// seems to be absent.
struct StateUnavailable {};
inline void require_readable(const State& state) {
  if (state.failure()) throw StateUnavailable{};
}

// The last record of a type that was read or written, with its bytes: calls read the same few records again
// and again (and once more to see what a change does to the totals), and comparing costs less than decoding.
template <Record T>
struct LastSeen {
  Bytes stored;
  T record;
};
template <Record T>
LastSeen<T>& last_seen() {
  thread_local LastSeen<T> last;
  return last;
}

// The record under a key, null when there is none. Valid until the thread's next look at a record of this
// type. What is stored was written by this code: anything else is corruption and ends the process.
template <Record T>
const T* peek(State& state, const Key& key) {
  const Bytes* stored = state.get(kContract, key);
  if (stored == nullptr) {
    require_readable(state);
    return nullptr;
  }
  LastSeen<T>& last = last_seen<T>();
  if (last.stored.empty() || last.stored != *stored) {
    last.stored.clear();
    AITBC_CHECK(decode_record(*stored, last.record), "a stored marketplace record does not decode");
    last.stored = *stored;
  }
  return &last.record;
}
template <Record T>
std::optional<T> load(State& state, const Key& key) {
  const T* record = peek<T>(state, key);
  return record == nullptr ? std::nullopt : std::optional<T>(*record);
}
// Stores last_seen<T>().record.
template <Record T>
void store_last(State& state, const Key& key) {
  LastSeen<T>& last = last_seen<T>();
  Bytes encoded = encode_record(last.record);
  last.stored = encoded;
  state.put(kContract, key, std::move(encoded));
}
template <Record T>
void store(State& state, const Key& key, const T& record) {
  LastSeen<T>& last = last_seen<T>();
  last.stored.clear();
  last.record = record;
  store_last<T>(state, key);
}

// Compiled once, in tables.cpp, and not again by each of the many files that use them.
// clang-format off
#define MARKET_EACH_STORED_RECORD(X) X(Auction) X(BidBook) X(Bid) X(Booking) X(Dispute) X(EpochSums) X(Gpu) \
  X(Harm) X(Job) X(ModelStats) X(Offer) X(Outage) X(OutageWindows) X(PairSums) X(Params) X(PriceHistory) \
  X(Proposal) X(Provider) X(Review) X(Roles) X(Service) X(Stake) X(Totals) X(Unbonding)
// clang-format on
#define MARKET_STORED_RECORD(T)                              \
  extern template bool decode_record(ByteView, T&);          \
  extern template Bytes encode_record(const T&);             \
  extern template const T* peek(State&, const Key&);         \
  extern template std::optional<T> load(State&, const Key&); \
  extern template void store_last<T>(State&, const Key&);    \
  extern template void store(State&, const Key&, const T&);
MARKET_EACH_STORED_RECORD(MARKET_STORED_RECORD)
#undef MARKET_STORED_RECORD

// The record type of each kind that has ids.
template <Kind K>
struct RecordOf;
template <>
struct RecordOf<Kind::gpu> {
  using Type = Gpu;
};
template <>
struct RecordOf<Kind::booking> {
  using Type = Booking;
};
template <>
struct RecordOf<Kind::service> {
  using Type = Service;
};
template <>
struct RecordOf<Kind::bid> {
  using Type = Bid;
};
template <>
struct RecordOf<Kind::review> {
  using Type = Review;
};
template <>
struct RecordOf<Kind::unbonding> {
  using Type = Unbonding;
};
template <>
struct RecordOf<Kind::outage> {
  using Type = Outage;
};
template <>
struct RecordOf<Kind::offer> {
  using Type = Offer;
};
template <>
struct RecordOf<Kind::dispute> {
  using Type = Dispute;
};
template <>
struct RecordOf<Kind::job> {
  using Type = Job;
};
template <>
struct RecordOf<Kind::auction> {
  using Type = Auction;
};
template <>
struct RecordOf<Kind::proposal> {
  using Type = Proposal;
};

template <Kind K>
auto load(State& state, Id<K> id) {
  return load<typename RecordOf<K>::Type>(state, record_key(K, id.value));
}
Roles load_roles(State& state);
// The highest id given out so far.
std::uint64_t last_id(State& state, Kind kind);
std::uint64_t take_id(State& state, Kind kind);

}  // namespace aitbc::market
