// Checks a block with nothing but what the node gives of it: hashes, roots, signatures and seals are worked
// out here.
#pragma once

#include "types/header.hpp"
#include "wallet/cli/node_client.hpp"

namespace aitbc::cli {

struct CheckedBlock {
  Header header;
  Hash hash;
  std::vector<Bytes> transactions;  // wire forms
  std::uint64_t round = 0;
  std::uint64_t validators = 0;
  std::uint64_t seals = 0;  // valid ones, of different validators of the block
};

// A failure (refused) names what does not agree: the header's hash, the transactions' or receipts' root, or
// seals of less than the quorum, ceil(2n/3), of its validators. Genesis needs no seals.
Outcome<CheckedBlock> check_block(NodeClient& node, Height height);

}  // namespace aitbc::cli
