// A block: header and transactions with their senders.
#pragma once

#include <span>
#include <vector>

#include "types/header.hpp"
#include "types/transaction.hpp"

namespace aitbc {

struct Block {
  Header header;
  std::vector<TransactionPtr> transactions;
};

// rlp([header, [transactions], []]): Ethereum's block; typed transactions are strings in the list (EIP-2718).
Bytes encode(const Block& block);
// The transactions stay in wire form, so that a caller can recover senders in parallel or reuse what its
// mempool knows. Transactions themselves are not decoded here.
struct UnrecoveredBlock {
  Header header;
  std::vector<Bytes> transactions;  // wire forms
};
Bytes encode(const UnrecoveredBlock& block);
Result<UnrecoveredBlock> decode_block(ByteView encoded);

}  // namespace aitbc
