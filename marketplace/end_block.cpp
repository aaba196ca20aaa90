#include "marketplace/end_block.hpp"

#include "marketplace/auctions.hpp"
#include "marketplace/bids.hpp"
#include "marketplace/bookings.hpp"
#include "marketplace/disputes.hpp"
#include "marketplace/governance.hpp"
#include "marketplace/jobs.hpp"
#include "marketplace/liveness.hpp"
#include "marketplace/models.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/services.hpp"

namespace aitbc::market {
namespace {

struct Deadline {
  Seconds at = 0;
  Kind kind{};
  std::uint64_t id = 0;
};

// nullopt when the entry is not of the time index.
std::optional<Deadline> parse_deadline(const std::optional<KeyValue>& entry) {
  if (!entry || entry->key.empty() || entry->key[0] != 't') return std::nullopt;
  AITBC_CHECK(entry->key.size() == 18, "an entry of the time index has the wrong length");
  const ByteView key = entry->key;
  return Deadline{read_be64(key.subspan(1)), static_cast<Kind>(key[9]), read_be64(key.subspan(10))};
}

void process(Context& c, const Deadline& due) {
  switch (due.kind) {
    case Kind::booking:
      return booking_due(c, BookingId{due.id});
    case Kind::bid:
      return bid_due(c, BidId{due.id});
    case Kind::service:
      return service_due(c, ServiceId{due.id});
    case Kind::unbonding:
      return finish_unbonding(c, UnbondingId{due.id});
    case Kind::provider:
      return provider_due(c, ProviderNumber{due.id});
    case Kind::outage:
      return outage_due(c, OutageId{due.id});
    case Kind::dispute:
      return dispute_due(c, DisputeId{due.id});
    case Kind::job:
      return job_due(c, JobId{due.id});
    case Kind::auction:
      return auction_due(c, AuctionId{due.id});
    case Kind::model:
      return model_due(c, ModelNumber{due.id}, due.at);
    case Kind::proposal:
      return proposal_due(c, ProposalId{due.id});
    case Kind::gpu:
    case Kind::review:
    case Kind::offer:
      break;
  }
  AITBC_CHECK(false, "a deadline of a kind that has none");
}

}  // namespace

void close_due(State& state, const BlockContext& block, Logs& logs) {
  const auto peek = [&] {
    auto due = parse_deadline(state.lower_bound(kContract, Key('t')));
    require_readable(state);
    return due && due->at <= block.timestamp ? due : std::nullopt;
  };
  auto due = peek();
  if (!due) return;
  Context c(state, block, kContract, logs);
  for (std::uint64_t done = 0; due && done < c.params.max_closings_per_block; ++done) {
    unschedule(c, due->at, due->kind, due->id);
    process(c, *due);
    // What a block's end did is undone with the block or not at all.
    state.discard_checkpoints();
    due = peek();
  }
  c.finish();
}

std::optional<Seconds> earliest_deadline(const StateView& state) {
  const auto entry = state.storage_lower_bound(kContract, Key('t'));
  if (!entry) return std::nullopt;
  const auto due = parse_deadline(*entry);
  return due ? std::optional(due->at) : std::nullopt;
}

std::uint64_t count_due(const StateView& state, Seconds now, std::uint64_t limit) {
  Bytes from = to_bytes(Key('t'));
  for (std::uint64_t count = 0; count < limit; ++count) {
    const auto entry = state.storage_lower_bound(kContract, from);
    const auto due = entry ? parse_deadline(*entry) : std::nullopt;
    if (!due || due->at > now) return count;
    from = (*entry)->key;
    from.push_back(0);
  }
  return limit;
}

}  // namespace aitbc::market
