// Validators, headers and blocks for the tests of the consensus room.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "consensus/qbft/commit_proof.hpp"
#include "consensus/qbft/extra_data.hpp"
#include "consensus/qbft/header_forms.hpp"
#include "consensus/qbft/signatures.hpp"
#include "consensus/qbft/validators.hpp"
#include "types/block.hpp"

namespace aitbc::qbft::test {

inline constexpr Seconds kGenesisTime = 1'766'828'620;

inline PrivateKey test_key(std::uint8_t number) {
  std::array<std::uint8_t, 32> bytes{};
  bytes[0] = 1;
  bytes[31] = number;
  return *PrivateKey::from_bytes(bytes);
}

// n keys, ascending by address.
inline std::vector<PrivateKey> test_keys(std::size_t n) {
  std::vector<PrivateKey> keys;
  for (std::size_t i = 0; i < n; ++i) keys.push_back(test_key(static_cast<std::uint8_t>(i + 1)));
  std::sort(keys.begin(), keys.end(),
            [](const PrivateKey& a, const PrivateKey& b) { return a.address() < b.address(); });
  return keys;
}

inline std::vector<Address> addresses_of(const std::vector<PrivateKey>& keys) {
  std::vector<Address> out;
  for (const PrivateKey& key : keys) out.push_back(key.address());
  return out;
}

inline Address address(std::uint8_t last) {
  Address out;
  out.bytes[19] = last;
  return out;
}

inline Header genesis_header(std::vector<Address> validators) {
  Header header;
  header.ommers_hash = kEmptyOmmersHash;
  header.mix_hash = kMixHash;
  header.timestamp = kGenesisTime;
  header.extra_data = genesis_extra_data(std::move(validators));
  return header;
}

// A right header after `parent`, whose content nobody looks at.
inline Header next_header(const Header& parent, const Address& coinbase, const ValidatorSet& validators,
                          std::optional<Vote> vote = std::nullopt) {
  Header header;
  header.parent_hash = header_hash(parent);
  header.ommers_hash = kEmptyOmmersHash;
  header.coinbase = coinbase;
  header.number = parent.number + 1;
  header.timestamp = parent.timestamp + 1;
  header.mix_hash = kMixHash;
  ExtraData extra;
  extra.validators = validators.addresses();
  extra.vote = vote;
  header.extra_data = encode(extra);
  return header;
}

inline CommitProof seal(const Header& header, Round round, const std::vector<PrivateKey>& keys) {
  CommitProof proof{round, {}};
  const Hash digest = *commit_seal_hash(header, round);
  for (const PrivateKey& key : keys) proof.seals.push_back(sign(key, digest));
  return proof;
}

}  // namespace aitbc::qbft::test
