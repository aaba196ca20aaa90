// Transactions of one account that nobody waits for: several may be on their way at once, each under a
// purpose
// ("complete job_5") that is never sent twice at the same time.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/secp256k1.hpp"
#include "types/transaction.hpp"
#include "wallet/cli/node_client.hpp"

namespace aitbc::agent {

struct Sent {
  std::string purpose;
  Hash hash;
  cli::MinedReceipt receipt;  // succeeded is false also when another transaction took the nonce
  // The arguments of the first event of that name in the receipt; null when there is none.
  cli::Json event(std::string_view name) const;
};

// Not thread-safe. The chain's own rules make a repeated call harmless (it reverts), so nothing of this is
// kept on disk: after a restart, wait until settled() before judging what has still to be done.
class Sender {
 public:
  // `now_ms`: of a clock that never goes back.
  Sender(cli::NodeClient& node, const PrivateKey& key, std::function<std::uint64_t()> now_ms)
      : node_(node), key_(key), account_(key.address()), now_ms_(std::move(now_ms)) {}

  const Address& account() const { return account_; }
  bool is_on_its_way(const std::string& purpose) const { return pending_.contains(purpose); }
  std::size_t on_their_way() const { return pending_.size(); }

  // Whether no transaction of the account, this process's or an earlier one's, is waiting for a block.
  cli::Outcome<bool> settled();

  // Signs and sends a call of the marketplace; `arguments` is a JSON object by name. Does nothing while the
  // purpose is on its way. Fails with the contract's reason when it would revert.
  cli::Outcome<void> send(const std::string& purpose, std::string_view call, std::string_view arguments);

  // Those that have got into a block since the last time. What is stuck is sent again, in the end with a
  // higher fee.
  cli::Outcome<std::vector<Sent>> collect();

 private:
  struct Pending {
    Transaction transaction;
    Hash hash;
    std::vector<Hash> earlier;  // with lower fees, of the same nonce
    std::uint64_t sent_ms = 0;
  };
  cli::Outcome<std::optional<cli::MinedReceipt>> find_receipt(const Pending& pending);
  // False when another transaction has the nonce.
  cli::Outcome<bool> push(Pending& pending);
  cli::Outcome<void> resend(Pending& pending);

  cli::NodeClient& node_;
  PrivateKey key_;
  Address account_;
  std::function<std::uint64_t()> now_ms_;
  std::optional<std::uint64_t> chain_id_;
  Nonce next_nonce_ = 0;
  std::map<std::string, Pending> pending_;
};

}  // namespace aitbc::agent
