// Proofs from strangers: key length, key, then nodes each after its length in two bytes. 32 bytes of 0xaa in
// a node stand for the hash of the next one, so that the input reaches below the root.
#include <algorithm>
#include <cstdint>

#include "base/check.hpp"
#include "crypto/keccak.hpp"
#include "execution/trie.hpp"
#include "types/header.hpp"

namespace {

using namespace aitbc;

struct Input {
  Bytes key;
  std::vector<Bytes> nodes;
};

Input parse(ByteView bytes) {
  Input input;
  if (bytes.empty()) return input;
  const std::size_t key_size = std::min<std::size_t>(bytes[0] % 33U, bytes.size() - 1);
  input.key = to_bytes(bytes.subspan(1, key_size));
  bytes = bytes.subspan(1 + key_size);
  while (bytes.size() >= 2) {
    const std::size_t size = std::min<std::size_t>(bytes[0] << 8 | bytes[1], bytes.size() - 2);
    input.nodes.push_back(to_bytes(bytes.subspan(2, size)));
    bytes = bytes.subspan(2 + size);
  }
  return input;
}

// From the last node up, since each one's hash depends on those below it. Returns the root.
Hash link(std::vector<Bytes>& nodes) {
  const Bytes placeholder(Hash::kSize, 0xaa);
  Hash below;
  for (std::size_t i = nodes.size(); i-- > 0;) {
    Bytes& node = nodes[i];
    auto place = node.begin();
    while (place = std::search(place, node.end(), placeholder.begin(), placeholder.end()),
           place != node.end())
      place = std::copy(below.bytes.begin(), below.bytes.end(), place);
    below = keccak256(node);
  }
  return below;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input = parse({data, size});
  Hash root = link(input.nodes);
  const auto answer = trie::verify_proof(root, input.key, input.nodes);
  root.bytes[0] ^= 1;
  AITBC_CHECK(!trie::verify_proof(root, input.key, input.nodes), "a proof holds for one root");
  root.bytes[0] ^= 1;
  // An empty trie is proven by no node as well as by its root node.
  if (!answer || input.nodes.empty() || root == kEmptyTrieRoot) return 0;
  input.nodes.pop_back();
  AITBC_CHECK(!trie::verify_proof(root, input.key, input.nodes), "a valid proof has no node too many");
  return 0;
}
