// Every change of the marketplace, as an Ethereum log.
#pragma once

#include "marketplace/contract.hpp"
#include "marketplace/errors.hpp"
#include "types/receipt.hpp"

namespace aitbc::market {

// Marks an event argument that becomes a topic; only types of one word.
template <class T>
struct Indexed {
  using Type = T;
};
template <class T>
inline constexpr bool kIsIndexed = false;
template <class T>
inline constexpr bool kIsIndexed<Indexed<T>> = true;
template <class T>
struct Unindexed {
  using Type = T;
};
template <class T>
struct Unindexed<Indexed<T>> {
  using Type = T;
};
template <class T>
using EventArg = typename Unindexed<T>::Type;

template <class... Args>
struct EventSpec {
  std::string_view name;
  std::string_view arg_names;
  std::string_view meaning;
};

inline constexpr auto kEvents = FlatTuple{
    // ---- providers and stake
    EventSpec<Indexed<Address>, std::string, std::string, std::string>{
        "ProviderRegistered", "provider,name,region,endpoint", "A provider is known to the market."},
    EventSpec<Indexed<Address>, std::string, std::string, std::string>{
        "ProviderUpdated", "provider,name,region,endpoint", "A provider changed its particulars."},
    EventSpec<Indexed<Address>, Indexed<Address>, Amount>{"Staked", "provider,staker,amount",
                                                          "Money was locked in a provider's pool."},
    EventSpec<Indexed<Address>, Indexed<Address>, Indexed<UnbondingId>, Amount, Seconds>{
        "UnstakeStarted", "provider,staker,unbondingId,amount,availableAt",
        "Staked money is on its way back."},
    EventSpec<Indexed<Address>, Indexed<UnbondingId>, Amount>{"UnstakeFinished", "staker,unbondingId,amount",
                                                              "Staked money came back."},
    EventSpec<Indexed<Address>, Indexed<Address>, Amount>{"RewardsClaimed", "provider,staker,amount",
                                                          "A staker took its share of the fees."},
    EventSpec<Indexed<Address>, Seconds, Bytes>{"Heartbeat", "provider,aliveUntil,down",
                                                "A provider is there; set bits are GPUs that do not work."},
    EventSpec<Indexed<Address>>{"ProviderOnline", "provider", "A provider is watched (again)."},
    EventSpec<Indexed<Address>, Indexed<OutageId>, Seconds>{"ProviderOffline", "provider,outageId,at",
                                                            "A provider fell silent."},
    EventSpec<Indexed<OutageId>, Indexed<Address>, bool, Amount>{
        "OutageJudged", "outageId,provider,forgiven,slashed",
        "A silence that took bookings with it cost the pool something, unless too many fell silent "
        "together."},
    EventSpec<Indexed<OutageId>, Indexed<BookingId>, Indexed<Address>, Amount>{
        "CustomerCompensated", "outageId,bookingId,customer,amount",
        "A customer got its loss, or a part of it, back from a slash."},
    EventSpec<Indexed<OutageId>, Indexed<Address>, Amount, Amount>{
        "OutageOver", "outageId,provider,compensated,burned", "The rest of a slash was burned."},
    EventSpec<Indexed<Address>, Seconds>{"ProviderJailed", "provider,until",
                                         "Repeated faults keep a provider off the market."},
    // ---- GPUs
    EventSpec<Indexed<GpuId>, Indexed<Address>, std::string, std::string, Amount>{
        "GpuRegistered", "gpuId,provider,model,region,pricePerHour", "A GPU is on the market."},
    EventSpec<Indexed<GpuId>, Indexed<Address>, Amount>{"GpuUpdated", "gpuId,provider,pricePerHour",
                                                        "A GPU's description or price changed."},
    EventSpec<Indexed<GpuId>, Indexed<Address>, Listing>{"GpuListingChanged", "gpuId,provider,listing",
                                                         "A GPU was delisted, relisted or retired."},
    // ---- bookings
    EventSpec<Indexed<BookingId>, Indexed<GpuId>, Indexed<Address>, Seconds, Seconds, Amount, Amount>{
        "BookingCreated", "bookingId,gpuId,customer,start,end,pricePerHour,locked", "A GPU was booked."},
    EventSpec<Indexed<BookingId>, Indexed<GpuId>>{"BookingStarted", "bookingId,gpuId",
                                                  "A booking's time began."},
    EventSpec<Indexed<BookingId>, Indexed<GpuId>, Seconds, Amount>{
        "BookingExtended", "bookingId,gpuId,end,locked", "A booking ends later."},
    EventSpec<Indexed<BookingId>, Indexed<GpuId>, Indexed<Address>, BookingState, Seconds, Amount, Amount,
              Amount>{"BookingClosed", "bookingId,gpuId,customer,state,usedSeconds,paid,fee,refund",
                      "A booking is over: what the provider got, the fee, what the customer got back."},
    EventSpec<Indexed<BookingId>, Indexed<GpuId>, Seconds>{
        "BookingEvictionNoticed", "bookingId,gpuId,evictAt",
        "A better bid takes over an interruptible booking then."},
    // ---- bids
    EventSpec<Indexed<BidId>, Indexed<Address>, TargetKind, std::uint64_t, Amount, Seconds>{
        "BidPlaced", "bidId,bidder,targetKind,targetId,amount,expiresAt", "A bid's amount is locked."},
    EventSpec<Indexed<BidId>, Indexed<Address>, BookingId, ServiceId>{
        "BidAccepted", "bidId,bidder,bookingId,serviceId",
        "A bid won: on a GPU it became the booking, elsewhere it got the service."},
    EventSpec<Indexed<BidId>, Indexed<Address>, BidState, Amount>{"BidClosed", "bidId,bidder,state,refund",
                                                                  "A bid lost, expired or was withdrawn."},
    // ---- services
    EventSpec<Indexed<ServiceId>, Indexed<Address>, std::string, std::string, Amount>{
        "ServiceCreated", "serviceId,provider,name,category,price", "A service is offered."},
    EventSpec<Indexed<ServiceId>, Indexed<Address>, Amount>{"ServiceUpdated", "serviceId,provider,price",
                                                            "A service's description or price changed."},
    EventSpec<Indexed<ServiceId>, Indexed<Address>, Indexed<BidId>, Amount, Seconds>{
        "ServiceAssigned", "serviceId,customer,bidId,amount,deliverBy", "A service has its customer."},
    EventSpec<Indexed<ServiceId>, Indexed<Address>, Hash, std::string, Seconds>{
        "ServiceDelivered", "serviceId,customer,resultDigest,resultUri,settlesAt",
        "A service's result is there."},
    EventSpec<Indexed<ServiceId>, Indexed<Address>, Indexed<Address>, ServiceState, Amount, Amount, Amount>{
        "ServiceClosed", "serviceId,provider,customer,state,paid,fee,refund", "A service is over."},
    // ---- offers
    EventSpec<Indexed<OfferId>, Indexed<Address>, Indexed<GpuId>, std::uint64_t, Amount>{
        "OfferCreated", "offerId,provider,gpuId,capacity,price", "Capacity is offered."},
    EventSpec<Indexed<OfferId>, Indexed<Address>>{"OfferClosed", "offerId,provider",
                                                  "An offer takes no more bids."},
    // ---- disputes
    EventSpec<Indexed<DisputeId>, Indexed<Address>, Indexed<Address>, SubjectKind, std::uint64_t, Amount,
              Amount, Seconds>{"DisputeOpened",
                               "disputeId,customer,provider,subjectKind,subjectId,contested,bond,deadline",
                               "A customer froze what it contests."},
    EventSpec<Indexed<DisputeId>, Indexed<Address>, std::uint16_t>{
        "DisputeVoted", "disputeId,arbitrator,customerBps", "An arbitrator gave its opinion."},
    EventSpec<Indexed<DisputeId>, Indexed<Address>, Indexed<Address>, DisputeState, std::uint16_t, Amount,
              Amount, Amount, bool>{
        "DisputeClosed", "disputeId,customer,provider,state,customerBps,paid,fee,refund,bondReturned",
        "What was contested is divided."},
    // ---- jobs
    EventSpec<Indexed<JobId>, Indexed<Address>, Indexed<Address>, std::string, Amount, Seconds>{
        "JobSubmitted", "jobId,customer,provider,jobType,payment,expiresAt",
        "Work is asked for and paid into escrow."},
    EventSpec<Indexed<JobId>, Indexed<Address>, Indexed<Address>>{"JobStarted", "jobId,customer,provider",
                                                                  "A provider runs a job."},
    EventSpec<Indexed<JobId>, Indexed<Address>, Indexed<Address>, JobState, Hash, Amount, Amount, Amount>{
        "JobClosed", "jobId,customer,provider,state,resultDigest,paid,fee,refund", "A job is over."},
    EventSpec<Indexed<JobId>, Indexed<Address>, std::uint64_t, Amount, Amount>{
        "ReceiptClaimed", "jobId,provider,units,minted,toCoordinators", "Attested work was rewarded."},
    // ---- auctions
    EventSpec<Indexed<AuctionId>, Indexed<Address>, Indexed<GpuId>, std::string, std::string, Amount,
              Seconds>{"AuctionCreated", "auctionId,creator,gpuId,auctionType,title,price,deadline",
                       "An auction is open."},
    EventSpec<Indexed<AuctionId>, Indexed<Address>, Amount>{"AuctionBidPlaced", "auctionId,bidder,amount",
                                                            "A bid counts."},
    EventSpec<Indexed<AuctionId>, Indexed<Address>, Hash>{"BidCommitted", "auctionId,bidder,commitment",
                                                          "A sealed bid was placed."},
    EventSpec<Indexed<AuctionId>, Indexed<Address>, Amount>{"BidRevealed", "auctionId,bidder,amount",
                                                            "A sealed bid was opened."},
    EventSpec<Indexed<AuctionId>, Indexed<Address>, Indexed<Address>, AuctionState, Amount, BookingId,
              ServiceId>{"AuctionClosed", "auctionId,creator,winner,state,price,bookingId,serviceId",
                         "An auction is over."},
    // ---- prices
    EventSpec<Indexed<ModelNumber>, std::string, Seconds, Amount, std::uint64_t, Seconds>{
        "PriceIndex", "modelNumber,model,epochEnd,pricePerHour,bookings,gpuSeconds",
        "What an hour of a model cost in an epoch."},
    // ---- signed orders
    EventSpec<Indexed<Address>, Indexed<std::uint64_t>, Indexed<BookingId>>{
        "OrderFilled", "signer,nonce,bookingId", "A signed order became a booking."},
    EventSpec<Indexed<Address>, Indexed<std::uint64_t>>{"OrderCancelled", "signer,nonce",
                                                        "A signed order is void."},
    // ---- governance
    EventSpec<Indexed<ProposalId>, Indexed<Address>, std::string, Amount, Address, Seconds>{
        "Proposed", "proposalId,proposer,subject,value,account,deadline",
        "A change of the rules is proposed."},
    EventSpec<Indexed<ProposalId>, Indexed<Address>>{"ProposalApproved", "proposalId,validator",
                                                     "A validator agreed."},
    EventSpec<Indexed<ProposalId>, Seconds>{"ProposalAccepted", "proposalId,effectiveAt",
                                            "A majority agreed; the change takes effect then."},
    EventSpec<Indexed<ProposalId>, ProposalState>{
        "ProposalClosed", "proposalId,state",
        "A change took effect, found no majority, or makes no sense any more."},
    // ---- reviews
    EventSpec<Indexed<ReviewId>, Indexed<Address>, Indexed<Address>, SubjectKind, std::uint64_t,
              std::uint8_t>{"ReviewAdded", "reviewId,provider,customer,subjectKind,subjectId,rating",
                            "A customer judged finished work."},
    EventSpec<Indexed<ReviewId>, Indexed<Address>, Indexed<Address>, std::string>{
        "ReviewHidden", "reviewId,provider,moderator,reason", "A review counts no longer."},
};

// The first topic, by index in kEvents.
const Hash& event_topic_at(std::size_t index);

// The word of an indexed argument.
template <class T>
Hash abi_topic(const T& value) {
  Hash word;
  if constexpr (std::same_as<T, Address>) {
    std::copy(value.bytes.begin(), value.bytes.end(), word.bytes.end() - Address::kSize);
  } else if constexpr (IdField<T>) {
    word = abi_topic(value.value);
  } else {
    static_assert(std::same_as<T, std::uint64_t>);
    for (std::size_t i = 0; i < 8; ++i) word.bytes[31 - i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  return word;
}

template <class... Args>
Log make_log(std::type_identity<EventSpec<Args...>>, const Hash& signature, const EventArg<Args>&... args) {
  constexpr std::size_t kDataWords =
      (std::size_t{0} + ... + (kIsIndexed<Args> ? 0 : abi_words<EventArg<Args>>()));
  Log log{kContract, {}, {}};
  log.topics.reserve(1 + (std::size_t{0} + ... + (kIsIndexed<Args> ? 1 : 0)));
  log.topics.push_back(signature);
  abi::Writer data(kDataWords);
  const auto add = [&]<class Arg>(const EventArg<Arg>& value) {
    if constexpr (kIsIndexed<Arg>)
      log.topics.push_back(abi_topic(value));
    else
      write_abi(data, value);
  };
  (add.template operator()<Args>(args), ...);
  log.data = data.take();
  return log;
}

// emit<"GpuUpdated">(logs, id, provider, price)
template <Literal Name, class... Args>
void emit(Logs& logs, const Args&... args) {
  constexpr std::size_t kIndex = index_of(kEvents, Name.view());
  static_assert(kIndex < kEvents.kSize, "no such event");
  using Spec = std::remove_cvref_t<decltype(kEvents.get<kIndex>())>;
  logs.push_back(make_log(std::type_identity<Spec>(), event_topic_at(kIndex), args...));
}

}  // namespace aitbc::market
