// What every QBFT genesis block has in these fields.
#pragma once

#include <string_view>

namespace aitbc::genesis {

inline constexpr std::uint64_t kDifficulty = 1;
// Marks a block whose seals follow a Byzantine fault tolerant protocol (EIP-650).
inline constexpr std::string_view kMixHash =
    "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";

}  // namespace aitbc::genesis
