#include "marketplace/directory.hpp"

#include "marketplace/providers.hpp"
#include "marketplace/query_json.hpp"
#include "marketplace/text_search.hpp"

namespace aitbc::market {
namespace {

// The order of a list: by value, equal ones by id.
struct Before {
  bool descending = false;
  bool operator()(const SearchPosition& a, const SearchPosition& b) const {
    if (a.value != b.value) return descending ? a.value > b.value : a.value < b.value;
    return a.id < b.id;
  }
};

// The best rows seen so far, at most a page and one more.
class BestRows {
 public:
  explicit BestRows(const SearchPage& page) : page_(page), before_{page.descending} {}

  void offer(const SearchPosition& row) {
    if (page_.first && before_(row, *page_.first)) return;
    if (full()) {
      if (!before_(row, rows_.front())) return;
      std::pop_heap(rows_.begin(), rows_.end(), before_);
      rows_.back() = row;
    } else {
      rows_.push_back(row);
    }
    std::push_heap(rows_.begin(), rows_.end(), before_);
  }
  bool full() const { return rows_.size() > page_.limit; }

  SearchHits take() {
    std::sort(rows_.begin(), rows_.end(), before_);
    SearchHits out;
    if (full()) {
      out.next = rows_.back();
      rows_.pop_back();
    }
    for (const SearchPosition& row : rows_) out.ids.push_back(row.id);
    return out;
  }

 private:
  const SearchPage& page_;
  Before before_;
  std::vector<SearchPosition> rows_;  // a heap, the worst on top
};

// Sorted by id the value is the id: rows come in order, and a full page ends the search.
template <class Visit>
void visit_rows(std::size_t count, bool by_id, const SearchPage& page, Visit&& visit) {
  if (!by_id) {
    for (std::uint64_t id = 1; id <= count; ++id) visit(id);
    return;
  }
  const std::uint64_t first = page.first ? page.first->id : page.descending ? count : 1;
  if (page.descending) {
    for (std::uint64_t id = std::min<std::uint64_t>(first, count); id >= 1 && visit(id); --id) {
    }
  } else {
    for (std::uint64_t id = std::max<std::uint64_t>(first, 1); id <= count && visit(id); ++id) {
    }
  }
}

std::string text_of(const GpuSpec& spec) {
  std::string out = spec.model + '\n' + spec.region + '\n' + spec.category;
  for (const std::string& capability : spec.capabilities) out += '\n' + capability;
  return lower_case(out);
}

// By place in the table of names: whether every word is part of it.
std::vector<bool> names_with(const Names& names, const std::vector<std::string>& words) {
  std::vector<bool> out;
  for (const std::string& name : names.all()) out.push_back(contains_words({name}, words));
  return out;
}

uint128 sort_value(const Provider& provider, ProviderSort sort) {
  switch (sort) {
    case ProviderSort::id:
      break;
    case ProviderSort::rating:
      return average_hundredths(Amount(provider.rating_sum), Amount(provider.reviews));
    case ProviderSort::stake:
      return active_stake(provider).units();
    case ProviderSort::earned:
      return provider.earned.units();
    case ProviderSort::gpus:
      return provider.gpus;
  }
  return provider.number.value;
}

bool accepts(const ProviderFilter& filter, const Provider& provider, Seconds now) {
  if (filter.region && provider.region != *filter.region) return false;
  if (!contains_words({provider.name, provider.region}, filter.words)) return false;
  if (filter.rating_min &&
      average_hundredths(Amount(provider.rating_sum), Amount(provider.reviews)) < *filter.rating_min)
    return false;
  return !filter.present || is_present(provider.liveness, now) == *filter.present;
}

}  // namespace

std::uint32_t Names::number_of(const std::string& text) {
  const auto [at, is_new] = numbers_.emplace(text, static_cast<std::uint32_t>(all_.size()));
  if (is_new) all_.push_back(text);
  return at->second;
}

std::optional<std::uint32_t> Names::find(const std::string& text) const {
  const auto at = numbers_.find(text);
  return at == numbers_.end() ? std::nullopt : std::optional(at->second);
}

void Directory::put(const Provider& provider) {
  const std::uint64_t number = provider.number.value;
  if (providers_.size() < number) providers_.resize(number);
  providers_[number - 1] = provider;
  provider_places_[provider.account] = static_cast<std::uint32_t>(number - 1);
}

void Directory::put(const ModelStats& stats) {
  const std::uint32_t model = models_.number_of(stats.model);
  if (model_stats_.size() <= model) model_stats_.resize(model + 1);
  model_stats_[model] = stats;
}

void Directory::put(const Gpu& gpu) {
  if (gpus_.size() < gpu.id.value) gpus_.resize(gpu.id.value);
  const auto provider = provider_places_.find(gpu.provider);
  AITBC_CHECK(provider != provider_places_.end(), "a GPU came to the directory before its provider");
  GpuRow& row = gpus_[gpu.id.value - 1];
  row.price_per_hour = gpu.spec.price_per_hour;
  row.provider = provider->second;
  row.memory_gb = gpu.spec.memory_gb;
  row.model = models_.number_of(gpu.spec.model);
  if (model_stats_.size() <= row.model) model_stats_.resize(row.model + 1);
  const PricingStrategy* strategy = find_pricing_strategy(gpu.spec.pricing_strategy);
  AITBC_CHECK(strategy != nullptr, "a GPU names an unknown pricing strategy");
  row.strategy = static_cast<std::uint32_t>(strategy - pricing_strategies().data());
  row.region = regions_.number_of(gpu.spec.region);
  row.category = categories_.number_of(gpu.spec.category);
  row.text = texts_.number_of(text_of(gpu.spec));
  row.rating_hundredths =
      static_cast<std::uint32_t>(average_hundredths(Amount(gpu.rating_sum), Amount(gpu.reviews)));
  row.listing = gpu.listing;
  row.number = gpu.number;
  row.bookings = gpu.total_bookings;
  row.schedule = gpu.schedule;
}

void Directory::put(const Offer& offer) {
  if (open_capacity_.size() < offer.id.value) open_capacity_.resize(offer.id.value);
  std::uint64_t& open = open_capacity_[offer.id.value - 1];
  all_open_capacity_ -= open;
  open = offer.closed ? 0 : offer.spec.capacity - offer.reserved;
  all_open_capacity_ += open;
}

const Provider* Directory::provider(std::uint64_t number) const {
  return number >= 1 && number <= providers_.size() ? &providers_[number - 1] : nullptr;
}

// One search: the filter with names turned into numbers, and what is worked out once for many rows.
class Directory::GpuSearch {
 public:
  GpuSearch(const Directory& directory, const GpuFilter& filter, const Params& params, Seconds now)
      : directory_(directory), filter_(filter), params_(params), now_(now) {
    impossible_ = !look_up(filter.model, directory.models_, model_) ||
                  !look_up(filter.region, directory.regions_, region_) ||
                  !look_up(filter.category, directory.categories_, category_);
    if (filter.provider) {
      const auto place = directory.provider_places_.find(*filter.provider);
      impossible_ = impossible_ || place == directory.provider_places_.end();
      if (!impossible_) provider_ = place->second;
    }
    if (!filter.words.empty()) texts_ = names_with(directory.texts_, filter.words);
    standings_.resize(directory.providers_.size());
  }

  bool impossible() const { return impossible_; }

  bool accepts(const GpuRow& row) {
    return fits(provider_, row.provider) && fits(model_, row.model) && fits(region_, row.region) &&
           fits(category_, row.category) && (filter_.words.empty() || texts_[row.text]) &&
           (!filter_.memory_min || row.memory_gb >= *filter_.memory_min) &&
           (!filter_.memory_max || row.memory_gb <= *filter_.memory_max) &&
           (!filter_.rating_min || row.rating_hundredths >= *filter_.rating_min) && accepts_price(row) &&
           accepts_status(row);
  }

  GpuStatus status_of_row(const GpuRow& row) {
    const bool booked = interval_at(row.schedule, now_) != nullptr;
    const bool down = is_down(directory_.providers_[row.provider].liveness, row.number);
    return status_of(row.listing, down, standing_of(row.provider), booked);
  }

  // As price_now() has it.
  Amount price_of(const GpuRow& row) const {
    if (row.strategy == 0) return row.price_per_hour;
    return strategy_price(
        pricing_strategies()[row.strategy], row.price_per_hour,
        pricing_context(directory_.model_stats_[row.model], directory_.providers_[row.provider], now_));
  }

 private:
  static bool look_up(const std::optional<std::string>& wanted, const Names& names,
                      std::optional<std::uint32_t>& number) {
    if (!wanted) return true;
    number = names.find(*wanted);
    return number.has_value();
  }
  static bool fits(const std::optional<std::uint32_t>& wanted, std::uint32_t number) {
    return !wanted || *wanted == number;
  }

  bool accepts_price(const GpuRow& row) const {
    if (!filter_.price_min && !filter_.price_max) return true;
    const Amount price = price_of(row);
    return (!filter_.price_min || price >= *filter_.price_min) &&
           (!filter_.price_max || price <= *filter_.price_max);
  }

  bool accepts_status(const GpuRow& row) {
    if (!filter_.status && !filter_.free) return true;
    const GpuStatus status = status_of_row(row);
    if (filter_.status && status != *filter_.status) return false;
    if (!filter_.free) return true;
    const bool bookable = status == GpuStatus::available || status == GpuStatus::booked;
    return bookable && first_conflict(row.schedule, filter_.free->start, filter_.free->end).is_none();
  }

  GpuStatus standing_of(std::uint32_t provider) {
    auto& standing = standings_[provider];
    if (!standing) standing = market::standing_of(directory_.providers_[provider], params_, now_);
    return *standing;
  }

  const Directory& directory_;
  const GpuFilter& filter_;
  const Params& params_;
  Seconds now_;
  bool impossible_ = false;  // a name that no GPU has
  std::optional<std::uint32_t> provider_, model_, region_, category_;
  std::vector<bool> texts_;  // by number: fits
  std::vector<std::optional<GpuStatus>> standings_;
};

SearchHits Directory::find_gpus(const GpuFilter& filter, GpuSort sort, const SearchPage& page,
                                const Params& params, Seconds now) const {
  GpuSearch search(*this, filter, params, now);
  if (search.impossible()) return {};
  const auto value_of = [&](const GpuRow& row, std::uint64_t id) -> uint128 {
    switch (sort) {
      case GpuSort::id:
        break;
      case GpuSort::price:
        return search.price_of(row).units();
      case GpuSort::memory:
        return row.memory_gb;
      case GpuSort::rating:
        return row.rating_hundredths;
      case GpuSort::bookings:
        return row.bookings;
    }
    return id;
  };
  BestRows best(page);
  visit_rows(gpus_.size(), sort == GpuSort::id, page, [&](std::uint64_t id) {
    const GpuRow& row = gpus_[id - 1];
    if (search.accepts(row)) best.offer({value_of(row, id), id});
    return !best.full();
  });
  return best.take();
}

SearchHits Directory::find_providers(const ProviderFilter& filter, ProviderSort sort, const SearchPage& page,
                                     Seconds now) const {
  BestRows best(page);
  visit_rows(providers_.size(), sort == ProviderSort::id, page, [&](std::uint64_t number) {
    const Provider& provider = providers_[number - 1];
    if (accepts(filter, provider, now)) best.offer({sort_value(provider, sort), number});
    return !best.full();
  });
  return best.take();
}

std::vector<GpuOffer> Directory::gpus_of_model(const std::string& model, const Params& params,
                                               Seconds now) const {
  GpuFilter filter;
  filter.model = model;
  GpuSearch search(*this, filter, params, now);
  std::vector<GpuOffer> out;
  if (search.impossible()) return out;
  for (std::uint64_t id = 1; id <= gpus_.size(); ++id) {
    const GpuRow& row = gpus_[id - 1];
    if (row.listing == Listing::retired || !search.accepts(row)) continue;
    out.push_back({GpuId{id}, row.price_per_hour, search.price_of(row), search.status_of_row(row),
                   row.rating_hundredths});
  }
  return out;
}

MarketFigures Directory::figures(const Params& params, Seconds now) const {
  const GpuFilter every;
  GpuSearch search(*this, every, params, now);
  MarketFigures out;
  Amount prices;
  for (const GpuRow& row : gpus_) {
    const GpuStatus status = search.status_of_row(row);
    out.offline_gpus += status == GpuStatus::offline ? 1 : 0;
    if (status != GpuStatus::available && status != GpuStatus::booked) continue;
    ++(status == GpuStatus::available ? out.available_gpus : out.booked_gpus);
    prices = checked_add(prices, search.price_of(row)).value_or(Amount::max());
  }
  const std::uint64_t listed = out.available_gpus + out.booked_gpus;
  if (listed > 0) out.average_price = Amount::from_units(prices.units() / listed);
  out.open_capacity = all_open_capacity_;
  return out;
}

}  // namespace aitbc::market
