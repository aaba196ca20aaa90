// What a call, or the end of a block, works on.
#pragma once

#include "execution/module.hpp"
#include "marketplace/tables.hpp"

namespace aitbc::market {

struct Context {
  Context(State& state_in, const BlockContext& block_in, const Address& caller_in, Logs& logs_in);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Seconds now() const { return block.timestamp; }
  // Writes the totals back. The end of every call that succeeded and of every block.
  void finish();

  State& state;
  const BlockContext& block;
  Address caller;
  Logs& logs;
  Params params;
  Totals totals;
};

// Writes a record, and keeps Totals::held right when the record holds money.
template <Record T>
void save(Context& c, const T& record) {
  const Key key = key_of(record);
  if constexpr (requires { record.held(); }) {
    const auto before = load<T>(c.state, key);
    const auto without = checked_sub(c.totals.held, before ? before->held() : Amount{});
    AITBC_CHECK(without.has_value(), "a marketplace record held more than the contract");
    const auto after = checked_add(*without, record.held());
    AITBC_CHECK(after.has_value(), "the marketplace's holdings overflow");
    c.totals.held = *after;
  }
  c.state.put(kContract, key, encode_record(record));
}

// ---- money
// Moves money from the caller to the contract; the record that holds it must be saved in the same call.
Outcome<void> lock(Context& c, Amount amount);
// Moves held money to an account.
void pay(Context& c, const Address& to, Amount amount);
// For sums of amounts that exist: overflow is impossible unless an invariant is broken.
Amount sum(Amount a, Amount b);
Amount difference(Amount a, Amount b);
inline constexpr uint128 kBpsScale = 10'000;

// ---- the time index
void schedule(Context& c, Seconds at, Kind kind, std::uint64_t id);
void unschedule(Context& c, Seconds at, Kind kind, std::uint64_t id);

// ---- checks that many calls share
Outcome<void> check_text(std::string_view argument, const std::string& text, std::size_t maximum_bytes);
Outcome<void> check_required_text(std::string_view argument, const std::string& text,
                                  std::size_t maximum_bytes);
Outcome<void> check_range(std::string_view argument, Amount value, Amount minimum, Amount maximum);
Outcome<void> check_range(std::string_view argument, std::uint64_t value, std::uint64_t minimum,
                          std::uint64_t maximum);

}  // namespace aitbc::market
