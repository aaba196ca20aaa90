#include "marketplace/tables.hpp"

#include "crypto/keccak.hpp"

namespace aitbc::market {

#define MARKET_STORED_RECORD(T)                       \
  template bool decode_record(ByteView, T&);          \
  template Bytes encode_record(const T&);             \
  template const T* peek(State&, const Key&);         \
  template std::optional<T> load(State&, const Key&); \
  template void store_last<T>(State&, const Key&);    \
  template void store(State&, const Key&, const T&);
MARKET_EACH_STORED_RECORD(MARKET_STORED_RECORD)
#undef MARKET_STORED_RECORD

namespace {

Key counter_key(Kind kind) { return Key('i').u8(static_cast<std::uint8_t>(kind)); }

}  // namespace

Key device_key(std::string_view device_id) { return Key('d').bytes(keccak256(as_bytes(device_id))); }

Key model_key(std::string_view model) {
  // A block asks for the same models' again and again, and a digest costs as much as many look-ups.
  struct Known {
    std::string model;
    Key key = Key('m');
  };
  thread_local std::array<Known, 64> known;
  Known& slot = known[std::hash<std::string_view>()(model) % known.size()];
  if (slot.model != model || model.empty())
    slot = {std::string(model), Key('m').bytes(keccak256(as_bytes(model)))};
  return slot.key;
}

Roles load_roles(State& state) { return load<Roles>(state, Key('R')).value_or(Roles{}); }

std::uint64_t last_id(State& state, Kind kind) {
  const Bytes* stored = state.get(kContract, counter_key(kind));
  if (stored != nullptr) return read_be64(*stored);
  require_readable(state);
  return 0;
}

std::uint64_t take_id(State& state, Kind kind) {
  const std::uint64_t id = last_id(state, kind) + 1;
  Bytes stored;
  append_be64(stored, id);
  state.put(kContract, counter_key(kind), std::move(stored));
  state.expect_new_keys(kContract, record_key(kind, id));
  return id;
}

}  // namespace aitbc::market
