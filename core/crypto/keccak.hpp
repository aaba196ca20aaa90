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
extern const Hash kEmptyKeccak;

}  // namespace aitbc
