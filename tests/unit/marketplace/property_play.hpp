// Plays random calls on the market and on the model (model.hpp), and compares after each.
#pragma once

#include <array>
#include <functional>

#include "crypto/secp256k1.hpp"
#include "market.hpp"
#include "model.hpp"

namespace aitbc::market::test {

// SplitMix64: the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t roll() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::uint64_t below(std::uint64_t limit) { return roll() % limit; }
  std::uint64_t between(std::uint64_t from, std::uint64_t to) { return from + below(to - from + 1); }
  bool in_100(std::uint64_t percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

// How often each call was refused and how often it succeeded, what happened by itself, and what was logged.
struct Coverage {
  std::map<std::string, std::array<std::uint64_t, 2>> calls;
  std::map<std::string, std::uint64_t> events;
  std::map<std::string, std::uint64_t> logs;  // by the name of the contract's event
  std::uint64_t operations = 0;
  void add(const Coverage& other);
};

// One market from its genesis on. The same seed plays the same.
class Play {
 public:
  explicit Play(std::uint64_t seed);
  // False when market and model disagree; `report` says how.
  bool run(std::size_t operations);
  const Coverage& coverage() const { return coverage_; }
  const std::string& report() const { return report_; }

 private:
  struct Actor {
    PrivateKey key;
    Address address;
  };
  struct Operation {
    unsigned weight;
    void (Play::*play)();
  };
  static std::span<const Operation> operations();
  // Of the actors, the first ones become validators and cease to be.
  static constexpr std::size_t kVoters = 5;

  // ---- picking
  const Actor& actor(const Address& address) const;
  Address anyone() { return actors_[dice_.below(actors_.size())].address; }
  // Usually that account, sometimes another.
  Address mostly(const Address& who) { return dice_.in_100(85) ? who : anyone(); }
  // Usually a recent one, sometimes none that there is.
  template <class T>
  std::uint64_t some(const std::map<model::Id, T>& records) {
    const std::uint64_t count = records.empty() ? 0 : records.rbegin()->first;
    if (count == 0 || dice_.in_100(2)) return count + 1;
    return dice_.in_100(70) && count > 8 ? count - dice_.below(8) : dice_.between(1, count);
  }
  // Usually one of which that is true.
  template <class T, class Condition>
  std::uint64_t some(const std::map<model::Id, T>& records, const Condition& holds) {
    std::uint64_t id = some(records);
    for (int i = 0; i < 8 && !(records.contains(id) && holds(records.at(id))); ++i) id = some(records);
    return id;
  }
  Amount money(std::uint64_t most_ait);
  Seconds while_up_to(Seconds longest) { return dice_.between(1, longest); }
  Bytes signature(const Address& who, const Hash& digest) const;
  GpuSpec gpu_spec();

  // ---- playing
  template <class... Args>
  bool call(const Address& from, const char* name, const Args&... args);
  void agree(const char* name, bool market, bool model);
  void new_block();
  void vote_in(std::vector<Address> validators);
  void change_validators();
  void set_up();

  void play_provider();
  void play_stake();
  void play_heartbeat();
  void play_gpu();
  void play_booking();
  void play_booking_end();
  void play_bid();
  void play_bid_flood();
  void play_bid_end();
  void play_service();
  void play_service_step();
  void play_offer();
  void play_dispute();
  void play_job();
  void play_receipt();
  void play_auction();
  void play_auction_bid();
  void play_sealed_bid();
  void play_booking_order();
  void play_offer_order();
  void play_governance();
  void play_review();
  void play_view();

  // ---- comparing
  void differs(const std::string& what);
  void compare_money();
  void compare_records();
  template <Kind K>
  auto record(std::uint64_t id) {
    return load(market_.state(), Id<K>{id});
  }
  void compare_bookings();
  void compare_work();
  void compare_gpus();
  void compare_pools();
  void compare_votes();

  Dice dice_;
  std::vector<Actor> actors_;
  Market market_;
  model::World world_;
  Coverage coverage_;
  std::string report_;
  std::string last_;
  std::uint64_t blocks_ = 0;
  std::vector<std::tuple<model::Id, Address, Amount>> envelopes_;  // auction, bidder, what was committed
};

template <class... Args>
bool Play::call(const Address& from, const char* name, const Args&... args) {
  const CallResult result = market_.call(from, name, args...);
  last_ = std::string(name) + (result.succeeded ? "" : " refused with " + describe_error(result.output));
  if (!result.succeeded && describe_error(result.output).empty()) differs(last_ + ": an unnamed error");
  return result.succeeded;
}

}  // namespace aitbc::market::test
