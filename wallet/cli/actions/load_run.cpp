#include "wallet/cli/actions/load_run.hpp"

#include <deque>

#include "codec/hex.hpp"
#include "types/transaction.hpp"
#include "wallet/cli/account_turn.hpp"
#include "wallet/cli/progress.hpp"

namespace aitbc::cli {
namespace {

constexpr std::chrono::milliseconds kPoll{20};
constexpr double kGiveUp_s = 120;  // without any of those in flight being included

struct InFlight {
  Hash hash;
  double sent_at = 0;  // seconds since the start
};

class LoadRun {
 public:
  LoadRun(Context& context, NodeClient& node, const PrivateKey& key, const LoadPlan& plan, std::string what)
      : context_(context), node_(node), key_(key), plan_(plan), what_(std::move(what)), progress_(context) {}

  Outcome<LoadReport> run() {
    AITBC_TRY(prepare());
    while (report_.sent < plan_.count || !in_flight_.empty()) {
      const bool sent = may_send();
      if (sent) {
        AITBC_TRY(send_one());
      }
      if (!sent || in_flight_.size() >= plan_.most_in_flight) {
        AITBC_TRY(take_included());
        context_.env.sleep(kPoll);
      }
      progress_.show(what_ + ": " + std::to_string(report_.sent) + " sent, " +
                     std::to_string(report_.included) + " in blocks, of " + std::to_string(plan_.count));
    }
    report_.seconds = progress_.seconds();
    return std::move(report_);
  }

 private:
  // What all transactions have in common is asked for once.
  Outcome<void> prepare() {
    AITBC_ASSIGN(CallRequest first, plan_.call(0));
    first.from = key_.address();
    AITBC_ASSIGN(const Gas gas, node_.estimate_gas(first));
    common_.type = TransactionType::dynamic_fee;
    common_.gas_limit = gas + gas / 2;  // later ones may meet other records
    AITBC_ASSIGN(common_.chain_id, node_.chain_id());
    AITBC_ASSIGN(const Fees fees, node_.suggested_fees());
    common_.max_priority_fee_per_gas = fees.priority_fee_per_gas.to_uint256();
    const auto room = checked_mul(fees.max_fee_per_gas, 4);  // the load itself raises the base fee
    common_.max_fee_per_gas = room.value_or(fees.max_fee_per_gas).to_uint256();
    AITBC_ASSIGN(common_.nonce, node_.next_nonce(key_.address()));
    return {};
  }

  bool may_send() const {
    if (report_.sent == plan_.count || in_flight_.size() >= plan_.most_in_flight) return false;
    return plan_.per_second == 0 ||
           progress_.seconds() * plan_.per_second >= static_cast<double>(report_.sent);
  }

  Outcome<void> send_one() {
    AITBC_ASSIGN(const CallRequest call, plan_.call(report_.sent));
    Transaction transaction = common_;
    transaction.to = call.to;
    transaction.value = call.value.to_uint256();
    transaction.data = call.data;
    sign_transaction(transaction, key_);
    const double now = progress_.seconds();
    AITBC_ASSIGN(const bool sent, node_.send(encode(transaction)));
    if (!sent)
      return failed(Exit::refused, "another program uses the wallet: run the test with one of its own");
    in_flight_.push_back({transaction_hash(transaction), now});
    ++common_.nonce;
    ++report_.sent;
    last_progress_s_ = now;
    return {};
  }

  // Nonces are included in order, so the oldest is the next.
  Outcome<void> take_included() {
    while (!in_flight_.empty()) {
      AITBC_ASSIGN(const auto receipt, node_.receipt(in_flight_.front().hash));
      const double now = progress_.seconds();
      if (!receipt && now - last_progress_s_ > kGiveUp_s)
        return failed(Exit::not_included, "the chain takes no more: " + std::to_string(in_flight_.size()) +
                                              " transactions are not in a block after two minutes");
      if (!receipt) return {};
      report_.latency_s.add(now - in_flight_.front().sent_at);
      report_.reverted += receipt->succeeded ? 0 : 1;
      report_.receipts.push_back(receipt->document);
      ++report_.included;
      in_flight_.pop_front();
      last_progress_s_ = now;
    }
    return {};
  }

  Context& context_;
  NodeClient& node_;
  const PrivateKey& key_;
  const LoadPlan& plan_;
  std::string what_;
  Progress progress_;
  Transaction common_;
  std::deque<InFlight> in_flight_;
  LoadReport report_;
  double last_progress_s_ = 0;
};

}  // namespace

Outcome<LoadReport> run_load(Context& context, const PrivateKey& key, const LoadPlan& plan,
                             const std::string& what) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  const auto turn = account_turn(context.wallets().folder(), key.address());
  return LoadRun(context, *node, key, plan, what).run();
}

Record describe(const LoadReport& report) {
  const double rate = report.seconds > 0 ? static_cast<double>(report.included) / report.seconds : 0;
  return {{{"sent", "Sent"}, number_cell(report.sent)},
          {{"included", "In blocks"}, number_cell(report.included)},
          {{"reverted", "Of these reverted"}, number_cell(report.reverted)},
          {{"seconds", "Seconds"}, decimal_cell(report.seconds)},
          {{"per_second", "Per second"}, decimal_cell(rate)},
          {{"latency_p50_seconds", "In a block after, median (s)"}, report.latency_s.cell(50)},
          {{"latency_p95_seconds", "In a block after, 95th percentile (s)"}, report.latency_s.cell(95)},
          {{"latency_max_seconds", "In a block after, slowest (s)"}, report.latency_s.cell(100)}};
}

}  // namespace aitbc::cli
