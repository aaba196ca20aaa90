#include "types/transaction.hpp"

#include <algorithm>
#include <limits>

namespace aitbc {
namespace {

constexpr Gas kTransactionGas = 21'000;
constexpr Gas kCreationGas = 32'000;
constexpr Gas kInitCodeWordGas = 2;
constexpr Gas kZeroByteGas = 4;
constexpr Gas kOtherByteGas = 16;
constexpr Gas kAccessListAddressGas = 2'400;
constexpr Gas kAccessListKeyGas = 1'900;

}  // namespace

void sign_transaction(Transaction& transaction, const PrivateKey& key) {
  transaction.signature = sign(key, signing_hash(transaction));
}

Result<Address> recover_sender(const Transaction& transaction) {
  return recover_address(signing_hash(transaction), transaction.signature);
}

std::optional<Gas> intrinsic_gas(const Transaction& transaction) {
  const Bytes& data = transaction.data;
  const auto zeros = static_cast<std::size_t>(std::count(data.begin(), data.end(), std::uint8_t{0}));
  uint128 gas = kTransactionGas;
  gas += uint128{zeros} * kZeroByteGas + uint128{data.size() - zeros} * kOtherByteGas;
  if (!transaction.to)
    gas += kCreationGas + uint128{data.size() / 32 + (data.size() % 32 != 0)} * kInitCodeWordGas;
  for (const AccessListEntry& entry : transaction.access_list)
    gas += kAccessListAddressGas + uint128{entry.storage_keys.size()} * kAccessListKeyGas;
  if (gas > std::numeric_limits<Gas>::max()) return std::nullopt;
  return static_cast<Gas>(gas);
}

std::optional<EffectiveFee> effective_fee(const Transaction& transaction, Amount base_fee) {
  const std::optional<Amount> max_fee = to_amount(transaction.max_fee_per_gas);
  if (!max_fee) return std::nullopt;
  const std::optional<Amount> headroom = checked_sub(*max_fee, base_fee);
  if (!headroom) return std::nullopt;
  // A priority fee of more than 128 bits is more than the headroom, too.
  const Amount tip = std::min(to_amount(transaction.max_priority_fee_per_gas).value_or(*headroom), *headroom);
  return EffectiveFee{Amount::from_units(base_fee.units() + tip.units()), tip};
}

}  // namespace aitbc
