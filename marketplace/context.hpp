// What a call, or the end of a block, works on.
#pragma once

#include "execution/module.hpp"
#include "marketplace/tally.hpp"

namespace aitbc::market {

struct Context {
  Context(State& state_in, const BlockContext& block_in, const Address& caller_in, Logs& logs_in);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Seconds now() const { return block.timestamp; }
  // Writes the totals back, once they agree with the records that changed: a broken invariant ends the
  // process. The end of every call that succeeded and of every block.
  void finish();

  State& state;
  const BlockContext& block;
  Address caller;
  Logs& logs;
  Params params;
  Totals totals;
  // What the records that were written say: the counts that `totals` must show in the end, and the bid books
  // that must be gone by then.
  Totals tallied;
  std::vector<Key> forbidden_books;
};

inline constexpr std::uint64_t kMinusOne = ~std::uint64_t{0};

template <class T>
concept HoldsMoney = requires(const T& record) {
  record.held();
};
template <class T>
concept Tallied = requires(Totals& totals, const T& record) {
  tally(totals, record, 1);
};

// Totals::held, when a record that held `before` holds `after`.
void change_held(Context& c, Amount before, Amount after);

// Writes a record. What it holds and counts for goes into the totals, and it must be sound in itself.
template <Record T>
void save(Context& c, const T& record) {
  const Key key = key_of(record);
  if constexpr (requires { fault_of(record); }) {
    const char* fault = fault_of(record);
    AITBC_CHECK(fault == nullptr, fault);
  }
  if constexpr (HoldsMoney<T> || Tallied<T>) {
    const T* before = peek<T>(c.state, key);
    if constexpr (HoldsMoney<T>) change_held(c, before ? before->held() : Amount{}, record.held());
    if constexpr (Tallied<T>) {
      if (before) tally(c.tallied, *before, kMinusOne);
      tally(c.tallied, record, 1);
    }
  }
  if constexpr (requires { forbidden_book(record); })
    if (const auto book = forbidden_book(record)) c.forbidden_books.push_back(*book);
  store(c.state, key, record);
}

// Precondition: it is there, and holds no money.
template <Record T>
void erase(Context& c, const T& record) {
  static_assert(!HoldsMoney<T>);
  if constexpr (Tallied<T>) tally(c.tallied, record, kMinusOne);
  c.state.erase(kContract, key_of(record));
}

// ---- money
// Moves money from the caller to the contract; the record that holds it must be saved in the same call.
Outcome<void> lock(Context& c, Amount amount);
Outcome<void> lock_from(Context& c, const Address& payer, Amount amount);
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
