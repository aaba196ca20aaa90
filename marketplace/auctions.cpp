#include "marketplace/auctions.hpp"

#include "crypto/keccak.hpp"
#include "marketplace/booking_open.hpp"
#include "marketplace/categories.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/money.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/services.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxTitle = 128;
constexpr std::size_t kMaxDescription = 1'024;

const AuctionType& type_of(const Auction& auction) {
  const AuctionType* type = find_auction_type(auction.spec.type);
  AITBC_CHECK(type != nullptr, "an auction of an unknown type");
  return *type;
}

// ---- creating
Outcome<void> fill_parameters(const AuctionType& type, AuctionSpec& spec) {
  std::vector<AuctionParameter> filled;
  for (const ParameterSpec& known : type.parameters) {
    Amount value = known.fallback;
    for (const AuctionParameter& given : spec.parameters)
      if (given.name == known.name) value = given.value;
    if (value < known.minimum || value > known.maximum)
      return revert<"BadAuctionParameter">(std::string(known.name), value,
                                           std::string("is out of its range"));
    filled.push_back({std::string(known.name), value});
  }
  for (const AuctionParameter& given : spec.parameters) {
    const auto same = [&](const auto& each) { return each.name == given.name; };
    if (std::none_of(type.parameters.begin(), type.parameters.end(), same))
      return revert<"BadAuctionParameter">(given.name, given.value,
                                           std::string("is no parameter of this type"));
    if (std::count_if(spec.parameters.begin(), spec.parameters.end(), same) > 1)
      return revert<"BadAuctionParameter">(given.name, given.value, std::string("is given twice"));
  }
  spec.parameters = std::move(filled);
  return {};
}

Outcome<void> check_item(Context& c, const AuctionType& type, const AuctionSpec& spec) {
  if (spec.gpu.is_none()) {
    if (find_category(spec.category) == nullptr) return revert<"UnknownCategory">(spec.category);
    return check_range("duration", spec.duration, 1, c.params.max_delivery);
  }
  if (type.creator_buys) return revert<"OutOfRange">("gpuId", Amount(spec.gpu.value), Amount(), Amount());
  MARKET_ASSIGN(const Gpu gpu, find_gpu(c, spec.gpu));
  if (gpu.provider != c.caller) return revert<"NotGpuProvider">(spec.gpu, c.caller);
  if (gpu.listing == Listing::retired) return revert<"GpuNotListed">(spec.gpu, GpuStatus::retired);
  if (!gpu.auction.is_none()) return revert<"GpuInAuction">(spec.gpu, gpu.auction);
  return check_time(c, gpu, c.now(), spec.duration);
}

Outcome<void> check_spec(Context& c, const AuctionType& type, const AuctionSpec& spec) {
  MARKET_TRY(check_required_text("title", spec.title, kMaxTitle));
  MARKET_TRY(check_text("description", spec.description, kMaxDescription));
  MARKET_TRY(check_range("lifetime", spec.lifetime, 1, c.params.max_listing));
  return check_item(c, type, spec);
}

// The GPU, if one is auctioned, with this as its auction or without.
void mark_gpu(Context& c, const Auction& auction, AuctionId open) {
  if (auction.spec.gpu.is_none()) return;
  update(c, auction.spec.gpu, [&](Gpu& gpu) { gpu.auction = open; });
}

// ---- ending
void mark_over(Context& c, Auction& auction, AuctionState state, Seconds at) {
  auction.state = state;
  auction.closed_at = at;
  --c.totals.open_auctions;
  mark_gpu(c, auction, {});
}

// Turns the price, which the auction holds, into a booking. A delisted GPU will do: that keeps it free for
// its auction.
Outcome<void> award_gpu(Context& c, Auction& auction, const Move& move, Seconds at) {
  Gpu gpu = existing_gpu(c, auction.spec.gpu);
  if (gpu.listing == Listing::retired) return revert<"GpuNotListed">(gpu.id, GpuStatus::retired);
  const Liveness liveness = existing_provider(c, gpu.provider).liveness;
  const bool silent = silence_within(liveness, at, at + 1, c.now()).has_value();
  if (silent || at < liveness.jailed_until || is_down(liveness, gpu.number))
    return revert<"GpuNotListed">(gpu.id, GpuStatus::offline);
  const auto price = cost_per_hour(move.price, auction.spec.duration);
  if (!price) return revert<"AmountOverflow">();
  BookingRequest request;
  request.customer = *move.winner;
  request.refund_to = *move.winner;
  request.job = to_text(auction.id);
  request.start = at;
  request.duration = auction.spec.duration;
  request.price_per_hour = *price;
  request.locked = move.price;
  request.pay_now = false;
  MARKET_ASSIGN(auction.booking, open_booking(c, gpu, request));
  return {};
}

// Turns the price into a piece of work for the provider.
void award_work(Context& c, Auction& auction, const AuctionType& type, const Move& move, Seconds at) {
  Award award;
  award.at = at;
  award.provider = type.creator_buys ? *move.winner : auction.creator;
  award.customer = type.creator_buys ? auction.creator : *move.winner;
  award.amount = move.price;
  award.collateral = move.collateral;
  award.spec.name = auction.spec.title;
  award.spec.category = auction.spec.category;
  award.spec.price = move.price;
  award.spec.description = auction.spec.description;
  award.spec.parameters = to_text(auction.id);
  award.spec.delivery_time = auction.spec.duration;
  auction.service = award_service(c, award);
}

Outcome<void> award(Context& c, Auction& auction, const AuctionType& type, const Move& move, Seconds at) {
  if (auction.spec.gpu.is_none()) {
    award_work(c, auction, type, move, at);
  } else {
    MARKET_TRY(award_gpu(c, auction, move, at));
  }
  auction.money = difference(auction.money, sum(move.price, move.collateral));
  auction.winner = *move.winner;
  auction.price = move.price;
  mark_over(c, auction, AuctionState::sold, at);
  return {};
}

// Refunds and burns; the money of a sale is award()'s.
void pay_out(Context& c, Auction& auction, const Move& move) {
  for (const Move::Refund& refund : move.refunds) {
    auction.money = difference(auction.money, refund.amount);
    pay(c, refund.to, refund.amount);
  }
  if (move.burn.is_zero()) return;
  auction.money = difference(auction.money, move.burn);
  AITBC_CHECK(c.state.burn(kContract, move.burn), "the contract cannot burn what it holds");
  c.totals.burned = sum(c.totals.burned, move.burn);
}

// Carries out a move that the caller made.
Outcome<void> play(Context& c, Auction& auction, const AuctionType& type, const MoveOrRefusal& answer,
                   Seconds deadline_before) {
  if (!answer)
    return revert<"AuctionRefused">(auction.id, std::string(answer.error().reason), answer.error().amount);
  const Move& move = *answer;
  MARKET_TRY(lock(c, move.lock));
  auction.money = sum(auction.money, move.lock);
  pay_out(c, auction, move);
  unschedule(c, deadline_before, Kind::auction, auction.id.value);
  if (move.winner) {
    MARKET_TRY(award(c, auction, type, move, c.now()));
    AITBC_CHECK(auction.money.is_zero(), "an auction that is over holds money");
  } else {
    schedule(c, auction.deadline, Kind::auction, auction.id.value);
  }
  save(c, auction);
  return {};
}

void report_end(Context& c, const Auction& auction) {
  emit<"AuctionClosed">(c.logs, auction.id, auction.creator, auction.winner, auction.state, auction.price,
                        auction.booking, auction.service);
}

Outcome<Auction> find_auction(Context& c, AuctionId id) {
  if (auto auction = load(c.state, id)) return *std::move(auction);
  return revert<"AuctionNotFound">(id);
}

Outcome<Auction> find_open_auction(Context& c, AuctionId id) {
  MARKET_ASSIGN(Auction auction, find_auction(c, id));
  if (const AuctionState state = state_of(auction, c.now()); state != AuctionState::open)
    return revert<"AuctionNotOpen">(id, state);
  if (auction.creator == c.caller) return revert<"OwnAuction">(id);
  return auction;
}

// Closes the auction if its time is over, and tells whether it did.
bool close_if_due(Context& c, AuctionId id) {
  if (id.is_none()) return false;
  const auto auction = load(c.state, id);
  AITBC_CHECK(auction.has_value(), "a GPU names an unknown auction");
  if (state_of(*auction, c.now()) != AuctionState::closing) return false;
  unschedule(c, auction->deadline, Kind::auction, id.value);
  auction_due(c, id);
  return true;
}

Hash commitment_of(AuctionId id, const Address& bidder, Amount amount, const Hash& salt) {
  return keccak256(encode_abi({}, id, bidder, amount, salt));
}

}  // namespace

Outcome<AuctionId> create_auction(Context& c, const AuctionSpec& declared) {
  const AuctionType* type = find_auction_type(declared.type);
  if (type == nullptr) return revert<"UnknownAuctionType">(declared.type);
  Auction auction;
  auction.spec = declared;
  if (auction.spec.lifetime == 0) auction.spec.lifetime = c.params.default_auction;
  MARKET_TRY(fill_parameters(*type, auction.spec));
  MARKET_TRY(check_spec(c, *type, auction.spec));
  auction.creator = c.caller;
  auction.created_at = c.now();
  if (const auto fault = type->check(auction))
    return revert<"BadAuctionParameter">(std::string(fault->parameter), auction.parameter(fault->parameter),
                                         std::string(fault->reason));
  if (!type->creator_buys) save(c, provider_of_caller(c));
  auction.deadline = type->first_deadline(auction);
  auction.money = type->deposit(auction);
  MARKET_TRY(lock(c, auction.money));
  auction.id = AuctionId{take_id(c.state, Kind::auction)};
  schedule(c, auction.deadline, Kind::auction, auction.id.value);
  ++c.totals.open_auctions;
  mark_gpu(c, auction, auction.id);
  save(c, auction);
  emit<"AuctionCreated">(c.logs, auction.id, c.caller, auction.spec.gpu, auction.spec.type,
                         auction.spec.title, type->price(auction, c.now()), auction.deadline);
  return auction.id;
}

Outcome<void> bid_auction(Context& c, AuctionId id, Amount amount) {
  MARKET_ASSIGN(Auction auction, find_open_auction(c, id));
  const AuctionType& type = type_of(auction);
  if (type.bid == nullptr)
    return revert<"AuctionRefused">(id, "bids are sealed: commit, then reveal", Amount());
  MARKET_TRY(check_range("amount", amount, Amount(1), Amount::max()));
  if (type.creator_buys) save(c, provider_of_caller(c));
  const Seconds deadline = auction.deadline;
  ++auction.total_bids;
  MARKET_TRY(play(c, auction, type, type.bid(auction, c.caller, amount, c.now()), deadline));
  emit<"AuctionBidPlaced">(c.logs, id, c.caller, amount);
  if (auction.state == AuctionState::sold) report_end(c, auction);
  return {};
}

Outcome<void> commit_bid(Context& c, AuctionId id, const Hash& commitment) {
  MARKET_ASSIGN(Auction auction, find_open_auction(c, id));
  const AuctionType& type = type_of(auction);
  if (type.commit == nullptr) return revert<"AuctionRefused">(id, "bids are open", Amount());
  const Seconds deadline = auction.deadline;
  ++auction.total_bids;
  MARKET_TRY(play(c, auction, type, type.commit(auction, c.caller, commitment, c.now()), deadline));
  emit<"BidCommitted">(c.logs, id, c.caller, commitment);
  return {};
}

Outcome<void> reveal_bid(Context& c, AuctionId id, Amount amount, const Hash& salt) {
  MARKET_ASSIGN(Auction auction, find_open_auction(c, id));
  const AuctionType& type = type_of(auction);
  if (type.reveal == nullptr) return revert<"AuctionRefused">(id, "bids are open", Amount());
  const auto own = std::find_if(auction.bids.begin(), auction.bids.end(),
                                [&](const AuctionBid& bid) { return bid.bidder == c.caller; });
  if (own == auction.bids.end() || own->bond.is_zero())
    return revert<"AuctionRefused">(id, "the caller has no sealed bid left", Amount());
  if (own->commitment != commitment_of(id, c.caller, amount, salt))
    return revert<"AuctionRefused">(id, "amount and salt do not make the commitment", Amount());
  const Seconds deadline = auction.deadline;
  MARKET_TRY(play(c, auction, type, type.reveal(auction, c.caller, amount, c.now()), deadline));
  emit<"BidRevealed">(c.logs, id, c.caller, amount);
  return {};
}

Outcome<void> cancel_auction(Context& c, AuctionId id) {
  MARKET_ASSIGN(Auction auction, find_auction(c, id));
  if (auction.creator != c.caller) return revert<"NotAuctionCreator">(id, c.caller);
  const AuctionState state = state_of(auction, c.now());
  if (state != AuctionState::open || auction.total_bids > 0) return revert<"AuctionNotOpen">(id, state);
  unschedule(c, auction.deadline, Kind::auction, id.value);
  pay(c, auction.creator, auction.money);
  auction.money = {};
  mark_over(c, auction, AuctionState::cancelled, c.now());
  save(c, auction);
  report_end(c, auction);
  return {};
}

void auction_due(Context& c, AuctionId id) {
  auto auction = load(c.state, id);
  AITBC_CHECK(auction && deadline_of(*auction), "a closed auction has a deadline");
  const AuctionType& type = type_of(*auction);
  const Move move = type.close(*auction);
  pay_out(c, *auction, move);
  const bool sold = move.winner && award(c, *auction, type, move, auction->deadline).has_value();
  if (!sold) {
    // Also when the GPU is not free for the winner: whoever's money is left gets it back.
    if (move.winner) pay(c, *move.winner, auction->money);
    auction->money = {};
    mark_over(c, *auction, AuctionState::unsold, auction->deadline);
  }
  AITBC_CHECK(auction->money.is_zero(), "an auction that is over holds money");
  save(c, *auction);
  report_end(c, *auction);
}

Gpu after_auction(Context& c, Gpu gpu) {
  return close_if_due(c, gpu.auction) ? existing_gpu(c, gpu.id) : gpu;
}

void close_due_auction(Context& c, GpuId gpu) {
  // The closing of a booking changes the same GPU: it is not decoded again then.
  const Gpu* const stored = peek<Gpu>(c.state, record_key(Kind::gpu, gpu.value));
  AITBC_CHECK(stored != nullptr, "a record names an unknown GPU");
  close_if_due(c, stored->auction);
}

Outcome<AuctionView> get_auction(Context& c, AuctionId id) {
  MARKET_ASSIGN(Auction auction, find_auction(c, id));
  AuctionView view;
  view.state = state_of(auction, c.now());
  const bool open = view.state == AuctionState::open;
  view.current_price = open ? type_of(auction).price(auction, c.now()) : auction.price;
  view.next_change = open ? type_of(auction).next_change(auction, c.now()).value_or(0) : 0;
  view.auction = std::move(auction);
  return view;
}

Outcome<Hash> bid_commitment(Context& c, AuctionId id, const Address& bidder, Amount amount,
                             const Hash& salt) {
  MARKET_TRY(find_auction(c, id));
  return commitment_of(id, bidder, amount, salt);
}

}  // namespace aitbc::market
