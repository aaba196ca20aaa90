#include "wallet/agent/sender.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "wallet/cli/market_client.hpp"

namespace aitbc::agent {
namespace {

using cli::Exit;
using cli::failed;
using cli::Outcome;

constexpr std::uint64_t kStuck_ms = 60'000;

// A replacement must raise both fees by an eighth at least.
Uint256 raised(const Uint256& fee, Amount suggested) {
  const auto before = to_amount(fee).value_or(Amount::max());
  const auto more = mul_div_ceil(before, 9, 8).value_or(before);
  return std::max(more, suggested).to_uint256();
}

}  // namespace

cli::Json Sent::event(std::string_view name) const { return cli::event_of({hash, receipt}, name); }

Outcome<bool> Sender::settled() {
  if (!pending_.empty()) return false;
  AITBC_ASSIGN(const Nonce next, node_.next_nonce(account_));
  AITBC_ASSIGN(const Nonce included, node_.included_nonce(account_));
  return next == included;
}

Outcome<void> Sender::send(const std::string& purpose, std::string_view call, std::string_view arguments) {
  if (is_on_its_way(purpose)) return {};
  cli::CallRequest request;
  request.from = account_;
  request.to = market::kContract;
  AITBC_ASSIGN(request.data, market::encode_call(call, arguments));
  if (!chain_id_) {
    AITBC_ASSIGN(chain_id_, node_.chain_id());
  }
  Pending pending;
  Transaction& transaction = pending.transaction;
  transaction.chain_id = chain_id_;
  AITBC_ASSIGN(transaction.gas_limit, node_.estimate_gas(request));
  AITBC_ASSIGN(const cli::Fees fees, node_.suggested_fees());
  transaction.max_priority_fee_per_gas = fees.priority_fee_per_gas.to_uint256();
  transaction.max_fee_per_gas = fees.max_fee_per_gas.to_uint256();
  transaction.to = request.to;
  transaction.data = request.data;
  AITBC_ASSIGN(const Nonce next, node_.next_nonce(account_));
  // The node may not count yet what it has just been given.
  transaction.nonce = pending_.empty() ? next : std::max(next, next_nonce_);
  AITBC_ASSIGN(const bool taken, push(pending));
  if (!taken)
    return failed(Exit::refused, "another transaction of the account came first; it is tried again");
  next_nonce_ = transaction.nonce + 1;
  pending_.emplace(purpose, std::move(pending));
  return {};
}

Outcome<bool> Sender::push(Pending& pending) {
  sign_transaction(pending.transaction, key_);
  pending.hash = transaction_hash(pending.transaction);
  pending.sent_ms = now_ms_();
  return node_.send(encode(pending.transaction));
}

Outcome<std::optional<cli::MinedReceipt>> Sender::find_receipt(const Pending& pending) {
  std::vector<Hash> sent = pending.earlier;
  sent.insert(sent.begin(), pending.hash);
  for (const Hash& hash : sent) {
    auto receipt = node_.receipt(hash);
    if (!receipt || *receipt) return receipt;
  }
  return std::optional<cli::MinedReceipt>();
}

Outcome<std::vector<Sent>> Sender::collect() {
  std::vector<Sent> out;
  for (auto each = pending_.begin(); each != pending_.end();) {
    Pending& pending = each->second;
    AITBC_ASSIGN(std::optional<cli::MinedReceipt> receipt, find_receipt(pending));
    if (receipt) {
      out.push_back({each->first, pending.hash, *std::move(receipt)});
      each = pending_.erase(each);
      continue;
    }
    if (now_ms_() - pending.sent_ms >= kStuck_ms) {
      AITBC_ASSIGN(const Nonce included, node_.included_nonce(account_));
      if (included > pending.transaction.nonce) {
        // Somebody else used the account and took the nonce: this one can get into no block any more.
        AITBC_ASSIGN(receipt, find_receipt(pending));
        out.push_back({each->first, pending.hash, receipt.value_or(cli::MinedReceipt{})});
        each = pending_.erase(each);
        continue;
      }
      AITBC_TRY(resend(pending));
    }
    ++each;
  }
  return out;
}

Outcome<void> Sender::resend(Pending& pending) {
  AITBC_ASSIGN(const cli::Fees fees, node_.suggested_fees());
  Transaction& transaction = pending.transaction;
  pending.earlier.push_back(pending.hash);
  transaction.max_priority_fee_per_gas =
      raised(transaction.max_priority_fee_per_gas, fees.priority_fee_per_gas);
  transaction.max_fee_per_gas = raised(transaction.max_fee_per_gas, fees.max_fee_per_gas);
  AITBC_TRY(push(pending));
  return {};
}

}  // namespace aitbc::agent
