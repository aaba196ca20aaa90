#include "consensus/qbft/header_rules.hpp"

#include <doctest/doctest.h>

#include "consensus/qbft/engine.hpp"
#include "tests/unit/consensus/fixtures.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;

namespace {

// A genesis block, a right block 1 by the proposer of round 0, and an engine that only verifies.
struct Network {
  std::vector<PrivateKey> keys;
  ValidatorSet validators;
  Header parent;
  Header header;
  std::unique_ptr<Engine> engine;

  explicit Network(std::size_t n) : keys(test_keys(n)), validators(addresses_of(keys)) {
    parent = genesis_header(validators.addresses());
    header = next_header(parent, validators.proposer(parent.coinbase, 0), validators);
    engine = *make_engine(
        Config{}, secp256k1_signatures(std::nullopt),
        [this](Height height) { return height == 0 ? std::optional(parent) : std::nullopt; }, std::nullopt);
  }
  Result<void> verify(const CommitProof& proof) const {
    return engine->verify(header, parent, encode(proof));
  }
  std::vector<PrivateKey> first(std::size_t n) const {
    return {keys.begin(), keys.begin() + static_cast<long>(n)};
  }
};

void check_refused(const Result<void>& result) {
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::invalid_block);
}

}  // namespace

TEST_CASE("a header sealed by a quorum or by all is final") {
  for (const std::size_t n : {1UL, 2UL, 4UL, 7UL}) {
    const Network network(n);
    CHECK(network.verify(seal(network.header, 0, network.first(network.validators.quorum()))));
    CHECK(network.verify(seal(network.header, 0, network.keys)));
  }
}

TEST_CASE("known fault: more than F seals accepted as a quorum") {
  const Network network(4);
  check_refused(network.verify(seal(network.header, 0, network.first(2))));
  check_refused(network.verify(CommitProof{}));
}

TEST_CASE("one signer twice, a stranger, or a seal for another round is no seal") {
  const Network network(4);
  CommitProof proof = seal(network.header, 0, network.first(3));
  SUBCASE("twice in place of another") { proof.seals[2] = proof.seals[0]; }
  SUBCASE("twice in addition") { proof.seals.push_back(proof.seals[0]); }
  SUBCASE("by a stranger") { proof.seals.push_back(seal(network.header, 0, {test_key(99)}).seals[0]); }
  SUBCASE("of round 1") { proof.seals[1] = seal(network.header, 1, {network.keys[1]}).seals[0]; }
  SUBCASE("all of another round than the proof says") { proof.round = 1; }
  SUBCASE("more than there are validators") { proof.seals.resize(5, proof.seals[0]); }
  check_refused(network.verify(proof));
}

TEST_CASE("a commit proof that is not canonical is refused") {
  const Network network(1);
  Bytes proof = encode(seal(network.header, 0, network.keys));
  CHECK(network.engine->verify(network.header, network.parent, proof));
  proof.push_back(0);
  check_refused(network.engine->verify(network.header, network.parent, proof));
  check_refused(network.engine->verify(network.header, network.parent, {}));
}

TEST_CASE("each rule of the header is enforced, whoever seals it") {
  Network network(4);
  Header& header = network.header;
  SUBCASE("parent hash") { header.parent_hash.bytes[0] ^= 1; }
  SUBCASE("number") { header.number = 2; }
  SUBCASE("timestamp below the period") { header.timestamp = network.parent.timestamp; }
  SUBCASE("difficulty") { header.difficulty = 2; }
  SUBCASE("nonce") { header.nonce.bytes[0] = 1; }
  SUBCASE("mix hash") { header.mix_hash = Hash{}; }
  SUBCASE("ommers") { header.ommers_hash = Hash{}; }
  SUBCASE("coinbase out of turn") { header.coinbase = network.validators.proposer(Address{}, 1); }
  SUBCASE("coinbase of a stranger") { header.coinbase = address(1); }
  SUBCASE("extra data with other validators") {
    header.extra_data = genesis_extra_data(addresses_of(network.first(3)));
  }
  SUBCASE("extra data with a round") {
    ExtraData extra = *decode_extra_data(header.extra_data);
    extra.round = 1;
    header.extra_data = encode(extra);
  }
  SUBCASE("extra data with seals") {
    ExtraData extra = *decode_extra_data(header.extra_data);
    extra.seals = seal(header, 0, network.keys).seals;
    header.extra_data = encode(extra);
  }
  check_refused(network.verify(seal(header, 0, network.keys)));
}

TEST_CASE("a block agreed on in a later round may have any earlier round's proposer as coinbase") {
  Network network(4);
  network.header.coinbase = network.validators.proposer(Address{}, 1);
  check_refused(network.verify(seal(network.header, 0, network.keys)));
  CHECK(network.verify(seal(network.header, 1, network.keys)));
  CHECK(network.verify(seal(network.header, 2, network.keys)));
}

TEST_CASE("with a period below a second blocks may share a timestamp, and never go back") {
  Network network(1);
  Config config;
  config.schedule.block_period = consensus::Duration(200);
  const auto engine = *make_engine(
      config, secp256k1_signatures(std::nullopt), [&](Height) { return std::optional(network.parent); },
      std::nullopt);
  const auto verify = [&] {
    return engine->verify(network.header, network.parent, encode(seal(network.header, 0, network.keys)));
  };
  network.header.timestamp = network.parent.timestamp;
  CHECK(verify());
  network.header.timestamp -= 1;
  check_refused(verify());
}

TEST_CASE("the wire form of a header has round and seals, and splits back into its parts") {
  const Network network(4);
  const CommitProof proof = seal(network.header, 3, network.keys);
  const Header wire = *decode_header(*network.engine->wire_header(network.header, encode(proof)));
  const ExtraData extra = *decode_extra_data(wire.extra_data);
  CHECK(extra.round == 3);
  CHECK(extra.seals == proof.seals);
  CHECK(split(wire)->header == network.header);
}
