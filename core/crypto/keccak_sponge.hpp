// The sponge around a permutation. Internal to keccak256 and keccak256_batch; public for tests.
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "crypto/keccak_lanes.hpp"

namespace aitbc::keccak {

// `permute` works on one state.
Hash hash_one(Permute permute, ByteView input);

// wide.lanes inputs at a time; a lane that is done takes the next input, so lengths may differ. What is left
// for a single lane at the end is finished with `single` (one lane).
void hash_many(const Variant& wide, const Variant& single, std::span<const ByteView> inputs,
               std::span<Hash> outputs);

}  // namespace aitbc::keccak
