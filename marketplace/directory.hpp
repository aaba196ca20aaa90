// GPUs and providers in memory, for search: what their records say, in rows that are quick to look through.
// Kept by whoever feeds it every change of the state; no part of the state machine. Reading is thread-safe.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "marketplace/gpus.hpp"
#include "marketplace/models.hpp"
#include "marketplace/params.hpp"
#include "marketplace/records_gpu.hpp"
#include "marketplace/records_offer.hpp"
#include "marketplace/records_provider.hpp"

namespace aitbc::market {

struct GpuFilter {
  std::optional<Address> provider;
  std::optional<std::string> model, region, category;  // exact
  std::vector<std::string> words;  // in lower case: each part of model, region, category or a capability
  std::optional<GpuStatus> status;
  std::optional<Amount> price_min, price_max;  // per hour, of a booking made now
  std::optional<std::uint64_t> memory_min, memory_max;
  std::optional<std::uint64_t> rating_min;  // hundredths
  std::optional<Interval> free;             // bookable throughout
};
enum class GpuSort : std::uint8_t { id, price, memory, rating, bookings };
constexpr auto enum_names(GpuSort) {
  return std::to_array<std::string_view>({"id", "price", "memory", "rating", "bookings"});
}

struct ProviderFilter {
  std::optional<std::string> region;
  std::vector<std::string> words;           // in lower case: each part of name or region
  std::optional<std::uint64_t> rating_min;  // hundredths
  std::optional<bool> present;              // takes work now, as far as heartbeats and jails go
};
enum class ProviderSort : std::uint8_t { id, rating, stake, earned, gpus };
constexpr auto enum_names(ProviderSort) {
  return std::to_array<std::string_view>({"id", "rating", "stake", "earned", "gpus"});
}

// Where a row stands in a sorted list: by value, then by id.
struct SearchPosition {
  uint128 value = 0;
  std::uint64_t id = 0;
};
struct SearchPage {
  bool descending = false;              // by value; equal ones always by ascending id, unless sorted by id
  std::optional<SearchPosition> first;  // to begin with
  std::size_t limit = 100;
};
struct SearchHits {
  std::vector<std::uint64_t> ids;
  std::optional<SearchPosition> next;  // after the last one
};

// What a GPU asks, and costs now.
struct GpuOffer {
  GpuId id;
  Amount base_price;     // per hour
  Amount current_price;  // per hour, by its strategy
  GpuStatus status = GpuStatus::available;
  std::uint32_t rating_hundredths = 0;
};
struct MarketFigures {
  std::uint64_t available_gpus = 0;
  std::uint64_t booked_gpus = 0;
  std::uint64_t offline_gpus = 0;
  Amount average_price;             // per hour, of the available and booked ones; zero when there are none
  std::uint64_t open_capacity = 0;  // of the offers that take bids
};

// Distinct texts by number.
class Names {
 public:
  std::uint32_t number_of(const std::string& text);
  std::optional<std::uint32_t> find(const std::string& text) const;
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> all_;
};

class Directory {
 public:
  // A provider comes before its GPUs.
  void put(const Provider& provider);
  void put(const ModelStats& stats);
  void put(const Gpu& gpu);
  void put(const Offer& offer);

  SearchHits find_gpus(const GpuFilter& filter, GpuSort sort, const SearchPage& page, const Params& params,
                       Seconds now) const;
  // Ids are provider numbers.
  SearchHits find_providers(const ProviderFilter& filter, ProviderSort sort, const SearchPage& page,
                            Seconds now) const;
  // The GPUs of a model that are not retired, by id.
  std::vector<GpuOffer> gpus_of_model(const std::string& model, const Params& params, Seconds now) const;
  MarketFigures figures(const Params& params, Seconds now) const;
  // nullptr when there is none of that number.
  const Provider* provider(std::uint64_t number) const;
  std::size_t gpu_count() const { return gpus_.size(); }

 private:
  struct GpuRow {
    Amount price_per_hour;
    std::uint32_t provider = 0;  // place in providers_
    std::uint32_t memory_gb = 0;
    std::uint32_t model = 0;
    std::uint32_t region = 0;
    std::uint32_t category = 0;
    std::uint32_t text = 0;
    std::uint32_t strategy = 0;  // place in the registry
    std::uint32_t rating_hundredths = 0;
    Listing listing = Listing::retired;
    std::uint64_t number = 0;  // in heartbeats
    std::uint64_t bookings = 0;
    std::vector<Interval> schedule;
  };
  class GpuSearch;

  std::vector<GpuRow> gpus_;         // by id, from 1
  std::vector<Provider> providers_;  // by number, from 1
  std::map<Address, std::uint32_t> provider_places_;
  Names models_, regions_, categories_, texts_;
  std::vector<ModelStats> model_stats_;       // by number in models_
  std::vector<std::uint64_t> open_capacity_;  // by offer, from 1
  std::uint64_t all_open_capacity_ = 0;
};

}  // namespace aitbc::market
