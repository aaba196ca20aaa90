// An account of the state, in Ethereum's form (yellow paper 4.1).
#pragma once

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc {

struct Account {
  Nonce nonce = 0;
  Amount balance;
  Hash storage_root;  // kEmptyTrieRoot when it stores nothing
  Hash code_hash;     // kEmptyKeccak unless a module lives here

  static Account empty();
  // Nothing worth storing (EIP-161): such accounts are absent from the state.
  bool is_empty() const;
  bool operator==(const Account&) const = default;
};

// rlp([nonce, balance, storageRoot, codeHash]): the value of the account trie's leaf.
Bytes encode(const Account& account);
Result<Account> decode_account(ByteView encoded);

}  // namespace aitbc
