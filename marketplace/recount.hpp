// Counts every record again; what invariants.hpp promises.
#pragma once

#include <map>

#include "marketplace/invariants.hpp"
#include "marketplace/tables.hpp"

namespace aitbc::market {

// One walk over one state. Not thread-safe.
class Recount {
 public:
  Recount(const StateView& view, Seconds now) : view_(view), now_(now) {}
  // An Error only when the state cannot be read or is no marketplace's.
  Result<InvariantReport> run();

 private:
  struct Ratings {
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
    void add(std::uint8_t rating) {
      ++count;
      sum += rating;
    }
    auto operator<=>(const Ratings&) const = default;
  };
  struct Pool {
    std::uint64_t stakers = 0;
    Amount shares;
    Amount unbonding_shares;
    std::uint64_t gpus = 0;
    std::uint64_t listed_gpus = 0;
    std::uint64_t indexed_gpus = 0;
  };

  static tl::unexpected<Error> broken(std::string what) {
    return fail(ErrorCode::corruption, "marketplace: " + std::move(what));
  }
  // Notes what breaks an invariant; the recount goes on.
  Result<void> violated(Invariant invariant, std::string what) {
    auto& failure = report_[invariant].failure;
    if (!failure) failure = std::move(what);
    return {};
  }
  // One counter and its recount.
  void compare_counter(bool same, std::string_view what);
  template <Record T>
  Result<std::optional<T>> read(const Key& key) {
    AITBC_ASSIGN(const auto stored, view_.storage(kContract, key));
    if (!stored) return std::nullopt;
    T record;
    if (!decode_record(*stored, record)) return broken("a record does not decode");
    return record;
  }
  static Amount sum_of(Amount a, Amount b) { return checked_add(a, b).value_or(Amount::max()); }
  // Too much taken away is as wrong as it can be.
  static Amount without(Amount a, Amount b) { return checked_sub(a, b).value_or(Amount::max()); }

  // ---- recount.cpp: all entries of the storage, then what they come to
  Result<void> walk();
  Result<void> visit_entry(ByteView key, ByteView value);
  template <Record T>
  Result<void> decode_and_visit(ByteView key, ByteView value);
  Result<void> visit_deadline(ByteView key);
  Result<std::optional<Seconds>> provider_deadline(ProviderNumber number);
  template <Record T>
  Result<std::optional<Seconds>> due_of(std::uint64_t id);
  void compare_pools();
  void compare_figures();
  void compare_totals();
  Result<void> compare();
  void count_up(Amount balance);

  // ---- recount_records.cpp: one record
  Result<void> visit(const Totals& totals);
  Result<void> visit(const Provider& provider);
  Result<void> visit(const Stake& stake);
  Result<void> visit(const Unbonding& unbonding);
  Result<void> visit(const Outage& outage);
  Result<void> visit(const Harm& harm);
  Result<void> visit(const Auction& auction);
  Result<void> visit(const Proposal& proposal);
  Result<void> visit(const ModelStats& stats);
  Result<void> visit(const PriceHistory& history);
  Result<void> visit(const EpochSums&);
  Result<void> visit(const PairSums& pair);
  Result<void> visit(const Gpu& gpu);
  Result<void> visit_schedule(const Gpu& gpu);
  Result<void> visit(const Booking& booking);
  template <class Work>
  Result<void> visit_closing(const Work& work, Amount locked, const std::string& id);
  // Of a record that has come to its end.
  template <class T>
  void visit_terminal(const T& record);
  Result<void> visit(const Service& service);
  Result<void> visit(const Offer& offer);
  Result<void> visit(const Dispute& dispute);
  Result<void> visit(const Job& job);
  Result<void> visit(const Bid& bid);
  Result<void> visit(const BidBook& book);
  Result<void> visit_parent(const BidBook& book);
  Result<void> visit(const Review& review);
  template <class Subject>
  Result<void> visit_subject(const Review& review);

  const StateView& view_;
  Seconds now_;
  InvariantReport report_;
  Amount held_;
  std::uint64_t terminal_holding_ = 0;  // records that are over and hold money all the same
  Amount closed_locks_;                 // of work that is over
  Amount closed_payments_;
  std::uint64_t reviews_ = 0;
  std::uint64_t sound_reviews_ = 0;
  std::uint64_t counters_ = 0;
  std::uint64_t agreeing_counters_ = 0;
  Amount burned_by_outages_;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> models_;  // listed, busy: as they say
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> counted_models_;  // the same, recounted
  std::map<std::uint64_t, std::string> gpu_models_;
  std::map<std::uint64_t, std::uint64_t> busy_gpus_;
  Amount frozen_;
  Amount contested_;
  std::map<std::uint64_t, std::uint64_t> offered_;   // offer -> reserved, as it says
  std::map<std::uint64_t, std::uint64_t> reserved_;  // offer -> reserved, by its services
  Totals totals_;
  Totals counted_;
  std::uint64_t expected_deadlines_ = 0;
  std::uint64_t live_intervals_ = 0;
  std::uint64_t live_bookings_ = 0;
  std::uint64_t booked_bids_ = 0;
  std::map<Address, Provider> providers_;
  std::map<Address, Pool> pools_;
  std::map<Address, Ratings> provider_reviews_;
  std::map<std::uint64_t, Ratings> gpu_ratings_;
  std::map<std::uint64_t, Ratings> gpu_reviews_;
};

}  // namespace aitbc::market
