// Every reason for which a call reverts, as a Solidity custom error.
#pragma once

#include <tl/expected.hpp>

#include "marketplace/abi_form.hpp"
#include "marketplace/named_list.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

template <class... Args>
struct ErrorSpec {
  std::string_view name;
  std::string_view arg_names;  // comma-separated
  std::string_view meaning;    // for the reference page
};

inline constexpr auto kErrors = FlatTuple{
    // ---- calls in general
    ErrorSpec<std::string>{"InvalidCalldata", "reason",
                           "The arguments are not the call's, in strict ABI encoding."},
    ErrorSpec<abi::Selector>{"UnknownCall", "selector", "No call has this selector."},
    ErrorSpec<>{"NotPayable", "", "Calls carry no value; locks are taken from the caller's balance."},
    ErrorSpec<Address, Amount, Amount>{"InsufficientBalance", "account,required,available",
                                       "The caller cannot pay what the call would lock."},
    ErrorSpec<>{"AmountOverflow", "", "A price times a time, or a sum, exceeds 128 bits."},
    ErrorSpec<std::string, std::uint64_t>{"TextTooLong", "argument,maximumBytes", "A text is too long."},
    ErrorSpec<std::string>{"TextMissing", "argument", "A text that must not be empty is."},
    ErrorSpec<std::string, std::uint64_t>{"ListTooLong", "argument,maximum", "A list has too many elements."},
    ErrorSpec<std::string, Amount, Amount, Amount>{"OutOfRange", "argument,value,minimum,maximum",
                                                   "A number is outside of its range."},
    ErrorSpec<std::string>{"UnknownCategory", "category", "The category registry has no such id."},
    ErrorSpec<std::string>{"UnknownPricingStrategy", "strategy", "The pricing registry has no such name."},
    // ---- providers and stake
    ErrorSpec<Address>{"ProviderExists", "provider", "The caller is registered already."},
    ErrorSpec<Address>{"ProviderNotFound", "provider", "Nobody registered under this address."},
    ErrorSpec<Address, Amount, Amount>{"StakeTooLow", "provider,required,staked",
                                       "Too little is (or would be) staked on the provider."},
    ErrorSpec<Address, Address, Amount>{"StakeNotFound", "provider,staker,staked",
                                        "The caller has less than that staked on the provider."},
    ErrorSpec<Address, Address>{"NothingToClaim", "provider,staker", "No reward is due."},
    ErrorSpec<Hash>{"NotARecentBlock", "hash", "A heartbeat names one of the last 256 blocks."},
    ErrorSpec<Address, Seconds>{"OutageBeingClosed", "provider,since",
                                "The heartbeat is late: what the silence interrupted is closed first."},
    ErrorSpec<OutageId>{"OutageNotFound", "outageId", "No outage has this id."},
    // ---- GPUs
    ErrorSpec<GpuId>{"GpuNotFound", "gpuId", "No GPU has this id."},
    ErrorSpec<std::string, GpuId>{"DeviceAlreadyRegistered", "deviceId,gpuId", "Device ids are unique."},
    ErrorSpec<GpuId, Address>{"NotGpuProvider", "gpuId,caller", "Only the GPU's provider may do that."},
    ErrorSpec<GpuId, GpuStatus>{"GpuNotListed", "gpuId,status", "The GPU is delisted, retired or offline."},
    ErrorSpec<GpuId>{"GpuAlreadyListed", "gpuId", "The GPU is listed."},
    ErrorSpec<GpuId, std::uint64_t>{"GpuHasBookings", "gpuId,count",
                                    "Open bookings keep the GPU from retiring."},
    ErrorSpec<GpuId>{"OwnGpu", "gpuId", "A provider cannot book its own GPU."},
    ErrorSpec<GpuId, Amount, Amount>{"PriceAboveMaximum", "gpuId,pricePerHour,maximum",
                                     "The price is above the caller's maximum."},
    ErrorSpec<GpuId, Seconds, Seconds, BookingId>{"GpuNotFree", "gpuId,start,end,bookingId",
                                                  "Another booking overlaps the time."},
    ErrorSpec<GpuId, std::uint64_t>{"ScheduleFull", "gpuId,maximum",
                                    "The GPU has no room for another booking."},
    ErrorSpec<GpuId, AuctionId>{"GpuInAuction", "gpuId,auctionId", "The GPU has an open auction."},
    ErrorSpec<GpuId, std::string>{"ModelIsFixed", "gpuId,model", "A GPU does not become another model."},
    ErrorSpec<std::string>{"ModelNotFound", "model", "No GPU of this model was ever registered."},
    // ---- bookings
    ErrorSpec<BookingId>{"BookingNotFound", "bookingId", "No booking has this id."},
    ErrorSpec<BookingId, Address>{"NotBookingCustomer", "bookingId,caller",
                                  "Only the booking's customer may do that."},
    ErrorSpec<BookingId, BookingState>{"WrongBookingState", "bookingId,state",
                                       "The booking is not in a state for that."},
    ErrorSpec<BookingId, Seconds>{"BookingNotDue", "bookingId,due", "The booking ends later."},
    ErrorSpec<Seconds, Seconds>{"StartInPast", "start,now", "A booking cannot start before now."},
    ErrorSpec<BookingId, Amount, Amount>{
        "PriceChanged", "bookingId,booked,current",
        "The GPU's price has risen above the booking's; book the time anew."},
    ErrorSpec<BookingId, Seconds>{"UnderNotice", "bookingId,evictAt", "The booking has notice to leave."},
    // ---- bids
    ErrorSpec<BidId>{"BidNotFound", "bidId", "No bid has this id."},
    ErrorSpec<std::uint8_t>{
        "UnknownTargetKind", "targetKind",
        "Bids: a GPU (0), a service (1), an offer (2). Jobs: anyone (0), a service (1), a booking (2)."},
    ErrorSpec<TargetKind, std::uint64_t>{"OwnTarget", "targetKind,targetId",
                                         "A provider cannot bid on its own offer."},
    ErrorSpec<TargetKind, std::uint64_t>{"TargetNotOpen", "targetKind,targetId",
                                         "The target takes no bids now."},
    ErrorSpec<Amount>{"BidTooLow", "minimum", "The bid book is full; a bid must beat the lowest."},
    ErrorSpec<BidId, Address>{"NotBidder", "bidId,caller", "Only the bidder may do that."},
    ErrorSpec<BidId, Address>{"NotTargetProvider", "bidId,caller",
                              "Only the provider of the bid's target may do that."},
    ErrorSpec<BidId, BidState>{"BidNotOpen", "bidId,state", "The bid is closed."},
    // ---- services
    ErrorSpec<ServiceId>{"ServiceNotFound", "serviceId", "No service has this id."},
    ErrorSpec<ServiceId, Address>{"NotServiceProvider", "serviceId,caller",
                                  "Only the service's provider may do that."},
    ErrorSpec<ServiceId, Address>{"NotServiceCustomer", "serviceId,caller",
                                  "Only the service's customer may do that."},
    ErrorSpec<ServiceId, ServiceState>{"WrongServiceState", "serviceId,state",
                                       "The service is not in a state for that."},
    // ---- offers
    ErrorSpec<OfferId>{"OfferNotFound", "offerId", "No offer has this id."},
    ErrorSpec<OfferId, Address>{"NotOfferProvider", "offerId,caller",
                                "Only the offer's provider may do that."},
    ErrorSpec<OfferId>{"OfferIsClosed", "offerId", "The offer was closed before."},
    // ---- disputes
    ErrorSpec<DisputeId>{"DisputeNotFound", "disputeId", "No dispute has this id."},
    ErrorSpec<DisputeId, DisputeState>{"DisputeIsClosed", "disputeId,state", "The dispute is over."},
    ErrorSpec<DisputeId, Address>{"NotArbitrator", "disputeId,caller",
                                  "Only arbitrators who are no party to it decide a dispute."},
    ErrorSpec<DisputeId, Address>{"AlreadyVoted", "disputeId,caller", "Arbitrators vote once."},
    // ---- jobs
    ErrorSpec<JobId>{"JobNotFound", "jobId", "No job has this id."},
    ErrorSpec<JobId, JobState>{"WrongJobState", "jobId,state", "The job is not in a state for that."},
    ErrorSpec<JobId, Address>{"NotJobProvider", "jobId,caller",
                              "Only the job's provider may do (or sign) that."},
    ErrorSpec<JobId, Address>{"NotJobCustomer", "jobId,caller", "Only the job's customer may do that."},
    ErrorSpec<JobId>{"OwnJob", "jobId", "A customer does not run its own job."},
    ErrorSpec<>{"BadSignature", "", "A signature is not 65 bytes r, s, v of some key."},
    ErrorSpec<JobId>{"ReceiptClaimed", "jobId", "The job's receipt was claimed before."},
    ErrorSpec<JobId>{"NothingToMint", "jobId", "The job reported no units of work."},
    ErrorSpec<std::uint64_t, std::uint64_t>{"TooFewAttestations", "given,required",
                                            "A majority of the coordinators must attest."},
    ErrorSpec<Address>{"NotCoordinator", "signer", "An attestation is not a coordinator's."},
    ErrorSpec<Address>{"AttestationsOutOfOrder", "signer", "Attestations ascend by signer, each once."},
    // ---- auctions
    ErrorSpec<std::string>{"UnknownAuctionType", "auctionType", "The auction registry has no such type."},
    ErrorSpec<std::string, Amount, std::string>{"BadAuctionParameter", "parameter,value,reason",
                                                "A parameter does not fit the auction's type."},
    ErrorSpec<AuctionId>{"AuctionNotFound", "auctionId", "No auction has this id."},
    ErrorSpec<AuctionId, AuctionState>{"AuctionNotOpen", "auctionId,state",
                                       "The auction is over, or has bids and cannot be cancelled."},
    ErrorSpec<AuctionId>{"OwnAuction", "auctionId", "The creator does not bid."},
    ErrorSpec<AuctionId, Address>{"NotAuctionCreator", "auctionId,caller", "Only the creator may do that."},
    ErrorSpec<AuctionId, std::string, Amount>{
        "AuctionRefused", "auctionId,reason,amount",
        "The bid breaks a rule of the auction's type; amount is what would do, "
        "where that helps."},
    // ---- signed orders
    ErrorSpec<Address, std::uint64_t>{"OrderUsed", "signer,nonce", "The order was filled or cancelled."},
    ErrorSpec<Seconds, Seconds>{"OrderExpired", "expiry,now", "The order is void by now."},
    ErrorSpec<Address, Address>{"WrongSigner", "expected,signer", "The signature is somebody else's."},
    ErrorSpec<Address, Address>{"NotForCaller", "customer,caller", "The order is for one customer only."},
    ErrorSpec<>{"BadRefundAddress", "", "Refunds cannot go to the contract itself."},
    // ---- governance
    ErrorSpec<Address>{"NotValidator", "caller", "Only validators of the block propose and approve."},
    ErrorSpec<std::string>{"UnknownParameter", "subject", "No parameter or role has this name."},
    ErrorSpec<std::string, Amount, Address>{"BadParameterValue", "subject,value,account",
                                            "The change would make no sense."},
    ErrorSpec<ProposalId>{"ProposalNotFound", "proposalId", "No proposal has this id."},
    ErrorSpec<ProposalId, ProposalState>{"ProposalNotOpen", "proposalId,state", "The vote is over."},
    ErrorSpec<ProposalId, Address>{"AlreadyApproved", "proposalId,caller", "Validators approve once."},
    // ---- reviews
    ErrorSpec<std::uint8_t>{"UnknownSubjectKind", "subjectKind",
                            "Reviews are about a booking (0) or a service (1)."},
    ErrorSpec<SubjectKind, std::uint64_t>{"NotFinished", "subjectKind,subjectId",
                                          "Only finished work is reviewed."},
    ErrorSpec<SubjectKind, std::uint64_t, ReviewId>{"AlreadyReviewed", "subjectKind,subjectId,reviewId",
                                                    "It has its one review."},
    ErrorSpec<ReviewId>{"ReviewNotFound", "reviewId", "No review has this id."},
    ErrorSpec<Address>{"NotModerator", "caller", "Only moderators hide reviews."},
    ErrorSpec<ReviewId>{"ReviewIsHidden", "reviewId", "The review was hidden before."},
};

// Why a call changes nothing: the ABI encoding of one of the errors above.
struct Revert {
  Bytes data;
};
template <class T>
using Outcome = tl::expected<T, Revert>;

// By index in kErrors.
const abi::Selector& error_selector_at(std::size_t index);

template <class... Args>
Bytes encode_error(std::type_identity<ErrorSpec<Args...>>, const abi::Selector& selector,
                   const std::type_identity_t<Args>&... args) {
  return encode_abi(selector, args...);
}

// revert<"GpuNotFound">(id)
template <Literal Name, class... Args>
tl::unexpected<Revert> revert(const Args&... args) {
  constexpr std::size_t kIndex = index_of(kErrors, Name.view());
  static_assert(kIndex < kErrors.kSize, "no such error");
  using Spec = std::remove_cvref_t<decltype(kErrors.get<kIndex>())>;
  return tl::unexpected<Revert>(
      Revert{encode_error(std::type_identity<Spec>(), error_selector_at(kIndex), args...)});
}

// Hands the Revert of an Outcome<...> expression to the caller of the enclosing function.
#define MARKET_TRY(expression)                                     \
  do {                                                             \
    if (auto market_try_result = (expression); !market_try_result) \
      return tl::unexpected(std::move(market_try_result).error()); \
  } while (false)
#define MARKET_ASSIGN(target, expression) \
  MARKET_ASSIGN_IMPL(AITBC_CONCAT(market_result_, __LINE__), target, expression)
#define MARKET_ASSIGN_IMPL(holder, target, expression)           \
  auto holder = (expression);                                    \
  if (!holder) return tl::unexpected(std::move(holder).error()); \
  target = std::move(*holder)

}  // namespace aitbc::market
