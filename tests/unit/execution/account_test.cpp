#include "execution/account.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "types/header.hpp"

using namespace aitbc;

TEST_CASE("an account encodes as Ethereum's: nonce, balance, storage root, code hash") {
  Account account = Account::empty();
  account.nonce = 5;
  account.balance = Amount(0x1234);
  CHECK(hex::encode(encode(account)) ==
        "f84605"
        "821234"
        "a056e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
        "a0c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  CHECK(*decode_account(encode(account)) == account);
}

TEST_CASE("the largest balance and nonce survive the encoding") {
  Account account = Account::empty();
  account.nonce = ~Nonce{0};
  account.balance = Amount::max();
  CHECK(*decode_account(encode(account)) == account);
}

TEST_CASE("an account is empty when it has no nonce, balance or code, whatever its storage root") {
  Account account = Account::empty();
  CHECK(account.is_empty());
  account.storage_root = Hash{};
  CHECK(account.is_empty());
  account.nonce = 1;
  CHECK_FALSE(account.is_empty());
  account = Account::empty();
  account.balance = Amount(1);
  CHECK_FALSE(account.is_empty());
  account = Account::empty();
  account.code_hash = Hash{};
  CHECK_FALSE(account.is_empty());
}

TEST_CASE("an account decodes from its own encoding only") {
  const Bytes good = encode(Account::empty());
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(decode_account(ByteView(good).first(size)));
  Bytes longer = good;
  longer.push_back(0);
  CHECK_FALSE(decode_account(longer));

  rlp::Encoder five_fields;
  five_fields.begin_list().u64(1).u64(1).bytes(Hash{}).bytes(Hash{}).u64(1).end_list();
  CHECK_FALSE(decode_account(five_fields.view()));
  rlp::Encoder wide_balance;
  wide_balance.begin_list()
      .u64(1)
      .uint256(Uint256::from_parts(0, 1, 0, 0))
      .bytes(Hash{})
      .bytes(Hash{})
      .end_list();
  CHECK_FALSE(decode_account(wide_balance.view()));
}
