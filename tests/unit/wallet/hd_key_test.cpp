#include "wallet/hd_key.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "wallet/mnemonic.hpp"

using namespace aitbc;
using namespace aitbc::wallet;

namespace {

std::string key_at(const HdKey& master, std::string_view path) {
  return hex::encode(derive(master, path).value().key.secret());
}

}  // namespace

TEST_CASE("the first test vector of BIP-32 derives") {
  const HdKey master = master_key(hex::decode("000102030405060708090a0b0c0d0e0f").value()).value();
  CHECK(key_at(master, "m") == "e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35");
  CHECK(key_at(master, "m/0'") == "edb2e14f9ee77d26dd93b4ecede8d16ed408ce149b6cd80b0715a2d911a0afea");
  CHECK(key_at(master, "m/0h/1") == "3c6cb8d0f6a264c91ea8b5030fadaa8e538b020f0a387421a12de9319dc93368");
}

TEST_CASE("the well-known development phrase leads to its well-known accounts") {
  const SecretBytes seed =
      seed_from_mnemonic("test test test test test test test test test test test junk", "").value();
  CHECK(hex::checksummed(account_key(seed.view(), 0).value().address()) ==
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  CHECK(hex::checksummed(account_key(seed.view(), 1).value().address()) ==
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
}

TEST_CASE("paths that are not paths are refused") {
  for (const std::string_view path : {"", "0", "/0", "m0", "m/", "m//0", "m/0/", "m/x", "m/-1",
                                      "m/2147483648", "m/0''", "m/'", "M/0", "m/99999999999999999999"})
    CHECK_FALSE_MESSAGE(parse_path(path), path);
  CHECK(parse_path("m").value().empty());
  CHECK(parse_path("m/2147483647'").value() == std::vector<std::uint32_t>{0xffffffffU});
  CHECK(parse_path(account_path(5)).value() ==
        std::vector<std::uint32_t>{kHardened + 44, kHardened + 60, kHardened, 0, 5});
}

TEST_CASE("seeds of other sizes are refused") {
  CHECK_FALSE(master_key(Bytes(15, 1)));
  CHECK_FALSE(master_key(Bytes(65, 1)));
}
