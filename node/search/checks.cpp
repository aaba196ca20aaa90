// Checks that anybody can ask for: a booking's settlement, and the whole market's books.
#include <algorithm>

#include "codec/hex.hpp"
#include "execution/chain_record.hpp"
#include "marketplace/invariants.hpp"
#include "marketplace/json_form.hpp"
#include "marketplace/money.hpp"
#include "node/search/event_shape.hpp"
#include "node/search/node_queries.hpp"
#include "node/search/trail.hpp"

namespace aitbc::search {
namespace {

using namespace market;  // NOLINT(google-build-using-namespace): the records are the market's

constexpr std::size_t kMaxEvents = 1'000;

// What the events of a booking say about its money.
struct Told {
  Seconds start = 0;
  Seconds end = 0;
  Amount price_per_hour;
  Amount locked;
  bool evicting = false;
  bool closed = false;
  BookingState state{};
  Seconds used = 0;
  Closing closing;       // a dispute's verdict included
  Amount contested;      // by a dispute
  bool decided = false;  // or timed out
  std::uint16_t customer_bps = 0;
  std::size_t events = 0;
};

void add(Closing& to, const Closing& more) {
  const auto sum = [](Amount a, Amount b) { return checked_add(a, b).value_or(Amount::max()); };
  to.paid = sum(to.paid, more.paid);
  to.fee = sum(to.fee, more.fee);
  to.refund = sum(to.refund, more.refund);
}
void add(Closing& to, const EventShape& shape, const Log& log) {
  add(to, {shape.amount(log, "paid"), shape.amount(log, "fee"), shape.amount(log, "refund")});
}

void take(Told& told, const EventShape& shape, const Log& log) {
  if (shape.name() == "BookingCreated") {
    told.start = shape.number(log, "start");
    told.end = shape.number(log, "end");
    told.price_per_hour = shape.amount(log, "pricePerHour");
    told.locked = shape.amount(log, "locked");
  } else if (shape.name() == "BookingExtended") {
    told.end = shape.number(log, "end");
    told.locked = shape.amount(log, "locked");
  } else if (shape.name() == "BookingEvictionNoticed") {
    told.evicting = true;
  } else if (shape.name() == "BookingClosed") {
    told.closed = true;
    told.state = static_cast<BookingState>(shape.number(log, "state"));
    told.used = shape.number(log, "usedSeconds");
    add(told.closing, shape, log);
  } else if (shape.name() == "DisputeOpened") {
    told.contested = shape.amount(log, "contested");
  } else if (shape.name() == "DisputeClosed") {
    told.decided = true;
    told.customer_bps = static_cast<std::uint16_t>(shape.number(log, "customerBps"));
    add(told.closing, shape, log);
  }
  ++told.events;
}

Result<void> take_events(const IndexReading& reading, Kind kind, std::uint64_t id, Told& told) {
  AITBC_ASSIGN(const auto places, events_of(*reading.entries(), kind, id, kMaxEvents));
  for (const EventPlace& place : places) {
    AITBC_ASSIGN(const FoundEvent found, read_event(reading.chain(), place));
    if (const EventShape* shape = shape_of(found.log)) take(told, *shape, found.log);
  }
  return {};
}

// Of the booking, and of the dispute that divides what it froze.
Result<Told> events_told(const IndexReading& reading, const Booking& record) {
  Told told;
  AITBC_TRY(take_events(reading, Kind::booking, record.id.value, told));
  if (!record.dispute.is_none()) AITBC_TRY(take_events(reading, Kind::dispute, record.dispute.value, told));
  return told;
}

std::optional<Amount> share(Amount amount, std::uint16_t bps) {
  return mul_div_floor(amount, bps, kFullRefund);
}

// The division of a lock; nullopt when it is less than what it should pay.
std::optional<Closing> divide(Amount lock, const Usage& usage, std::uint16_t take_bps) {
  const auto fee = share(usage.gross, take_bps);
  const auto earned = fee ? checked_sub(usage.gross, *fee) : std::nullopt;
  const auto paid = earned ? checked_add(*earned, usage.kept) : std::nullopt;
  const auto out = paid ? checked_add(*paid, *fee) : std::nullopt;
  const auto refund = out ? checked_sub(lock, *out) : std::nullopt;
  if (!refund) return std::nullopt;
  return Closing{*paid, *fee, *refund};
}

// What the provider would get without a dispute.
std::optional<Usage> usage_told(const Told& told, const Booking& record) {
  if (told.end < told.start) return std::nullopt;
  if (told.state == BookingState::cancelled) return Usage{};
  const auto whole = cost_to_pay(told.price_per_hour, told.end - told.start);
  const auto gross = cost_to_pay(told.price_per_hour, told.used);
  const auto unused = whole && gross ? checked_sub(*whole, *gross) : std::nullopt;
  const bool early = told.state == BookingState::released || told.state == BookingState::disputed;
  const std::uint16_t kept_bps =
      early && !told.evicting ? static_cast<std::uint16_t>(kFullRefund - record.refund_bps) : 0;
  const auto kept = unused ? share(*unused, kept_bps) : std::nullopt;
  if (!kept) return std::nullopt;
  return Usage{*gross, *kept};
}

// Worked out anew from what the events say and the rates that the booking was made under; nullopt when the
// numbers cannot be those of a booking. A dispute takes what it contests out of the provider's part, time
// used first, and divides that when it is over.
std::optional<Closing> expected(const Told& told, const Booking& record) {
  const auto usage = usage_told(told, record);
  if (!usage) return std::nullopt;
  const Amount contested_gross = std::min(told.contested, usage->gross);
  const Amount contested_kept = *checked_sub(told.contested, contested_gross);
  const auto kept = checked_sub(usage->kept, contested_kept);
  const auto lock = checked_sub(told.locked, told.contested);
  if (!kept || !lock) return std::nullopt;
  auto all = divide(*lock, {*checked_sub(usage->gross, contested_gross), *kept}, record.rates.take_bps);
  if (!all || !told.decided) return all;
  if (told.customer_bps > kFullRefund) return std::nullopt;
  const auto provider_bps = static_cast<std::uint16_t>(kFullRefund - told.customer_bps);
  const auto verdict =
      divide(told.contested, {*share(contested_gross, provider_bps), *share(contested_kept, provider_bps)},
             record.rates.take_bps);
  if (!verdict) return std::nullopt;
  add(*all, *verdict);
  return all;
}

void write_closing(JsonWriter& out, std::string_view name, const Closing& closing) {
  out.key(name).begin_object();
  write_json_member(out, "paid", closing.paid);
  write_json_member(out, "fee", closing.fee);
  write_json_member(out, "refund", closing.refund);
  out.end_object();
}

bool same(const Closing& a, const Closing& b) {
  return a.paid == b.paid && a.fee == b.fee && a.refund == b.refund;
}

bool adds_up(const Told& told, const Booking& record) {
  const auto paid = checked_add(told.closing.paid, told.closing.fee);
  const auto all = paid ? checked_add(*paid, told.closing.refund) : std::nullopt;
  const auto with_frozen = all ? checked_add(*all, record.frozen) : std::nullopt;
  return with_frozen == told.locked;
}

Result<std::string> verify_settlement(const NodeQuery& q) {
  AITBC_ASSIGN(const auto id, required(q.args.id("bookingId", Kind::booking)));
  AITBC_ASSIGN(const IndexReading reading, q.index.read());
  AITBC_ASSIGN(const auto stored, reading.chain().state->storage(kContract, record_key(Kind::booking, id)));
  Booking record;
  if (!stored || !decode_record(*stored, record))
    return fail(ErrorCode::not_found, "BookingNotFound(bookingId: \"" + id_text(Kind::booking, id) + "\")");
  AITBC_ASSIGN(const Told told, events_told(reading, record));
  JsonWriter out;
  out.begin_object();
  write_json_member(out, "bookingId", BookingId{id});
  out.key("settled").boolean(told.closed).key("events").number(told.events);
  write_json_member(out, "locked", told.locked);
  const Closing kept{record.paid, record.fee, record.refund};
  bool holds = told.locked == record.locked && told.closed == record.closed;
  if (told.closed) {
    write_json_member(out, "state", told.state);
    write_json_member(out, "usedSeconds", told.used);
    write_json_member(out, "frozen", record.frozen);
    const auto recomputed = expected(told, record);
    holds = holds && adds_up(told, record) && same(told.closing, kept) && recomputed &&
            same(*recomputed, told.closing);
    if (recomputed) write_closing(out, "recomputed", *recomputed);
    write_closing(out, "fromEvents", told.closing);
  }
  write_closing(out, "inRecord", kept);
  out.key("consistent").boolean(holds).end_object();
  return out.take();
}

// Of all accounts, not the market's alone: in the place of what the market can say of it.
void put_supply(InvariantReport& report, const SupplyReport& supply) {
  InvariantCheck& check = report[Invariant::conservation];
  if (check.failure) return;
  check.unit = "base units in all accounts";
  check.expected = checked_sub(supply.supply.minted, supply.supply.burned).value_or(Amount{});
  check.counted = check.expected;  // check_supply fails when they differ
}

void write_invariants(JsonWriter& out, const InvariantReport& report) {
  out.key("invariants").begin_array();
  for (std::size_t i = 0; i < kInvariants; ++i) {
    const InvariantCheck& check = report.checks[i];
    out.begin_object().key("number").number(i + 1);
    out.key("name").text(statement_of(static_cast<Invariant>(i + 1)));
    out.key("holds").boolean(check.holds());
    write_json_member(out, "counted", check.counted);
    write_json_member(out, "expected", check.expected);
    out.key("unit").text(check.unit);
    out.key("failure");
    check.failure ? out.text(*check.failure) : out.null();
    out.end_object();
  }
  out.end_array();
}

Result<std::string> reconcile(const NodeQuery& q) {
  const std::unique_lock alone(q.recounting, std::try_to_lock);
  if (!alone) return fail(ErrorCode::unavailable, "a recount is under way: try again");
  const chain::ChainViewPtr view = q.chain.view();
  const auto supply = check_supply(*view->snapshot);
  if (!supply && supply.error().code == ErrorCode::io) return fail(supply.error());
  // Fails when the records cannot be told apart, let alone counted.
  auto report = check_each_invariant(*view->state, view->head.timestamp);
  if (!report && report.error().code == ErrorCode::io) return fail(report.error());
  std::optional<std::string> failure;
  if (!report) {
    failure = report.error().message;
  } else {
    if (supply)
      put_supply(*report, *supply);
    else
      (*report)[Invariant::conservation].failure = supply.error().message;
    failure = first_failure(*report);
  }
  JsonWriter out;
  out.begin_object().key("blockNumber").text(hex::quantity(view->head.number));
  out.key("blockHash").text(hex::encode_prefixed(view->head_hash));
  out.key("holds").boolean(!failure);
  out.key("failure");
  failure ? out.text(*failure) : out.null();
  if (supply) {
    out.key("accounts").number(supply->accounts);
    write_json_member(out, "minted", supply->supply.minted);
    write_json_member(out, "burned", supply->supply.burned);
  }
  if (report) write_invariants(out, *report);
  out.end_object();
  return out.take();
}

}  // namespace

std::vector<NodeQueryEntry> check_queries() {
  return {
      {{"market_verifySettlement",
        "Recomputes what a closed booking paid from its events and compares with the record.",
        {{"bookingId", "string", true, "\"bk_7\" or 7"}},
        "{bookingId, settled, consistent, recomputed, fromEvents, inRecord, ...}",
        false},
       &verify_settlement},
      {{"market_reconcile",
        "Recounts every record, lock, balance and counter of the latest block. Takes seconds on a large "
        "chain; one at a time.",
        {},
        "{blockNumber, blockHash, holds, failure, invariants: [{number, name, holds, counted, expected, "
        "unit, failure}], ...}",
        false},
       &reconcile},
  };
}

}  // namespace aitbc::search
