#include "node/rest/submitter.hpp"

#include "codec/hex.hpp"
#include "marketplace/tables.hpp"
#include "node/chain/block_store.hpp"
#include "node/rest/simulation.hpp"

namespace aitbc::rest {
namespace {

// More than was simulated: what a call costs may change a little with the block it lands in.
Gas with_margin(Gas gas) { return gas + gas / 4; }

Problem reverted(const RecoveredTransaction& transaction, const Header& header, Problem problem) {
  problem.members.emplace_back("tx_hash", "\"" + hex::encode_prefixed(transaction.hash) + "\"");
  problem.members.emplace_back("block_number", std::to_string(header.number));
  return problem;
}

}  // namespace

RestResult<Gas> Submitter::simulate(const Address& from, const Bytes& data) const {
  REST_ASSIGN(const SimulationResult result, simulate_call(backend_, from, data));
  return with_margin(result.gas_used);
}

namespace {

Amount fee_cap(const RestBackend& backend, Amount tip) {
  const Amount base = backend.chain.view()->next_base_fee;
  const auto twice = checked_mul(base, 2);
  const auto sum = twice ? checked_add(*twice, tip) : std::nullopt;
  return sum.value_or(Amount::max());
}

}  // namespace

std::string Submitter::unsigned_transaction(const Bytes& data, Gas gas,
                                            const std::optional<Address>& from) const {
  const Amount tip = backend_.suggested_tip();
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("type").quantity(std::uint64_t{2});
  out.key("chainId")
      .quantity(backend_.chain.rules().chain_id)
      .key("to")
      .text(hex::checksummed(market::kContract));
  out.key("value").quantity(std::uint64_t{0}).key("data").data(data).key("gas").quantity(gas);
  out.key("maxFeePerGas").quantity(fee_cap(backend_, tip)).key("maxPriorityFeePerGas").quantity(tip);
  if (from)
    out.key("from").text(hex::checksummed(*from)).key("nonce").quantity(backend_.mempool.next_nonce(*from));
  out.end_object();
  return text;
}

Submitter::Ticket Submitter::sign_and_send(const PrivateKey& wallet, const Bytes& data, Gas gas,
                                           OnDone done) {
  const Amount tip = backend_.suggested_tip();
  Transaction transaction;
  transaction.chain_id = backend_.chain.rules().chain_id;
  transaction.max_priority_fee_per_gas = tip.to_uint256();
  transaction.max_fee_per_gas = fee_cap(backend_, tip).to_uint256();
  transaction.gas_limit = gas;
  transaction.to = market::kContract;
  transaction.data = data;
  const std::lock_guard lock(signing_);
  transaction.nonce = backend_.mempool.next_nonce(wallet.address());
  sign_transaction(transaction, wallet);
  const auto recovered = recover_transaction(encode(transaction));
  if (!recovered) {
    done(refuse(recovered.error()));
    return {};
  }
  return add(*recovered, std::move(done));
}

Submitter::Ticket Submitter::send(const TransactionPtr& transaction, OnDone done) {
  // A client that lost the answer sends again: it gets the one it missed.
  auto included = find_included(transaction);
  if (!included)
    done(refuse(std::move(included).error()));
  else if (*included)
    done(std::move(**included));
  else
    return add(transaction, std::move(done));
  return {transaction->hash, 0};
}

Submitter::Ticket Submitter::add(const TransactionPtr& transaction, OnDone done) {
  Ticket ticket{transaction->hash, 0};
  {
    const std::lock_guard lock(waiting_mutex_);  // before the pool knows it: a block may come at once
    ticket.number = next_ticket_++;
    waiting_[ticket.transaction][ticket.number] = std::move(done);
  }
  const auto admitted = backend_.mempool.add({&transaction, 1}, backend_.now());
  if (!admitted.front() && admitted.front().error().message != "already known")
    if (const OnDone waiting = forget(ticket)) {
      const Error& error = admitted.front().error();
      waiting(refuse(is_local_failure(error) ? 500 : 400, error.message));
    }
  return ticket;
}

Submitter::OnDone Submitter::forget(const Ticket& ticket) {
  const std::lock_guard lock(waiting_mutex_);
  const auto at = waiting_.find(ticket.transaction);
  if (at == waiting_.end()) return nullptr;
  const auto one = at->second.find(ticket.number);
  if (one == at->second.end()) return nullptr;
  OnDone out = std::move(one->second);
  at->second.erase(one);
  if (at->second.empty()) waiting_.erase(at);
  return out;
}

std::vector<Submitter::OnDone> Submitter::take_all(const Hash& transaction) {
  std::vector<OnDone> out;
  const std::lock_guard lock(waiting_mutex_);
  const auto at = waiting_.find(transaction);
  if (at == waiting_.end()) return out;
  for (auto& [number, done] : at->second) out.push_back(std::move(done));
  waiting_.erase(at);
  return out;
}

RestResult<Done> Submitter::outcome_of(const RecoveredTransaction& transaction, const Receipt& receipt,
                                       const Header& header) const {
  if (!receipt.succeeded) {
    // The receipt does not keep the reason; what the call would meet now is most likely the same.
    const auto again = simulate(transaction.sender, transaction.transaction.data);
    const Problem reason = again ? Problem{409, "the transaction was reverted", {}, {}, 0} : again.error();
    return refuse(reverted(transaction, header, reason));
  }
  Done done{transaction.hash, header.number, header.timestamp, transaction.sender, {}};
  for (const Log& log : receipt.logs)
    if (auto event = market::decode_log(log)) done.events.push_back(std::move(*event));
  return done;
}

RestResult<std::optional<Done>> Submitter::find_included(const TransactionPtr& transaction) const {
  const chain::ChainViewPtr view = backend_.chain.view();
  REST_ASSIGN(const auto location, chain::find_transaction(*view->snapshot, transaction->hash));
  if (!location) return std::optional<Done>();
  REST_ASSIGN(const auto receipt, chain::read_receipt(*view->snapshot, *location));
  REST_ASSIGN(const auto header, chain::read_header(*view->snapshot, location->height));
  if (!receipt || !header) return refuse(500, "a transaction without its block");
  REST_ASSIGN(Done done, outcome_of(*transaction, receipt->receipt, *header));
  return std::optional<Done>(std::move(done));
}

void Submitter::on_head(const chain::HeadEvent& event) {
  for (std::size_t i = 0; i < event.block->transactions.size(); ++i) {
    const RecoveredTransaction& transaction = *event.block->transactions[i];
    for (const OnDone& done : take_all(transaction.hash))
      done(outcome_of(transaction, event.outcome->receipts[i], event.view->head));
  }
}

}  // namespace aitbc::rest
