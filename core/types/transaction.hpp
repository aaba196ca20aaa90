// Ethereum transactions: legacy (with and without EIP-155), EIP-2930 and EIP-1559.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc {

enum class TransactionType : std::uint8_t { legacy = 0, access_list = 1, dynamic_fee = 2 };

struct AccessListEntry {
  Address address;
  std::vector<Hash> storage_keys;
  bool operator==(const AccessListEntry&) const = default;
};
using AccessList = std::vector<AccessListEntry>;

struct Transaction {
  TransactionType type = TransactionType::dynamic_fee;
  // Absent only in a legacy transaction that predates EIP-155.
  std::optional<std::uint64_t> chain_id;
  Nonce nonce = 0;
  // Per unit of gas, in base units. Types before EIP-1559 carry one gas price, held in both.
  Uint256 max_priority_fee_per_gas;
  Uint256 max_fee_per_gas;
  Gas gas_limit = 0;
  std::optional<Address> to;  // absent: contract creation
  Uint256 value;              // base units
  Bytes data;
  AccessList access_list;
  Signature signature;

  bool operator==(const Transaction&) const = default;
};

// The wire form: RLP, or the type byte and RLP (EIP-2718). decode() accepts exactly what encode() makes of a
// transaction that can be valid: canonical RLP, nothing after it, low s, r and s in range, nonce below 2^64 -
// 1 (EIP-2681), chain id and gas limit below 2^64, a priority fee not above the maximum fee (EIP-1559). It
// does not recover the sender.
Bytes encode(const Transaction& transaction);
Result<Transaction> decode_transaction(ByteView wire);
// keccak256 of the wire form.
Hash transaction_hash(const Transaction& transaction);
// What the sender signed (EIP-155, EIP-2930, EIP-1559).
Hash signing_hash(const Transaction& transaction);
// Fills in the signature.
void sign_transaction(Transaction& transaction, const PrivateKey& key);
Result<Address> recover_sender(const Transaction& transaction);

// Gas charged before execution: 21000 (+32000 for creation and 2 per init-code word, EIP-3860), 4 per zero
// and 16 per other byte of data (EIP-2028), 2400 per address and 1900 per key of the access list (EIP-2930).
// nullopt on overflow.
std::optional<Gas> intrinsic_gas(const Transaction& transaction);

// What the sender pays per unit of gas at this base fee: min(max fee, base fee + priority fee); nullopt when
// the maximum is below the base fee or over 128 bits.
struct EffectiveFee {
  Amount gas_price;    // base fee + tip
  Amount tip_per_gas;  // to the proposer
};
std::optional<EffectiveFee> effective_fee(const Transaction& transaction, Amount base_fee);

// A decoded transaction with what was worked out of it once: wire form, hash and sender. Immutable, shared by
// the mempool, the builder, the executor and the RPC.
struct RecoveredTransaction {
  Transaction transaction;
  Bytes wire;
  Hash hash;
  Address sender;
};
using TransactionPtr = std::shared_ptr<const RecoveredTransaction>;

// Decodes, hashes once over the wire bytes, and recovers the sender.
Result<TransactionPtr> recover_transaction(ByteView wire);

}  // namespace aitbc
