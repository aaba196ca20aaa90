#include "node/chain/block_validators.hpp"

#include "consensus/qbft/extra_data.hpp"

namespace aitbc::chain {

Result<std::vector<Address>> block_validators(ByteView extra_data) {
  auto extra = qbft::decode_extra_data(extra_data);
  if (!extra)
    return fail(ErrorCode::invalid_block,
                "the block does not say who validates it: " + extra.error().message);
  return std::move(extra->validators);
}

}  // namespace aitbc::chain
