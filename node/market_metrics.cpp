#include "node/market_metrics.hpp"

#include "marketplace/states.hpp"
#include "node/json/json_value.hpp"

namespace aitbc {
namespace {

constexpr std::size_t kMaxPages = 20;
constexpr double kUnitsPerAit = 1e18;

// One page's GPUs are counted; the parameters of the next page, empty at the end.
Result<std::string> count_page(const search::MarketReader& market, const std::string& params,
                               std::map<std::string, std::uint64_t>& counts) {
  AITBC_ASSIGN(const std::string text, market.answer("market_listGpus", params));
  JsonDocument document;
  AITBC_ASSIGN(const Json page, document.parse(text));
  const Json items = page.find("items");
  for (std::size_t i = 0; i < items.size(); ++i) ++counts[std::string(items[i].find("status").string())];
  const Json next = page.find("nextCursor");
  return next.is_string() ? R"({"limit":500,"cursor":)" + next.text() + "}" : std::string();
}

}  // namespace

Result<Metrics::MarketFigures> market_figures(const search::MarketReader& market) {
  Metrics::MarketFigures figures;
  for (const std::string_view status : enum_names(market::GpuStatus{})) figures.gpus[std::string(status)] = 0;
  std::string params = R"({"limit":500})";
  for (std::size_t page = 0; page < kMaxPages && !params.empty(); ++page) {
    AITBC_ASSIGN(params, count_page(market, params, figures.gpus));
  }
  AITBC_ASSIGN(const std::string text, market.answer("market_getStats", "{}"));
  JsonDocument document;
  AITBC_ASSIGN(const Json stats, document.parse(text));
  figures.bookings = stats.find("totalBookings").u64().value_or(0);
  figures.expiry_backlog = stats.find("expiryBacklog").u64().value_or(0);
  AITBC_ASSIGN(const Amount held, parse_units(stats.find("held").string()));
  figures.escrow_ait = static_cast<double>(held.units()) / kUnitsPerAit;
  return figures;
}

}  // namespace aitbc
