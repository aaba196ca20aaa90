// Checks that anybody can ask for: a booking's settlement, and the whole market's books.
#include <algorithm>

#include "codec/hex.hpp"
#include "execution/chain_record.hpp"
#include "marketplace/json_form.hpp"
#include "marketplace/money.hpp"
#include "node/search/event_shape.hpp"
#include "node/search/node_queries.hpp"
#include "node/search/trail.hpp"

namespace aitbc::search {
namespace {

using namespace market;  // NOLINT(google-build-using-namespace): the records are the market's

constexpr std::size_t kMaxEvents = 1'000;
constexpr std::uint16_t kFullRefund = 10'000;

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
  Closing closing;  // a dispute's verdict included
  std::size_t events = 0;
};

void add(Closing& to, const EventShape& shape, const Log& log) {
  const auto sum = [](Amount a, Amount b) { return checked_add(a, b).value_or(Amount::max()); };
  to.paid = sum(to.paid, shape.amount(log, "paid"));
  to.fee = sum(to.fee, shape.amount(log, "fee"));
  to.refund = sum(to.refund, shape.amount(log, "refund"));
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
  } else if (shape.name() == "DisputeClosed") {
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

// Worked out anew from what the events say and the rates that the booking was made under; nullopt when the
// numbers cannot be those of a booking, or a dispute divided them otherwise.
std::optional<Closing> expected(const Told& told, const Booking& record) {
  if (told.state == BookingState::disputed || told.end < told.start) return std::nullopt;
  const auto whole = cost_to_pay(told.price_per_hour, told.end - told.start);
  const auto used = cost_to_pay(told.price_per_hour, told.used);
  const bool cancelled = told.state == BookingState::cancelled;
  const bool early = told.state == BookingState::released && !told.evicting;
  const std::uint16_t kept_bps = early ? static_cast<std::uint16_t>(kFullRefund - record.refund_bps) : 0;
  const Amount gross = cancelled || !used ? Amount{} : *used;
  const auto unused = whole ? checked_sub(*whole, gross) : std::nullopt;
  const auto kept = unused ? mul_div_floor(*unused, kept_bps, kFullRefund) : std::nullopt;
  const auto fee = mul_div_floor(gross, record.rates.take_bps, kFullRefund);
  if (!kept || !fee) return std::nullopt;
  const auto paid = checked_add(*checked_sub(gross, *fee), *kept);
  const auto out = paid ? checked_add(*paid, *fee) : std::nullopt;
  const auto refund = out ? checked_sub(told.locked, *out) : std::nullopt;
  if (!refund) return std::nullopt;
  return Closing{*paid, *fee, *refund};
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
    holds = holds && adds_up(told, record) && same(told.closing, kept);
    holds =
        holds && (told.state == BookingState::disputed || (recomputed && same(*recomputed, told.closing)));
    if (recomputed) write_closing(out, "recomputed", *recomputed);
    write_closing(out, "fromEvents", told.closing);
  }
  write_closing(out, "inRecord", kept);
  out.key("consistent").boolean(holds).end_object();
  return out.take();
}

// What the recount goes through.
constexpr std::string_view kInvariants[] = {
    "sum of balances == minted - burned, escrow and stakes being the contract's balance",
    "escrow == sum of the locks of open records",
    "a terminal record locks nothing",
    "intervals of a GPU are disjoint and are those of its bookings",
    "time index and records with a deadline, one to one",
    "every closure: paid + fee + refund == lock",
    "a review belongs to a closed booking or service of its customer",
    "no open bid under a closed parent",
    "counters equal recounts"};

Result<std::string> reconcile(const NodeQuery& q) {
  const std::unique_lock alone(q.recounting, std::try_to_lock);
  if (!alone) return fail(ErrorCode::unavailable, "a recount is under way: try again");
  const chain::ChainViewPtr view = q.chain.view();
  const auto supply = check_supply(*view->snapshot);
  if (!supply && supply.error().code == ErrorCode::io) return fail(supply.error());
  Result<void> records;
  for (const Module* module : q.chain.modules())
    if (module->address() == kContract)
      records = module->check_invariants(*view->state, view->head.timestamp);
  if (!records && records.error().code == ErrorCode::io) return fail(records.error());
  JsonWriter out;
  out.begin_object().key("blockNumber").text(hex::quantity(view->head.number));
  out.key("blockHash").text(hex::encode_prefixed(view->head_hash));
  out.key("holds").boolean(supply.has_value() && records.has_value());
  out.key("failure");
  if (supply && records)
    out.null();
  else
    out.text(!supply ? supply.error().message : records.error().message);
  if (supply) {
    out.key("accounts").number(supply->accounts);
    write_json_member(out, "minted", supply->supply.minted);
    write_json_member(out, "burned", supply->supply.burned);
  }
  out.key("recounted").begin_array();
  for (const std::string_view each : kInvariants) out.text(each);
  out.end_array().end_object();
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
        "{blockNumber, blockHash, holds, failure, recounted, ...}",
        false},
       &reconcile},
  };
}

}  // namespace aitbc::search
