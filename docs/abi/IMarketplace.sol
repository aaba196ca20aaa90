// SPDX-License-Identifier: CC0-1.0
// Generated from the call table; see docs/marketplace.md.
pragma solidity ^0.8.4;

/// The GPU marketplace at 0x00000000000000000000000000000000000a17bc.
/// Amounts and prices are in base units (10^-18 AIT), prices per hour, times in seconds.
interface IMarketplace {
    struct Attribute {
        string key;
        string value;
    }

    struct Auction {
        uint64 id;
        address creator;
        AuctionSpec spec;
        uint64 createdAt;
        uint64 deadline;
        uint8 lastState; // 0 open, 1 closing, 2 sold, 3 unsold, 4 cancelled
        uint64 totalBids;
        AuctionBid[] bids;
        uint256 secondPrice;
        uint256 money;
        uint64 closedAt;
        address winner;
        uint256 price;
        uint64 bookingId;
        uint64 serviceId;
    }

    struct AuctionBid {
        address bidder;
        uint256 amount;
        bytes32 commitment;
        uint256 bond;
    }

    struct AuctionParameter {
        string name;
        uint256 value;
    }

    struct AuctionSpec {
        string auctionType;
        string title;
        string description;
        uint64 gpuId;
        string category;
        uint64 duration;
        uint64 lifetime;
        AuctionParameter[] parameters;
    }

    struct AuctionView {
        Auction auction;
        uint8 state; // 0 open, 1 closing, 2 sold, 3 unsold, 4 cancelled
        uint256 currentPrice;
        uint64 nextChange;
    }

    struct Bid {
        uint64 id;
        address bidder;
        uint8 targetKind; // 0 gpu, 1 service, 2 offer
        uint64 targetId;
        uint256 amount;
        uint64 capacity;
        uint64 duration;
        string notes;
        uint64 createdAt;
        uint64 expiresAt;
        uint8 lastState; // 0 open, 1 accepted, 2 lost, 3 withdrawn, 4 expired
        uint64 closedAt;
        uint64 bookingId;
        uint64 serviceId;
    }

    struct BidView {
        Bid bid;
        uint8 state; // 0 open, 1 accepted, 2 lost, 3 withdrawn, 4 expired
    }

    struct Booking {
        uint64 id;
        uint64 gpuId;
        address provider;
        address customer;
        address refundTo;
        uint64 createdAt;
        uint64 start;
        uint64 end;
        uint256 pricePerHour;
        uint256 locked;
        uint16 refundBps;
        FeeRates rates;
        string job;
        uint64 bidId;
        bool interruptible;
        uint64 evictAt;
        uint64 disputeId;
        uint256 frozen;
        uint64 frozenUntil;
        bool started;
        bool closed;
        uint8 finalState; // 0 scheduled, 1 active, 2 completed, 3 released, 4 cancelled, 5 faulted, 6 evicted, 7 disputed, 8 resolved
        uint64 closedAt;
        uint256 paid;
        uint256 fee;
        uint256 refund;
        uint64 reviewId;
    }

    struct BookingOrder {
        address customer;
        uint64 gpuId;
        uint256 maxPricePerHour;
        uint64 duration;
        uint64 windowStart;
        uint64 windowEnd;
        address refundTo;
        string job;
        uint64 expiry;
        uint64 nonce;
    }

    struct BookingView {
        Booking booking;
        uint8 state; // 0 scheduled, 1 active, 2 completed, 3 released, 4 cancelled, 5 faulted, 6 evicted, 7 disputed, 8 resolved
    }

    struct Dispute {
        uint64 id;
        uint8 subjectKind; // 0 booking, 1 service
        uint64 subjectId;
        address customer;
        address refundTo;
        address provider;
        uint256 bond;
        bytes32 evidenceDigest;
        string evidenceUri;
        uint256 contestedGross;
        uint256 contestedKept;
        FeeRates rates;
        uint64 openedAt;
        uint64 deadline;
        uint64 quorum;
        Vote[] votes;
        uint8 lastState; // 0 open, 1 decided, 2 timed_out
        uint16 customerBps;
        uint64 closedAt;
    }

    struct DisputeView {
        Dispute dispute;
        uint8 state; // 0 open, 1 decided, 2 timed_out
    }

    struct FeeRates {
        uint16 takeBps;
        uint16 poolBps;
    }

    struct Gpu {
        uint64 id;
        address provider;
        uint64 number;
        uint8 listing; // 0 listed, 1 delisted, 2 retired
        uint64 offerId;
        uint64 auctionId;
        uint64 createdAt;
        GpuSpec spec;
        Interval[] schedule;
        uint64 totalBookings;
        uint64 reviews;
        uint64 ratingSum;
        uint256 weightedRating;
        uint256 ratingWeight;
    }

    struct GpuSpec {
        string deviceId;
        string model;
        uint32 memoryGb;
        string cudaVersion;
        string computeCapability;
        uint32 cudaCores;
        string region;
        string[] capabilities;
        string category;
        Attribute[] attributes;
        uint256 pricePerHour;
        string pricingStrategy;
        uint16 refundBps;
        uint64 minDuration;
        uint64 maxDuration;
        bool interruptible;
    }

    struct GpuView {
        Gpu gpu;
        uint8 status; // 0 available, 1 booked, 2 offline, 3 delisted, 4 retired
        uint256 currentPricePerHour;
        uint64 currentBookingId;
        uint64 bookingExpires;
    }

    struct Interval {
        uint64 start;
        uint64 end;
        uint64 bookingId;
    }

    struct Job {
        uint64 id;
        address customer;
        uint8 targetKind; // 0 anyone, 1 service, 2 booking
        uint64 targetId;
        address provider;
        JobSpec spec;
        uint256 payment;
        FeeRates rates;
        uint64 createdAt;
        uint64 expiresAt;
        uint8 lastState; // 0 queued, 1 running, 2 completed, 3 failed, 4 canceled, 5 expired
        uint64 startedAt;
        uint64 closedAt;
        JobResult result;
        string failure;
        uint256 paid;
        uint256 fee;
        uint256 refund;
        uint256 minted;
    }

    struct JobResult {
        bytes32 digest;
        string uri;
        bytes inlineData;
        uint64 units;
    }

    struct JobSpec {
        string type;
        string prompt;
        bytes32 inputDigest;
        string inputUri;
        string model;
        string requirements;
    }

    struct JobView {
        Job job;
        uint8 state; // 0 queued, 1 running, 2 completed, 3 failed, 4 canceled, 5 expired
    }

    struct Liveness {
        bool watched;
        bool online;
        uint64 lastHeartbeat;
        uint64 aliveUntil;
        uint64 offlineFrom;
        uint64 offlineUntil;
        uint64 offlineTotal;
        uint64 outages;
        uint64 closingOutageId;
        bytes down;
        uint64 jailedUntil;
        uint64 faults;
        uint64 lastFault;
    }

    struct ModelPricing {
        ModelStats stats;
        uint256 recommendedPrice;
        uint64 volatilityBps;
        uint64 confidenceBps;
        PricePoint[] history;
    }

    struct ModelStats {
        uint64 number;
        string model;
        uint64 listed;
        uint64 busy;
        uint256 index;
    }

    struct Offer {
        uint64 id;
        address provider;
        uint64 gpuId;
        OfferSpec spec;
        uint64 createdAt;
        uint64 reserved;
        bool closed;
        uint64 closedAt;
    }

    struct OfferOrder {
        address provider;
        uint64 gpuId;
        uint256 pricePerHour;
        uint64 minDuration;
        uint64 maxDuration;
        uint64 windowStart;
        uint64 windowEnd;
        address customer;
        uint64 expiry;
        uint64 nonce;
    }

    struct OfferSpec {
        uint64 capacity;
        uint256 price;
        string sla;
        Attribute[] attributes;
    }

    struct OfferView {
        Offer offer;
        uint8 state; // 0 open, 1 reserved, 2 closed
        uint256 pricePerHour;
    }

    struct Outage {
        uint64 id;
        address provider;
        uint64 at;
        uint64 lastHeartbeat;
        uint8 phase; // 0 closing, 1 judging, 2 dividing, 3 compensating, 4 over
        uint64 deadline;
        uint64 nextGpuId;
        uint64 faultedBookings;
        bool forgiven;
        uint256 losses;
        uint256 slashed;
        uint256 leftOver;
        uint256 compensated;
        uint256 burned;
    }

    struct Params {
        address treasury;
        uint256 minStake;
        uint64 unbondingTime;
        uint16 takeBps;
        uint16 poolBps;
        uint16 minRefundBps;
        uint64 maxBooking;
        uint64 maxAdvance;
        uint64 defaultBidTtl;
        uint64 maxBidTtl;
        uint64 defaultDelivery;
        uint64 maxDelivery;
        uint64 defaultListing;
        uint64 maxListing;
        uint64 acceptanceTime;
        uint64 heartbeatGrace;
        bool heartbeatRequired;
        uint64 outageWindow;
        uint16 slashBps;
        uint64 faultsToJail;
        uint64 faultMemory;
        uint64 jailTime;
        uint64 evictionNotice;
        uint256 minDisputeBond;
        uint64 disputeTime;
        uint64 defaultJobTtl;
        uint64 maxJobTtl;
        uint256 mintPerUnit;
        uint16 coordinatorBps;
        uint64 priceEpoch;
        uint64 defaultAuction;
        uint64 proposalTime;
        uint64 governanceDelay;
        uint64 maxClosingsPerBlock;
    }

    struct PricePoint {
        uint64 end;
        uint256 index;
        uint64 bookings;
        uint64 seconds;
    }

    struct Proposal {
        uint64 id;
        address proposer;
        string subject;
        uint256 value;
        address account;
        uint64 createdAt;
        uint64 deadline;
        address[] approvals;
        uint8 lastState; // 0 voting, 1 accepted, 2 enacted, 3 expired, 4 failed
        uint64 closedAt;
    }

    struct ProposalView {
        Proposal proposal;
        uint8 state; // 0 voting, 1 accepted, 2 enacted, 3 expired, 4 failed
    }

    struct Provider {
        address account;
        uint64 number;
        string name;
        string region;
        string endpoint;
        uint64 createdAt;
        uint64 gpus;
        uint64 listedGpus;
        uint64 nextGpuNumber;
        Liveness liveness;
        uint64 stakers;
        uint256 staked;
        uint256 shares;
        uint256 unbondingShares;
        uint256 rewards;
        uint256 rewardIndex;
        uint64 closedBookings;
        uint64 faultedBookings;
        uint64 evictedBookings;
        uint64 closedServices;
        uint64 completedJobs;
        uint256 earned;
        uint64 reviews;
        uint64 ratingSum;
        uint256 weightedRating;
        uint256 ratingWeight;
    }

    struct Quote {
        uint256 pricePerHour;
        uint256 cost;
    }

    struct Review {
        uint64 id;
        uint8 subjectKind; // 0 booking, 1 service
        uint64 subjectId;
        uint64 gpuId;
        address provider;
        address customer;
        uint8 rating;
        string comment;
        uint256 weight;
        uint64 createdAt;
        bool hidden;
        string hiddenReason;
    }

    struct Roles {
        address[] arbitrators;
        address[] moderators;
        address[] coordinators;
    }

    struct RolesView {
        Roles roles;
        address[] validators;
    }

    struct Service {
        uint64 id;
        address provider;
        ServiceSpec spec;
        uint64 createdAt;
        uint8 lastState; // 0 open, 1 assigned, 2 delivered, 3 settled, 4 cancelled, 5 expired, 6 disputed, 7 resolved
        uint64 deadline;
        address customer;
        uint64 bidId;
        uint256 locked;
        FeeRates rates;
        uint64 offerId;
        uint64 capacity;
        uint256 collateral;
        uint64 disputeId;
        uint256 frozen;
        bytes32 resultDigest;
        string resultUri;
        uint64 closedAt;
        uint256 paid;
        uint256 fee;
        uint256 refund;
        uint64 reviewId;
    }

    struct ServiceSpec {
        string name;
        string category;
        uint256 price;
        string description;
        string parameters;
        uint64 deliveryTime;
        uint64 lifetime;
    }

    struct ServiceView {
        Service service;
        uint8 state; // 0 open, 1 assigned, 2 delivered, 3 settled, 4 cancelled, 5 expired, 6 disputed, 7 resolved
    }

    struct StakeView {
        uint256 staked;
        uint256 rewards;
    }

    struct SyncResult {
        uint64[] offerIds;
        uint64 nextGpuId;
    }

    struct Totals {
        uint256 held;
        uint256 fees;
        uint256 paid;
        uint256 burned;
        uint256 minted;
        uint64 providers;
        uint64 watchedProviders;
        uint64 gpus;
        uint64 listedGpus;
        uint64 openBookings;
        uint64 openBids;
        uint64 openServices;
        uint64 openOffers;
        uint64 openDisputes;
        uint64 openJobs;
        uint64 openAuctions;
        uint64 openProposals;
        uint64 deadlines;
    }

    struct Vote {
        address arbitrator;
        uint16 customerBps;
    }

    /// A provider is known to the market.
    event ProviderRegistered(address indexed provider, string name, string region, string endpoint);
    /// A provider changed its particulars.
    event ProviderUpdated(address indexed provider, string name, string region, string endpoint);
    /// Money was locked in a provider's pool.
    event Staked(address indexed provider, address indexed staker, uint256 amount);
    /// Staked money is on its way back.
    event UnstakeStarted(address indexed provider, address indexed staker, uint64 indexed unbondingId, uint256 amount, uint64 availableAt);
    /// Staked money came back.
    event UnstakeFinished(address indexed staker, uint64 indexed unbondingId, uint256 amount);
    /// A staker took its share of the fees.
    event RewardsClaimed(address indexed provider, address indexed staker, uint256 amount);
    /// A provider is there; set bits are GPUs that do not work.
    event Heartbeat(address indexed provider, uint64 aliveUntil, bytes down);
    /// A provider is watched (again).
    event ProviderOnline(address indexed provider);
    /// A provider fell silent.
    event ProviderOffline(address indexed provider, uint64 indexed outageId, uint64 at);
    /// A silence that took bookings with it cost the pool something, unless too many fell silent together.
    event OutageJudged(uint64 indexed outageId, address indexed provider, bool forgiven, uint256 slashed);
    /// A customer got its loss, or a part of it, back from a slash.
    event CustomerCompensated(uint64 indexed outageId, uint64 indexed bookingId, address indexed customer, uint256 amount);
    /// The rest of a slash was burned.
    event OutageOver(uint64 indexed outageId, address indexed provider, uint256 compensated, uint256 burned);
    /// Repeated faults keep a provider off the market.
    event ProviderJailed(address indexed provider, uint64 until);
    /// A GPU is on the market.
    event GpuRegistered(uint64 indexed gpuId, address indexed provider, string model, string region, uint256 pricePerHour);
    /// A GPU's description or price changed.
    event GpuUpdated(uint64 indexed gpuId, address indexed provider, uint256 pricePerHour);
    /// A GPU was delisted, relisted or retired.
    event GpuListingChanged(uint64 indexed gpuId, address indexed provider, uint8 listing);
    /// A GPU was booked.
    event BookingCreated(uint64 indexed bookingId, uint64 indexed gpuId, address indexed customer, uint64 start, uint64 end, uint256 pricePerHour, uint256 locked);
    /// A booking's time began.
    event BookingStarted(uint64 indexed bookingId, uint64 indexed gpuId);
    /// A booking ends later.
    event BookingExtended(uint64 indexed bookingId, uint64 indexed gpuId, uint64 end, uint256 locked);
    /// A booking is over: what the provider got, the fee, what the customer got back.
    event BookingClosed(uint64 indexed bookingId, uint64 indexed gpuId, address indexed customer, uint8 state, uint64 usedSeconds, uint256 paid, uint256 fee, uint256 refund);
    /// A better bid takes over an interruptible booking then.
    event BookingEvictionNoticed(uint64 indexed bookingId, uint64 indexed gpuId, uint64 evictAt);
    /// A bid's amount is locked.
    event BidPlaced(uint64 indexed bidId, address indexed bidder, uint8 targetKind, uint64 targetId, uint256 amount, uint64 expiresAt);
    /// A bid won: on a GPU it became the booking, elsewhere it got the service.
    event BidAccepted(uint64 indexed bidId, address indexed bidder, uint64 bookingId, uint64 serviceId);
    /// A bid lost, expired or was withdrawn.
    event BidClosed(uint64 indexed bidId, address indexed bidder, uint8 state, uint256 refund);
    /// A service is offered.
    event ServiceCreated(uint64 indexed serviceId, address indexed provider, string name, string category, uint256 price);
    /// A service's description or price changed.
    event ServiceUpdated(uint64 indexed serviceId, address indexed provider, uint256 price);
    /// A service has its customer.
    event ServiceAssigned(uint64 indexed serviceId, address indexed customer, uint64 indexed bidId, uint256 amount, uint64 deliverBy);
    /// A service's result is there.
    event ServiceDelivered(uint64 indexed serviceId, address indexed customer, bytes32 resultDigest, string resultUri, uint64 settlesAt);
    /// A service is over.
    event ServiceClosed(uint64 indexed serviceId, address indexed provider, address indexed customer, uint8 state, uint256 paid, uint256 fee, uint256 refund);
    /// Capacity is offered.
    event OfferCreated(uint64 indexed offerId, address indexed provider, uint64 indexed gpuId, uint64 capacity, uint256 price);
    /// An offer takes no more bids.
    event OfferClosed(uint64 indexed offerId, address indexed provider);
    /// A customer froze what it contests.
    event DisputeOpened(uint64 indexed disputeId, address indexed customer, address indexed provider, uint8 subjectKind, uint64 subjectId, uint256 contested, uint256 bond, uint64 deadline);
    /// An arbitrator gave its opinion.
    event DisputeVoted(uint64 indexed disputeId, address indexed arbitrator, uint16 customerBps);
    /// What was contested is divided.
    event DisputeClosed(uint64 indexed disputeId, address indexed customer, address indexed provider, uint8 state, uint16 customerBps, uint256 paid, uint256 fee, uint256 refund, bool bondReturned);
    /// Work is asked for and paid into escrow.
    event JobSubmitted(uint64 indexed jobId, address indexed customer, address indexed provider, string jobType, uint256 payment, uint64 expiresAt);
    /// A provider runs a job.
    event JobStarted(uint64 indexed jobId, address indexed customer, address indexed provider);
    /// A job is over.
    event JobClosed(uint64 indexed jobId, address indexed customer, address indexed provider, uint8 state, bytes32 resultDigest, uint256 paid, uint256 fee, uint256 refund);
    /// Attested work was rewarded.
    event ReceiptClaimed(uint64 indexed jobId, address indexed provider, uint64 units, uint256 minted, uint256 toCoordinators);
    /// An auction is open.
    event AuctionCreated(uint64 indexed auctionId, address indexed creator, uint64 indexed gpuId, string auctionType, string title, uint256 price, uint64 deadline);
    /// A bid counts.
    event AuctionBidPlaced(uint64 indexed auctionId, address indexed bidder, uint256 amount);
    /// A sealed bid was placed.
    event BidCommitted(uint64 indexed auctionId, address indexed bidder, bytes32 commitment);
    /// A sealed bid was opened.
    event BidRevealed(uint64 indexed auctionId, address indexed bidder, uint256 amount);
    /// An auction is over.
    event AuctionClosed(uint64 indexed auctionId, address indexed creator, address indexed winner, uint8 state, uint256 price, uint64 bookingId, uint64 serviceId);
    /// What an hour of a model cost in an epoch.
    event PriceIndex(uint64 indexed modelNumber, string model, uint64 epochEnd, uint256 pricePerHour, uint64 bookings, uint64 gpuSeconds);
    /// A signed order became a booking.
    event OrderFilled(address indexed signer, uint64 indexed nonce, uint64 indexed bookingId);
    /// A signed order is void.
    event OrderCancelled(address indexed signer, uint64 indexed nonce);
    /// A change of the rules is proposed.
    event Proposed(uint64 indexed proposalId, address indexed proposer, string subject, uint256 value, address account, uint64 deadline);
    /// A validator agreed.
    event ProposalApproved(uint64 indexed proposalId, address indexed validator);
    /// A majority agreed; the change takes effect then.
    event ProposalAccepted(uint64 indexed proposalId, uint64 effectiveAt);
    /// A change took effect, found no majority, or makes no sense any more.
    event ProposalClosed(uint64 indexed proposalId, uint8 state);
    /// A customer judged finished work.
    event ReviewAdded(uint64 indexed reviewId, address indexed provider, address indexed customer, uint8 subjectKind, uint64 subjectId, uint8 rating);
    /// A review counts no longer.
    event ReviewHidden(uint64 indexed reviewId, address indexed provider, address indexed moderator, string reason);

    /// The arguments are not the call's, in strict ABI encoding.
    error InvalidCalldata(string reason);
    /// No call has this selector.
    error UnknownCall(bytes4 selector);
    /// Calls carry no value; locks are taken from the caller's balance.
    error NotPayable();
    /// The caller cannot pay what the call would lock.
    error InsufficientBalance(address account, uint256 required, uint256 available);
    /// A price times a time, or a sum, exceeds 128 bits.
    error AmountOverflow();
    /// A text is too long.
    error TextTooLong(string argument, uint64 maximumBytes);
    /// A text that must not be empty is.
    error TextMissing(string argument);
    /// A list has too many elements.
    error ListTooLong(string argument, uint64 maximum);
    /// A number is outside of its range.
    error OutOfRange(string argument, uint256 value, uint256 minimum, uint256 maximum);
    /// The category registry has no such id.
    error UnknownCategory(string category);
    /// The pricing registry has no such name.
    error UnknownPricingStrategy(string strategy);
    /// The caller is registered already.
    error ProviderExists(address provider);
    /// Nobody registered under this address.
    error ProviderNotFound(address provider);
    /// Too little is (or would be) staked on the provider.
    error StakeTooLow(address provider, uint256 required, uint256 staked);
    /// The caller has less than that staked on the provider.
    error StakeNotFound(address provider, address staker, uint256 staked);
    /// No reward is due.
    error NothingToClaim(address provider, address staker);
    /// A heartbeat names one of the last 256 blocks.
    error NotARecentBlock(bytes32 hash);
    /// The heartbeat is late: what the silence interrupted is closed first.
    error OutageBeingClosed(address provider, uint64 since);
    /// No outage has this id.
    error OutageNotFound(uint64 outageId);
    /// No GPU has this id.
    error GpuNotFound(uint64 gpuId);
    /// Device ids are unique.
    error DeviceAlreadyRegistered(string deviceId, uint64 gpuId);
    /// Only the GPU's provider may do that.
    error NotGpuProvider(uint64 gpuId, address caller);
    /// The GPU is delisted, retired or offline.
    error GpuNotListed(uint64 gpuId, uint8 status);
    /// The GPU is listed.
    error GpuAlreadyListed(uint64 gpuId);
    /// Open bookings keep the GPU from retiring.
    error GpuHasBookings(uint64 gpuId, uint64 count);
    /// A provider cannot book its own GPU.
    error OwnGpu(uint64 gpuId);
    /// The price is above the caller's maximum.
    error PriceAboveMaximum(uint64 gpuId, uint256 pricePerHour, uint256 maximum);
    /// Another booking overlaps the time.
    error GpuNotFree(uint64 gpuId, uint64 start, uint64 end, uint64 bookingId);
    /// The GPU has no room for another booking.
    error ScheduleFull(uint64 gpuId, uint64 maximum);
    /// The GPU has an open auction.
    error GpuInAuction(uint64 gpuId, uint64 auctionId);
    /// A GPU does not become another model.
    error ModelIsFixed(uint64 gpuId, string model);
    /// No GPU of this model was ever registered.
    error ModelNotFound(string model);
    /// No booking has this id.
    error BookingNotFound(uint64 bookingId);
    /// Only the booking's customer may do that.
    error NotBookingCustomer(uint64 bookingId, address caller);
    /// The booking is not in a state for that.
    error WrongBookingState(uint64 bookingId, uint8 state);
    /// The booking ends later.
    error BookingNotDue(uint64 bookingId, uint64 due);
    /// A booking cannot start before now.
    error StartInPast(uint64 start, uint64 now);
    /// The GPU's price has risen above the booking's; book the time anew.
    error PriceChanged(uint64 bookingId, uint256 booked, uint256 current);
    /// The booking has notice to leave.
    error UnderNotice(uint64 bookingId, uint64 evictAt);
    /// No bid has this id.
    error BidNotFound(uint64 bidId);
    /// Bids: a GPU (0), a service (1), an offer (2). Jobs: anyone (0), a service (1), a booking (2).
    error UnknownTargetKind(uint8 targetKind);
    /// A provider cannot bid on its own offer.
    error OwnTarget(uint8 targetKind, uint64 targetId);
    /// The target takes no bids now.
    error TargetNotOpen(uint8 targetKind, uint64 targetId);
    /// The bid book is full; a bid must beat the lowest.
    error BidTooLow(uint256 minimum);
    /// Only the bidder may do that.
    error NotBidder(uint64 bidId, address caller);
    /// Only the provider of the bid's target may do that.
    error NotTargetProvider(uint64 bidId, address caller);
    /// The bid is closed.
    error BidNotOpen(uint64 bidId, uint8 state);
    /// No service has this id.
    error ServiceNotFound(uint64 serviceId);
    /// Only the service's provider may do that.
    error NotServiceProvider(uint64 serviceId, address caller);
    /// Only the service's customer may do that.
    error NotServiceCustomer(uint64 serviceId, address caller);
    /// The service is not in a state for that.
    error WrongServiceState(uint64 serviceId, uint8 state);
    /// No offer has this id.
    error OfferNotFound(uint64 offerId);
    /// Only the offer's provider may do that.
    error NotOfferProvider(uint64 offerId, address caller);
    /// The offer was closed before.
    error OfferIsClosed(uint64 offerId);
    /// No dispute has this id.
    error DisputeNotFound(uint64 disputeId);
    /// The dispute is over.
    error DisputeIsClosed(uint64 disputeId, uint8 state);
    /// Only arbitrators who are no party to it decide a dispute.
    error NotArbitrator(uint64 disputeId, address caller);
    /// Arbitrators vote once.
    error AlreadyVoted(uint64 disputeId, address caller);
    /// No job has this id.
    error JobNotFound(uint64 jobId);
    /// The job is not in a state for that.
    error WrongJobState(uint64 jobId, uint8 state);
    /// Only the job's provider may do (or sign) that.
    error NotJobProvider(uint64 jobId, address caller);
    /// Only the job's customer may do that.
    error NotJobCustomer(uint64 jobId, address caller);
    /// A customer does not run its own job.
    error OwnJob(uint64 jobId);
    /// A signature is not 65 bytes r, s, v of some key.
    error BadSignature();
    /// The job's receipt was claimed before.
    error ReceiptClaimed(uint64 jobId);
    /// The job reported no units of work.
    error NothingToMint(uint64 jobId);
    /// A majority of the coordinators must attest.
    error TooFewAttestations(uint64 given, uint64 required);
    /// An attestation is not a coordinator's.
    error NotCoordinator(address signer);
    /// Attestations ascend by signer, each once.
    error AttestationsOutOfOrder(address signer);
    /// The auction registry has no such type.
    error UnknownAuctionType(string auctionType);
    /// A parameter does not fit the auction's type.
    error BadAuctionParameter(string parameter, uint256 value, string reason);
    /// No auction has this id.
    error AuctionNotFound(uint64 auctionId);
    /// The auction is over, or has bids and cannot be cancelled.
    error AuctionNotOpen(uint64 auctionId, uint8 state);
    /// The creator does not bid.
    error OwnAuction(uint64 auctionId);
    /// Only the creator may do that.
    error NotAuctionCreator(uint64 auctionId, address caller);
    /// The bid breaks a rule of the auction's type; amount is what would do, where that helps.
    error AuctionRefused(uint64 auctionId, string reason, uint256 amount);
    /// The order was filled or cancelled.
    error OrderUsed(address signer, uint64 nonce);
    /// The order is void by now.
    error OrderExpired(uint64 expiry, uint64 now);
    /// The signature is somebody else's.
    error WrongSigner(address expected, address signer);
    /// The order is for one customer only.
    error NotForCaller(address customer, address caller);
    /// Refunds cannot go to the contract itself.
    error BadRefundAddress();
    /// Only validators of the block propose and approve.
    error NotValidator(address caller);
    /// No parameter or role has this name.
    error UnknownParameter(string subject);
    /// The change would make no sense.
    error BadParameterValue(string subject, uint256 value, address account);
    /// No proposal has this id.
    error ProposalNotFound(uint64 proposalId);
    /// The vote is over.
    error ProposalNotOpen(uint64 proposalId, uint8 state);
    /// Validators approve once.
    error AlreadyApproved(uint64 proposalId, address caller);
    /// Reviews are about a booking (0) or a service (1).
    error UnknownSubjectKind(uint8 subjectKind);
    /// Only finished work is reviewed.
    error NotFinished(uint8 subjectKind, uint64 subjectId);
    /// It has its one review.
    error AlreadyReviewed(uint8 subjectKind, uint64 subjectId, uint64 reviewId);
    /// No review has this id.
    error ReviewNotFound(uint64 reviewId);
    /// Only moderators hide reviews.
    error NotModerator(address caller);
    /// The review was hidden before.
    error ReviewIsHidden(uint64 reviewId);

    /// Makes the caller a provider. Registering a GPU, offering a service or staking on oneself does so too.
    function registerProvider(string calldata name, string calldata region, string calldata endpoint) external;

    /// Changes the caller's particulars as a provider.
    function updateProvider(string calldata name, string calldata region, string calldata endpoint) external;

    /// Locks money in a provider's pool. It earns a part of the fees and can be slashed.
    function stake(address provider, uint256 amount) external;

    /// Takes staked money out; it arrives by itself after the unbonding time.
    function unstake(address provider, uint256 amount) external returns (uint64 unbondingId);

    /// Pays out the caller's share of the fees that the pool received.
    function claimRewards(address provider) external returns (uint256 amount);

    /// Says that the caller's GPUs are there, all but those whose bits are set.
    function heartbeat(bytes calldata down, bytes32 recentBlock) external;

    /// Puts a GPU on the market. Empty category, strategy, refund share and durations take their defaults.
    function registerGpu(GpuSpec calldata spec) external returns (uint64 gpuId);

    /// Changes a GPU's description and price for bookings made from now on.
    function updateGpu(uint64 gpuId, GpuSpec calldata spec) external;

    /// Takes no more bookings and bids; those that there are go on.
    function delistGpu(uint64 gpuId) external;

    /// Puts a delisted GPU back.
    function relistGpu(uint64 gpuId) external;

    /// Ends a GPU without open bookings for good and frees its device id.
    function retireGpu(uint64 gpuId) external;

    /// Books a GPU from start (0: now) for a number of seconds and locks the cost.
    function bookGpu(uint64 gpuId, uint64 start, uint64 duration, uint256 maxPricePerHour, string calldata job) external returns (uint64 bookingId);

    /// Moves the end of a booking back by that many seconds, at its price.
    function extendBooking(uint64 bookingId, uint64 extra) external;

    /// Ends a booking before its start; all of the lock comes back.
    function cancelBooking(uint64 bookingId) external;

    /// Ends an active booking: used time is paid, unused time refunded in part.
    function releaseBooking(uint64 bookingId) external;

    /// Closes a booking that is due. Anyone may; end of block does it as well.
    function settleBooking(uint64 bookingId) external;

    /// Locks an amount as an offer for a GPU (0; for that many seconds), a service (1) or an offer (2).
    function placeBid(uint8 targetKind, uint64 targetId, uint256 amount, uint64 capacity, uint64 duration, string calldata notes, uint64 ttl) external returns (uint64 bidId);

    /// By the target's provider: on a GPU the bid becomes a booking from now on, a service is assigned to the bidder.
    function acceptBid(uint64 bidId) external returns (uint64 bookingId);

    /// Takes an open bid back, with its money.
    function withdrawBid(uint64 bidId) external;

    /// Offers a service. Delivery time and lifetime of the offer have defaults.
    function createService(ServiceSpec calldata spec) external returns (uint64 serviceId);

    /// Changes an open service; bids made on its old form lose.
    function updateService(uint64 serviceId, ServiceSpec calldata spec) external;

    /// Withdraws a service, or gives an assigned customer everything back.
    function closeService(uint64 serviceId) external;

    /// Says that the work is done; silence settles it later.
    function deliverService(uint64 serviceId, bytes32 resultDigest, string calldata resultUri) external;

    /// By the customer: pays the provider now.
    function settlePayment(uint64 serviceId) external;

    /// Offers capacity in words; accepted bids on it become services.
    function createOffer(OfferSpec calldata spec) external returns (uint64 offerId);

    /// Takes an offer back.
    function closeOffer(uint64 offerId) external;

    /// Makes offers of a provider's listed GPUs that have none, sixteen GPUs at a time.
    function syncOffers(address provider, uint64 firstGpuId) external returns (SyncResult memory result);

    /// Ends the caller's active booking (0) or service (1) and freezes what it contests; contested 0 means all that the provider would get.
    function openDispute(uint8 subjectKind, uint64 subjectId, uint256 contested, uint256 bond, bytes32 evidenceDigest, string calldata evidenceUri) external returns (uint64 disputeId);

    /// By an arbitrator: the customer's share. The quorum's median decides.
    function voteDispute(uint64 disputeId, uint16 customerBps) external;

    /// Pays work into escrow: for anyone (0), or the provider of an open or the caller's service (1) or of the caller's booking (2).
    function submitJob(JobSpec calldata spec, uint256 payment, uint8 targetKind, uint64 targetId, uint64 ttl) external returns (uint64 jobId);

    /// By the provider: runs a queued job.
    function startJob(uint64 jobId) external;

    /// By the provider: delivers the result and is paid.
    function completeJob(uint64 jobId, JobResult calldata result) external;

    /// By the provider: gives up; the customer is refunded.
    function failJob(uint64 jobId, string calldata reason) external;

    /// By the customer, before anybody began.
    function cancelJob(uint64 jobId) external;

    /// Mints what a completed job's attested work is worth, once.
    function claimReceipt(uint64 jobId, bytes calldata providerSignature, bytes[] calldata attestations) external returns (uint256 minted);

    /// Auctions a GPU's time or a piece of work, by any type of the registry.
    function createAuction(AuctionSpec calldata spec) external returns (uint64 auctionId);

    /// An open bid: the most that the bidder pays (dutch), the bid (english), the least that the provider takes (procurement).
    function bidAuction(uint64 auctionId, uint256 amount) external;

    /// A sealed bid: keccak256(abi.encode(auctionId, bidder, amount, salt)).
    function commitBid(uint64 auctionId, bytes32 commitment) external;

    /// Opens a sealed bid; its bond comes back.
    function revealBid(uint64 auctionId, uint256 amount, bytes32 salt) external;

    /// By the creator, while nobody has bid.
    function cancelAuction(uint64 auctionId) external;

    /// Books for the customer who signed the order (EIP-712).
    function fillBookingOrder(BookingOrder calldata order, bytes calldata signature, uint64 start) external returns (uint64 bookingId);

    /// Books for the caller at the price that the provider signed (EIP-712).
    function fillOfferOrder(OfferOrder calldata order, bytes calldata signature, uint64 start, uint64 duration, string calldata job) external returns (uint64 bookingId);

    /// Makes the caller's signed orders with this nonce void.
    function cancelOrder(uint64 nonce) external;

    /// By a validator: a parameter (by name) or a role's member (value 1 adds, 0 removes).
    function propose(string calldata subject, uint256 value, address account) external returns (uint64 proposalId);

    /// By a validator: a majority puts the change into force after the delay.
    function approve(uint64 proposalId) external;

    /// By the customer of a finished booking (0) or service (1), once: 1 to 5.
    function addReview(uint8 subjectKind, uint64 subjectId, uint8 rating, string calldata comment) external returns (uint64 reviewId);

    /// By a moderator: a review counts no longer.
    function hideReview(uint64 reviewId, string calldata reason) external;

    /// The chain's market parameters.
    function getParams() external view returns (Params memory params);

    /// Sums and counts over all records.
    function getTotals() external view returns (Totals memory totals);

    /// A provider and its pool.
    function getProvider(address account) external view returns (Provider memory provider);

    /// What an account has on a provider, and could claim.
    function getStake(address provider, address staker) external view returns (StakeView memory stake);

    /// A silence and what came of it.
    function getOutage(uint64 outageId) external view returns (Outage memory outage);

    /// A GPU with its present status and price.
    function getGpu(uint64 gpuId) external view returns (GpuView memory gpu);

    /// Whether a GPU can be booked for that time.
    function isAvailable(uint64 gpuId, uint64 start, uint64 end) external view returns (bool available);

    /// What a booking from now on would lock.
    function quoteBooking(uint64 gpuId, uint64 duration) external view returns (Quote memory quote);

    /// A booking with its present state.
    function getBooking(uint64 bookingId) external view returns (BookingView memory booking);

    /// A bid with its present state.
    function getBid(uint64 bidId) external view returns (BidView memory bid);

    /// A service with its present state.
    function getService(uint64 serviceId) external view returns (ServiceView memory service);

    /// An offer with its present state.
    function getOffer(uint64 offerId) external view returns (OfferView memory offer);

    /// A dispute with its present state.
    function getDispute(uint64 disputeId) external view returns (DisputeView memory dispute);

    /// A job with its present state.
    function getJob(uint64 jobId) external view returns (JobView memory job);

    /// What provider and coordinators sign for a completed job.
    function receiptDigest(uint64 jobId) external view returns (bytes32 digest);

    /// An auction with its present state and price.
    function getAuction(uint64 auctionId) external view returns (AuctionView memory auction);

    /// What commitBid takes.
    function bidCommitment(uint64 auctionId, address bidder, uint256 amount, bytes32 salt) external view returns (bytes32 commitment);

    /// A model's price index, history and recommended price.
    function getModelPricing(string calldata model) external view returns (ModelPricing memory pricing);

    /// Whether a signed order was filled or cancelled.
    function isNonceUsed(address signer, uint64 nonce) external view returns (bool used);

    /// What a customer signs.
    function bookingOrderDigest(BookingOrder calldata order) external view returns (bytes32 digest);

    /// What a provider signs.
    function offerOrderDigest(OfferOrder calldata order) external view returns (bytes32 digest);

    /// A proposal with its present state.
    function getProposal(uint64 proposalId) external view returns (ProposalView memory proposal);

    /// Arbitrators, moderators, coordinators; and the validators, who govern.
    function getRoles() external view returns (RolesView memory roles);

    /// A review.
    function getReview(uint64 reviewId) external view returns (Review memory review);
}
