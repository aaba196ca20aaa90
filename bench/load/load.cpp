#include "load/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "codec/hex.hpp"
#include "load/ecrecover.hpp"

namespace aitbc::bench {
namespace {

constexpr Gas kTransferGas = 21'000;
constexpr std::size_t kMaxRecoverThreads = 2;  // the targets are stated for two cores

void say(const std::string& text) { fmt::print(stderr, "{}\n", text); }

Result<void> check_chain(const ChainInfo& chain, const LoadOptions& options) {
  if (!options.chain_id || *options.chain_id == chain.chain_id) return {};
  return fail(ErrorCode::conflict,
              fmt::format("{} is chain {}, not {}", options.rpc_url, chain.chain_id, *options.chain_id));
}

Result<void> check_options(const LoadOptions& options) {
  if (options.accounts == 0 || options.transactions == 0 || options.connections == 0 || options.batch == 0)
    return fail(ErrorCode::invalid_input, "accounts, transactions, connections and batch are at least 1");
  if (options.accounts < options.connections)
    return fail(ErrorCode::invalid_input, "there must be at least as many accounts as connections");
  if (options.transactions < options.accounts)
    return fail(ErrorCode::invalid_input, "there must be at least as many transactions as accounts");
  return {};
}

// What an account may spend at most.
Result<Amount> balance_needed(const LoadOptions& options, const Fees& fees) {
  const std::uint64_t transfers = options.transactions / options.accounts + 1;
  const auto fee = to_amount(fees.max_fee_per_gas);
  const auto gas = fee ? checked_mul(*fee, kTransferGas) : std::nullopt;
  const auto each = gas ? checked_add(*gas, Amount(1)) : std::nullopt;
  const auto all = each ? checked_mul(*each, transfers) : std::nullopt;
  if (!all) return fail(ErrorCode::limit, "the load costs more than 128 bits of base units");
  return *all;
}

Result<std::vector<Account>> funded_accounts(Rpc& rpc, const LoadOptions& options, std::uint64_t chain_id,
                                             const Fees& fees) {
  AITBC_ASSIGN(const Bytes secret, hex::decode(options.fund_key));
  AITBC_ASSIGN(const PrivateKey funder, PrivateKey::from_bytes(secret));
  std::vector<Account> accounts = derive_accounts(options.seed, options.accounts);
  Funding funding;
  AITBC_ASSIGN(funding.balance_each, balance_needed(options, fees));
  funding.batch = options.batch;
  funding.timeout = std::chrono::seconds(options.stall_s);
  say(fmt::format("funding {} accounts from {}", accounts.size(), hex::checksummed(funder.address())));
  AITBC_TRY(fund_accounts(rpc, funder, accounts, chain_id, fees, funding));
  return accounts;
}

}  // namespace

double LoadReport::accepted_per_second() const {
  return result.accepting_seconds > 0 ? static_cast<double>(result.accepted) / result.accepting_seconds : 0;
}

double LoadReport::included_per_second() const {
  return result.including_seconds > 0 ? static_cast<double>(result.included) / result.including_seconds : 0;
}

double LoadReport::included_to_ecrecover() const {
  return ecrecover_per_second > 0 ? included_per_second() / ecrecover_per_second : 0;
}

bool LoadReport::complete() const {
  return !result.stalled && result.included == transactions && result.included_twice == 0;
}

Result<LoadReport> run_load(const LoadOptions& options) {
  AITBC_TRY(check_options(options));
  AITBC_ASSIGN(const Endpoint endpoint, parse_endpoint(options.rpc_url));
  const std::chrono::seconds timeout(options.timeout_s);
  AITBC_ASSIGN(Rpc rpc, Rpc::connect(endpoint, timeout));
  AITBC_ASSIGN(const ChainInfo chain, rpc.chain_info());
  AITBC_TRY(check_chain(chain, options));
  AITBC_ASSIGN(const Fees fees, choose_fees(chain, options.fee_headroom));
  LoadReport report;
  report.chain_id = chain.chain_id;
  report.transactions = options.transactions;

  report.recover_threads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxRecoverThreads);
  say(fmt::format("measuring signature recovery on {} threads", report.recover_threads));
  report.ecrecover_per_second =
      measure_ecrecover_rate(report.recover_threads, std::chrono::milliseconds(options.recover_ms));

  AITBC_ASSIGN(const auto accounts, funded_accounts(rpc, options, chain.chain_id, fees));
  say(fmt::format("signing {} transfers", options.transactions));
  const auto signing_start = Clock::now();
  const Workload workload = prepare_transfers(
      endpoint, accounts, {options.transactions, options.connections, options.batch, chain.chain_id, fees});
  report.signing_seconds = seconds_between(signing_start, Clock::now());

  AITBC_ASSIGN(const Uint256 head, rpc.quantity({"eth_blockNumber", "[]"}));
  say(fmt::format("submitting over {} connections in batches of {}", options.connections, options.batch));
  SubmissionOptions submission;
  submission.rate = options.rate;
  submission.first_block = head.low_u64() + 1;
  submission.timeout = timeout;
  submission.stall = std::chrono::seconds(options.stall_s);
  AITBC_ASSIGN(report.result, submit(endpoint, workload, submission));
  return report;
}

}  // namespace aitbc::bench
