#include "marketplace/facets.hpp"

namespace aitbc::market {
namespace {

template <Record T>
std::optional<IndexedRecord> decode_indexed(ByteView value) {
  T record;
  AITBC_CHECK(decode_record(value, record), "a stored marketplace record does not decode");
  return IndexedRecord{decltype(record.id)::kKind, record.id.value, facets_of(record)};
}

}  // namespace

std::optional<IndexedRecord> indexed_record(ByteView key, ByteView value) {
  if (key.size() < 2 || key[0] != 'r') return std::nullopt;
  switch (static_cast<Kind>(key[1])) {
    case Kind::booking:
      return decode_indexed<Booking>(value);
    case Kind::service:
      return decode_indexed<Service>(value);
    case Kind::bid:
      return decode_indexed<Bid>(value);
    case Kind::review:
      return decode_indexed<Review>(value);
    case Kind::unbonding:
      return decode_indexed<Unbonding>(value);
    case Kind::outage:
      return decode_indexed<Outage>(value);
    case Kind::offer:
      return decode_indexed<Offer>(value);
    case Kind::dispute:
      return decode_indexed<Dispute>(value);
    case Kind::job:
      return decode_indexed<Job>(value);
    case Kind::auction:
      return decode_indexed<Auction>(value);
    case Kind::proposal:
      return decode_indexed<Proposal>(value);
    case Kind::gpu:
    case Kind::provider:
    case Kind::model:
      break;
  }
  return std::nullopt;
}

}  // namespace aitbc::market
