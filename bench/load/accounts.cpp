#include "load/accounts.hpp"

#include <thread>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "load/statistics.hpp"

namespace aitbc::bench {
namespace {

constexpr Gas kTransferGas = 21'000;
constexpr std::chrono::milliseconds kPollInterval{50};

std::string address_params(const Address& address, std::string_view block) {
  return "[\"" + hex::encode_prefixed(address) + "\",\"" + std::string(block) + "\"]";
}

Result<std::vector<Uint256>> ask_each(Rpc& rpc, std::span<const Account> accounts, const char* method,
                                      std::string_view block, std::size_t batch) {
  std::vector<RpcCall> calls;
  for (const Account& account : accounts) calls.push_back({method, address_params(account.address, block)});
  return rpc.quantities(calls, batch);
}

Result<Nonce> nonce_of(Rpc& rpc, const Address& address, std::string_view block) {
  AITBC_ASSIGN(const Uint256 nonce,
               rpc.quantity({"eth_getTransactionCount", address_params(address, block)}));
  if (!nonce.fits_u64()) return fail(ErrorCode::unavailable, "eth_getTransactionCount: more than 64 bits");
  return nonce.low_u64();
}

Result<void> check_funds(Rpc& rpc, const Address& funder, Amount needed) {
  AITBC_ASSIGN(const Uint256 balance, rpc.quantity({"eth_getBalance", address_params(funder, "latest")}));
  if (balance >= needed.to_uint256()) return {};
  return fail(ErrorCode::limit, "the funding account " + hex::checksummed(funder) + " holds " +
                                    balance.to_decimal() + " base units but " + to_units_string(needed) +
                                    " are needed (see --fund-key)");
}

struct FundingPlan {
  std::vector<std::string> raw;  // signed transfers, nonces in order
  Amount cost;
};

Result<FundingPlan> plan_funding(const Account& source, std::span<const Account> accounts,
                                 std::span<const Uint256> balances, const Funding& funding,
                                 std::uint64_t chain_id, const Fees& fees) {
  FundingPlan out;
  const auto fee = to_amount(fees.max_fee_per_gas);
  const auto gas_cost = fee ? checked_mul(*fee, kTransferGas) : std::nullopt;
  std::optional<Amount> total = gas_cost ? std::optional(Amount()) : std::nullopt;
  for (std::size_t i = 0; i < accounts.size() && total; ++i) {
    if (balances[i] >= funding.balance_each.to_uint256()) continue;
    const Amount missing = *checked_sub(funding.balance_each, *to_amount(balances[i]));
    const auto cost = checked_add(missing, *gas_cost);
    total = cost ? checked_add(*total, *cost) : std::nullopt;
    out.raw.push_back(hex::encode_prefixed(encode(
        make_transfer(source, source.nonce + out.raw.size(), accounts[i].address, missing, chain_id, fees))));
  }
  if (!total) return fail(ErrorCode::limit, "funding the accounts needs more than 128 bits of base units");
  out.cost = *total;
  return out;
}

}  // namespace

Result<void> wait_for_nonce(Rpc& rpc, const Address& address, Nonce nonce,
                            std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  while (true) {
    AITBC_ASSIGN(const Nonce current, nonce_of(rpc, address, "latest"));
    if (current >= nonce) return {};
    if (Clock::now() > deadline)
      return fail(ErrorCode::unavailable, "the funding transactions were not included in time");
    std::this_thread::sleep_for(kPollInterval);
  }
}

std::vector<Account> derive_accounts(std::string_view seed, std::size_t count) {
  std::vector<Account> out;
  for (std::size_t i = 0; i < count; ++i) {
    Bytes input = to_bytes(as_bytes(seed));
    append_be64(input, i);
    // A digest is out of a key's range once in 2^127.
    const PrivateKey key = PrivateKey::from_bytes(keccak256(input)).value();
    out.push_back({key, key.address()});
  }
  return out;
}

Result<Fees> choose_fees(const ChainInfo& chain, std::uint64_t headroom) {
  const auto grown = Uint256::checked_mul(chain.base_fee, headroom);
  const auto maximum = grown ? Uint256::checked_add(*grown, chain.priority_fee) : std::nullopt;
  if (!maximum) return fail(ErrorCode::limit, "the fees of this chain are absurdly high");
  return Fees{*maximum, chain.priority_fee};
}

Transaction make_transfer(const Account& from, Nonce nonce, const Address& to, Amount value,
                          std::uint64_t chain_id, const Fees& fees) {
  Transaction out;
  out.chain_id = chain_id;
  out.nonce = nonce;
  out.max_fee_per_gas = fees.max_fee_per_gas;
  out.max_priority_fee_per_gas = fees.max_priority_fee_per_gas;
  out.gas_limit = kTransferGas;
  out.to = to;
  out.value = value.to_uint256();
  sign_transaction(out, from.key);
  return out;
}

Result<void> fund_accounts(Rpc& rpc, const PrivateKey& funder, std::span<Account> accounts,
                           std::uint64_t chain_id, const Fees& fees, const Funding& funding) {
  AITBC_ASSIGN(const auto balances, ask_each(rpc, accounts, "eth_getBalance", "latest", funding.batch));
  Account source{funder, funder.address()};
  AITBC_ASSIGN(source.nonce, nonce_of(rpc, source.address, "pending"));
  AITBC_ASSIGN(const FundingPlan plan, plan_funding(source, accounts, balances, funding, chain_id, fees));
  AITBC_TRY(check_funds(rpc, source.address, plan.cost));
  AITBC_TRY(rpc.send_transactions(plan.raw, funding.batch));
  AITBC_TRY(wait_for_nonce(rpc, source.address, source.nonce + plan.raw.size(), funding.timeout));
  AITBC_ASSIGN(const auto nonces,
               ask_each(rpc, accounts, "eth_getTransactionCount", "pending", funding.batch));
  for (std::size_t i = 0; i < accounts.size(); ++i) accounts[i].nonce = nonces[i].low_u64();
  return {};
}

}  // namespace aitbc::bench
