// The outside world: accounts that send transfers and marketplace actions to nodes.
#pragma once

#include <vector>

#include "genesis/genesis.hpp"
#include "mempool/mempool.hpp"
#include "tests/sim/random.hpp"

namespace aitbc::sim {

class Clients {
 public:
  Clients(std::size_t accounts, std::uint64_t seed);
  // Money for the accounts.
  void endow(genesis::Genesis& genesis) const;
  // A random action by a random account, as a wallet that asks this node for its nonce would sign it.
  TransactionPtr next(const Mempool& asked, std::uint64_t chain_id);

 private:
  struct Action {
    Address to;
    Amount value;
    Bytes data;
  };
  Action some_action(const Address& self);

  std::vector<PrivateKey> keys_;
  std::vector<Address> addresses_;
  std::uint64_t devices_ = 0;
  Random random_;
};

}  // namespace aitbc::sim
