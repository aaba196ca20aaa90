// The search index and the market queries of a running node.
#pragma once

#include <functional>

#include "node/config.hpp"
#include "node/search/market_reader.hpp"

namespace aitbc {

class MarketService {
 public:
  // Opens the index; a thread completes it (the log tells how far that is) and follows the chain.
  // `on_fatal` is called from another thread when the disk fails.
  static Result<std::unique_ptr<MarketService>> open(const NodeConfig& config, const chain::Chain& chain,
                                                     std::function<Seconds()> now,
                                                     std::function<void(const Error&)> on_fatal);

  const search::MarketReader& reader() const { return *reader_; }
  // What Chain::on_head() tells.
  void on_head(const chain::HeadEvent& event);
  // Nobody waits for the index any more; to be called before the chain stops.
  void stop() { index_->stop(); }

 private:
  std::unique_ptr<search::SearchIndex> index_;
  std::unique_ptr<search::MarketReader> reader_;
};

}  // namespace aitbc
