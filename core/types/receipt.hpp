// Receipts, logs and blooms (yellow paper 4.3.1, EIP-658, EIP-2718).
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "types/transaction.hpp"

namespace aitbc {

struct Log {
  Address address;
  std::vector<Hash> topics;  // at most 4
  Bytes data;
  bool operator==(const Log&) const = default;
};
using Logs = std::vector<Log>;

struct Receipt {
  TransactionType type = TransactionType::legacy;
  bool succeeded = false;
  Gas cumulative_gas_used = 0;
  Bloom bloom;
  Logs logs;
  bool operator==(const Receipt&) const = default;
};

Bloom bloom_of(const Logs& logs);
bool bloom_may_contain(const Bloom& bloom, ByteView item);
void merge(Bloom& into, const Bloom& other);

// The consensus form: RLP, or the type byte and RLP.
Bytes encode(const Receipt& receipt);
Result<Receipt> decode_receipt(ByteView encoded);

}  // namespace aitbc
