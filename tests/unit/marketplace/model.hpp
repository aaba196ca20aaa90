// The market's rules written a second time, as plainly as possible: maps, own arithmetic, one pass over all
// records where the real one keeps indexes. The property test drives both and compares. Only the vocabulary
// is shared: ids, states, what callers declare and the names of parameters.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "marketplace/tables.hpp"

namespace aitbc::market::test::model {

using U = uint128;  // base units
using Id = std::uint64_t;

struct Pool {
  std::map<Address, U> shares;
  std::map<Address, U> claimed;  // up to which index
  U staked = 0;
  U leaving = 0;  // shares on their way out
  U rewards = 0;
  U index = 0;  // reward per share, times 10^18
  U active() const;
  U worth(U some) const;
};

struct Who {  // a provider
  Id number = 0;
  Pool pool;
  Id next_gpu = 0;
  bool watched = false;
  bool online = false;
  Seconds last_beat = 0;
  Seconds alive_until = 0;
  Seconds silent_from = 0;
  Seconds silent_until = 0;
  Id closing = 0;
  Bytes down;
  Seconds jailed_until = 0;
  std::uint64_t faults = 0;
  Seconds last_fault = 0;
  std::uint64_t reviews = 0;
  std::uint64_t stars = 0;
  U weight = 0, weighted_stars = 0;
};

struct Card {  // a GPU
  Address owner;
  Id number = 0;
  Listing listing = Listing::listed;
  Id offer = 0;
  Id auction = 0;
  GpuSpec spec;
  std::uint64_t reviews = 0;
  std::uint64_t stars = 0;
  U weight = 0, weighted_stars = 0;
};

struct Rent {  // a booking
  Id gpu = 0;
  Address owner, customer, refund_to;
  Seconds start = 0, end = 0;
  U price = 0, locked = 0;
  U refund_bps = 0, take = 0, pool_bps = 0;
  bool interruptible = false, started = false, closed = false;
  Seconds evict_at = 0;
  U frozen = 0;
  Seconds frozen_until = 0;
  BookingState state = BookingState::scheduled;
  Seconds closed_at = 0;
  U paid = 0, fee = 0, refund = 0;
  Id review = 0;
  Seconds last() const { return evict_at == 0 ? end : evict_at; }
};

struct Offered {
  Address owner;
  Id gpu = 0;
  U price = 0;
  std::uint64_t capacity = 0, reserved = 0;
  bool closed = false;
};

struct Work {  // a service
  Address owner, customer;
  ServiceState state = ServiceState::open;
  Seconds deadline = 0, delivery = 0;
  U locked = 0, take = 0, pool_bps = 0, collateral = 0, frozen = 0;
  Id offer = 0;
  std::uint64_t capacity = 0;
  U paid = 0, fee = 0, refund = 0;
  Id review = 0;
  bool running() const { return state <= ServiceState::delivered; }
};

struct Wish {  // a bid
  Address bidder;
  TargetKind kind = TargetKind::gpu;
  Id target = 0;
  U amount = 0, score = 0;
  std::uint64_t capacity = 0;
  Seconds duration = 0, expires = 0;
  BidState state = BidState::open;
};

struct Quarrel {  // a dispute
  SubjectKind kind = SubjectKind::booking;
  Id subject = 0;
  Address customer, refund_to, owner;
  U bond = 0, gross = 0, kept = 0, take = 0, pool_bps = 0;
  Seconds deadline = 0;
  std::size_t quorum = 0;
  std::map<Address, std::uint16_t> votes;
  DisputeState state = DisputeState::open;
};

struct Task {  // a job
  Address customer, owner;
  JobTarget kind = JobTarget::anyone;
  U payment = 0, take = 0, pool_bps = 0;
  Seconds expires = 0;
  JobState state = JobState::queued;
  U paid = 0, fee = 0, refund = 0;
  std::uint64_t units = 0;
  bool claimed = false;
};

struct Sale {  // an auction
  std::string type;
  Address creator;
  Id gpu = 0;
  Seconds created = 0, deadline = 0, lifetime = 0, duration = 0;
  std::map<std::string, U> set;  // its parameters
  AuctionState state = AuctionState::open;
  std::uint64_t bids = 0;
  Address leader;
  U lead = 0, second = 0;
  struct Sealed {
    U amount = 0;  // as committed; the model knows what is in the envelope
    bool open = false;
  };
  std::map<Address, Sealed> sealed;
  Id booking = 0, service = 0;
};

struct Motion {  // a proposal
  std::string subject;
  U value = 0;
  Address account;
  Seconds deadline = 0;
  std::set<Address> approvals;
  ProposalState state = ProposalState::voting;
};

struct Opinion {  // a review
  Id gpu = 0;
  Address owner;
  std::uint8_t stars = 0;
  U weight = 0;  // what was paid
  bool hidden = false;
};

struct Leaving {  // an unbonding
  Address owner, staker;
  U shares = 0;
};

struct Silence {  // an outage
  Address owner;
  Seconds at = 0, last_beat = 0;
  OutagePhase phase = OutagePhase::closing;
  std::map<Id, std::pair<Address, U>> harmed;  // booking -> whom, how much
  std::uint64_t faulted = 0;
};

struct Epoch {
  std::uint64_t bookings = 0;
  Seconds seconds = 0;
  std::map<std::pair<Address, Address>, std::pair<U, Seconds>> pairs;
};
struct Model {
  Id number = 0;
  std::uint64_t listed = 0, busy = 0;
  std::vector<U> history;
};

class World {
 public:
  Params rules;
  Roles roles;
  std::vector<Address> validators;  // of the present block
  Seconds now = 0;
  std::map<Address, U> money;
  U burned = 0, minted = 0;
  std::map<std::string, std::uint64_t> happened;  // automatic transitions, by name

  std::map<Address, Who> providers;
  std::map<Id, Card> gpus;
  std::map<Id, Rent> bookings;
  std::map<Id, Offered> offers;
  std::map<Id, Work> services;
  std::map<Id, Wish> bids;
  std::map<Id, Quarrel> disputes;
  std::map<Id, Task> jobs;
  std::map<Id, Sale> auctions;
  std::map<Id, Motion> proposals;
  std::map<Id, Opinion> reviews;
  std::map<Id, Leaving> unbondings;
  std::map<Id, Silence> outages;
  std::map<std::string, Model> models;
  std::set<std::pair<Address, std::uint64_t>> nonces;

  // ---- calls: whether they succeed. A call that fails changes nothing.
  bool register_provider(const Address& who);
  bool update_provider(const Address& who) { return providers.contains(who); }
  bool stake(const Address& who, const Address& on, U amount);
  bool unstake(const Address& who, const Address& on, U amount);
  bool claim_rewards(const Address& who, const Address& on);
  bool heartbeat(const Address& who, const Bytes& down, bool recent);
  bool register_gpu(const Address& who, GpuSpec spec);
  bool update_gpu(const Address& who, Id id, GpuSpec spec);
  bool delist_gpu(const Address& who, Id id);
  bool relist_gpu(const Address& who, Id id);
  bool retire_gpu(const Address& who, Id id);
  bool book(const Address& who, const Address& refund_to, Id gpu, Seconds start, Seconds duration, U maximum);
  bool extend(const Address& who, Id id, Seconds extra);
  bool cancel(const Address& who, Id id);
  bool release(const Address& who, Id id);
  bool settle(Id id);
  bool place_bid(const Address& who, int kind, Id target, U amount, std::uint64_t capacity, Seconds duration,
                 Seconds ttl);
  bool accept_bid(const Address& who, Id id);
  bool withdraw_bid(const Address& who, Id id);
  bool create_service(const Address& who, const ServiceSpec& spec);
  bool update_service(const Address& who, Id id, const ServiceSpec& spec);
  bool close_service(const Address& who, Id id);
  bool deliver(const Address& who, Id id);
  bool settle_payment(const Address& who, Id id);
  bool create_offer(const Address& who, std::uint64_t capacity, U price);
  bool close_offer(const Address& who, Id id);
  bool sync_offers(const Address& provider, Id first);
  bool open_dispute(const Address& who, int kind, Id subject, U contested, U bond);
  bool vote(const Address& who, Id id, std::uint16_t bps);
  bool submit_job(const Address& who, U payment, int kind, Id target, Seconds ttl);
  bool start_job(const Address& who, Id id);
  bool complete_job(const Address& who, Id id, std::uint64_t units);
  bool fail_job(const Address& who, Id id);
  bool cancel_job(const Address& who, Id id);
  bool claim_receipt(Id id, const Address& signer, const std::vector<Address>& attesters);
  bool create_auction(const Address& who, const AuctionSpec& spec);
  bool bid_auction(const Address& who, Id id, U amount);
  bool commit(const Address& who, Id id, U amount);
  bool reveal(const Address& who, Id id, U amount);
  bool cancel_auction(const Address& who, Id id);
  bool fill_booking_order(const Address& customer, const Address& refund_to, std::uint64_t nonce, Id gpu,
                          Seconds start, Seconds duration, U maximum, Seconds from, Seconds until,
                          Seconds expiry);
  bool fill_offer_order(const Address& owner, const Address& caller, std::uint64_t nonce, Id gpu,
                        Seconds start, Seconds duration, U price, Seconds from, Seconds until,
                        Seconds expiry);
  bool cancel_order(const Address& who, std::uint64_t nonce);
  bool propose(const Address& who, const std::string& subject, U value, const Address& account);
  bool approve(const Address& who, Id id);
  bool review(const Address& who, int kind, Id subject, std::uint8_t stars);
  bool hide(const Address& who, Id id);

  // ---- what a view would say
  GpuStatus status(const Card& gpu) const;
  U price(const Card& gpu) const;
  BookingState state(const Rent& booking) const;
  ServiceState state(const Work& service) const;
  BidState state(const Wish& bid) const;
  JobState state(const Task& job) const;
  AuctionState state(const Sale& auction) const;
  bool is_free(Id gpu, Seconds start, Seconds end, Seconds as_of) const;

  // Everything that is due, in the order of its time.
  void end_block();
  // What all open records lock.
  U locked() const;

 private:
  using Due = std::tuple<Seconds, int, Id>;
  std::set<Due> due_;
  std::map<Kind, Id> last_;
  std::vector<std::pair<Seconds, std::uint64_t>> silences_;  // when, and how many were watched
  std::map<std::pair<Id, Seconds>, Epoch> epochs_;

  Id next(Kind kind) { return ++last_[kind]; }
  void plan(Seconds at, Kind kind, Id id) { due_.insert({at, static_cast<int>(kind), id}); }
  void unplan(Seconds at, Kind kind, Id id) { due_.erase({at, static_cast<int>(kind), id}); }
  bool take(const Address& from, U amount);
  Who& provider_of(const Address& who);
  Model& model_of(const std::string& name);

  // ---- money
  struct Split {
    U paid = 0, fee = 0, refund = 0;
  };
  Split pay_out(const Address& owner, const Address& to, U locked, U gross, U kept, U take, U pool_bps);
  void pay_rewards(Who& provider, const Address& staker);

  // ---- presence
  std::optional<Seconds> silence(const Who& who, Seconds start, Seconds end, Seconds as_of) const;
  bool is_down(const Who& who, Id number) const;
  bool in_outage(const Who& who) const;
  void fall_silent(Id number);
  void outage_due(Id id);
  void judge(Silence& outage);
  U compensate(const Silence& outage, U slashed);

  // ---- GPUs and bookings
  bool enough_stake(const Who& who) const;
  bool spec_is_fine(GpuSpec& spec) const;
  void list(Card& gpu, Listing listing);
  bool duration_is_fine(const Card& gpu, Seconds duration) const;
  bool time_is_fine(const Card& gpu, Seconds start, Seconds duration) const;
  Id conflict(Id gpu, Seconds start, Seconds end, Seconds as_of) const;
  bool has_room(Id gpu, Seconds as_of) const;
  Id open_booking(Id gpu, const Address& who, const Address& refund_to, Seconds start, Seconds duration,
                  U price, U locked);
  std::pair<U, U> usage(const Rent& booking, Seconds used, U refund_bps) const;
  void close_booking(Id id, Seconds at, BookingState state, U gross, U kept);
  void end_booking(Id id);
  void fault_booking(Id id, Seconds at);
  void booking_due(Id id);
  void count_use(const Rent& booking, U gross);
  void epoch_due(Id model, Seconds end);
  // The GPU's auction is closed first when it is over. True when one was.
  bool auction_first(Id gpu);
  // Runs a call on a GPU whose auction may be over: nothing is left of that when the call fails.
  bool after_auction(Id gpu, const std::function<bool()>& call);

  // ---- bids, services, offers, auctions
  void close_bid(Id id, BidState state);
  void close_bids(TargetKind kind, Id target, Seconds at);
  bool accept_on_gpu(const Address& who, Id id);
  Id award(const Address& owner, const Address& customer, U amount, Seconds at, Seconds delivery,
           U collateral, Id offer, std::uint64_t capacity);
  void end_service(Id id, ServiceState state, U gross, Seconds at);
  U auction_price(const Sale& sale) const;
  bool sell(Id id, const Address& winner, U price, U collateral, Seconds at);
  bool gpu_can_be_sold(const Sale& sale, Seconds at) const;
  void finish(Sale& sale, AuctionState state);
  void auction_due(Id id);

  // ---- disputes, jobs, governance
  void decide(Id id, DisputeState state, U customer_bps);
  void end_job(Id id, JobState state, U gross);
  bool applies(const Motion& motion, bool for_real);
  void carry(Id id);
};

// a * b / c in 256 bits.
U scale(U a, U b, U c);
U scale_up(U a, U b, U c);

}  // namespace aitbc::market::test::model
