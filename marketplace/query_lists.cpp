// Pages of records, with filters.
#include "marketplace/query_page.hpp"
#include "marketplace/text_search.hpp"

namespace aitbc::market {
namespace {

struct PriceRange {
  std::optional<Amount> min, max;

  static Result<PriceRange> parse(const QueryArgs& args) {
    PriceRange out;
    AITBC_ASSIGN(out.min, args.amount("priceMin"));
    AITBC_ASSIGN(out.max, args.amount("priceMax"));
    return out;
  }
  bool contains(Amount price) const { return (!min || price >= *min) && (!max || price <= *max); }
};

Result<std::string> list_bookings(Query& q) {
  AITBC_ASSIGN(const auto gpu, q.args.id("gpuId", Kind::gpu));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  const auto state = q.args.text("state");
  const auto job = q.args.text("job");
  Wanted wanted{Kind::booking, {}, {}};
  want(wanted, Facet::gpu, gpu);
  want(wanted, Facet::customer, customer);
  want(wanted, Facet::provider, provider);
  AITBC_TRY(want_state<BookingState>(wanted, state));
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_booking(q.context, BookingId{id});
    if (!view || !matches(gpu, view->booking.gpu.value) || !matches(customer, view->booking.customer) ||
        !matches(provider, view->booking.provider) || !matches(state, name_of(view->state)) ||
        !matches(job, view->booking.job))
      return false;
    write_record(out, *view);
    return true;
  });
}

// Who owns what a bid is placed on.
Address provider_of(Context& c, const Bid& bid) {
  switch (bid.target_kind) {
    case TargetKind::gpu:
      return existing_gpu(c, GpuId{bid.target}).provider;
    case TargetKind::service: {
      const auto service = load(c.state, ServiceId{bid.target});
      return service ? service->provider : Address{};
    }
    case TargetKind::offer:
      break;
  }
  const auto offer = load(c.state, OfferId{bid.target});
  return offer ? offer->provider : Address{};
}

Result<std::string> list_bids(Query& q) {
  AITBC_ASSIGN(const auto bidder, q.args.address("bidder"));
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto gpu, q.args.id("gpuId", Kind::gpu));
  AITBC_ASSIGN(const auto service, q.args.id("serviceId", Kind::service));
  AITBC_ASSIGN(const auto offer, q.args.id("offerId", Kind::offer));
  const auto state = q.args.text("state");
  Wanted wanted{Kind::bid, {}, {}};
  want(wanted, Facet::customer, bidder);
  want(wanted, Facet::gpu, gpu);
  want(wanted, Facet::service, service);
  want(wanted, Facet::offer, offer);
  AITBC_TRY(want_state<BidState>(wanted, state));
  const auto on = [](const Bid& bid, const std::optional<std::uint64_t>& target, TargetKind kind) {
    return !target || (bid.target_kind == kind && bid.target == *target);
  };
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_bid(q.context, BidId{id});
    if (!view || !matches(bidder, view->bid.bidder) || !matches(state, name_of(view->state)) ||
        !on(view->bid, gpu, TargetKind::gpu) || !on(view->bid, service, TargetKind::service) ||
        !on(view->bid, offer, TargetKind::offer))
      return false;
    if (provider && provider_of(q.context, view->bid) != *provider) return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_services(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  AITBC_ASSIGN(const PriceRange price, PriceRange::parse(q.args));
  const auto category = q.args.text("category");
  const auto state = q.args.text("state");
  const auto words = words_of(q.args.text("query").value_or(""));
  Wanted wanted{Kind::service, {}, {}};
  want(wanted, Facet::provider, provider);
  want(wanted, Facet::customer, customer);
  want(wanted, Facet::category, category);
  AITBC_TRY(want_state<ServiceState>(wanted, state));
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_service(q.context, ServiceId{id});
    if (!view || !matches(provider, view->service.provider) || !matches(customer, view->service.customer) ||
        !matches(category, view->service.spec.category) || !matches(state, name_of(view->state)))
      return false;
    const ServiceSpec& spec = view->service.spec;
    if (!price.contains(spec.price) || !contains_words({spec.name, spec.description, spec.category}, words))
      return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_offers(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto gpu, q.args.id("gpuId", Kind::gpu));
  AITBC_ASSIGN(const PriceRange price, PriceRange::parse(q.args));
  const auto state = q.args.text("state");
  Wanted wanted{Kind::offer, {}, {}};
  want(wanted, Facet::provider, provider);
  want(wanted, Facet::gpu, gpu);
  AITBC_TRY(want_state<OfferState>(wanted, state));
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_offer(q.context, OfferId{id});
    if (!view || !matches(provider, view->offer.provider) || !matches(gpu, view->offer.gpu.value) ||
        !matches(state, name_of(view->state)) || !price.contains(view->price_per_hour))
      return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_disputes(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  const auto state = q.args.text("state");
  Wanted wanted{Kind::dispute, {}, {}};
  want(wanted, Facet::provider, provider);
  want(wanted, Facet::customer, customer);
  AITBC_TRY(want_state<DisputeState>(wanted, state));
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_dispute(q.context, DisputeId{id});
    if (!view || !matches(provider, view->dispute.provider) || !matches(customer, view->dispute.customer) ||
        !matches(state, name_of(view->state)))
      return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_jobs(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  const auto type = q.args.text("type");
  const auto state = q.args.text("state");
  Wanted wanted{Kind::job, {}, {}};
  want(wanted, Facet::provider, provider);
  want(wanted, Facet::customer, customer);
  want(wanted, Facet::type, type);
  AITBC_TRY(want_state<JobState>(wanted, state));
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_job(q.context, JobId{id});
    if (!view || !matches(provider, view->job.provider) || !matches(customer, view->job.customer) ||
        !matches(type, view->job.spec.type) || !matches(state, name_of(view->state)))
      return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_auctions(Query& q) {
  AITBC_ASSIGN(const auto creator, q.args.address("creator"));
  AITBC_ASSIGN(const auto gpu, q.args.id("gpuId", Kind::gpu));
  const auto type = q.args.text("auctionType");
  const auto state = q.args.text("state");
  Wanted wanted{Kind::auction, {}, {}};
  want(wanted, Facet::provider, creator);
  want(wanted, Facet::gpu, gpu);
  want(wanted, Facet::type, type);
  AITBC_TRY(want_state<AuctionState>(wanted, state));
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_auction(q.context, AuctionId{id});
    if (!view || !matches(creator, view->auction.creator) || !matches(gpu, view->auction.spec.gpu.value) ||
        !matches(type, view->auction.spec.type) || !matches(state, name_of(view->state)))
      return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_proposals(Query& q) {
  const auto state = q.args.text("state");
  Wanted wanted{Kind::proposal, {}, {}};
  AITBC_TRY(want_state<ProposalState>(wanted, state));
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_proposal(q.context, ProposalId{id});
    if (!view || !matches(state, name_of(view->state))) return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_reviews(Query& q) {
  AITBC_ASSIGN(const auto gpu, q.args.id("gpuId", Kind::gpu));
  AITBC_ASSIGN(const auto service, q.args.id("serviceId", Kind::service));
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  AITBC_ASSIGN(const auto least, q.args.number("minRating"));
  Wanted wanted{Kind::review, {}, {}};
  want(wanted, Facet::gpu, gpu);
  want(wanted, Facet::service, service);
  want(wanted, Facet::provider, provider);
  want(wanted, Facet::customer, customer);
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto review = get_review(q.context, ReviewId{id});
    if (!review || !matches(gpu, review->gpu.value) || !matches(provider, review->provider) ||
        !matches(customer, review->customer) || (least && review->rating < *least))
      return false;
    if (service && (review->subject_kind != SubjectKind::service || review->subject != *service))
      return false;
    write_record(out, *review);
    return true;
  });
}

Result<std::string> list_outages(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  Wanted wanted{Kind::outage, {}, {}};
  want(wanted, Facet::provider, provider);
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto outage = get_outage(q.context, OutageId{id});
    if (!outage || !matches(provider, outage->provider)) return false;
    write_record(out, *outage);
    return true;
  });
}

Result<std::string> list_unbondings(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto staker, q.args.address("staker"));
  Wanted wanted{Kind::unbonding, {}, {}};
  want(wanted, Facet::provider, provider);
  want(wanted, Facet::staker, staker);
  return list_ids(q, wanted, [&](JsonWriter& out, std::uint64_t id) {
    const auto unbonding = load(q.context.state, UnbondingId{id});  // gone once it was paid out
    if (!unbonding || !matches(provider, unbonding->provider) || !matches(staker, unbonding->staker))
      return false;
    write_json(out, *unbonding);
    return true;
  });
}

// The stakes on one provider, in order of the stakers' addresses.
Result<std::string> list_stakes(Query& q) {
  AITBC_ASSIGN(const auto provider, required(q.args.address("provider")));
  AITBC_ASSIGN(const auto limit, page_limit(q.args));
  AITBC_ASSIGN(const auto cursor, q.args.address("cursor"));
  const Bytes prefix = to_bytes(Key('s').bytes(provider));
  Bytes from = to_bytes(stake_key(provider, cursor.value_or(Address{})));
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  std::optional<Address> next;
  for (std::uint64_t found = 0;; ++found) {
    AITBC_ASSIGN(const auto entry, q.view.storage_lower_bound(kContract, from));
    if (!entry || !starts_with(entry->key, prefix)) break;
    const Address staker = Address::from(ByteView(entry->key).subspan(prefix.size()));
    if (found == limit) {
      next = staker;
      break;
    }
    const auto stake = get_stake(q.context, provider, staker);
    if (!stake) return fail(to_error(stake.error()));
    out.begin_object();
    write_json_member(out, "provider", provider);
    write_json_member(out, "staker", staker);
    write_json_fields(out, *stake);
    out.end_object();
    from = entry->key;
    from.push_back(0);
  }
  out.end_array().key("nextCursor");
  next ? out.text(hex::checksummed(*next)) : out.null();
  out.end_object();
  return out.take();
}

}  // namespace

std::vector<QueryEntry> list_queries() {
  return {
      {{"market_listBookings", "Bookings (orders) that pass every filter.",
        page_params(
            {filter("gpuId", "\"gpu_12\" or 12"), filter("customer", "address"),
             filter("provider", "address"), filter("job", "the customer's reference"),
             filter(
                 "state",
                 "scheduled, active, completed, released, cancelled, faulted, evicted, disputed, resolved")}),
        kPageResult},
       &list_bookings},
      {{"market_listBids", "Bids that pass every filter; with state open the pending ones.",
        page_params({filter("gpuId", "only on this GPU"), filter("serviceId", "only on this service"),
                     filter("offerId", "only on this offer"), filter("bidder", "address"),
                     filter("provider", "address: only on what it offers"),
                     filter("state", "open, accepted, lost, withdrawn, expired")}),
        kPageResult},
       &list_bids},
      {{"market_listServices", "Services that pass every filter.",
        page_params(
            {filter("query", "words in name, description or category"), filter("category", "id"),
             filter("provider", "address"), filter("customer", "address"), filter("priceMin", "base units"),
             filter("priceMax", "base units"),
             filter("state", "open, assigned, delivered, settled, cancelled, expired, disputed, resolved")}),
        kPageResult},
       &list_services},
      {{"market_listOffers", "Offers that pass every filter.",
        page_params({filter("provider", "address"), filter("gpuId", "the GPU it was made from"),
                     filter("priceMin", "base units per hour"), filter("priceMax", "base units per hour"),
                     filter("state", "open, reserved, closed")}),
        kPageResult},
       &list_offers},
      {{"market_listDisputes", "Disputes that pass every filter.",
        page_params({filter("provider", "address"), filter("customer", "address"),
                     filter("state", "open, decided, timed_out")}),
        kPageResult},
       &list_disputes},
      {{"market_listJobs", "Jobs that pass every filter.",
        page_params({filter("provider", "address"), filter("customer", "address"), filter("type", "exact"),
                     filter("state", "queued, running, completed, failed, canceled, expired")}),
        kPageResult},
       &list_jobs},
      {{"market_listAuctions", "Auctions that pass every filter.",
        page_params({filter("creator", "address"), filter("auctionType", "name of the type"),
                     filter("gpuId", "the GPU that is auctioned"),
                     filter("state", "open, closing, sold, unsold, cancelled")}),
        kPageResult},
       &list_auctions},
      {{"market_listProposals", "Proposals to change parameters and roles.",
        page_params({filter("state", "voting, accepted, enacted, expired, failed")}), kPageResult},
       &list_proposals},
      {{"market_listReviews", "Reviews that pass every filter.",
        page_params({filter("gpuId", "\"gpu_12\" or 12"), filter("serviceId", "\"svc_3\" or 3"),
                     filter("provider", "address"), filter("customer", "address"),
                     filter("minRating", "1 to 5", "integer")}),
        kPageResult},
       &list_reviews},
      {{"market_listOutages", "Silences of providers that took work with them.",
        page_params({filter("provider", "address")}), kPageResult},
       &list_outages},
      {{"market_listStakes",
        "The stakes on a provider, in order of the stakers' addresses.",
        {{"provider", "string", true, "address"},
         {"limit", "integer", false, "1 to 500, 100 when left out"},
         {"cursor", "string", false, "nextCursor of the page before"}},
        "{items: [{provider, staker, staked, rewards}], nextCursor}"},
       &list_stakes},
      {{"market_listUnbondings", "Stake on its way back to its stakers.",
        page_params({filter("provider", "address"), filter("staker", "address")}), kPageResult},
       &list_unbondings},
  };
}

}  // namespace aitbc::market
