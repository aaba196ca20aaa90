#include "node/search/keys.hpp"

namespace aitbc::search {

void append_be32(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t read_be32(ByteView view) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | view[i];
  return value;
}

Bytes posting_prefix(market::Kind kind, const market::FacetValue& facet) {
  Bytes key{'p', static_cast<std::uint8_t>(kind), static_cast<std::uint8_t>(facet.which),
            static_cast<std::uint8_t>(facet.value.size())};
  append(key, facet.value);
  return key;
}

Bytes posting_key(market::Kind kind, const market::FacetValue& facet, std::uint64_t id) {
  Bytes key = posting_prefix(kind, facet);
  append_be64(key, id);
  return key;
}

Bytes event_prefix(market::Kind kind, std::uint64_t id) {
  Bytes key{'e', static_cast<std::uint8_t>(kind)};
  append_be64(key, id);
  return key;
}

Bytes event_key(market::Kind kind, std::uint64_t id, const EventPlace& place) {
  Bytes key = event_prefix(kind, id);
  append_be64(key, place.height);
  append_be32(key, place.receipt);
  append_be32(key, place.log);
  return key;
}

EventPlace event_place(ByteView key) {
  const ByteView tail = key.last(16);
  return {read_be64(tail), read_be32(tail.subspan(8)), read_be32(tail.subspan(12))};
}

Bytes account_prefix(const Address& account) {
  Bytes key{'a'};
  append(key, account);
  return key;
}

Bytes account_key(const Address& account, Height height) {
  Bytes key = account_prefix(account);
  append_be64(key, height);
  return key;
}

Bytes sums_prefix(const Address& provider) {
  Bytes key{'s'};
  append(key, provider);
  return key;
}

Bytes sums_key(const Address& provider, std::uint64_t hour) {
  Bytes key = sums_prefix(provider);
  append_be64(key, hour);
  return key;
}

}  // namespace aitbc::search
