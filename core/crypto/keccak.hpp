// Keccak-256 as Ethereum uses it (the original padding 0x01, not SHA3-256's 0x06).
#pragma once

#include <span>

#include "base/bytes.hpp"

namespace aitbc {

Hash keccak256(ByteView input);

// The digests of inputs.size() independent inputs, several to a pass where the processor has the lanes for it
// (AVX2, AVX-512). Precondition: outputs.size() == inputs.size(). Same results as keccak256 on each.
void keccak256_batch(std::span<const ByteView> inputs, std::span<Hash> outputs);

// keccak256 of nothing: the code hash of an account without code.
inline constexpr Hash kEmptyKeccak{{0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d,
                                    0xb2, 0xdc, 0xc7, 0x03, 0xc0, 0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82,
                                    0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70}};

}  // namespace aitbc
