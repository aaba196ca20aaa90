// Public vectors of keys, addresses, digests and the oldest genesis header.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "tests/support/vectors.hpp"
#include "types/block.hpp"

using namespace aitbc;
namespace json = boost::json;

namespace {

json::value load(const std::filesystem::path& file) { return json::parse(test::read_text(file)); }

std::string text(const json::object& object, const char* key) {
  return std::string(object.at(key).as_string());
}

Bytes data(const json::object& object, const char* key) { return hex::decode(text(object, key)).value(); }

}  // namespace

TEST_CASE("private keys have the addresses that ethers gives them") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value file = load(*folder / "ethers" / "accounts.json");
  std::size_t keys = 0;
  for (const json::value& value : file.as_array()) {
    const json::object& vector = value.as_object();
    if (!vector.contains("privateKey")) continue;
    const PrivateKey key = PrivateKey::from_bytes(data(vector, "privateKey")).value();
    CHECK(hex::checksummed(key.address()) == text(vector, "address"));
    CHECK(decompress(compress(key.public_key())).value() == key.public_key());
    ++keys;
  }
  CHECK(keys > 10);
}

TEST_CASE("Keccak-256 digests are those of ethers, one at a time and in a batch") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value file = load(*folder / "ethers" / "hashes.json");
  std::vector<Bytes> inputs;
  std::vector<Hash> expected;
  for (const json::value& value : file.as_array()) {
    inputs.push_back(data(value.as_object(), "data"));
    expected.push_back(Hash::from(data(value.as_object(), "keccak256")));
    CHECK(keccak256(inputs.back()) == expected.back());
  }
  const std::vector<ByteView> views(inputs.begin(), inputs.end());
  std::vector<Hash> actual(inputs.size());
  keccak256_batch(views, actual);
  CHECK(actual == expected);
}

TEST_CASE("keys made of a seed's digest have their known addresses") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value file = load(*folder / "ethereum-tests" / "BasicTests" / "keyaddrtest.json");
  for (const json::value& value : file.as_array()) {
    const json::object& vector = value.as_object();
    const Bytes secret = data(vector, "key");
    CHECK(equal(keccak256(as_bytes(text(vector, "seed"))), secret));
    CHECK(hex::encode(PrivateKey::from_bytes(secret).value().address()) == text(vector, "addr"));
  }
}

TEST_CASE("the public genesis block decodes, encodes and hashes to what is known") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value file = load(*folder / "ethereum-tests" / "BasicTests" / "genesishashestest.json");
  const json::object& vector = file.as_object();
  const Bytes encoded = data(vector, "genesis_rlp_hex");
  const UnrecoveredBlock block = decode_block(encoded).value();
  CHECK(encode(block) == encoded);
  CHECK(hex::encode(header_hash(block.header)) == text(vector, "genesis_hash"));
  CHECK(hex::encode(block.header.state_root) == text(vector, "genesis_state_root"));
  CHECK(block.header.ommers_hash == kEmptyOmmersHash);
}
