// A marketplace of a given size in memory, made by its own calls.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <set>

#include "base/bytes_table.hpp"
#include "execution/module.hpp"
#include "execution/state.hpp"
#include "marketplace/abi.hpp"
#include "marketplace/directory.hpp"
#include "marketplace/query_index.hpp"

namespace aitbc::bench {

inline constexpr Seconds kStart = 1'766'828'620;
inline constexpr Seconds kHour = 3'600;
inline constexpr std::uint64_t kEndingTogether = 512;

struct MarketSize {
  std::uint64_t gpus = 100'000;
  std::uint64_t bookings = 1'000'000;  // live ones
  std::uint64_t providers = 1'000;
  std::uint64_t customers = 1'000;
};

// Entries in order, as a store has them; no disk, so that what is measured is the module.
class MemoryState final : public StateView {
 public:
  Result<std::optional<Account>> account(const Address& address) const override;
  Result<std::optional<Bytes>> storage(const Address& address, ByteView key) const override;
  Result<std::optional<KeyValue>> storage_lower_bound(const Address& address, ByteView from) const override;
  void prefetch(const Address&, std::span<const ByteView> keys) const override { entries_.prefetch(keys); }
  void apply(const StateDiff& diff);
  void fund(const Address& account, Amount balance);

 private:
  struct Less {
    using is_transparent = void;
    bool operator()(ByteView a, ByteView b) const { return compare(a, b) < 0; }
  };
  boost::unordered_flat_map<Address, Account, FixedBytesHash> accounts_;
  // The contract's; as a node caches them, and their order.
  BytesTable entries_;
  std::set<Bytes, Less> keys_;
};

class BigMarket {
 public:
  explicit BigMarket(const MarketSize& size);

  // The bookings that are running end kEndingTogether at a time, a second apart, from here on.
  Seconds first_end() const { return kStart + kHour; }

  const MarketSize& size() const { return size_; }
  const StateView& view() const { return state_; }
  const Module& module() const { return *module_; }
  Address provider(std::uint64_t number) const;
  Address customer(std::uint64_t number) const;
  BlockContext block_at(Seconds now) const;
  // Keeps what was done, for what comes later.
  void commit(State&& state) { state_.apply(std::move(state).take_diff()); }
  std::unique_ptr<market::QueryIndex> index() const;

 private:
  template <class... Args>
  void call(State& state, const Address& from, std::string_view name, const Args&... args);
  void register_providers();
  void register_gpus();
  void book();

  MarketSize size_;
  std::unique_ptr<Module> module_;
  MemoryState state_;
  BlockContext block_;
};

// Calldata of a call with these arguments.
template <class... Args>
Bytes calldata(std::string_view name, const Args&... args) {
  return market::encode_abi(market::find_call(name)->selector, args...);
}

}  // namespace aitbc::bench
