#include "marketplace/query_json.hpp"

namespace aitbc::market {
namespace {

template <class Rated>
void write_ratings(JsonWriter& out, const Rated& rated) {
  write_average(out, "averageRating", Amount(rated.rating_sum), Amount(rated.reviews));
  write_average(out, "averageRatingByValue", rated.weighted_rating, rated.rating_weight);
}

Kind kind_of(TargetKind kind) {
  switch (kind) {
    case TargetKind::gpu:
      return Kind::gpu;
    case TargetKind::service:
      return Kind::service;
    case TargetKind::offer:
      break;
  }
  return Kind::offer;
}
Kind kind_of(SubjectKind kind) { return kind == SubjectKind::booking ? Kind::booking : Kind::service; }

}  // namespace

std::uint64_t average_hundredths(Amount sum, Amount count) {
  const auto hundredths = count.is_zero() ? std::nullopt : mul_div_floor(sum, 100, count.units());
  return hundredths ? static_cast<std::uint64_t>(hundredths->units()) : 0;
}

void write_average(JsonWriter& out, std::string_view name, Amount sum, Amount count) {
  out.key(name);
  if (count.is_zero()) {
    out.null();
    return;
  }
  const std::uint64_t hundredths = average_hundredths(sum, count);
  const std::string digits = std::to_string(hundredths % 100);
  out.raw(std::to_string(hundredths / 100) + (digits.size() == 1 ? ".0" : ".") + digits);
}

void write_record(JsonWriter& out, const GpuView& view) {
  const Gpu& gpu = view.gpu;
  out.begin_object();
  for_each_field(gpu, [&](std::string_view name, const auto& member) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, GpuSpec>)
      write_json_fields(out, member);
    else
      write_json_member(out, name, member);
  });
  write_json_member(out, "status", view.status);
  write_json_member(out, "currentPricePerHour", view.price_per_hour);
  write_json_member(out, "currentBookingId", view.current_booking);
  out.key("bookingExpires");
  view.current_booking.is_none() ? out.null() : out.number(view.booking_expires);
  write_ratings(out, gpu);
  out.end_object();
}

void write_record(JsonWriter& out, const BookingView& view) {
  out.begin_object();
  write_json_fields(out, view.booking);
  write_json_member(out, "state", view.state);
  write_json_member(out, "duration", view.booking.end - view.booking.start);
  out.end_object();
}

void write_record(JsonWriter& out, const BidView& view) {
  out.begin_object();
  for_each_field(view.bid, [&](std::string_view name, const auto& member) {
    out.key(name);
    if (name == "targetId") {
      out.text(id_text(kind_of(view.bid.target_kind), view.bid.target));
    } else {
      write_json(out, member);
    }
  });
  write_json_member(out, "state", view.state);
  out.end_object();
}

void write_record(JsonWriter& out, const ServiceView& view) {
  out.begin_object();
  for_each_field(view.service, [&](std::string_view name, const auto& member) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, ServiceSpec>)
      write_json_fields(out, member);
    else
      write_json_member(out, name, member);
  });
  write_json_member(out, "state", view.state);
  out.end_object();
}

void write_record(JsonWriter& out, const Provider& provider) {
  out.begin_object();
  write_json_fields(out, provider);
  write_json_member(out, "activeStake", active_stake(provider));
  write_ratings(out, provider);
  out.end_object();
}

void write_record(JsonWriter& out, const Review& review) {
  out.begin_object();
  for_each_field(review, [&](std::string_view name, const auto& member) {
    out.key(name);
    if (name == "subjectId") {
      out.text(id_text(kind_of(review.subject_kind), review.subject));
    } else {
      write_json(out, member);
    }
  });
  out.end_object();
}

void write_record(JsonWriter& out, const OfferView& view) {
  out.begin_object();
  write_json_fields(out, view.offer);
  write_json_member(out, "state", view.state);
  write_json_member(out, "pricePerHour", view.price_per_hour);
  out.end_object();
}

void write_record(JsonWriter& out, const DisputeView& view) {
  out.begin_object();
  for_each_field(view.dispute, [&](std::string_view name, const auto& member) {
    out.key(name);
    if (name == "subjectId") {
      out.text(id_text(kind_of(view.dispute.subject_kind), view.dispute.subject));
    } else {
      write_json(out, member);
    }
  });
  write_json_member(out, "state", view.state);
  out.end_object();
}

void write_record(JsonWriter& out, const JobView& view) {
  out.begin_object();
  for_each_field(view.job, [&](std::string_view name, const auto& member) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, JobSpec>) {
      write_json_fields(out, member);
    } else {
      out.key(name);
      if (name == "targetId" && view.job.target_kind != JobTarget::anyone)
        out.text(id_text(view.job.target_kind == JobTarget::service ? Kind::service : Kind::booking,
                         view.job.target));
      else
        write_json(out, member);
    }
  });
  write_json_member(out, "state", view.state);
  out.end_object();
}

void write_record(JsonWriter& out, const Outage& outage) { write_json(out, outage); }

void write_record(JsonWriter& out, const AuctionView& view) {
  out.begin_object();
  for_each_field(view.auction, [&](std::string_view name, const auto& member) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, AuctionSpec>)
      write_json_fields(out, member);
    else
      write_json_member(out, name, member);
  });
  write_json_member(out, "state", view.state);
  write_json_member(out, "currentPrice", view.current_price);
  out.key("nextChange");
  view.next_change == 0 ? out.null() : out.number(view.next_change);
  out.end_object();
}

void write_record(JsonWriter& out, const ProposalView& view) {
  out.begin_object();
  write_json_fields(out, view.proposal);
  write_json_member(out, "state", view.state);
  out.end_object();
}

void write_record(JsonWriter& out, const ModelPricing& pricing) {
  out.begin_object();
  for_each_field(pricing, [&](std::string_view name, const auto& member) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, ModelStats>)
      write_json_fields(out, member);
    else
      write_json_member(out, name, member);
  });
  out.end_object();
}

}  // namespace aitbc::market
