#include "marketplace/invariants.hpp"

#include <map>

#include "marketplace/tables.hpp"

namespace aitbc::market {
namespace {

tl::unexpected<Error> broken(std::string what) {
  return fail(ErrorCode::corruption, "marketplace: " + std::move(what));
}

template <Record T>
Result<std::optional<T>> read(const StateView& view, const Key& key) {
  AITBC_ASSIGN(const auto stored, view.storage(kContract, key));
  if (!stored) return std::nullopt;
  T record;
  if (!decode_record(*stored, record)) return broken("a record does not decode");
  return record;
}

struct Ratings {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  void add(std::uint8_t rating) {
    ++count;
    sum += rating;
  }
  auto operator<=>(const Ratings&) const = default;
};

struct Pool {
  std::uint64_t stakers = 0;
  Amount shares;
  Amount unbonding_shares;
  std::uint64_t gpus = 0;
  std::uint64_t listed_gpus = 0;
  std::uint64_t indexed_gpus = 0;
};

class Recount {
 public:
  Recount(const StateView& view, Seconds now) : view_(view), now_(now) {}

  Result<void> run() {
    AITBC_TRY(walk());
    return compare();
  }

 private:
  Result<void> walk() {
    Bytes from;
    while (true) {
      AITBC_ASSIGN(const auto entry, view_.storage_lower_bound(kContract, from));
      if (!entry) return {};
      AITBC_TRY(visit_entry(entry->key, entry->value));
      from = entry->key;
      from.push_back(0);
    }
  }

  Result<void> visit_entry(ByteView key, ByteView value) {
    switch (key.empty() ? 0 : key[0]) {
      case 'P':
      case 'i':
      case 'd':
      case 'n':
      case 'R':
      case 'w':
        return {};
      case 'g':
        ++pools_[Address::from(key.subspan(1, Address::kSize))].indexed_gpus;
        return {};
      case 'h':
        return decode_and_visit<Harm>(key, value);
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
      case Kind::provider:
        break;
    }
    return broken("a record of an unknown kind");
  }

  template <Record T>
  Result<void> decode_and_visit(ByteView key, ByteView value) {
    T record;
    if (!decode_record(value, record)) return broken("a record does not decode");
    if (!equal(key, key_of(record))) return broken("a record stands under the wrong key");
    if constexpr (requires { record.held(); }) held_ = sum_of(held_, record.held());
    return visit(record);
  }
  static Amount sum_of(Amount a, Amount b) { return checked_add(a, b).value_or(Amount::max()); }
  // Too much taken away is as wrong as it can be.
  static Amount without(Amount a, Amount b) { return checked_sub(a, b).value_or(Amount::max()); }

  Result<void> visit(const Totals& totals) {
    totals_ = totals;
    return {};
  }

  Result<void> visit(const Provider& provider) {
    ++counted_.providers;
    counted_.watched_providers += provider.liveness.online ? 1 : 0;
    expected_deadlines_ += provider.liveness.online ? 1 : 0;
    providers_.emplace(provider.account, provider);
    return {};
  }

  Result<void> visit(const Stake& stake) {
    if (stake.shares.is_zero()) return broken("an empty stake is kept");
    Pool& pool = pools_[stake.provider];
    ++pool.stakers;
    pool.shares = sum_of(pool.shares, stake.shares);
    return {};
  }

  Result<void> visit(const Unbonding& unbonding) {
    ++expected_deadlines_;
    Pool& pool = pools_[unbonding.provider];
    pool.unbonding_shares = sum_of(pool.unbonding_shares, unbonding.shares);
    return {};
  }

  Result<void> visit(const Outage& outage) {
    counted_.burned = sum_of(counted_.burned, outage.burned);
    if (deadline_of(outage)) ++expected_deadlines_;
    const bool spent = outage.held().is_zero();
    if (outage.phase == OutagePhase::over && !spent) return broken(to_text(outage.id) + " kept money");
    return {};
  }

  Result<void> visit(const Harm& harm) {
    AITBC_ASSIGN(const auto outage, read<Outage>(view_, record_key(Kind::outage, harm.outage.value)));
    if (!outage || outage->phase == OutagePhase::over) return broken("a loss was forgotten");
    return {};
  }

  Result<void> visit(const Gpu& gpu) {
    Pool& pool = pools_[gpu.provider];
    const bool listed = gpu.listing == Listing::listed;
    if (gpu.listing != Listing::retired) {
      ++counted_.gpus;
      ++pool.gpus;
    }
    counted_.listed_gpus += listed ? 1 : 0;
    pool.listed_gpus += listed ? 1 : 0;
    gpu_ratings_.emplace(gpu.id.value, Ratings{gpu.reviews, gpu.rating_sum});
    return visit_schedule(gpu);
  }

  Result<void> visit_schedule(const Gpu& gpu) {
    Seconds free_from = 0;
    std::size_t live = 0;
    for (const Interval& interval : gpu.schedule) {
      if (interval.start < free_from || interval.end <= interval.start)
        return broken("overlapping bookings on " + to_text(gpu.id));
      free_from = interval.end;
      if (interval.end <= now_) continue;
      ++live;
      AITBC_ASSIGN(const auto booking,
                   read<Booking>(view_, record_key(Kind::booking, interval.booking.value)));
      if (!booking || booking->closed || booking->gpu != gpu.id || booking->start != interval.start ||
          planned_end(*booking) != interval.end)
        return broken("the schedule of " + to_text(gpu.id) + " differs from its bookings");
    }
    live_intervals_ += live;
    if (live > kMaxSchedule) return broken("too many bookings on " + to_text(gpu.id));
    return {};
  }

  Result<void> visit(const Booking& booking) {
    if (!booking.closed) {
      ++counted_.open_bookings;
      ++expected_deadlines_;
      live_bookings_ += planned_end(booking) > now_ ? 1 : 0;
      return {};
    }
    frozen_ = sum_of(frozen_, booking.frozen);
    return visit_closing(booking, without(booking.locked, booking.frozen), to_text(booking.id));
  }

  template <class Work>
  Result<void> visit_closing(const Work& work, Amount locked, const std::string& id) {
    const auto out = checked_add(work.paid, work.fee);
    const auto all = out ? checked_add(*out, work.refund) : std::nullopt;
    if (!all || *all != locked) return broken(id + " paid out something else than it had locked");
    counted_.paid = sum_of(counted_.paid, work.paid);
    counted_.fees = sum_of(counted_.fees, work.fee);
    return {};
  }

  Result<void> visit(const Service& service) {
    if (!service.offer.is_none() && is_running(service.state))
      reserved_[service.offer.value] += service.capacity;
    if (is_running(service.state)) {
      ++counted_.open_services;
      ++expected_deadlines_;
      return {};
    }
    frozen_ = sum_of(frozen_, service.frozen);
    return visit_closing(service, without(service.locked, service.frozen), to_text(service.id));
  }

  Result<void> visit(const Offer& offer) {
    counted_.open_offers += offer.closed ? 0 : 1;
    offered_.emplace(offer.id.value, offer.reserved);
    return {};
  }

  Result<void> visit(const Dispute& dispute) {
    if (dispute.state != DisputeState::open) return {};
    ++counted_.open_disputes;
    ++expected_deadlines_;
    contested_ = sum_of(contested_, sum_of(dispute.contested_gross, dispute.contested_kept));
    return {};
  }

  Result<void> visit(const Job& job) {
    counted_.minted = sum_of(counted_.minted, job.minted);
    if (!deadline_of(job)) return visit_closing(job, job.payment, to_text(job.id));
    ++counted_.open_jobs;
    ++expected_deadlines_;
    return {};
  }

  Result<void> visit(const Bid& bid) {
    if (bid.state != BidState::open) return {};
    ++counted_.open_bids;
    ++expected_deadlines_;
    return {};
  }

  Result<void> visit(const BidBook& book) {
    if (book.bids.empty() || book.bids.size() > kMaxOpenBids) return broken("a bid book of the wrong size");
    booked_bids_ += book.bids.size();
    for (const BidRank& rank : book.bids) {
      AITBC_ASSIGN(const auto bid, read<Bid>(view_, record_key(Kind::bid, rank.bid.value)));
      if (!bid || bid->state != BidState::open || bid->target_kind != book.target_kind ||
          bid->target != book.target)
        return broken("a bid book names " + to_text(rank.bid) + ", which is not open on it");
    }
    return visit_parent(book);
  }

  Result<void> visit_parent(const BidBook& book) {
    if (book.target_kind == TargetKind::gpu) {
      AITBC_ASSIGN(const auto gpu, read<Gpu>(view_, record_key(Kind::gpu, book.target)));
      if (!gpu || gpu->listing != Listing::listed) return broken("open bids on a closed GPU");
    } else if (book.target_kind == TargetKind::offer) {
      AITBC_ASSIGN(const auto offer, read<Offer>(view_, record_key(Kind::offer, book.target)));
      if (!offer || offer->closed) return broken("open bids on a closed offer");
    } else {
      AITBC_ASSIGN(const auto service, read<Service>(view_, record_key(Kind::service, book.target)));
      if (!service || service->state != ServiceState::open) return broken("open bids on a closed service");
    }
    return {};
  }

  Result<void> visit(const Review& review) {
    if (!review.hidden) {
      provider_reviews_[review.provider].add(review.rating);
      if (!review.gpu.is_none()) gpu_reviews_[review.gpu.value].add(review.rating);
    }
    if (review.gpu.is_none()) return {};
    AITBC_ASSIGN(const auto booking, read<Booking>(view_, record_key(Kind::booking, review.subject)));
    if (!booking || booking->review != review.id || booking->customer != review.customer)
      return broken(to_text(review.id) + " is not the review of its booking");
    return {};
  }

  Result<void> visit_deadline(ByteView key) {
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
        AITBC_ASSIGN(const auto record, read<Unbonding>(view_, record_key(Kind::unbonding, id)));
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
    if (due != at) return broken("an entry of the time index without its record");
    return {};
  }
  Result<std::optional<Seconds>> provider_deadline(ProviderNumber number) {
    AITBC_ASSIGN(const auto account, view_.storage(kContract, provider_number_key(number)));
    if (!account) return broken("a deadline of an unknown provider");
    AITBC_ASSIGN(const auto provider, read<Provider>(view_, provider_key(Address::from(*account))));
    return provider && provider->liveness.online ? std::optional(provider->liveness.alive_until)
                                                 : std::nullopt;
  }
  template <Record T>
  Result<std::optional<Seconds>> due_of(std::uint64_t id) {
    AITBC_ASSIGN(const auto record, read<T>(view_, record_key(decltype(T::id)::kKind, id)));
    return record ? deadline_of(*record) : std::nullopt;
  }

  Result<void> compare_pools() {
    for (const auto& [account, provider] : providers_) {
      const Pool pool = pools_[account];
      if (pool.shares != provider.shares || pool.unbonding_shares != provider.unbonding_shares ||
          pool.stakers != provider.stakers)
        return broken("a pool's shares differ from its stakes");
      if (pool.gpus != provider.gpus || pool.listed_gpus != provider.listed_gpus ||
          pool.indexed_gpus != provider.gpus)
        return broken("a provider's counts of GPUs are wrong");
      if (provider_reviews_[account] != Ratings{provider.reviews, provider.rating_sum})
        return broken("a provider's ratings differ from its reviews");
    }
    if (pools_.size() > providers_.size()) return broken("a record names an unknown provider");
    for (const auto& [gpu, ratings] : gpu_ratings_)
      if (gpu_reviews_[gpu] != ratings) return broken("a GPU's ratings differ from its reviews");
    return {};
  }

  Result<void> compare() {
    AITBC_TRY(compare_pools());
    AITBC_ASSIGN(const auto account, view_.account(kContract));
    if (contested_ != frozen_) return broken("what disputes hold is not what was frozen");
    for (const auto& [offer, reserved] : offered_)
      if (reserved_[offer] != reserved)
        return broken("an offer's reserved capacity differs from its services");
    if (held_ != totals_.held) return broken("the sum of all locks is not what the totals say");
    if ((account ? account->balance : Amount{}) != held_)
      return broken("the contract's balance is not the sum of all locks");
    if (expected_deadlines_ != counted_.deadlines) return broken("a record is missing from the time index");
    if (booked_bids_ != counted_.open_bids) return broken("an open bid is missing from its book");
    if (live_intervals_ != live_bookings_)
      return broken("an open booking is missing from its GPU's schedule");
    counted_.held = held_;
    if (encode_record(counted_) != encode_record(totals_)) return broken("the totals differ from a recount");
    return {};
  }

  const StateView& view_;
  Seconds now_;
  Amount held_;
  Amount frozen_;
  Amount contested_;
  std::map<std::uint64_t, std::uint64_t> offered_;   // offer -> reserved, as it says
  std::map<std::uint64_t, std::uint64_t> reserved_;  // offer -> reserved, by its services
  Totals totals_;
  Totals counted_;
  std::uint64_t expected_deadlines_ = 0;
  std::uint64_t live_intervals_ = 0;
  std::uint64_t live_bookings_ = 0;
  std::uint64_t booked_bids_ = 0;
  std::map<Address, Provider> providers_;
  std::map<Address, Pool> pools_;
  std::map<Address, Ratings> provider_reviews_;
  std::map<std::uint64_t, Ratings> gpu_ratings_;
  std::map<std::uint64_t, Ratings> gpu_reviews_;
};

}  // namespace

Result<void> recount(const StateView& state, Seconds now) { return Recount(state, now).run(); }

}  // namespace aitbc::market
