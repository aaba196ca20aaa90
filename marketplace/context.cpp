#include "marketplace/context.hpp"

namespace aitbc::market {

Context::Context(State& state_in, const BlockContext& block_in, const Address& caller_in, Logs& logs_in)
    : state(state_in),
      block(block_in),
      caller(caller_in),
      logs(logs_in),
      params(load<Params>(state_in, Key('P')).value_or(Params{})),
      totals(load<Totals>(state_in, Key('T')).value_or(Totals{})),
      tallied(totals) {}

void change_held(Context& c, Amount before, Amount after) {
  const auto without = checked_sub(c.totals.held, before);
  AITBC_CHECK(without.has_value(), "a marketplace record held more than the contract");
  const auto with = checked_add(*without, after);
  AITBC_CHECK(with.has_value(), "the marketplace's holdings overflow");
  c.totals.held = *with;
}

void Context::finish() {
  const Amount balance = state.balance(kContract);
  require_readable(state);
  AITBC_CHECK(balance == totals.held, "the contract's balance differs from the money that its records hold");
  // Sums of money are no counts: what is held was just compared, the others only grow.
  tallied.held = totals.held;
  tallied.fees = totals.fees;
  tallied.paid = totals.paid;
  tallied.burned = totals.burned;
  tallied.minted = totals.minted;
  AITBC_CHECK(tallied == totals, "the marketplace's counts differ from its records or its time index");
  for (const Key& book : forbidden_books)
    AITBC_CHECK(state.get(kContract, book) == nullptr, "open bids on what is not on offer");
  require_readable(state);
  store(state, Key('T'), totals);
}

Outcome<void> lock(Context& c, Amount amount) { return lock_from(c, c.caller, amount); }

Outcome<void> lock_from(Context& c, const Address& payer, Amount amount) {
  if (!c.state.transfer(payer, kContract, amount))
    return revert<"InsufficientBalance">(payer, amount, c.state.balance(payer));
  return {};
}

void pay(Context& c, const Address& to, Amount amount) {
  const bool paid = c.state.transfer(kContract, to, amount);
  require_readable(c.state);
  AITBC_CHECK(paid, "the contract cannot pay what it holds");
}

Amount sum(Amount a, Amount b) {
  const auto out = checked_add(a, b);
  AITBC_CHECK(out.has_value(), "a sum of existing money overflows");
  return *out;
}

Amount difference(Amount a, Amount b) {
  const auto out = checked_sub(a, b);
  AITBC_CHECK(out.has_value(), "more money was taken than there is");
  return *out;
}

void schedule(Context& c, Seconds at, Kind kind, std::uint64_t id) {
  // A deadline is taken out before the same one is set again.
  c.state.put_new(kContract, deadline_key(at, kind, id), {1});
  ++c.totals.deadlines;
}

void unschedule(Context& c, Seconds at, Kind kind, std::uint64_t id) {
  const Key key = deadline_key(at, kind, id);
  const bool present = c.state.get(kContract, key) != nullptr;
  require_readable(c.state);
  AITBC_CHECK(present, "a deadline is missing");
  c.state.erase(kContract, key);
  --c.totals.deadlines;
}

Outcome<void> check_text(std::string_view argument, const std::string& text, std::size_t maximum_bytes) {
  if (text.size() > maximum_bytes) return revert<"TextTooLong">(std::string(argument), maximum_bytes);
  return {};
}

Outcome<void> check_required_text(std::string_view argument, const std::string& text,
                                  std::size_t maximum_bytes) {
  if (text.empty()) return revert<"TextMissing">(std::string(argument));
  return check_text(argument, text, maximum_bytes);
}

Outcome<void> check_range(std::string_view argument, Amount value, Amount minimum, Amount maximum) {
  if (value < minimum || value > maximum)
    return revert<"OutOfRange">(std::string(argument), value, minimum, maximum);
  return {};
}

Outcome<void> check_range(std::string_view argument, std::uint64_t value, std::uint64_t minimum,
                          std::uint64_t maximum) {
  return check_range(argument, Amount(value), Amount(minimum), Amount(maximum));
}

}  // namespace aitbc::market
