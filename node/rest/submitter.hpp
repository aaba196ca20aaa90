// From a call of the contract to what became of it: simulated, signed, pooled, included.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "node/chain/chain.hpp"
#include "node/rest/registry.hpp"

namespace aitbc::rest {

// Thread-safe.
class Submitter {
 public:
  explicit Submitter(const RestBackend& backend) : backend_(backend) {}

  // The gas that the call needs; refused with the contract's error when it would fail in the next block.
  RestResult<Gas> simulate(const Address& from, const Bytes& data) const;

  // What a wallet is to sign, as JSON with the names of Ethereum's JSON-RPC. The nonce is in it when it is
  // known who signs.
  std::string unsigned_transaction(const Bytes& data, Gas gas, const std::optional<Address>& from) const;
  using OnDone = std::function<void(RestResult<Done>)>;
  // One who waits for a transaction; several may wait for the same.
  struct Ticket {
    Hash transaction;
    std::uint64_t number = 0;
  };
  // With the wallet's next nonce, or as it came. Both call `done` once: with the problem, at once, when the
  // transaction is not taken; else when it is in a block, on the thread that commits.
  Ticket sign_and_send(const PrivateKey& wallet, const Bytes& data, Gas gas, OnDone done);
  Ticket send(const TransactionPtr& transaction, OnDone done);
  // Waits no longer; null when it did not (any more).
  OnDone forget(const Ticket& ticket);

  void on_head(const chain::HeadEvent& event);

 private:
  Ticket add(const TransactionPtr& transaction, OnDone done);
  std::vector<OnDone> take_all(const Hash& transaction);
  // Of a transaction that is in a block already.
  RestResult<std::optional<Done>> find_included(const TransactionPtr& transaction) const;
  RestResult<Done> outcome_of(const RecoveredTransaction& transaction, const Receipt& receipt,
                              const Header& header) const;

  const RestBackend& backend_;
  std::mutex signing_;  // nonces are taken in order
  std::mutex waiting_mutex_;
  std::map<Hash, std::map<std::uint64_t, OnDone>> waiting_;
  std::uint64_t next_ticket_ = 1;
};

}  // namespace aitbc::rest
