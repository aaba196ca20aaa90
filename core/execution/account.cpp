#include "execution/account.hpp"

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "types/header.hpp"

namespace aitbc {

Account Account::empty() {
  Account account;
  account.storage_root = kEmptyTrieRoot;
  account.code_hash = kEmptyKeccak;
  return account;
}

bool Account::is_empty() const { return nonce == 0 && balance.is_zero() && code_hash == kEmptyKeccak; }

Bytes encode(const Account& account) {
  rlp::Encoder out;
  out.begin_list()
      .u64(account.nonce)
      .amount(account.balance)
      .bytes(account.storage_root)
      .bytes(account.code_hash)
      .end_list();
  return out.take();
}

Result<Account> decode_account(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder fields, rlp::decode_list(encoded));
  Account account;
  AITBC_ASSIGN(account.nonce, fields.u64());
  AITBC_ASSIGN(account.balance, fields.amount());
  AITBC_ASSIGN(account.storage_root, fields.fixed<Hash>());
  AITBC_ASSIGN(account.code_hash, fields.fixed<Hash>());
  AITBC_TRY(fields.finish());
  return account;
}

}  // namespace aitbc
