// Signed transactions and the HTTP requests that carry them, all made before the clock starts.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "load/accounts.hpp"

namespace aitbc::bench {

// What an account sends: its `round`-th transaction, counted from 0, signed.
using MakeTransaction =
    std::function<Transaction(std::size_t account, std::size_t round, const Account& from, Nonce nonce)>;

struct WorkloadOptions {
  std::size_t transactions = 0;
  std::size_t connections = 1;
  std::size_t batch = 100;  // transactions to a request
  std::uint64_t chain_id = 0;
  Fees fees;
};

// Transactions first .. first + count - 1 of the workload in one request.
struct PreparedBatch {
  std::size_t first = 0;
  std::size_t count = 0;
  std::string request;
};

struct Workload {
  std::vector<Hash> hashes;                             // of every transaction
  std::vector<std::vector<PreparedBatch>> connections;  // what each connection sends, in order
};

// Spreads the transactions evenly over the accounts. An account keeps to one connection, so that its nonces
// arrive in order. Signs on every core: `make` is called from several threads.
Workload prepare_workload(const Endpoint& endpoint, const std::vector<Account>& accounts,
                          const WorkloadOptions& options, const MakeTransaction& make);
// Each account sends to the next one.
Workload prepare_transfers(const Endpoint& endpoint, const std::vector<Account>& accounts,
                           const WorkloadOptions& options);

}  // namespace aitbc::bench
