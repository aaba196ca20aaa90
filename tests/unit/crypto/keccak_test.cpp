#include "crypto/keccak.hpp"

#include <cryptopp/keccak.h>
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "crypto/keccak_lanes.hpp"
#include "crypto/keccak_sponge.hpp"

using namespace aitbc;

namespace {

Hash reference(ByteView input) {
  Hash out;
  CryptoPP::Keccak_256 hasher;
  hasher.Update(input.data(), input.size());
  hasher.Final(out.data());
  return out;
}

Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
  Bytes out(size);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random());
  return out;
}

struct Batch {
  std::vector<Bytes> inputs;
  std::vector<ByteView> views() const { return {inputs.begin(), inputs.end()}; }
};

// Mostly the lengths of trie nodes, now and then a long one that outlives its neighbours.
Batch random_batch(std::mt19937_64& random) {
  Batch out;
  out.inputs.resize(random() % 40);
  for (Bytes& input : out.inputs) input = random_bytes(random, random() % (random() % 10 == 0 ? 5'000 : 600));
  return out;
}

void check_batch(const Batch& batch, std::span<const Hash> actual) {
  for (std::size_t i = 0; i < batch.inputs.size(); ++i) REQUIRE(actual[i] == reference(batch.inputs[i]));
}

}  // namespace

TEST_CASE("every single-lane permutation agrees with another implementation at every length to 600 bytes") {
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size <= 600; ++size) {
    const Bytes input = random_bytes(random, size);
    const Hash expected = reference(input);
    REQUIRE(keccak256(input) == expected);
    for (const keccak::Variant& variant : keccak::variants())
      if (variant.lanes == 1) REQUIRE(keccak::hash_one(variant.permute, input) == expected);
  }
}

TEST_CASE("every vector permutation agrees with another implementation at every length to 600 bytes") {
  std::mt19937_64 random(2);
  for (const keccak::Variant& variant : keccak::variants()) {
    CAPTURE(variant.name);
    for (std::size_t size = 0; size <= 600; ++size) {
      Batch batch;
      for (std::size_t i = 0; i < variant.lanes; ++i) batch.inputs.push_back(random_bytes(random, size));
      std::vector<Hash> actual(batch.inputs.size());
      keccak::hash_many(variant, keccak::variants().front(), batch.views(), actual);
      check_batch(batch, actual);
    }
  }
}

TEST_CASE("batches of mixed sizes and lengths give each input its own digest") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    const Batch batch = random_batch(random);
    std::vector<Hash> actual(batch.inputs.size());
    keccak256_batch(batch.views(), actual);
    check_batch(batch, actual);
    for (const keccak::Variant& variant : keccak::variants()) {
      keccak::hash_many(variant, keccak::variants().front(), batch.views(), actual);
      check_batch(batch, actual);
    }
  }
}

TEST_CASE("a batch may be empty and its inputs may be empty") {
  keccak256_batch({}, {});
  const std::vector<ByteView> inputs(3);
  std::vector<Hash> outputs(3);
  keccak256_batch(inputs, outputs);
  for (const Hash& output : outputs) CHECK(output == kEmptyKeccak);
}

TEST_CASE("the digest of nothing is the constant, and not SHA3-256's") {
  CHECK(keccak256({}) == kEmptyKeccak);
  CHECK(reference({}) == kEmptyKeccak);
}

TEST_CASE("the portable permutation is always there, and every variant names its lanes") {
  REQUIRE_FALSE(keccak::variants().empty());
  CHECK(keccak::variants().front().lanes == 1);
  CHECK(std::string(keccak::variants().front().name) == "portable");
  for (const keccak::Variant& variant : keccak::variants()) CHECK(variant.lanes <= keccak::kMaxLanes);
}
