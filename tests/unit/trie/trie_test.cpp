// Roots of whole tries, and proofs in them.
#include "execution/trie.hpp"

#include <doctest/doctest.h>

#include <random>

#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "execution/trie_nodes.hpp"
#include "types/header.hpp"

namespace aitbc::trie {
namespace {

using Proof = std::vector<Bytes>;

Bytes b(std::string_view text) { return to_bytes(as_bytes(text)); }

Bytes hex_bytes(std::string_view text) { return *hex::decode(text); }

}  // namespace

TEST_CASE("a trie without entries has the empty root") {
  CHECK(root_of({}) == kEmptyTrieRoot);
  CHECK(ordered_root({}) == kEmptyTrieRoot);
  const std::vector<std::pair<Bytes, Bytes>> removed{{b("key"), b("value")}, {b("key"), {}}};
  CHECK(root_of(removed) == kEmptyTrieRoot);
}

TEST_CASE("the roots of a trie whose keys begin with each other are those of the yellow paper's scheme") {
  const std::vector<std::pair<Bytes, Bytes>> entries{
      {b("doe"), b("reindeer")}, {b("dog"), b("puppy")}, {b("dogglesworth"), b("cat")}};
  CHECK(hex::encode(root_of(entries)) == "8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3");
}

TEST_CASE("later duplicates win, in whatever order the keys come") {
  const std::vector<std::pair<Bytes, Bytes>> twice{{b("b"), b("2")}, {b("a"), b("old")}, {b("a"), b("1")}};
  const std::vector<std::pair<Bytes, Bytes>> once{{b("a"), b("1")}, {b("b"), b("2")}};
  CHECK(root_of(twice) == root_of(once));
}

TEST_CASE("the root of a list is the root of its index-to-item trie") {
  std::mt19937_64 random(3);
  for (const std::size_t count : {1U, 2U, 15U, 16U, 17U, 127U, 128U, 129U, 255U, 256U, 257U, 1000U}) {
    std::vector<Bytes> items;
    std::vector<std::pair<Bytes, Bytes>> entries;
    for (std::size_t i = 0; i < count; ++i) {
      items.emplace_back(1 + random() % 300, static_cast<std::uint8_t>(random()));
      rlp::Encoder key;
      key.u64(i);
      entries.emplace_back(key.take(), items.back());
    }
    CHECK(ordered_root(items) == root_of(entries));
  }
}

TEST_CASE("a proof answers for its own key only") {
  // Two leaves below an extension and a branch, built by hand: keys 0x1234 and 0x1256.
  Children children;
  const Bytes long_value(40, 7);
  Bytes leaf;
  append_leaf(leaf, hex_bytes("1234"), 3, long_value);
  children[3] = ref_of(leaf);
  Bytes short_leaf;
  append_leaf(short_leaf, hex_bytes("1256"), 3, hex_bytes("09"));
  children[5] = ref_of(short_leaf);
  REQUIRE_FALSE(children[5].is_hash());
  Bytes branch;
  append_branch(branch, children);
  Bytes extension;
  append_extension(extension, hex_bytes("1200"), 0, 2, ref_of(branch));
  const Hash root = keccak256(extension);

  CHECK(*verify_proof(root, hex_bytes("1234"), Proof{extension, branch, leaf}) == long_value);
  CHECK(*verify_proof(root, hex_bytes("1256"), Proof{extension, branch}) == hex_bytes("09"));
  CHECK(*verify_proof(root, hex_bytes("1235"), Proof{extension, branch, leaf}) == std::nullopt);
  CHECK(*verify_proof(root, hex_bytes("1257"), Proof{extension, branch}) == std::nullopt);
  CHECK(*verify_proof(root, hex_bytes("1294"), Proof{extension, branch}) == std::nullopt);
  CHECK(*verify_proof(root, hex_bytes("1334"), Proof{extension}) == std::nullopt);
  // Too few nodes, too many, another root, an altered node.
  CHECK_FALSE(verify_proof(root, hex_bytes("1234"), Proof{extension, branch}));
  CHECK_FALSE(verify_proof(root, hex_bytes("1334"), Proof{extension, branch}));
  CHECK_FALSE(verify_proof(root, hex_bytes("1234"), {}));
  CHECK_FALSE(verify_proof(kEmptyKeccak, hex_bytes("1234"), Proof{extension, branch, leaf}));
  Bytes altered = leaf;
  altered.back() ^= 1;
  CHECK_FALSE(verify_proof(root, hex_bytes("1234"), Proof{extension, branch, altered}));
}

TEST_CASE("every key is absent from the empty trie, with or without its root node") {
  CHECK(*verify_proof(kEmptyTrieRoot, hex_bytes("12"), {}) == std::nullopt);
  CHECK(*verify_proof(kEmptyTrieRoot, hex_bytes("12"), Proof{hex_bytes("80")}) == std::nullopt);
  CHECK_FALSE(verify_proof(kEmptyTrieRoot, hex_bytes("12"), Proof{hex_bytes("80"), hex_bytes("80")}));
  CHECK_FALSE(verify_proof(kEmptyTrieRoot, hex_bytes("12"), Proof{hex_bytes("c0")}));
}

TEST_CASE("malformed nodes are refused even under the right hash") {
  for (const std::string node :
       {"", "c0", "c180", "c3808080", "c28001", "c2c001", "c24001", "c22180", "c2008100", "c20001", "c20080",
        "81", "c482000001", "c58200018101", "d1018080808080808080808080808080808080"}) {
    const Bytes bytes = hex_bytes(node);
    CAPTURE(node);
    CHECK_FALSE(verify_proof(keccak256(bytes), hex_bytes("00"), Proof{bytes}));
  }
}

TEST_CASE("keys share half-bytes up to the first that differs") {
  CHECK(common_nibbles(hex_bytes("1234"), hex_bytes("1235")) == 3);
  CHECK(common_nibbles(hex_bytes("1234"), hex_bytes("1334")) == 1);
  CHECK(common_nibbles(hex_bytes("1234"), hex_bytes("2234")) == 0);
  CHECK(common_nibbles(hex_bytes("12"), hex_bytes("1234")) == 2);
  CHECK(common_nibbles({}, hex_bytes("12")) == 0);
}

}  // namespace aitbc::trie
