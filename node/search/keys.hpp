// The search index's own database. It can be deleted at any time: everything in it follows from the chain.
//
// meta   "format" -> be64                       version of this schema
//        "head" -> be64 height | block hash     up to which the index is complete
// index  'p' | kind | facet | size(1) | value | be64(id) -> nothing         records that have a facet's value
//        'e' | kind | be64(id) | be64(height) | be32(receipt) | be32(log) -> nothing     events of a record
//        'a' | address | be64(height) -> be32 each     receipts that concern an account, ascending
//        's' | provider | be64(hour) -> Sums             what closed work paid; zero address: all providers
#pragma once

#include "marketplace/facets.hpp"

namespace aitbc::search {

inline constexpr std::uint64_t kIndexFormat = 2;

void append_be32(Bytes& out, std::uint32_t value);
// Precondition: view.size() >= 4.
std::uint32_t read_be32(ByteView view);

// Everything before the id.
Bytes posting_prefix(market::Kind kind, const market::FacetValue& facet);
Bytes posting_key(market::Kind kind, const market::FacetValue& facet, std::uint64_t id);

struct EventPlace {
  Height height = 0;
  std::uint32_t receipt = 0;  // within the block; the system receipt is the last
  std::uint32_t log = 0;      // within the receipt
  auto operator<=>(const EventPlace&) const = default;
};
Bytes event_prefix(market::Kind kind, std::uint64_t id);
Bytes event_key(market::Kind kind, std::uint64_t id, const EventPlace& place);
// Precondition: a key that event_key() made.
EventPlace event_place(ByteView key);

Bytes account_prefix(const Address& account);
Bytes account_key(const Address& account, Height height);

Bytes sums_prefix(const Address& provider);
Bytes sums_key(const Address& provider, std::uint64_t hour);

}  // namespace aitbc::search
