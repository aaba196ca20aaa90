// Offers: capacity of a provider, of a registered GPU or of its own description.
#pragma once

#include <string>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/records_gpu.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

struct OfferSpec {
  static constexpr std::string_view kName = "OfferSpec";
  std::uint64_t capacity = 0;  // units of work at once
  Amount price;                // per hour and unit, asked
  std::string sla;
  std::vector<Attribute> attributes;

  static constexpr auto kFields =
      FlatTuple(field("capacity", &OfferSpec::capacity), field("price", &OfferSpec::price),
                field("sla", &OfferSpec::sla), field("attributes", &OfferSpec::attributes));
};

struct Offer {
  static constexpr std::string_view kName = "Offer";
  OfferId id;
  Address provider;
  GpuId gpu;       // none when described by `spec`
  OfferSpec spec;  // of a GPU's offer only the capacity, 1; the rest is the GPU's
  Seconds created_at = 0;
  std::uint64_t reserved = 0;  // units given to customers
  bool closed = false;
  Seconds closed_at = 0;

  static constexpr auto kFields =
      FlatTuple(field("id", &Offer::id), field("provider", &Offer::provider), field("gpuId", &Offer::gpu),
                field("spec", &Offer::spec), field("createdAt", &Offer::created_at),
                field("reserved", &Offer::reserved), field("closed", &Offer::closed),
                field("closedAt", &Offer::closed_at));
};

}  // namespace aitbc::market
