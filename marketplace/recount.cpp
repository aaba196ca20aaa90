#include "marketplace/recount.hpp"

namespace aitbc::market {

Result<InvariantReport> Recount::run() {
  AITBC_TRY(walk());
  AITBC_TRY(compare());
  return std::move(report_);
}

Result<void> Recount::walk() {
  Bytes from;
  while (true) {
    AITBC_ASSIGN(const auto entry, view_.storage_lower_bound(kContract, from));
    if (!entry) return {};
    AITBC_TRY(visit_entry(entry->key, entry->value));
    from = entry->key;
    from.push_back(0);
  }
}

Result<void> Recount::visit_entry(ByteView key, ByteView value) {
  switch (key.empty() ? 0 : key[0]) {
    case 'P':
    case 'i':
    case 'd':
    case 'n':
    case 'R':
    case 'M':
    case 'o':
    case 'w':
      return {};
    case 'g':
      ++pools_[Address::from(key.subspan(1, Address::kSize))].indexed_gpus;
      return {};
    case 'h':
      return decode_and_visit<Harm>(key, value);
    case 'm':
      return decode_and_visit<ModelStats>(key, value);
    case 'H':
      return decode_and_visit<PriceHistory>(key, value);
    case 'e':
      return decode_and_visit<EpochSums>(key, value);
    case 'q':
      return decode_and_visit<PairSums>(key, value);
    case 'T':
      return decode_and_visit<Totals>(key, value);
    case 'p':
      return decode_and_visit<Provider>(key, value);
    case 's':
      return decode_and_visit<Stake>(key, value);
    case 'b':
      return decode_and_visit<BidBook>(key, value);
    case 't':
      return visit_deadline(key);
    case 'r':
      break;
    default:
      return broken("an unknown entry in storage");
  }
  switch (static_cast<Kind>(key[1])) {
    case Kind::gpu:
      return decode_and_visit<Gpu>(key, value);
    case Kind::booking:
      return decode_and_visit<Booking>(key, value);
    case Kind::service:
      return decode_and_visit<Service>(key, value);
    case Kind::bid:
      return decode_and_visit<Bid>(key, value);
    case Kind::review:
      return decode_and_visit<Review>(key, value);
    case Kind::unbonding:
      return decode_and_visit<Unbonding>(key, value);
    case Kind::outage:
      return decode_and_visit<Outage>(key, value);
    case Kind::offer:
      return decode_and_visit<Offer>(key, value);
    case Kind::dispute:
      return decode_and_visit<Dispute>(key, value);
    case Kind::job:
      return decode_and_visit<Job>(key, value);
    case Kind::auction:
      return decode_and_visit<Auction>(key, value);
    case Kind::proposal:
      return decode_and_visit<Proposal>(key, value);
    case Kind::model:
    case Kind::provider:
      break;
  }
  return broken("a record of an unknown kind");
}

template <Record T>
Result<void> Recount::decode_and_visit(ByteView key, ByteView value) {
  T record;
  if (!decode_record(value, record)) return broken("a record does not decode");
  if (!equal(key, key_of(record))) return broken("a record stands under the wrong key");
  if constexpr (requires { record.held(); }) held_ = sum_of(held_, record.held());
  if constexpr (requires {
                  record.held();
                  deadline_of(record);
                })
    if (!deadline_of(record)) visit_terminal(record);
  return visit(record);
}

Result<void> Recount::visit_deadline(ByteView key) {
  ++counted_.deadlines;
  const Seconds at = read_be64(key.subspan(1));
  const std::uint64_t id = read_be64(key.subspan(10));
  std::optional<Seconds> due;
  switch (static_cast<Kind>(key[9])) {
    case Kind::booking: {
      AITBC_ASSIGN(due, due_of<Booking>(id));
      break;
    }
    case Kind::service: {
      AITBC_ASSIGN(due, due_of<Service>(id));
      break;
    }
    case Kind::bid: {
      AITBC_ASSIGN(due, due_of<Bid>(id));
      break;
    }
    case Kind::unbonding: {
      AITBC_ASSIGN(const auto record, read<Unbonding>(record_key(Kind::unbonding, id)));
      if (record) due = record->available_at;
      break;
    }
    case Kind::outage: {
      AITBC_ASSIGN(due, due_of<Outage>(id));
      break;
    }
    case Kind::dispute: {
      AITBC_ASSIGN(due, due_of<Dispute>(id));
      break;
    }
    case Kind::auction: {
      AITBC_ASSIGN(due, due_of<Auction>(id));
      break;
    }
    case Kind::proposal: {
      AITBC_ASSIGN(due, due_of<Proposal>(id));
      break;
    }
    case Kind::model: {
      AITBC_ASSIGN(const auto sums, read<EpochSums>(epoch_key(ModelNumber{id}, at)));
      if (sums) due = sums->end;
      break;
    }
    case Kind::job: {
      AITBC_ASSIGN(due, due_of<Job>(id));
      break;
    }
    case Kind::provider: {
      AITBC_ASSIGN(due, provider_deadline(ProviderNumber{id}));
      break;
    }
    case Kind::gpu:
    case Kind::review:
    case Kind::offer:
      break;
  }
  if (due != at) return violated(Invariant::time_index, "an entry of the time index without its record");
  return {};
}

Result<std::optional<Seconds>> Recount::provider_deadline(ProviderNumber number) {
  AITBC_ASSIGN(const auto account, view_.storage(kContract, provider_number_key(number)));
  if (!account) return std::nullopt;
  AITBC_ASSIGN(const auto provider, read<Provider>(provider_key(Address::from(*account))));
  return provider && provider->liveness.online ? std::optional(provider->liveness.alive_until) : std::nullopt;
}

template <Record T>
Result<std::optional<Seconds>> Recount::due_of(std::uint64_t id) {
  AITBC_ASSIGN(const auto record, read<T>(record_key(decltype(T::id)::kKind, id)));
  return record ? deadline_of(*record) : std::nullopt;
}

template <class T>
void Recount::visit_terminal(const T& record) {
  if (record.held().is_zero()) return;
  ++terminal_holding_;
  (void)violated(Invariant::terminal_records, to_text(record.id) + " kept money");
}

void Recount::compare_counter(bool same, std::string_view what) {
  ++counters_;
  if (same)
    ++agreeing_counters_;
  else
    (void)violated(Invariant::counters, std::string(what));
}

void Recount::compare_pools() {
  for (const auto& [account, provider] : providers_) {
    const Pool pool = pools_[account];
    compare_counter(pool.shares == provider.shares && pool.unbonding_shares == provider.unbonding_shares &&
                        pool.stakers == provider.stakers,
                    "a pool's shares differ from its stakes");
    compare_counter(pool.gpus == provider.gpus && pool.listed_gpus == provider.listed_gpus &&
                        pool.indexed_gpus == provider.gpus,
                    "a provider's counts of GPUs are wrong");
    compare_counter(provider_reviews_[account] == Ratings{provider.reviews, provider.rating_sum},
                    "a provider's ratings differ from its reviews");
  }
  compare_counter(pools_.size() <= providers_.size(), "a record names an unknown provider");
  for (const auto& [gpu, ratings] : gpu_ratings_)
    compare_counter(gpu_reviews_[gpu] == ratings, "a GPU's ratings differ from its reviews");
}

void Recount::compare_figures() {
  for (const auto& [gpu, busy] : busy_gpus_) counted_models_[gpu_models_[gpu]].second += busy;
  for (const auto& [model, counts] : models_)
    compare_counter(counted_models_[model] == counts, "the counts of model " + model + " are wrong");
  for (const auto& [offer, reserved] : offered_)
    compare_counter(reserved_[offer] == reserved, "an offer's reserved capacity differs from its services");
}

void Recount::compare_totals() {
  // Sums of money have invariants of their own.
  counted_.held = totals_.held;
  counted_.burned = totals_.burned;
  const Totals& told = totals_;
  Totals::kFields.apply([&](const auto&... each) {
    (compare_counter(counted_.*(each.member) == told.*(each.member),
                     "the total of " + std::string(each.name) + " differs from a recount"),
     ...);
  });
}

Result<void> Recount::compare() {
  AITBC_ASSIGN(const auto account, view_.account(kContract));
  compare_pools();
  compare_figures();
  compare_totals();
  // Auctions burn as well, the outages' part must be in it.
  if (totals_.burned < burned_by_outages_)
    (void)violated(Invariant::conservation, "less was burned than outages burned");
  if (contested_ != frozen_) (void)violated(Invariant::escrow, "what disputes hold is not what was frozen");
  if (held_ != totals_.held)
    (void)violated(Invariant::escrow, "the sum of all locks is not what the totals say");
  count_up(account ? account->balance : Amount{});
  return {};
}

void Recount::count_up(Amount balance) {
  const auto set = [&](Invariant invariant, Amount counted, Amount expected, std::string_view unit) {
    InvariantCheck& check = report_[invariant];
    check.counted = counted;
    check.expected = expected;
    check.unit = unit;
  };
  set(Invariant::conservation, counted_.minted, totals_.minted, "base units minted for jobs");
  set(Invariant::escrow, balance, held_, "base units");
  set(Invariant::terminal_records, Amount(terminal_holding_), Amount(), "terminal records with money");
  set(Invariant::schedules, Amount(live_intervals_), Amount(live_bookings_), "intervals of live bookings");
  set(Invariant::time_index, Amount(counted_.deadlines), Amount(expected_deadlines_), "deadlines");
  set(Invariant::closures, closed_payments_, closed_locks_, "base units");
  set(Invariant::reviews, Amount(sound_reviews_), Amount(reviews_), "reviews");
  set(Invariant::bids, Amount(booked_bids_), Amount(counted_.open_bids), "open bids");
  set(Invariant::counters, Amount(agreeing_counters_), Amount(counters_), "counters");
}

}  // namespace aitbc::market
