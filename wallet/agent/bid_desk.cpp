#include "wallet/agent/bid_desk.hpp"

#include "codec/hex.hpp"

namespace aitbc::agent {
namespace {

using cli::JsonObject;
using cli::Outcome;

constexpr std::uint64_t kRetry_ms = 5'000;  // of bids whose GPU was not free

std::string purpose_of(std::uint64_t bid) { return "accept " + id_text("bid", bid); }

}  // namespace

// What the bid must be measured by; nullopt when its target is not this provider's.
Outcome<std::optional<BidTerms>> BidDesk::terms_of(const BidView& bid) {
  BidTerms terms{bid.amount, bid.capacity, bid.duration_seconds, {}};
  if (bid.target_kind == "service") {
    AITBC_ASSIGN(const ServiceView service, context_.chain.service(bid.target));
    if (service.provider != context_.account()) return std::optional<BidTerms>();
    terms.asked = min_bid_of(context_.config, service.name, service.price);
  } else if (bid.target_kind == "offer") {
    AITBC_ASSIGN(const OfferView offer, context_.chain.offer(bid.target));
    if (offer.provider != context_.account()) return std::optional<BidTerms>();
    terms.asked = offer.price;
  } else {
    AITBC_ASSIGN(const GpuView gpu, context_.chain.gpu(bid.target));
    if (hex::parse_address(gpu.document["provider"].text()).value_or(Address{}) != context_.account())
      return std::optional<BidTerms>();
    terms.capacity = 1;
    terms.asked = gpu.price_per_hour;
  }
  return std::optional(terms);
}

Outcome<void> BidDesk::consider(const BidView& bid) {
  AITBC_ASSIGN(const std::optional<BidTerms> terms, terms_of(bid));
  if (!terms) return {};
  const auto refusal = bid.target_kind == "service" ? refuse_service_bid(context_.config.policy, *terms)
                                                    : refuse_timed_bid(context_.config.policy, *terms);
  if (refusal) {
    context_.log.info("left a bid open: " + *refusal, {{"bid", id_text("bid", bid.id)}});
    return {};
  }
  wanted_.insert(bid.id);
  return {};
}

Outcome<void> BidDesk::take_in() {
  AITBC_ASSIGN(const std::uint64_t newest, context_.chain.newest("market_listBids"));
  if (newest < next_bid_) return {};
  AITBC_ASSIGN(const std::vector<BidView> bids, context_.chain.open_bids(next_bid_));
  for (const BidView& bid : bids) {
    AITBC_TRY(consider(bid));
  }
  next_bid_ = newest + 1;
  return {};
}

// False when the bid is not open any more.
Outcome<bool> BidDesk::consider_again(std::uint64_t id) {
  AITBC_ASSIGN(const BidView bid, context_.chain.bid(id));
  if (bid.state != "open") return false;
  AITBC_ASSIGN(const bool sent,
               context_.send(purpose_of(id), "acceptBid", JsonObject().number("bidId", id).str()));
  if (sent) context_.log.info("accepting a bid", {{"bid", id_text("bid", id)}});
  return true;
}

Outcome<void> BidDesk::tick() {
  const std::size_t before = wanted_.size();
  AITBC_TRY(take_in());
  if (wanted_.size() == before && context_.now_ms() < next_retry_ms_) return {};
  next_retry_ms_ = context_.now_ms() + kRetry_ms;
  for (auto bid = wanted_.begin(); bid != wanted_.end();) {
    bool is_open = true;
    if (!context_.sender.is_on_its_way(purpose_of(*bid))) {
      AITBC_ASSIGN(is_open, consider_again(*bid));
    }
    bid = is_open ? std::next(bid) : wanted_.erase(bid);
  }
  return {};
}

void BidDesk::on_sent(const Sent& sent) {
  if (!sent.purpose.starts_with("accept ") || !sent.receipt.succeeded) return;
  ++accepted_;
  const cli::Json event = sent.event("BidAccepted");
  context_.log.info("accepted a bid", {{"bid", event["bidId"].text()},
                                       {"booking", event["bookingId"].text()},
                                       {"service_id", event["serviceId"].text()}});
}

}  // namespace aitbc::agent
