// Records as the queries show them: one flat object each, with what follows from the record at `now`.
#pragma once

#include "marketplace/auctions.hpp"
#include "marketplace/bids.hpp"
#include "marketplace/bookings.hpp"
#include "marketplace/disputes.hpp"
#include "marketplace/governance.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/jobs.hpp"
#include "marketplace/json_form.hpp"
#include "marketplace/liveness.hpp"
#include "marketplace/models.hpp"
#include "marketplace/offers.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/reviews.hpp"
#include "marketplace/services.hpp"

namespace aitbc::market {

void write_record(JsonWriter& out, const GpuView& view);
void write_record(JsonWriter& out, const BookingView& view);
void write_record(JsonWriter& out, const BidView& view);
void write_record(JsonWriter& out, const ServiceView& view);
void write_record(JsonWriter& out, const Provider& provider);
void write_record(JsonWriter& out, const OfferView& view);
void write_record(JsonWriter& out, const DisputeView& view);
void write_record(JsonWriter& out, const JobView& view);
void write_record(JsonWriter& out, const Outage& outage);
void write_record(JsonWriter& out, const AuctionView& view);
void write_record(JsonWriter& out, const ProposalView& view);
void write_record(JsonWriter& out, const ModelPricing& pricing);
void write_record(JsonWriter& out, const Review& review);

// sum / count with two decimals, as a JSON number: 4.5 is written 4.50. null when nothing was counted.
void write_average(JsonWriter& out, std::string_view name, Amount sum, Amount count);
// In hundredths, rounded down; 0 when nothing was counted.
std::uint64_t average_hundredths(Amount sum, Amount count);

}  // namespace aitbc::market
