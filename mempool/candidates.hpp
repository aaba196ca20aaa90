// Where a block's transactions come from.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "types/transaction.hpp"

namespace aitbc {

// Transactions in the order in which a block should take them. A transaction uses less gas than it may, so
// who builds a block asks for some, executes them, and asks again for what is left. Not thread-safe.
class CandidateSource {
 public:
  virtual ~CandidateSource() = default;
  // The next ones, as many as `gas` (their limits summed) and `bytes` (of their wire form) allow; none: there
  // are no more that fit.
  virtual std::vector<TransactionPtr> next(Gas gas, std::size_t bytes) = 0;
};

// Given ones, once and all together.
class GivenCandidates final : public CandidateSource {
 public:
  explicit GivenCandidates(std::span<const TransactionPtr> transactions)
      : transactions_(transactions.begin(), transactions.end()) {}
  std::vector<TransactionPtr> next(Gas /*gas*/, std::size_t /*bytes*/) override {
    return std::exchange(transactions_, {});
  }

 private:
  std::vector<TransactionPtr> transactions_;
};

}  // namespace aitbc
