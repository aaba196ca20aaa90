#include "marketplace/call_table.hpp"

#include <algorithm>

#include "marketplace/auctions.hpp"
#include "marketplace/bids.hpp"
#include "marketplace/bookings.hpp"
#include "marketplace/call_describe.hpp"
#include "marketplace/disputes.hpp"
#include "marketplace/governance.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/jobs.hpp"
#include "marketplace/liveness.hpp"
#include "marketplace/models.hpp"
#include "marketplace/offers.hpp"
#include "marketplace/orders.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/reviews.hpp"
#include "marketplace/services.hpp"

namespace aitbc::market {
namespace {

Outcome<Params> get_params(Context& c) { return c.params; }
Outcome<Totals> get_totals(Context& c) { return c.totals; }

std::vector<Call> make_calls() {
  return {
      // ---- providers and stake
      make_call<&register_provider>(
          {"registerProvider", "REGISTER_PROVIDER", 20'000, "name,region,endpoint", "",
           "Makes the caller a provider. Registering a GPU, offering a service or staking "
           "on oneself does so too."}),
      make_call<&update_provider>({"updateProvider", "UPDATE_PROVIDER", 14'000, "name,region,endpoint", "",
                                   "Changes the caller's particulars as a provider."}),
      make_call<&stake>(
          {"stake", "STAKE", 27'000, "provider,amount", "",
           "Locks money in a provider's pool. It earns a part of the fees and can be slashed."}),
      make_call<&unstake>({"unstake", "UNSTAKE", 30'000, "provider,amount", "unbondingId",
                           "Takes staked money out; it arrives by itself after the unbonding time."}),
      make_call<&claim_rewards>({"claimRewards", "CLAIM_REWARDS", 20'000, "provider", "amount",
                                 "Pays out the caller's share of the fees that the pool received."}),
      make_call<&heartbeat>({"heartbeat", "HEARTBEAT", 24'000, "down,recentBlock", "",
                             "Says that the caller's GPUs are there, all but those whose bits are set."}),
      // ---- GPUs
      make_call<&register_gpu>(
          {"registerGpu", "REGISTER_GPU", 50'000, "spec", "gpuId",
           "Puts a GPU on the market. Empty category, strategy, refund share and durations "
           "take their defaults."}),
      make_call<&update_gpu>({"updateGpu", "UPDATE_GPU", 27'000, "gpuId,spec", "",
                              "Changes a GPU's description and price for bookings made from now on."}),
      make_call<&delist_gpu>({"delistGpu", "DELIST_GPU", 20'000, "gpuId", "",
                              "Takes no more bookings and bids; those that there are go on."}),
      make_call<&relist_gpu>({"relistGpu", "RELIST_GPU", 17'000, "gpuId", "", "Puts a delisted GPU back."}),
      make_call<&retire_gpu>({"retireGpu", "RETIRE_GPU", 20'000, "gpuId", "",
                              "Ends a GPU without open bookings for good and frees its device id."}),
      // ---- bookings
      make_call<&book_gpu>({"bookGpu", "BOOK", 40'000, "gpuId,start,duration,maxPricePerHour,job",
                            "bookingId",
                            "Books a GPU from start (0: now) for a number of seconds and locks the cost."}),
      make_call<&extend_booking>({"extendBooking", "EXTEND", 27'000, "bookingId,extra", "",
                                  "Moves the end of a booking back by that many seconds, at its price."}),
      make_call<&cancel_booking>({"cancelBooking", "CANCEL", 27'000, "bookingId", "",
                                  "Ends a booking before its start; all of the lock comes back."}),
      make_call<&release_booking>(
          {"releaseBooking", "RELEASE", 30'000, "bookingId", "",
           "Ends an active booking: used time is paid, unused time refunded in part."}),
      make_call<&settle_booking>({"settleBooking", "SETTLE", 30'000, "bookingId", "",
                                  "Closes a booking that is due. Anyone may; end of block does it as well."}),
      // ---- bids
      make_call<&place_bid>({"placeBid", "BID", 37'000,
                             "targetKind,targetId,amount,capacity,duration,notes,ttl", "bidId",
                             "Locks an amount as an offer for a GPU (0; for that many seconds), a service "
                             "(1) or an offer (2)."}),
      make_call<&accept_bid>(
          {"acceptBid", "ACCEPT_BID", 50'000, "bidId", "bookingId",
           "By the target's provider: on a GPU the bid becomes a booking from now on, a service "
           "is assigned to the bidder."}),
      make_call<&withdraw_bid>(
          {"withdrawBid", "WITHDRAW_BID", 20'000, "bidId", "", "Takes an open bid back, with its money."}),
      // ---- services
      make_call<&create_service>(
          {"createService", "CREATE_SERVICE", 37'000, "spec", "serviceId",
           "Offers a service. Delivery time and lifetime of the offer have defaults."}),
      make_call<&update_service>({"updateService", "UPDATE_SERVICE", 27'000, "serviceId,spec", "",
                                  "Changes an open service; bids made on its old form lose."}),
      make_call<&close_service>({"closeService", "CLOSE_SERVICE", 27'000, "serviceId", "",
                                 "Withdraws a service, or gives an assigned customer everything back."}),
      make_call<&deliver_service>({"deliverService", "DELIVER", 20'000, "serviceId,resultDigest,resultUri",
                                   "", "Says that the work is done; silence settles it later."}),
      make_call<&settle_payment>({"settlePayment", "SETTLE_PAYMENT", 30'000, "serviceId", "",
                                  "By the customer: pays the provider now."}),
      // ---- offers
      make_call<&create_offer>({"createOffer", "CREATE_OFFER", 27'000, "spec", "offerId",
                                "Offers capacity in words; accepted bids on it become services."}),
      make_call<&close_offer>({"closeOffer", "CLOSE_OFFER", 20'000, "offerId", "", "Takes an offer back."}),
      make_call<&sync_offers>(
          {"syncOffers", "SYNC_OFFERS", 134'000, "provider,firstGpuId", "result",
           "Makes offers of a provider's listed GPUs that have none, sixteen GPUs at a time."}),
      // ---- disputes
      make_call<&open_dispute>(
          {"openDispute", "OPEN_DISPUTE", 50'000,
           "subjectKind,subjectId,contested,bond,evidenceDigest,evidenceUri", "disputeId",
           "Ends the caller's active booking (0) or service (1) and freezes what it contests; "
           "contested 0 means all that the provider would get."}),
      make_call<&vote_dispute>({"voteDispute", "VOTE_DISPUTE", 37'000, "disputeId,customerBps", "",
                                "By an arbitrator: the customer's share. The quorum's median decides."}),
      // ---- jobs
      make_call<&submit_job>(
          {"submitJob", "SUBMIT_JOB", 50'000, "spec,payment,targetKind,targetId,ttl", "jobId",
           "Pays work into escrow: for anyone (0), or the provider of an open or the caller's service (1) "
           "or of the caller's booking (2)."}),
      make_call<&start_job>(
          {"startJob", "START_JOB", 17'000, "jobId", "", "By the provider: runs a queued job."}),
      make_call<&complete_job>({"completeJob", "COMPLETE_JOB", 50'000, "jobId,result", "",
                                "By the provider: delivers the result and is paid."}),
      make_call<&fail_job>({"failJob", "FAIL_JOB", 24'000, "jobId,reason", "",
                            "By the provider: gives up; the customer is refunded."}),
      make_call<&cancel_job>(
          {"cancelJob", "CANCEL_JOB", 24'000, "jobId", "", "By the customer, before anybody began."}),
      // The provider's signature as in a signed order; each attestation's, and an account that is paid.
      make_call<&claim_receipt>({"claimReceipt", "CLAIM_RECEIPT", 84'000,
                                 "jobId,providerSignature,attestations", "minted",
                                 "Mints what a completed job's attested work is worth, once.", 50'000}),
      // ---- auctions
      make_call<&create_auction>({"createAuction", "CREATE_AUCTION", 50'000, "spec", "auctionId",
                                  "Auctions a GPU's time or a piece of work, by any type of the registry."}),
      make_call<&bid_auction>(
          {"bidAuction", "AUCTION_BID", 60'000, "auctionId,amount", "",
           "An open bid: the most that the bidder pays (dutch), the bid (english), the least that "
           "the provider takes (procurement)."}),
      make_call<&commit_bid>({"commitBid", "COMMIT_BID", 40'000, "auctionId,commitment", "",
                              "A sealed bid: keccak256(abi.encode(auctionId, bidder, amount, salt))."}),
      make_call<&reveal_bid>({"revealBid", "REVEAL_BID", 40'000, "auctionId,amount,salt", "",
                              "Opens a sealed bid; its bond comes back."}),
      make_call<&cancel_auction>({"cancelAuction", "CANCEL_AUCTION", 24'000, "auctionId", "",
                                  "By the creator, while nobody has bid."}),
      // ---- signed orders
      make_call<&fill_booking_order>({"fillBookingOrder", "FILL_BOOKING_ORDER", 84'000,
                                      "order,signature,start", "bookingId",
                                      "Books for the customer who signed the order (EIP-712)."}),
      make_call<&fill_offer_order>({"fillOfferOrder", "FILL_OFFER_ORDER", 84'000,
                                    "order,signature,start,duration,job", "bookingId",
                                    "Books for the caller at the price that the provider signed (EIP-712)."}),
      make_call<&cancel_order>({"cancelOrder", "CANCEL_ORDER", 17'000, "nonce", "",
                                "Makes the caller's signed orders with this nonce void."}),
      // ---- governance
      make_call<&propose>(
          {"propose", "PROPOSE", 34'000, "subject,value,account", "proposalId",
           "By a validator: a parameter (by name) or a role's member (value 1 adds, 0 removes)."}),
      make_call<&approve>({"approve", "APPROVE", 24'000, "proposalId", "",
                           "By a validator: a majority puts the change into force after the delay."}),
      // ---- reviews
      make_call<&add_review>({"addReview", "REVIEW", 30'000, "subjectKind,subjectId,rating,comment",
                              "reviewId",
                              "By the customer of a finished booking (0) or service (1), once: 1 to 5."}),
      make_call<&hide_review>({"hideReview", "HIDE_REVIEW", 20'000, "reviewId,reason", "",
                               "By a moderator: a review counts no longer."}),
      // ---- views
      make_call<&get_params>({"getParams", "", 10'000, "", "params", "The chain's market parameters."}),
      make_call<&get_totals>({"getTotals", "", 10'000, "", "totals", "Sums and counts over all records."}),
      make_call<&get_provider>(
          {"getProvider", "", 10'000, "account", "provider", "A provider and its pool."}),
      make_call<&get_stake>({"getStake", "", 10'000, "provider,staker", "stake",
                             "What an account has on a provider, and could claim."}),
      make_call<&get_outage>(
          {"getOutage", "", 10'000, "outageId", "outage", "A silence and what came of it."}),
      make_call<&get_gpu>({"getGpu", "", 15'000, "gpuId", "gpu", "A GPU with its present status and price."}),
      make_call<&is_available>({"isAvailable", "", 15'000, "gpuId,start,end", "available",
                                "Whether a GPU can be booked for that time."}),
      make_call<&quote_booking>(
          {"quoteBooking", "", 15'000, "gpuId,duration", "quote", "What a booking from now on would lock."}),
      make_call<&get_booking>(
          {"getBooking", "", 15'000, "bookingId", "booking", "A booking with its present state."}),
      make_call<&get_bid>({"getBid", "", 15'000, "bidId", "bid", "A bid with its present state."}),
      make_call<&get_service>(
          {"getService", "", 15'000, "serviceId", "service", "A service with its present state."}),
      make_call<&get_offer>({"getOffer", "", 15'000, "offerId", "offer", "An offer with its present state."}),
      make_call<&get_dispute>(
          {"getDispute", "", 15'000, "disputeId", "dispute", "A dispute with its present state."}),
      make_call<&get_job>({"getJob", "", 15'000, "jobId", "job", "A job with its present state."}),
      make_call<&receipt_digest>({"receiptDigest", "", 15'000, "jobId", "digest",
                                  "What provider and coordinators sign for a completed job."}),
      make_call<&get_auction>(
          {"getAuction", "", 15'000, "auctionId", "auction", "An auction with its present state and price."}),
      make_call<&bid_commitment>({"bidCommitment", "", 10'000, "auctionId,bidder,amount,salt", "commitment",
                                  "What commitBid takes."}),
      make_call<&get_model_pricing>({"getModelPricing", "", 20'000, "model", "pricing",
                                     "A model's price index, history and recommended price."}),
      make_call<&is_nonce_used>({"isNonceUsed", "", 10'000, "signer,nonce", "used",
                                 "Whether a signed order was filled or cancelled."}),
      make_call<&booking_order_digest>(
          {"bookingOrderDigest", "", 10'000, "order", "digest", "What a customer signs."}),
      make_call<&offer_order_digest>(
          {"offerOrderDigest", "", 10'000, "order", "digest", "What a provider signs."}),
      make_call<&get_proposal>(
          {"getProposal", "", 10'000, "proposalId", "proposal", "A proposal with its present state."}),
      make_call<&get_roles>({"getRoles", "", 10'000, "", "roles",
                             "Arbitrators, moderators, coordinators; and the validators, who govern."}),
      make_call<&get_review>({"getReview", "", 15'000, "reviewId", "review", "A review."}),
  };
}

const std::vector<Call>& table() {
  static const std::vector<Call> calls_by_page = make_calls();
  return calls_by_page;
}

using Entry = std::pair<abi::Selector, const Call*>;
std::vector<Entry> sorted_by_selector() {
  std::vector<Entry> out;
  for (const Call& call : table()) out.emplace_back(call.selector, &call);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Gas Call::gas_for(ByteView arguments) const {
  if (gas_per_item == 0) return gas;
  // The offset in the head leads to the number of elements. What is malformed is refused when it is decoded,
  // before it costs anything.
  const auto number_at = [&](std::uint64_t at) -> std::uint64_t {
    if (arguments.size() < abi::kWordSize || at > arguments.size() - abi::kWordSize) return 0;
    return read_be64(arguments.subspan(at + abi::kWordSize - sizeof(std::uint64_t)));
  };
  const std::uint64_t offset = number_at(last_word * abi::kWordSize);
  const std::uint64_t items = offset == 0 ? 0 : number_at(offset);
  return items > arguments.size() / abi::kWordSize ? gas : gas + items * gas_per_item;
}

std::span<const Call> calls() { return table(); }

const Call* find_call(const abi::Selector& selector) {
  static const std::vector<Entry> entries = sorted_by_selector();
  const auto at =
      std::lower_bound(entries.begin(), entries.end(), selector,
                       [](const Entry& entry, const abi::Selector& key) { return entry.first < key; });
  return at != entries.end() && at->first == selector ? at->second : nullptr;
}

const Call* find_call(std::string_view name) {
  const auto at =
      std::find_if(table().begin(), table().end(), [&](const Call& call) { return call.name == name; });
  return at == table().end() ? nullptr : &*at;
}

}  // namespace aitbc::market
