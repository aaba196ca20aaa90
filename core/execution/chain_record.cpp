#include "execution/chain_record.hpp"

#include "base/check.hpp"
#include "codec/rlp.hpp"
#include "execution/flat_state.hpp"

namespace aitbc {
namespace {

const ByteView kRulesKey = as_bytes("rules");
const ByteView kSupplyKey = as_bytes("supply");

// rlp([minted, burned])
Bytes encode(const Supply& supply) {
  rlp::Encoder out;
  out.begin_list().amount(supply.minted).amount(supply.burned).end_list();
  return out.take();
}

Result<Supply> decode_supply(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder fields, rlp::decode_list(encoded));
  Supply supply;
  AITBC_ASSIGN(supply.minted, fields.amount());
  AITBC_ASSIGN(supply.burned, fields.amount());
  AITBC_TRY(fields.finish());
  return supply;
}

Result<Supply> supply_or_corruption(ByteView encoded) {
  const auto supply = decode_supply(encoded);
  if (!supply) return fail(ErrorCode::corruption, "the state's supply record does not decode");
  return *supply;
}

// An account without a nonce, balance and code would count as absent (EIP-161).
void make_present(State& state) {
  if (state.nonce(kChainRecordAddress) == 0) state.set_nonce(kChainRecordAddress, 1);
}

}  // namespace

const Address kChainRecordAddress{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0x17, 0xb0}};

void record_rules(State& state, const Hash& rules_digest) {
  make_present(state);
  state.put(kChainRecordAddress, kRulesKey, to_bytes(rules_digest));
}

Result<void> record_issuance(State& state) {
  if (state.minted().is_zero() && state.burned().is_zero()) return {};
  Supply supply;
  if (const Bytes* stored = state.get(kChainRecordAddress, kSupplyKey)) {
    AITBC_ASSIGN(supply, supply_or_corruption(*stored));
  }
  const auto minted = checked_add(supply.minted, state.minted());
  const auto burned = checked_add(supply.burned, state.burned());
  AITBC_CHECK(minted && burned, "all money ever made fits 128 bits");
  make_present(state);
  state.put(kChainRecordAddress, kSupplyKey, encode(Supply{*minted, *burned}));
  return {};
}

Result<Supply> read_supply(const StateView& state) {
  AITBC_ASSIGN(const auto stored, state.storage(kChainRecordAddress, kSupplyKey));
  if (!stored) return Supply{};
  return supply_or_corruption(*stored);
}

Result<SupplyReport> check_supply(const Snapshot& snapshot) {
  SupplyReport report;
  Amount sum;
  bool fits = true;
  AITBC_TRY(for_each_account(snapshot, [&](const Address&, const Account& account) {
    const auto next = checked_add(sum, account.balance);
    fits = fits && next.has_value();
    sum = next.value_or(sum);
    ++report.accounts;
  }));
  const Bytes key = storage_key(kChainRecordAddress, kSupplyKey);
  AITBC_ASSIGN(const auto stored, snapshot.get(Table::state, key));
  if (stored) {
    AITBC_ASSIGN(report.supply, supply_or_corruption(*stored));
  }
  const auto expected = checked_sub(report.supply.minted, report.supply.burned);
  if (!fits || expected != sum)
    return fail(ErrorCode::corruption, "the balances add up to " + to_units_string(sum) +
                                           ", the supply record says " +
                                           to_units_string(report.supply.minted) + " made and " +
                                           to_units_string(report.supply.burned) + " destroyed");
  return report;
}

}  // namespace aitbc
