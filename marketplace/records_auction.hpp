// Auctions of any type.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

struct AuctionParameter {
  static constexpr std::string_view kName = "AuctionParameter";
  std::string name;
  Amount value;  // base units, seconds or a count, as the type says
  static constexpr auto kFields =
      FlatTuple(field("name", &AuctionParameter::name), field("value", &AuctionParameter::value));
};

// What the creator declares.
struct AuctionSpec {
  static constexpr std::string_view kName = "AuctionSpec";
  std::string type;
  std::string title;
  std::string description;
  GpuId gpu;             // that is auctioned for `duration`; none: a piece of work
  std::string category;  // of the work
  Seconds duration = 0;  // of the booking, or for delivering the work
  Seconds lifetime = 0;  // of the auction; 0: the parameter's default
  std::vector<AuctionParameter> parameters;

  static constexpr auto kFields =
      FlatTuple(field("auctionType", &AuctionSpec::type), field("title", &AuctionSpec::title),
                field("description", &AuctionSpec::description), field("gpuId", &AuctionSpec::gpu),
                field("category", &AuctionSpec::category), field("duration", &AuctionSpec::duration),
                field("lifetime", &AuctionSpec::lifetime), field("parameters", &AuctionSpec::parameters));
};

// A bid that counts: the leader's, or a sealed one.
struct AuctionBid {
  static constexpr std::string_view kName = "AuctionBid";
  Address bidder;
  Amount amount;    // locked; nothing while sealed
  Hash commitment;  // of a sealed bid
  Amount bond;      // locked until it is revealed
  static constexpr auto kFields =
      FlatTuple(field("bidder", &AuctionBid::bidder), field("amount", &AuctionBid::amount),
                field("commitment", &AuctionBid::commitment), field("bond", &AuctionBid::bond));
};
inline constexpr std::size_t kMaxAuctionBids = 64;

struct Auction {
  static constexpr std::string_view kName = "Auction";
  AuctionId id;
  Address creator;
  AuctionSpec spec;  // with every parameter of its type, in the type's order
  Seconds created_at = 0;
  Seconds deadline = 0;
  AuctionState state = AuctionState::open;  // as of the last change
  std::uint64_t total_bids = 0;
  std::vector<AuctionBid> bids;
  Amount second_price;  // of sealed bids
  Amount money;         // held
  Seconds closed_at = 0;
  Address winner;
  Amount price;
  BookingId booking;  // that it led to
  ServiceId service;  // that it led to

  static constexpr auto kFields =
      FlatTuple(field("id", &Auction::id), field("creator", &Auction::creator), field("spec", &Auction::spec),
                field("createdAt", &Auction::created_at), field("deadline", &Auction::deadline),
                field("lastState", &Auction::state), field("totalBids", &Auction::total_bids),
                field("bids", &Auction::bids), field("secondPrice", &Auction::second_price),
                field("money", &Auction::money), field("closedAt", &Auction::closed_at),
                field("winner", &Auction::winner), field("price", &Auction::price),
                field("bookingId", &Auction::booking), field("serviceId", &Auction::service));

  Amount held() const { return money; }
  // Precondition: the type has it.
  Amount parameter(std::string_view name) const;
};
AuctionState state_of(const Auction& auction, Seconds now);
std::optional<Seconds> deadline_of(const Auction& auction);

}  // namespace aitbc::market
