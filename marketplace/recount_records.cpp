#include "marketplace/recount.hpp"

namespace aitbc::market {

Result<void> Recount::visit(const Totals& totals) {
  totals_ = totals;
  return {};
}

Result<void> Recount::visit(const Provider& provider) {
  ++counted_.providers;
  counted_.watched_providers += provider.liveness.online ? 1 : 0;
  expected_deadlines_ += provider.liveness.online ? 1 : 0;
  providers_.emplace(provider.account, provider);
  return {};
}

Result<void> Recount::visit(const Stake& stake) {
  if (stake.shares.is_zero()) return violated(Invariant::counters, "an empty stake is kept");
  Pool& pool = pools_[stake.provider];
  ++pool.stakers;
  pool.shares = sum_of(pool.shares, stake.shares);
  return {};
}

Result<void> Recount::visit(const Unbonding& unbonding) {
  ++expected_deadlines_;
  Pool& pool = pools_[unbonding.provider];
  pool.unbonding_shares = sum_of(pool.unbonding_shares, unbonding.shares);
  return {};
}

Result<void> Recount::visit(const Outage& outage) {
  burned_by_outages_ = sum_of(burned_by_outages_, outage.burned);
  if (deadline_of(outage)) ++expected_deadlines_;
  return {};
}

Result<void> Recount::visit(const Harm& harm) {
  AITBC_ASSIGN(const auto outage, read<Outage>(record_key(Kind::outage, harm.outage.value)));
  if (!outage || outage->phase == OutagePhase::over)
    return violated(Invariant::closures, "a loss was forgotten");
  return {};
}

Result<void> Recount::visit(const Auction& auction) {
  if (!deadline_of(auction)) return {};
  ++counted_.open_auctions;
  ++expected_deadlines_;
  return {};
}

Result<void> Recount::visit(const Proposal& proposal) {
  if (!deadline_of(proposal)) return {};
  ++counted_.open_proposals;
  ++expected_deadlines_;
  return {};
}

Result<void> Recount::visit(const ModelStats& stats) {
  models_.emplace(stats.model, std::pair(stats.listed, stats.busy));
  return {};
}

Result<void> Recount::visit(const PriceHistory& history) {
  if (history.points.size() > kMaxPriceHistory)
    return violated(Invariant::counters, "a price history is too long");
  return {};
}

Result<void> Recount::visit(const EpochSums&) {
  ++expected_deadlines_;
  return {};
}

Result<void> Recount::visit(const PairSums& pair) {
  AITBC_ASSIGN(const auto sums, read<EpochSums>(epoch_key(pair.model, pair.end)));
  if (!sums) return violated(Invariant::counters, "usage outlived its epoch");
  return {};
}

Result<void> Recount::visit(const Gpu& gpu) {
  Pool& pool = pools_[gpu.provider];
  const bool listed = gpu.listing == Listing::listed;
  if (gpu.listing != Listing::retired) {
    ++counted_.gpus;
    ++pool.gpus;
  }
  gpu_models_.emplace(gpu.id.value, gpu.spec.model);
  counted_models_[gpu.spec.model].first += listed ? 1 : 0;
  counted_.listed_gpus += listed ? 1 : 0;
  pool.listed_gpus += listed ? 1 : 0;
  gpu_ratings_.emplace(gpu.id.value, Ratings{gpu.reviews, gpu.rating_sum});
  return visit_schedule(gpu);
}

Result<void> Recount::visit_schedule(const Gpu& gpu) {
  Seconds free_from = 0;
  std::size_t live = 0;
  for (const Interval& interval : gpu.schedule) {
    if (interval.start < free_from || interval.end <= interval.start)
      return violated(Invariant::schedules, "overlapping bookings on " + to_text(gpu.id));
    free_from = interval.end;
    if (interval.end <= now_) continue;
    ++live;
    AITBC_ASSIGN(const auto booking, read<Booking>(record_key(Kind::booking, interval.booking.value)));
    if (!booking || booking->closed || booking->gpu != gpu.id || booking->start != interval.start ||
        planned_end(*booking) != interval.end)
      return violated(Invariant::schedules,
                      "the schedule of " + to_text(gpu.id) + " differs from its bookings");
  }
  live_intervals_ += live;
  if (live > kMaxSchedule) return violated(Invariant::schedules, "too many bookings on " + to_text(gpu.id));
  return {};
}

Result<void> Recount::visit(const Booking& booking) {
  if (!booking.closed) {
    ++counted_.open_bookings;
    ++expected_deadlines_;
    if (booking.started) ++busy_gpus_[booking.gpu.value];
    live_bookings_ += planned_end(booking) > now_ ? 1 : 0;
    return {};
  }
  frozen_ = sum_of(frozen_, booking.frozen);
  return visit_closing(booking, without(booking.locked, booking.frozen), to_text(booking.id));
}

template <class Work>
Result<void> Recount::visit_closing(const Work& work, Amount locked, const std::string& id) {
  const auto out = checked_add(work.paid, work.fee);
  const auto all = out ? checked_add(*out, work.refund) : std::nullopt;
  closed_locks_ = sum_of(closed_locks_, locked);
  closed_payments_ = sum_of(closed_payments_, all.value_or(Amount::max()));
  if (all != locked) (void)violated(Invariant::closures, id + " paid out something else than it had locked");
  counted_.paid = sum_of(counted_.paid, work.paid);
  counted_.fees = sum_of(counted_.fees, work.fee);
  return {};
}

Result<void> Recount::visit(const Service& service) {
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

Result<void> Recount::visit(const Offer& offer) {
  counted_.open_offers += offer.closed ? 0 : 1;
  offered_.emplace(offer.id.value, offer.reserved);
  return {};
}

Result<void> Recount::visit(const Dispute& dispute) {
  if (dispute.state != DisputeState::open) return {};
  ++counted_.open_disputes;
  ++expected_deadlines_;
  contested_ = sum_of(contested_, sum_of(dispute.contested_gross, dispute.contested_kept));
  return {};
}

Result<void> Recount::visit(const Job& job) {
  counted_.minted = sum_of(counted_.minted, job.minted);
  if (!deadline_of(job)) return visit_closing(job, job.payment, to_text(job.id));
  ++counted_.open_jobs;
  ++expected_deadlines_;
  return {};
}

Result<void> Recount::visit(const Bid& bid) {
  if (bid.state != BidState::open) return {};
  ++counted_.open_bids;
  ++expected_deadlines_;
  return {};
}

Result<void> Recount::visit(const BidBook& book) {
  if (book.bids.empty() || book.bids.size() > kMaxOpenBids)
    return violated(Invariant::bids, "a bid book of the wrong size");
  booked_bids_ += book.bids.size();
  for (const BidRank& rank : book.bids) {
    AITBC_ASSIGN(const auto bid, read<Bid>(record_key(Kind::bid, rank.bid.value)));
    if (!bid || bid->state != BidState::open || bid->target_kind != book.target_kind ||
        bid->target != book.target)
      return violated(Invariant::bids, "a bid book names " + to_text(rank.bid) + ", which is not open on it");
  }
  return visit_parent(book);
}

Result<void> Recount::visit_parent(const BidBook& book) {
  if (book.target_kind == TargetKind::gpu) {
    AITBC_ASSIGN(const auto gpu, read<Gpu>(record_key(Kind::gpu, book.target)));
    if (!gpu || gpu->listing != Listing::listed)
      return violated(Invariant::bids, "open bids on a closed GPU");
  } else if (book.target_kind == TargetKind::offer) {
    AITBC_ASSIGN(const auto offer, read<Offer>(record_key(Kind::offer, book.target)));
    if (!offer || offer->closed) return violated(Invariant::bids, "open bids on a closed offer");
  } else {
    AITBC_ASSIGN(const auto service, read<Service>(record_key(Kind::service, book.target)));
    if (!service || service->state != ServiceState::open)
      return violated(Invariant::bids, "open bids on a closed service");
  }
  return {};
}

template <class Subject>
Result<void> Recount::visit_subject(const Review& review) {
  AITBC_ASSIGN(const auto subject, read<Subject>(record_key(decltype(Subject::id)::kKind, review.subject)));
  if (!subject || subject->review != review.id || subject->customer != review.customer)
    return violated(Invariant::reviews, to_text(review.id) + " is not the review of what it judges");
  ++sound_reviews_;
  return {};
}

Result<void> Recount::visit(const Review& review) {
  ++reviews_;
  if (!review.hidden) {
    provider_reviews_[review.provider].add(review.rating);
    if (!review.gpu.is_none()) gpu_reviews_[review.gpu.value].add(review.rating);
  }
  return review.subject_kind == SubjectKind::booking ? visit_subject<Booking>(review)
                                                     : visit_subject<Service>(review);
}

}  // namespace aitbc::market
