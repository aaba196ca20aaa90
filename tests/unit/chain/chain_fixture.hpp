// A chain over a memory store with a plain test genesis, and accounts that can pay.
#pragma once

#include <doctest/doctest.h>

#include <memory>

#include "mempool/mempool.hpp"
#include "node/chain/chain.hpp"
#include "storage/memory_store.hpp"

namespace aitbc::chain::test {

inline PrivateKey key_of(std::uint8_t seed) {
  std::array<std::uint8_t, 32> bytes{};
  bytes[31] = seed;
  return *PrivateKey::from_bytes(bytes);
}

inline genesis::Genesis small_genesis() {
  genesis::Genesis genesis = *genesis::parse_genesis(genesis::devnet_json());
  genesis.alloc.clear();
  for (std::uint8_t seed = 1; seed <= 8; ++seed)
    genesis.alloc[key_of(seed).address()].balance = Amount::ait(1000);
  const Address validator = key_of(200).address();
  return genesis::with_validators(std::move(genesis), {&validator, 1});
}

struct Payment {
  std::uint8_t from = 1;
  Address to;
  Amount value{1};
  Nonce nonce = 0;
  Gas gas = 21'000;  // limit
};

inline TransactionPtr pay(const Payment& payment) {
  Transaction transaction;
  transaction.chain_id = small_genesis().rules.chain_id;
  transaction.nonce = payment.nonce;
  transaction.max_fee_per_gas = Uint256(100'000'000'000);
  transaction.max_priority_fee_per_gas = Uint256(1'000'000'000);
  transaction.gas_limit = payment.gas;
  transaction.to = payment.to;
  transaction.value = payment.value.to_uint256();
  sign_transaction(transaction, key_of(payment.from));
  return *recover_transaction(encode(transaction));
}

struct TestChain {
  std::unique_ptr<Store> store = make_memory_store();
  genesis::Genesis genesis = small_genesis();
  std::unique_ptr<Chain> chain = open();

  std::unique_ptr<Chain> open(const ChainOptions& options = {}) {
    auto opened = Chain::open(*store, genesis, {}, options);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
    return std::move(*opened);
  }
  Chain::BlockTemplate next_fields() const {
    const Header head = chain->view()->head;
    return {head.number + 1, head.timestamp + 1, key_of(200).address(), genesis.extra_data};
  }
  // Builds and commits one block, with its hash for a proof.
  Block extend(std::span<const TransactionPtr> transactions) {
    const auto block = chain->build(next_fields(), transactions);
    REQUIRE(block.has_value());
    const auto committed = chain->commit(*block, header_hash(block->header));
    REQUIRE(committed.has_value());
    return *block;
  }
  Amount balance(const Address& address) const {
    const auto account = chain->view()->state->account(address);
    REQUIRE(account.has_value());
    return account->has_value() ? (*account)->balance : Amount();
  }
};

}  // namespace aitbc::chain::test
