// Transactions, headers and receipts with every field set, and random ones. Shared by the tests of this
// folder.
#pragma once

#include <random>

#include "types/block.hpp"
#include "types/receipt.hpp"

namespace aitbc::test {

inline PrivateKey key_of(std::uint8_t value) {
  std::array<std::uint8_t, 32> secret{};
  secret[31] = value;
  return PrivateKey::from_bytes(secret).value();
}

inline Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
  Bytes out(size);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random());
  return out;
}

template <class Fixed>
Fixed random_fixed(std::mt19937_64& random) {
  return Fixed::from(random_bytes(random, Fixed::kSize));
}

inline Uint256 random_uint256(std::mt19937_64& random) {
  return Uint256::from_be(random_bytes(random, random() % 33));
}

inline AccessList random_access_list(std::mt19937_64& random) {
  AccessList out(random() % 4);
  for (AccessListEntry& entry : out) {
    entry.address = random_fixed<Address>(random);
    entry.storage_keys.resize(random() % 4);
    for (Hash& key : entry.storage_keys) key = random_fixed<Hash>(random);
  }
  return out;
}

// Valid and signed by key_of(1 + seed % 200).
inline Transaction random_transaction(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Transaction out;
  out.type = static_cast<TransactionType>(random() % 3);
  out.chain_id = random() >> random() % 64;
  if (out.type == TransactionType::legacy && random() % 2 == 0) out.chain_id.reset();
  out.nonce = random() >> (1 + random() % 63);
  out.max_fee_per_gas = random_uint256(random);
  out.max_priority_fee_per_gas = out.max_fee_per_gas;
  if (out.type == TransactionType::dynamic_fee && random() % 2 == 0) out.max_priority_fee_per_gas = 0;
  out.gas_limit = random() >> random() % 64;
  if (random() % 4 != 0) out.to = random_fixed<Address>(random);
  out.value = random_uint256(random);
  out.data = random_bytes(random, random() % 4 == 0 ? random() % 2000 : random() % 80);
  if (out.type != TransactionType::legacy) out.access_list = random_access_list(random);
  sign_transaction(out, key_of(static_cast<std::uint8_t>(1 + seed % 200)));
  return out;
}

inline Header random_header(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Header out;
  out.parent_hash = random_fixed<Hash>(random);
  out.coinbase = random_fixed<Address>(random);
  out.state_root = random_fixed<Hash>(random);
  out.transactions_root = random_fixed<Hash>(random);
  out.receipts_root = random_fixed<Hash>(random);
  out.logs_bloom = random_fixed<Bloom>(random);
  out.number = random() >> random() % 64;
  out.gas_limit = random() >> random() % 64;
  out.gas_used = random() >> random() % 64;
  out.timestamp = random() >> random() % 64;
  out.extra_data = random_bytes(random, random() % 300);
  out.mix_hash = random_fixed<Hash>(random);
  if (random() % 4 != 0) out.base_fee_per_gas = Amount::from_units(uint128{random()} * random());
  return out;
}

inline Receipt random_receipt(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Receipt out;
  out.type = static_cast<TransactionType>(random() % 3);
  out.succeeded = random() % 2 == 0;
  out.cumulative_gas_used = random() >> random() % 64;
  out.logs.resize(random() % 4);
  for (Log& log : out.logs) {
    log.address = random_fixed<Address>(random);
    log.topics.resize(random() % 5);
    for (Hash& topic : log.topics) topic = random_fixed<Hash>(random);
    log.data = random_bytes(random, random() % 100);
  }
  out.bloom = bloom_of(out.logs);
  return out;
}

}  // namespace aitbc::test
