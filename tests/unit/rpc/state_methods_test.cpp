#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "execution/state_trie.hpp"
#include "execution/trie.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {
namespace {

std::string of(std::uint8_t seed) { return quoted(key_of(seed).address()); }

std::vector<Bytes> nodes_of(const json::value& list) {
  std::vector<Bytes> out;
  for (const json::value& node : list.as_array()) out.push_back(*hex::decode(text(node)));
  return out;
}

}  // namespace

TEST_CASE("balances and nonces are those after the block asked for") {
  World world;
  const Address to = key_of(99).address();
  world.commit(world.sign({.to = to, .value = 5}));
  const Hash first = world.head_hash();
  world.commit(world.sign({.to = to, .value = 6, .nonce = 1}));
  const std::string address = quoted(to);
  CHECK(world.ask("eth_getBalance", "[" + address + "]") == "0xb");
  CHECK(world.ask("eth_getBalance", "[" + address + R"(,"latest"])") == "0xb");
  CHECK(world.ask("eth_getBalance", "[" + address + R"(,"0x1"])") == "0x5");
  CHECK(world.ask("eth_getBalance", "[" + address + R"(,{"blockHash":)" + quoted(first) + "}]") == "0x5");
  CHECK(world.ask("eth_getBalance", "[" + address + R"(,"earliest"])") == "0x0");
  CHECK(world.ask("eth_getTransactionCount", "[" + of(1) + R"(,"0x1"])") == "0x1");
  CHECK(world.ask("eth_getTransactionCount", "[" + of(1) + R"(,"latest"])") == "0x2");
  CHECK(world.error("eth_getBalance", "[" + address + R"(,"0x3"])") == "-32000 header not found");
  CHECK(world.error("eth_getBalance", "[" + address + R"(,{"blockHash":)" + quoted(Hash{}) + "}]") ==
        "-32000 header for hash not found");
}

TEST_CASE("the pending nonce counts what waits in the pool") {
  World world;
  const TransactionPtr waiting[] = {world.sign({}), world.sign({.nonce = 1})};
  world.pool().add(waiting, world.now);
  CHECK(world.ask("eth_getTransactionCount", "[" + of(1) + R"(,"latest"])") == "0x0");
  CHECK(world.ask("eth_getTransactionCount", "[" + of(1) + R"(,"pending"])") == "0x2");
}

TEST_CASE("a native contract has code, everybody else has none") {
  World world;
  CHECK(world.ask("eth_getCode", "[" + quoted(contract_address()) + "]") == "0xfe");
  CHECK(world.ask("eth_getCode", "[" + quoted(contract_address()) + R"(,"earliest"])") == "0xfe");
  CHECK(world.ask("eth_getCode", "[" + of(1) + "]") == "0x");
}

TEST_CASE("storage is read by slot, as the trie has it, at the head") {
  World world;
  const Hash slot = storage_slot(as_bytes("key"));
  const std::string params = "[" + quoted(contract_address()) + "," + quoted(slot);
  const std::string zero = "0x" + std::string(64, '0');
  CHECK(world.ask("eth_getStorageAt", params + "]") == zero.c_str());
  world.commit(world.sign({.to = contract_address(), .data = {kStore, 0xaa}}));
  CHECK(text(world.ask("eth_getStorageAt", params + "]")) == hex::encode_prefixed(storage_word(Bytes{0xaa})));
  CHECK(world.ask("eth_getStorageAt", params + R"(,"0x0"])") == zero.c_str());  // nothing was stored yet
  world.commit(world.sign({.to = contract_address(), .nonce = 1, .data = {kStore, 0xbb}}));
  CHECK(world.error("eth_getStorageAt", params + R"(,"0x1"])").find("latest block only") !=
        std::string::npos);
  CHECK(world.ask("eth_getStorageAt", "[" + of(1) + R"(,"0x0","0x1"])") == zero.c_str());
}

TEST_CASE("proofs lead from the head's state root to the account and its storage") {
  World world;
  world.commit(world.sign({.to = contract_address(), .data = {kStore, 0xaa}}));
  const Hash slot = storage_slot(as_bytes("key"));
  const json::value proof = world.ask(
      "eth_getProof", "[" + quoted(contract_address()) + ",[" + quoted(slot) + R"(,"0x7"],"latest"])");
  const Hash root = world.chain().view()->head.state_root;
  const auto leaf =
      trie::verify_proof(root, keccak256(contract_address()), nodes_of(proof.at("accountProof")));
  REQUIRE(leaf.has_value());
  REQUIRE(leaf->has_value());
  const Account account = *decode_account(**leaf);
  CHECK(text(proof.at("balance")) == hex_of(0));
  CHECK(text(proof.at("nonce")) == hex_of(account.nonce));
  CHECK(text(proof.at("storageHash")) == hex::encode_prefixed(account.storage_root));
  CHECK(text(proof.at("codeHash")) == hex::encode_prefixed(account.code_hash));

  const json::array& storage = proof.at("storageProof").as_array();
  REQUIRE(storage.size() == 2);
  const auto word =
      trie::verify_proof(account.storage_root, keccak256(slot), nodes_of(storage[0].at("proof")));
  REQUIRE(word.has_value());
  REQUIRE(word->has_value());
  rlp::Encoder expected;
  expected.uint256(Uint256::from_be(storage_word(Bytes{0xaa})));
  CHECK(equal(**word, expected.view()));
  CHECK(text(storage[0].at("key")) == hex::encode_prefixed(slot));
  CHECK(text(storage[0].at("value")) == hex::quantity(Uint256::from_be(storage_word(Bytes{0xaa}))));
  CHECK(storage[1].at("key") == "0x7");
  CHECK(storage[1].at("value") == "0x0");
  CHECK(world.error("eth_getProof", "[" + quoted(contract_address()) + R"(,[],"earliest"])")
            .find("eth_getProof is available for the latest block only") != std::string::npos);
}

TEST_CASE("an account that does not exist is proved absent") {
  World world;
  const Address nobody = key_of(77).address();
  const json::value proof = world.ask("eth_getProof", "[" + quoted(nobody) + ",[]]");
  CHECK(proof.at("balance") == "0x0");
  CHECK(text(proof.at("storageHash")) == hex::encode_prefixed(kEmptyTrieRoot));
  const auto absent = trie::verify_proof(world.chain().view()->head.state_root, keccak256(nobody),
                                         nodes_of(proof.at("accountProof")));
  REQUIRE(absent.has_value());
  CHECK(!absent->has_value());
}

}  // namespace aitbc::rpc::test
