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

// What a record that is about to be written must be, and must not leave behind.
template <Record T>
void check_record(Context& c, const T& record) {
  if constexpr (requires { fault_of(record); }) {
    const char* fault = fault_of(record);
    AITBC_CHECK(fault == nullptr, fault);
  }
  if constexpr (requires { forbidden_book(record); })
    if (const auto book = forbidden_book(record)) c.forbidden_books.push_back(*book);
}

// Writes a record. What it holds and counts for goes into the totals, and it must be sound in itself.
template <Record T>
void save(Context& c, const T& record) {
  const Key key = key_of(record);
  check_record(c, record);
  if constexpr (HoldsMoney<T> || Tallied<T>) {
    const T* before = peek<T>(c.state, key);
    if constexpr (HoldsMoney<T>) change_held(c, before ? before->held() : Amount{}, record.held());
    if constexpr (Tallied<T>) {
      if (before) tally(c.tallied, *before, kMinusOne);
      tally(c.tallied, record, 1);
    }
  }
  store(c.state, key, record);
}

// Changes a record and saves it, without a copy of it. `change(record)` must touch no other record of its
// type, nor what its key is made of. Precondition: it is there. The answer is valid as long as a peek's.
template <Record T, class Change>
const T& update(Context& c, const Key& key, Change&& change) {
  AITBC_CHECK(peek<T>(c.state, key) != nullptr, "a record that is to be changed is missing");
  LastSeen<T>& last = last_seen<T>();
  last.stored.clear();
  [[maybe_unused]] Amount held_before;
  if constexpr (HoldsMoney<T>) held_before = last.record.held();
  if constexpr (Tallied<T>) tally(c.tallied, last.record, kMinusOne);
  change(last.record);
  check_record(c, last.record);
  if constexpr (HoldsMoney<T>) change_held(c, held_before, last.record.held());
  if constexpr (Tallied<T>) tally(c.tallied, last.record, 1);
  store_last<T>(c.state, key);
  return last.record;
}

template <Kind K, class Change>
const auto& update(Context& c, Id<K> id, Change&& change) {
  return update<typename RecordOf<K>::Type>(c, record_key(K, id.value), change);
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
