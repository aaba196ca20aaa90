// Merkle Patricia tries (yellow paper, appendix D) in memory: roots of small ordered lists, and proof
// checking.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc::trie {

// Root of the trie {rlp(i) -> items[i]}: transactions and receipts roots.
Hash ordered_root(std::span<const Bytes> items);
// Root of the trie with these keys as they are (not hashed). Later duplicates win; an empty value removes the
// key.
Hash root_of(std::span<const std::pair<Bytes, Bytes>> entries);

// Checks a proof as eth_getProof gives it (nodes from the root down). nullopt: the proof shows that the key
// is absent. Fails when the proof does not lead from `root` to an answer.
Result<std::optional<Bytes>> verify_proof(const Hash& root, ByteView key, std::span<const Bytes> proof);

}  // namespace aitbc::trie
