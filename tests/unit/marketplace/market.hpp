// A market to drive in tests: accounts with money, blocks that end, and every invariant recounted at each
// end.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>

#include "execution/module.hpp"
#include "marketplace/abi.hpp"
#include "marketplace/marketplace.hpp"
#include "marketplace/tables.hpp"
#include "tests/support/map_state_view.hpp"

namespace aitbc::market::test {

inline constexpr Seconds kGenesisTime = 1'766'828'620;
inline constexpr Seconds kHour = 3'600;
inline constexpr Seconds kDay = 86'400;

inline const Address kProvider = aitbc::test::address_of(0x01);
inline const Address kCustomer = aitbc::test::address_of(0x02);
inline const Address kRival = aitbc::test::address_of(0x03);
inline const Address kStranger = aitbc::test::address_of(0x04);
inline const Amount kWealth = Amount::ait(1'000'000);

class Market {
 public:
  // `params`: the genesis section. Four rich accounts; kProvider has its minimum stake.
  explicit Market(std::string_view params = "{}");
  ~Market();

  // ---- calls
  template <class... Args>
  CallResult call(const Address& from, std::string_view name, const Args&... args) {
    const Call* found = find_call(name);
    REQUIRE_MESSAGE(found != nullptr, "no such call");
    return send(from, encode_abi(found->selector, args...));
  }
  CallResult send(const Address& from, const Bytes& calldata, Amount value = {});
  // Requires success; returns the result's first word, 0 when there is none.
  template <class... Args>
  std::uint64_t must(const Address& from, std::string_view name, const Args&... args) {
    return first_word(call(from, name, args...));
  }
  // Requires a revert that changed nothing; returns the error as text: "GpuNotFound(gpuId: \"gpu_7\")".
  template <class... Args>
  std::string fails(const Address& from, std::string_view name, const Args&... args) {
    return refusal(call(from, name, args...));
  }
  static std::string refusal(const CallResult& result);
  static std::uint64_t first_word(const CallResult& result);

  // ---- shorthands
  static GpuSpec spec(const std::string& device = "device-1", Amount price = Amount::ait(2));
  static ServiceSpec service_spec(const std::string& name = "Image generation");
  GpuId register_gpu(const std::string& device = "device-1", Amount price = Amount::ait(2));
  BookingId book(GpuId gpu, Seconds duration, Seconds start = 0, const Address& customer = kCustomer);
  BidId bid_on_gpu(GpuId gpu, Amount amount, Seconds duration, const Address& bidder = kCustomer);
  BidId bid_on_service(ServiceId service, Amount amount, const Address& bidder = kCustomer);

  // A heartbeat that names the last block; all GPUs work.
  void beat(const Address& provider = kProvider, const Bytes& down = {});

  // ---- time
  Seconds now() const { return block_.timestamp; }
  // Ends the block, moves the clock, and ends an empty block at the new time as well.
  void pass(Seconds seconds);
  // Ends the block and moves the clock: nothing that becomes due is processed yet.
  void jump(Seconds seconds);
  void end_block();

  // ---- what there is
  Amount balance(const Address& account) { return state().balance(account); }
  template <Kind K>
  auto record(Id<K> id) {
    auto found = load(state(), id);
    REQUIRE(found.has_value());
    return *found;
  }
  Provider provider(const Address& account = kProvider) {
    return *load<Provider>(state(), provider_key(account));
  }
  BookingState state_of(BookingId id) {
    const Booking booking = record(id);
    return market::state_of(booking, provider(booking.provider).liveness, now());
  }
  Totals totals() { return *load<Totals>(state(), Key('T')); }
  Params params() { return *load<Params>(state(), Key('P')); }
  const Address& treasury() const { return treasury_; }
  void fund(const Address& account, Amount amount);
  // Logs since the last call of this function, named and decoded: "BookingClosed {...}".
  std::vector<std::string> take_events();
  State& state() { return *state_; }
  const StateView& view();  // ends the block first
  const Module& module() const { return *module_; }
  BlockContext& block() { return block_; }

 private:
  void commit();
  void append_logs(const Logs& logs);

  std::unique_ptr<Module> module_ = make_marketplace();
  aitbc::test::MapStateView committed_;
  std::unique_ptr<State> state_;
  BlockContext block_;
  Address treasury_;
  Logs logs_;
};

// 10^15: a thousandth of an AIT.
inline Amount milli(std::uint64_t count) {
  return Amount::from_units(uint128{count} * 1'000'000'000'000'000U);
}
inline Amount operator+(Amount a, Amount b) { return *checked_add(a, b); }
inline Amount operator-(Amount a, Amount b) { return *checked_sub(a, b); }

}  // namespace aitbc::market::test

namespace doctest {
template <>
struct StringMaker<aitbc::Amount> {
  static String convert(aitbc::Amount amount) { return aitbc::to_ait_string(amount).c_str(); }
};
}  // namespace doctest
