// Who seals a block: every header lists its validators in the extra data (docs/consensus.md).
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc::chain {

// Strictly ascending, at least one. invalid_block when the extra data does not read. Whether they are the
// right ones is for the consensus engine to judge, before the block is final.
Result<std::vector<Address>> block_validators(ByteView extra_data);

}  // namespace aitbc::chain
