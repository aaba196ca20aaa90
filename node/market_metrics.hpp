// What the metrics say about the market.
#pragma once

#include "node/search/market_reader.hpp"
#include "node/telemetry/metrics.hpp"

namespace aitbc {

// Counts, as of now. Looks at each GPU, up to 10,000 of them.
Result<Metrics::MarketFigures> market_figures(const search::MarketReader& market);

}  // namespace aitbc
