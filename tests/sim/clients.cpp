#include "tests/sim/clients.hpp"

#include "marketplace/abi.hpp"
#include "marketplace/records_gpu.hpp"
#include "marketplace/tables.hpp"

namespace aitbc::sim {
namespace {

PrivateKey key_of(std::size_t number) {
  std::array<std::uint8_t, 32> bytes{};
  bytes[0] = 0x51;
  bytes[31] = static_cast<std::uint8_t>(number + 1);
  return *PrivateKey::from_bytes(bytes);
}

template <class... Args>
Bytes calldata(std::string_view call, const Args&... args) {
  return market::encode_abi(market::find_call(call)->selector, args...);
}

market::GpuSpec spec_of(const std::string& device) {
  market::GpuSpec spec;
  spec.device_id = device;
  spec.model = "RTX 4090";
  spec.memory_gb = 24;
  spec.cuda_version = "12.2";
  spec.compute_capability = "8.9";
  spec.cuda_cores = 16'384;
  spec.region = "eu-west";
  spec.price_per_hour = Amount::ait(2);
  return spec;
}

}  // namespace

Clients::Clients(std::size_t accounts, std::uint64_t seed) : random_(seed) {
  for (std::size_t i = 0; i < accounts; ++i) {
    keys_.push_back(key_of(i));
    addresses_.push_back(keys_.back().address());
  }
}

void Clients::endow(genesis::Genesis& genesis) const {
  for (const Address& address : addresses_) genesis.alloc[address].balance = Amount::ait(1'000'000);
}

Clients::Action Clients::some_action(const Address& self) {
  const Address& other = addresses_[random_.below(addresses_.size())];
  switch (random_.below(8)) {
    case 0:
      return {market::kContract, {}, calldata("stake", self, Amount::ait(200))};
    case 1:
      return {
          market::kContract, {}, calldata("registerGpu", spec_of("device-" + std::to_string(++devices_)))};
    case 2:
      return {market::kContract,
              {},
              calldata("bookGpu", market::GpuId{1 + random_.below(4)}, Seconds{0},
                       Seconds{60 + random_.below(9) * 60}, Amount::max(), std::string("job"))};
    case 3:
      return {market::kContract, {}, calldata("releaseBooking", market::BookingId{1 + random_.below(4)})};
    default:
      return {other, Amount::from_units(1 + random_.below(1'000'000)), {}};
  }
}

TransactionPtr Clients::next(const Mempool& asked, std::uint64_t chain_id) {
  const std::size_t who = random_.below(keys_.size());
  Action action = some_action(addresses_[who]);
  Transaction transaction;
  transaction.chain_id = chain_id;
  transaction.nonce = asked.next_nonce(addresses_[who]);
  transaction.max_fee_per_gas = Uint256(100'000'000'000);
  transaction.max_priority_fee_per_gas = Uint256(1'000'000'000);
  transaction.gas_limit = action.data.empty() ? 21'000 : 500'000;
  transaction.to = action.to;
  transaction.value = action.value.to_uint256();
  transaction.data = std::move(action.data);
  sign_transaction(transaction, keys_[who]);
  return *recover_transaction(encode(transaction));
}

}  // namespace aitbc::sim
