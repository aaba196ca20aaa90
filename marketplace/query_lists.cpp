// Pages of records, with filters.
#include <algorithm>
#include <functional>

#include "marketplace/query_handlers.hpp"
#include "marketplace/query_json.hpp"

namespace aitbc::market {
namespace {

struct Page {
  std::uint64_t limit = kDefaultPage;
  std::uint64_t first = 1;  // the id to begin with
  bool newest_first = false;
};

Result<Page> page_of(const Query& q, Kind kind, std::uint64_t last) {
  Page page;
  AITBC_ASSIGN(const auto limit, q.args.number("limit"));
  page.limit = limit.value_or(kDefaultPage);
  if (page.limit == 0 || page.limit > kMaxPage)
    return fail(ErrorCode::invalid_input, "limit: must be between 1 and " + std::to_string(kMaxPage));
  AITBC_ASSIGN(const auto newest, q.args.boolean("newestFirst"));
  page.newest_first = newest.value_or(false);
  AITBC_ASSIGN(const auto cursor, q.args.id("cursor", kind));
  page.first = cursor.value_or(page.newest_first ? last : 1);
  return page;
}

// Walks ids from the cursor on; `accept` writes the record and answers true when the filters let it pass.
Result<std::string> list_ids(Query& q, Kind kind,
                             const std::function<bool(JsonWriter&, std::uint64_t)>& accept) {
  const std::uint64_t last = last_id(q.context.state, kind);
  AITBC_ASSIGN(const Page page, page_of(q, kind, last));
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  std::uint64_t id = page.first;
  std::uint64_t found = 0;
  std::uint64_t scanned = 0;
  while (id >= 1 && id <= last && found < page.limit && scanned < kMaxScan) {
    found += accept(out, id) ? 1 : 0;
    ++scanned;
    page.newest_first ? --id : ++id;
  }
  out.end_array().key("nextCursor");
  id >= 1 && id <= last ? out.text(id_text(kind, id)) : out.null();
  out.end_object();
  return out.take();
}

// True when the filter was not given or equals the value.
bool matches(const std::optional<std::string_view>& filter, std::string_view value) {
  return !filter || *filter == value;
}
template <class T>
bool matches(const std::optional<T>& filter, const T& value) {
  return !filter || *filter == value;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}
bool contains_text(std::string_view text, const std::string& wanted) {
  return lower(text).find(wanted) != std::string::npos;
}

// Whether each word of `wanted` stands somewhere in the texts.
bool contains_words(std::initializer_list<std::string_view> texts, std::string_view wanted) {
  while (!wanted.empty()) {
    const std::size_t end = std::min(wanted.find(' '), wanted.size());
    const std::string word(wanted.substr(0, end));
    wanted.remove_prefix(std::min(end + 1, wanted.size()));
    if (std::none_of(texts.begin(), texts.end(), [&](auto text) { return contains_text(text, word); }))
      return false;
  }
  return true;
}

struct GpuFilter {
  std::optional<Address> provider;
  std::optional<std::string_view> model, region, category, status;
  std::optional<std::string> text;
  std::optional<Amount> price_min, price_max;
  std::optional<std::uint64_t> memory_min, memory_max, rating_min;
  bool available = false;

  static Result<GpuFilter> parse(const QueryArgs& args) {
    GpuFilter out;
    AITBC_ASSIGN(out.provider, args.address("provider"));
    out.model = args.text("model");
    out.region = args.text("region");
    out.category = args.text("category");
    out.status = args.text("status");
    if (const auto text = args.text("query")) out.text = lower(*text);
    AITBC_ASSIGN(out.price_min, args.amount("priceMin"));
    AITBC_ASSIGN(out.price_max, args.amount("priceMax"));
    AITBC_ASSIGN(out.memory_min, args.number("memoryMin"));
    AITBC_ASSIGN(out.memory_max, args.number("memoryMax"));
    AITBC_ASSIGN(out.rating_min, args.number("minRatingHundredths"));
    AITBC_ASSIGN(const auto available, args.boolean("available"));
    out.available = available.value_or(false);
    return out;
  }

  bool accepts_spec(const Gpu& gpu) const {
    const GpuSpec& spec = gpu.spec;
    return matches(provider, gpu.provider) && matches(model, spec.model) && matches(region, spec.region) &&
           matches(category, spec.category) && (!memory_min || spec.memory_gb >= *memory_min) &&
           (!memory_max || spec.memory_gb <= *memory_max) && accepts_text(spec) &&
           (!rating_min || average_hundredths(Amount(gpu.rating_sum), Amount(gpu.reviews)) >= *rating_min);
  }
  bool accepts_text(const GpuSpec& spec) const {
    if (!text) return true;
    for (const std::string& capability : spec.capabilities)
      if (contains_text(capability, *text)) return true;
    return contains_text(spec.model, *text) || contains_text(spec.region, *text) ||
           contains_text(spec.category, *text);
  }
  bool accepts_view(const GpuView& view) const {
    return matches(status, name_of(view.status)) && (!available || view.status == GpuStatus::available) &&
           (!price_min || view.price_per_hour >= *price_min) &&
           (!price_max || view.price_per_hour <= *price_max);
  }
};

Result<std::string> list_gpus(Query& q) {
  AITBC_ASSIGN(const GpuFilter filter, GpuFilter::parse(q.args));
  return list_ids(q, Kind::gpu, [&](JsonWriter& out, std::uint64_t id) {
    const Gpu gpu = existing_gpu(q.context, GpuId{id});
    if (!filter.accepts_spec(gpu)) return false;
    const GpuView view = view_of(q.context, gpu, existing_provider(q.context, gpu.provider));
    if (!filter.accepts_view(view)) return false;
    write_record(out, view);
    return true;
  });
}

Result<std::string> list_bookings(Query& q) {
  AITBC_ASSIGN(const auto gpu, q.args.id("gpuId", Kind::gpu));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  const auto state = q.args.text("state");
  return list_ids(q, Kind::booking, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_booking(q.context, BookingId{id});
    if (!view || !matches(gpu, view->booking.gpu.value) || !matches(customer, view->booking.customer) ||
        !matches(provider, view->booking.provider) || !matches(state, name_of(view->state)))
      return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_bids(Query& q) {
  AITBC_ASSIGN(const auto bidder, q.args.address("bidder"));
  AITBC_ASSIGN(const auto gpu, q.args.id("gpuId", Kind::gpu));
  AITBC_ASSIGN(const auto service, q.args.id("serviceId", Kind::service));
  const auto state = q.args.text("state");
  return list_ids(q, Kind::bid, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_bid(q.context, BidId{id});
    if (!view || !matches(bidder, view->bid.bidder) || !matches(state, name_of(view->state))) return false;
    const bool on_gpu = view->bid.target_kind == TargetKind::gpu;
    if (gpu && (!on_gpu || view->bid.target != *gpu)) return false;
    if (service && (on_gpu || view->bid.target != *service)) return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_services(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  const auto category = q.args.text("category");
  const auto state = q.args.text("state");
  const auto text = q.args.text("query");
  const std::string wanted = lower(text.value_or(""));
  return list_ids(q, Kind::service, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_service(q.context, ServiceId{id});
    if (!view || !matches(provider, view->service.provider) || !matches(customer, view->service.customer) ||
        !matches(category, view->service.spec.category) || !matches(state, name_of(view->state)))
      return false;
    const ServiceSpec& spec = view->service.spec;
    if (!contains_words({spec.name, spec.description, spec.category}, wanted)) return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_offers(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  const auto state = q.args.text("state");
  return list_ids(q, Kind::offer, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_offer(q.context, OfferId{id});
    if (!view || !matches(provider, view->offer.provider) || !matches(state, name_of(view->state)))
      return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_disputes(Query& q) {
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  const auto state = q.args.text("state");
  return list_ids(q, Kind::dispute, [&](JsonWriter& out, std::uint64_t id) {
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
  return list_ids(q, Kind::job, [&](JsonWriter& out, std::uint64_t id) {
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
  const auto type = q.args.text("auctionType");
  const auto state = q.args.text("state");
  return list_ids(q, Kind::auction, [&](JsonWriter& out, std::uint64_t id) {
    const auto view = get_auction(q.context, AuctionId{id});
    if (!view || !matches(creator, view->auction.creator) || !matches(type, view->auction.spec.type) ||
        !matches(state, name_of(view->state)))
      return false;
    write_record(out, *view);
    return true;
  });
}

Result<std::string> list_proposals(Query& q) {
  return list_ids(q, Kind::proposal, [&](JsonWriter& out, std::uint64_t id) {
    const auto proposal = get_proposal(q.context, ProposalId{id});
    if (!proposal) return false;
    write_record(out, *proposal);
    return true;
  });
}

Result<std::string> list_reviews(Query& q) {
  AITBC_ASSIGN(const auto gpu, q.args.id("gpuId", Kind::gpu));
  AITBC_ASSIGN(const auto provider, q.args.address("provider"));
  AITBC_ASSIGN(const auto customer, q.args.address("customer"));
  return list_ids(q, Kind::review, [&](JsonWriter& out, std::uint64_t id) {
    const auto review = get_review(q.context, ReviewId{id});
    if (!review || !matches(gpu, review->gpu.value) || !matches(provider, review->provider) ||
        !matches(customer, review->customer))
      return false;
    write_record(out, *review);
    return true;
  });
}

// Providers have no ids: the cursor is the address to begin with.
Result<std::string> list_providers(Query& q) {
  AITBC_ASSIGN(const auto limit, q.args.number("limit"));
  const std::uint64_t most = limit.value_or(kDefaultPage);
  if (most == 0 || most > kMaxPage)
    return fail(ErrorCode::invalid_input, "limit: must be between 1 and " + std::to_string(kMaxPage));
  AITBC_ASSIGN(const auto cursor, q.args.address("cursor"));
  Bytes from = to_bytes(provider_key(cursor.value_or(Address{})));
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  std::optional<Address> next;
  for (std::uint64_t found = 0;; ++found) {
    AITBC_ASSIGN(const auto entry, q.view.storage_lower_bound(kContract, from));
    if (!entry || entry->key[0] != 'p') break;
    const Address account = Address::from(ByteView(entry->key).subspan(1));
    if (found == most) {
      next = account;
      break;
    }
    write_record(out, existing_provider(q.context, account));
    from = entry->key;
    from.push_back(0);
  }
  out.end_array().key("nextCursor");
  next ? out.text(hex::checksummed(*next)) : out.null();
  out.end_object();
  return out.take();
}

constexpr std::string_view kPageResult = "{items, nextCursor}: cursor for the next page, null at the end";

// The filters, then limit, cursor and order.
std::vector<QueryParam> page_params(std::vector<QueryParam> filters) {
  filters.push_back({"limit", "integer", false, "1 to 500, 100 when left out"});
  filters.push_back({"cursor", "string", false, "nextCursor of the page before"});
  filters.push_back({"newestFirst", "boolean", false, "descending ids"});
  return filters;
}

QueryParam filter(std::string_view name, std::string_view description, std::string_view type = "string") {
  return {name, type, false, description};
}

}  // namespace

std::vector<QueryEntry> list_queries() {
  return {
      {{"market_listGpus", "GPUs that pass every filter.",
        page_params({filter("query", "part of model, region, category or a capability"),
                     filter("available", "only those free now", "boolean"), filter("model", "exact"),
                     filter("region", "exact"), filter("category", "id of the category"),
                     filter("provider", "address"),
                     filter("status", "available, booked, offline, delisted, retired"),
                     filter("priceMin", "base units per hour"), filter("priceMax", "base units per hour"),
                     filter("memoryMin", "GB", "integer"), filter("memoryMax", "GB", "integer"),
                     filter("minRatingHundredths", "450 for 4.5", "integer")}),
        kPageResult},
       &list_gpus},
      {{"market_listBookings", "Bookings that pass every filter.",
        page_params(
            {filter("gpuId", "\"gpu_12\" or 12"), filter("customer", "address"),
             filter("provider", "address"),
             filter(
                 "state",
                 "scheduled, active, completed, released, cancelled, faulted, evicted, disputed, resolved")}),
        kPageResult},
       &list_bookings},
      {{"market_listBids", "Bids that pass every filter.",
        page_params({filter("gpuId", "only on this GPU"), filter("serviceId", "only on this service"),
                     filter("bidder", "address"),
                     filter("state", "open, accepted, lost, withdrawn, expired")}),
        kPageResult},
       &list_bids},
      {{"market_listServices", "Services that pass every filter.",
        page_params(
            {filter("query", "words in name, description or category"), filter("category", "id"),
             filter("provider", "address"), filter("customer", "address"),
             filter("state", "open, assigned, delivered, settled, cancelled, expired, disputed, resolved")}),
        kPageResult},
       &list_services},
      {{"market_listOffers", "Offers that pass every filter.",
        page_params({filter("provider", "address"), filter("state", "open, reserved, closed")}), kPageResult},
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
                     filter("state", "open, closing, sold, unsold, cancelled")}),
        kPageResult},
       &list_auctions},
      {{"market_listProposals", "Proposals of the governors.", page_params({}), kPageResult},
       &list_proposals},
      {{"market_listReviews", "Reviews that pass every filter.",
        page_params({filter("gpuId", "\"gpu_12\" or 12"), filter("provider", "address"),
                     filter("customer", "address")}),
        kPageResult},
       &list_reviews},
      {{"market_listProviders",
        "Providers in order of address.",
        {{"limit", "integer", false, "1 to 500, 100 when left out"},
         {"cursor", "string", false, "nextCursor of the page before"}},
        kPageResult},
       &list_providers},
  };
}

}  // namespace aitbc::market
