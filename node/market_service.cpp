#include "node/market_service.hpp"

#include <chrono>

#include "node/telemetry/log.hpp"

namespace aitbc {
namespace {

constexpr std::chrono::seconds kLogInterval{5};

search::IndexListener log_progress() {
  using Clock = std::chrono::steady_clock;
  auto next = std::make_shared<Clock::time_point>(Clock::now() + kLogInterval);
  return [next](const search::IndexProgress& progress) {
    if (Clock::now() < *next) return true;
    *next = Clock::now() + kLogInterval;
    log::info("search", "making the search index",
              {{"part", progress.what},
               {"done", std::to_string(progress.done)},
               {"total", progress.total == 0 ? "unknown" : std::to_string(progress.total)}});
    return true;
  };
}

}  // namespace

Result<std::unique_ptr<MarketService>> MarketService::open(const NodeConfig& config,
                                                           const chain::Chain& chain,
                                                           std::function<Seconds()> now,
                                                           std::function<void(const Error&)> on_fatal) {
  auto out = std::make_unique<MarketService>();
  AITBC_ASSIGN(out->index_, search::SearchIndex::open(config.search_path(), chain));
  out->index_->start(log_progress(), std::move(on_fatal));
  out->reader_ = std::make_unique<search::MarketReader>(chain, *out->index_, std::move(now));
  return out;
}

void MarketService::on_head(const chain::HeadEvent& event) {
  index_->on_head(event);
  reader_->on_head(event);
}

}  // namespace aitbc
