// The market_* methods: every question about the marketplace that a node answers, for whichever surface asks.
#pragma once

#include <functional>
#include <span>

#include "marketplace/queries.hpp"
#include "node/search/search_index.hpp"

namespace aitbc::search {

// Thread-safe. What it refers to must outlive it.
class MarketReader {
 public:
  // `now`: Unix time; what is due reads as done, so that no query shows a stale state.
  MarketReader(const chain::Chain& chain, const SearchIndex& index, std::function<Seconds()> now);
  ~MarketReader();

  // In the order of the reference page, with their parameters.
  std::span<const market::QueryMethod> methods() const;

  // `params_json`: an array in the order of the parameters or an object by name. Answers JSON.
  // not_found: no such record, block or method; invalid_input: the parameters do not fit; limit: more than
  // one query may look at; unavailable: try again; io and corruption: the database could not be read.
  Result<std::string> answer(std::string_view method, std::string_view params_json) const;

  // What Chain::on_head() tells: the last blocks stay provable for a while.
  void on_head(const chain::HeadEvent& event);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::search
