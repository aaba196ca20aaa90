// The audit trail: what happened to a record, or to an account, event by event.
#include <charconv>

#include "codec/hex.hpp"
#include "execution/transition.hpp"
#include "marketplace/json_form.hpp"
#include "node/search/event_shape.hpp"
#include "node/search/keys.hpp"
#include "node/search/node_queries.hpp"
#include "node/search/trail.hpp"
#include "node/search/transaction_json.hpp"

namespace aitbc::search {
namespace {

using market::JsonWriter;

constexpr std::uint64_t kDefaultLimit = 100;
constexpr std::uint64_t kMaxLimit = 500;

// "17.0.2"
std::string cursor_text(const EventPlace& place) {
  return std::to_string(place.height) + "." + std::to_string(place.receipt) + "." + std::to_string(place.log);
}

Result<EventPlace> parse_cursor(std::string_view text) {
  std::array<std::uint64_t, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 < parts.size() ? text.find('.') : text.size();
    const auto part = end == std::string_view::npos ? fail(ErrorCode::invalid_input, "")
                                                    : market::parse_number(text.substr(0, end));
    if (!part) return fail(ErrorCode::invalid_input, "cursor: not one of this list");
    parts[i] = *part;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return EventPlace{parts[0], static_cast<std::uint32_t>(parts[1]), static_cast<std::uint32_t>(parts[2])};
}

struct Trail {
  std::vector<EventPlace> places;
  std::optional<EventPlace> next;
};

Result<Trail> record_trail(const Snapshot& entries, const RecordName& record, const EventPlace& from,
                           std::uint64_t limit) {
  Trail out;
  const Bytes prefix = event_prefix(record.kind, record.id);
  const auto iterator = entries.iterate(Table::index);
  for (iterator->seek(event_key(record.kind, record.id, from));
       iterator->valid() && starts_with(iterator->key(), prefix); iterator->next()) {
    const EventPlace place = event_place(iterator->key());
    if (out.places.size() == limit) {
      out.next = place;
      break;
    }
    out.places.push_back(place);
  }
  AITBC_TRY(iterator->status());
  return out;
}

bool names(const Log& log, const Address& account) {
  const EventShape* shape = shape_of(log);
  if (shape == nullptr) return false;
  const auto accounts = shape->accounts(log);
  return std::find(accounts.begin(), accounts.end(), account) != accounts.end();
}

// Those of one receipt, up to the limit.
Result<void> add_places(const IndexReading& reading, const Address& account, chain::TransactionLocation at,
                        const EventPlace& from, std::uint64_t limit, Trail& out) {
  AITBC_ASSIGN(const auto receipt, chain::read_receipt(*reading.chain().snapshot, at));
  if (!receipt) return fail(ErrorCode::corruption, "the search index names a receipt that is not there");
  for (std::uint32_t i = 0; i < receipt->receipt.logs.size(); ++i) {
    const EventPlace place{at.height, at.index, i};
    if (place < from || !names(receipt->receipt.logs[i], account)) continue;
    if (out.places.size() == limit) {
      out.next = place;
      return {};
    }
    out.places.push_back(place);
  }
  return {};
}

Result<Trail> account_trail(const IndexReading& reading, const Address& account, const EventPlace& from,
                            std::uint64_t limit) {
  Trail out;
  const Bytes prefix = account_prefix(account);
  const auto iterator = reading.entries()->iterate(Table::index);
  for (iterator->seek(account_key(account, from.height));
       iterator->valid() && starts_with(iterator->key(), prefix); iterator->next()) {
    const Height height = read_be64(iterator->key().subspan(prefix.size()));
    for (ByteView rest = iterator->value(); rest.size() >= 4; rest = rest.subspan(4)) {
      const chain::TransactionLocation at{height, read_be32(rest)};
      if (height == from.height && at.index < from.receipt) continue;
      AITBC_TRY(add_places(reading, account, at, from, limit, out));
      if (out.next) return out;
    }
  }
  AITBC_TRY(iterator->status());
  return out;
}

Result<void> write_found(JsonWriter& out, const chain::ChainView& view, const EventPlace& place) {
  AITBC_ASSIGN(const FoundEvent found, read_event(view, place));
  AITBC_ASSIGN(const auto decoded, market::decode_log(found.log));
  out.begin_object().key("name").text(decoded.name).key("arguments").raw(decoded.arguments_json);
  out.key("blockNumber").text(hex::quantity(place.height));
  out.key("timestamp").text(hex::quantity(found.timestamp));
  out.key("transactionHash").text(hex::encode_prefixed(found.transaction_hash));
  out.key("transactionType");
  found.transaction_type.empty() ? out.null() : out.text(found.transaction_type);
  out.key("logIndex").text(hex::quantity(found.log_index)).end_object();
  return {};
}

Result<std::string> get_events(const NodeQuery& q) {
  const std::string_view id = *q.args.text("id");
  AITBC_ASSIGN(const auto limit, q.args.number("limit"));
  const std::uint64_t most = limit.value_or(kDefaultLimit);
  if (most < 1 || most > kMaxLimit)
    return fail(ErrorCode::invalid_input, "limit: must be between 1 and " + std::to_string(kMaxLimit));
  EventPlace from;
  if (const auto cursor = q.args.text("cursor")) {
    AITBC_ASSIGN(from, parse_cursor(*cursor));
  }
  AITBC_ASSIGN(const IndexReading reading, q.index.read());
  Trail trail;
  if (const auto account = hex::parse_address(id)) {
    AITBC_ASSIGN(trail, account_trail(reading, *account, from, most));
  } else {
    AITBC_ASSIGN(const RecordName record, parse_record_name(id));
    AITBC_ASSIGN(trail, record_trail(*reading.entries(), record, from, most));
  }
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  for (const EventPlace& place : trail.places) AITBC_TRY(write_found(out, reading.chain(), place));
  out.end_array().key("nextCursor");
  trail.next ? out.text(cursor_text(*trail.next)) : out.null();
  out.end_object();
  return out.take();
}

}  // namespace

Result<FoundEvent> read_event(const chain::ChainView& view, const EventPlace& place) {
  const chain::TransactionLocation at{place.height, place.receipt};
  AITBC_ASSIGN(const auto header, chain::read_header(*view.snapshot, place.height));
  AITBC_ASSIGN(const auto receipt, chain::read_receipt(*view.snapshot, at));
  if (!header || !receipt || place.log >= receipt->receipt.logs.size())
    return fail(ErrorCode::corruption, "the search index names an event that is not there");
  AITBC_ASSIGN(const TransactionPtr transaction, chain::read_transaction(*view.snapshot, at));
  FoundEvent out;
  out.log = receipt->receipt.logs[place.log];
  out.timestamp = header->timestamp;
  out.log_index = receipt->first_log_index + place.log;
  out.transaction_hash = transaction ? transaction->hash : system_transaction_hash(place.height);
  if (transaction) out.transaction_type = transaction_type(*transaction);
  return out;
}

Result<std::vector<EventPlace>> events_of(const Snapshot& entries, market::Kind kind, std::uint64_t id,
                                          std::size_t limit) {
  AITBC_ASSIGN(Trail trail, record_trail(entries, {kind, id}, {}, limit));
  if (trail.next) return fail(ErrorCode::limit, "the record has more events than one query looks at");
  return std::move(trail.places);
}

std::vector<NodeQueryEntry> event_queries() {
  return {
      {{"market_getEvents",
        "The audit trail of a record or an account: every event that names it, oldest first, with its "
        "transaction; events of the end of a block have no transaction type.",
        {{"id", "string", true, "\"gpu_12\", \"bk_7\", ..., or an account's address"},
         {"limit", "integer", false, "1 to 500, 100 when left out"},
         {"cursor", "string", false, "nextCursor of the page before"}},
        "{items: [{name, arguments, blockNumber, timestamp, transactionHash, transactionType, logIndex}], "
        "nextCursor}",
        false},
       &get_events},
  };
}

}  // namespace aitbc::search
