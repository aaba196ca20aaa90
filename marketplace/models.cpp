#include "marketplace/models.hpp"

namespace aitbc::market {
namespace {

constexpr std::uint64_t kPairShare = 10;       // no pair counts for more than a tenth
constexpr std::uint64_t kLargestStep = 1'250;  // basis points of the index from epoch to epoch

ModelStats stats_of(Context& c, const std::string& model) {
  if (auto stats = load<ModelStats>(c.state, model_key(model))) return *std::move(stats);
  ModelStats stats;
  stats.number = ModelNumber{take_id(c.state, Kind::model)};
  stats.model = model;
  c.state.put(kContract, model_number_key(stats.number), to_bytes(as_bytes(model)));
  return stats;
}

ModelStats stats_of(Context& c, ModelNumber number) {
  const Bytes* model = c.state.get(kContract, model_number_key(number));
  require_readable(c.state);
  AITBC_CHECK(model != nullptr, "a deadline of an unknown model");
  return stats_of(c, std::string(as_text(*model)));
}

template <class Change>
void update_stats(Context& c, const std::string& model, Change&& change) {
  const Key key = model_key(model);
  if (peek<ModelStats>(c.state, key) == nullptr) save(c, stats_of(c, model));
  update<ModelStats>(c, key, change);
}

// Within an eighth of the last one; the first is taken as it is.
Amount limit_step(Amount last, Amount index) {
  if (last.is_zero()) return index;
  return std::clamp(index, scaled(last, 10'000 - kLargestStep), scaled(last, 10'000 + kLargestStep));
}

void add_point(Context& c, ModelStats& stats, const EpochSums& sums) {
  const auto average = mul_div_floor(sums.capped_gross, 3'600, sums.capped_seconds);
  if (!average || average->is_zero()) return;
  stats.index = limit_step(stats.index, *average);
  save(c, stats);
  PriceHistory history = load<PriceHistory>(c.state, history_key(stats.number)).value_or(PriceHistory{});
  history.model = stats.number;
  if (history.points.size() == kMaxPriceHistory) history.points.erase(history.points.begin());
  history.points.push_back({sums.end, stats.index, sums.bookings, sums.seconds});
  save(c, history);
  emit<"PriceIndex">(c.logs, stats.number, stats.model, sums.end, stats.index, sums.bookings, sums.seconds);
}

std::uint64_t volatility_of(const std::vector<PricePoint>& points) {
  std::uint64_t changes = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Amount before = points[i - 1].index;
    const Amount after = points[i].index;
    const Amount change = before < after ? difference(after, before) : difference(before, after);
    changes += static_cast<std::uint64_t>(mul_div_floor(change, kBpsScale, before.units())->units());
  }
  return points.size() < 2 ? 0 : changes / (points.size() - 1);
}

// Ten bookings give half of the confidence; volatility takes up to half of it away.
std::uint64_t confidence_of(const std::vector<PricePoint>& points, std::uint64_t volatility_bps) {
  std::uint64_t bookings = 0;
  for (const PricePoint& point : points) bookings += point.bookings;
  return bookings * 10'000 / (bookings + 10) * (10'000 - std::min<std::uint64_t>(volatility_bps, 5'000)) /
         10'000;
}

}  // namespace

void count_listed(Context& c, const std::string& model, bool listed) {
  update_stats(c, model, [&](ModelStats& stats) { listed ? ++stats.listed : --stats.listed; });
}

void count_busy(Context& c, const std::string& model, bool busy) {
  update_stats(c, model, [&](ModelStats& stats) { busy ? ++stats.busy : --stats.busy; });
}

void record_usage(Context& c, const std::string& model, const Booking& booking, Amount gross) {
  const Seconds used = booking.closed_at > booking.start ? booking.closed_at - booking.start : 0;
  if (used == 0 || gross.is_zero()) return;
  const ModelStats* const known = peek<ModelStats>(c.state, model_key(model));
  const ModelNumber number = known != nullptr ? known->number : stats_of(c, model).number;
  const Seconds end = (booking.closed_at / c.params.price_epoch + 1) * c.params.price_epoch;
  const Key epoch = epoch_key(number, end);
  if (peek<EpochSums>(c.state, epoch) == nullptr) {
    EpochSums sums;
    sums.model = number;
    sums.end = end;
    schedule(c, end, Kind::model, number.value);
    save(c, sums);
  }
  update<EpochSums>(c, epoch, [&](EpochSums& sums) {
    ++sums.bookings;
    sums.seconds += used;
  });
  PairSums pair{number, end, booking.customer, booking.provider, {}, 0};
  pair = load<PairSums>(c.state, key_of(pair)).value_or(pair);
  pair.gross = sum(pair.gross, gross);
  pair.seconds += used;
  save(c, pair);
}

void model_due(Context& c, ModelNumber number, Seconds end) {
  auto sums = load<EpochSums>(c.state, epoch_key(number, end));
  AITBC_CHECK(sums.has_value(), "a deadline of an unknown epoch");
  const Key prefix = Key('q').be64(number.value).be64(end);
  const auto entry = c.state.lower_bound(kContract, prefix);
  require_readable(c.state);
  if (!entry || !starts_with(entry->key, prefix)) {
    ModelStats stats = stats_of(c, number);
    add_point(c, stats, *sums);
    erase(c, *sums);
    return;
  }
  PairSums pair;
  AITBC_CHECK(decode_record(entry->value, pair), "a stored marketplace record does not decode");
  c.state.erase(kContract, entry->key);
  const Seconds counted = std::min(pair.seconds, std::max<Seconds>(sums->seconds / kPairShare, 1));
  sums->capped_gross = sum(sums->capped_gross, *mul_div_floor(pair.gross, counted, pair.seconds));
  sums->capped_seconds += counted;
  save(c, *sums);
  schedule(c, end, Kind::model, number.value);
}

PricingContext pricing_context(const ModelStats& stats, const Provider& provider, Seconds now) {
  PricingContext out;
  out.demand = stats.busy;
  out.supply = stats.listed > stats.busy ? stats.listed - stats.busy : 0;
  out.hour = static_cast<unsigned>(now / 3'600 % 24);
  out.rating_hundredths = provider.reviews == 0 ? 0 : provider.rating_sum * 100 / provider.reviews;
  out.index = stats.index;
  return out;
}

Amount price_now(Context& c, const Gpu& gpu, const Provider& provider) {
  const PricingStrategy* strategy = find_pricing_strategy(gpu.spec.pricing_strategy);
  AITBC_CHECK(strategy != nullptr, "a GPU names an unknown pricing strategy");
  // The most common one needs no look at the market.
  if (strategy == pricing_strategies().data()) return gpu.spec.price_per_hour;
  const auto stats = load<ModelStats>(c.state, model_key(gpu.spec.model));
  return strategy_price(*strategy, gpu.spec.price_per_hour,
                        pricing_context(stats.value_or(ModelStats{}), provider, c.now()));
}

Outcome<ModelPricing> get_model_pricing(Context& c, const std::string& model) {
  ModelPricing out;
  auto stats = load<ModelStats>(c.state, model_key(model));
  if (!stats) return revert<"ModelNotFound">(model);
  out.stats = *std::move(stats);
  out.history = load<PriceHistory>(c.state, history_key(out.stats.number)).value_or(PriceHistory{}).points;
  out.volatility_bps = volatility_of(out.history);
  out.confidence_bps = confidence_of(out.history, out.volatility_bps);
  const PricingContext context = pricing_context(out.stats, Provider{}, c.now());
  if (!out.stats.index.is_zero())
    out.recommended_price =
        strategy_price(*find_pricing_strategy("market-balance"), out.stats.index, context);
  return out;
}

}  // namespace aitbc::market
