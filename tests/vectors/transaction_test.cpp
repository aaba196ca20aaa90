// Public vectors of transactions: ethereum-tests' TransactionTests and BasicTests, ethers' transactions.
#include "types/transaction.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <limits>

#include "codec/hex.hpp"
#include "tests/support/vectors.hpp"

using namespace aitbc;
namespace json = boost::json;

namespace {

json::value load(const std::filesystem::path& file) { return json::parse(test::read_text(file)); }

std::string text(const json::object& object, const char* key) {
  return std::string(object.at(key).as_string());
}

Bytes data(const json::object& object, const char* key) { return hex::decode(text(object, key)).value(); }

// A number, or hexadecimal text with any number of digits.
Uint256 number(const json::object& object, const char* key) {
  const json::value& value = object.at(key);
  if (!value.is_string()) return value.to_number<std::uint64_t>();
  std::string digits = text(object, key).substr(2);
  if (digits.size() % 2 != 0) digits.insert(0, 1, '0');
  return Uint256::from_be(hex::decode(digits).value());
}
// Absent fields are zero.
Uint256 number_or_zero(const json::object& object, const char* key) {
  return object.contains(key) ? number(object, key) : Uint256();
}

// Forks whose rules are ours, the one that was filled in last first.
const json::object* latest_result(const json::object& results) {
  for (const char* fork : {"Cancun", "Shanghai", "Paris", "London"})
    if (const json::value* result = results.if_contains(fork)) return &result->as_object();
  return nullptr;
}

// What a node asks of a transaction before it looks at any state: it decodes, has a sender, is of this chain
// (the vectors' is 1), can pay the intrinsic gas, and its cost is no more than 256 bits.
Result<TransactionPtr> admit(ByteView wire) {
  AITBC_ASSIGN(const TransactionPtr recovered, recover_transaction(wire));
  const Transaction& transaction = recovered->transaction;
  if (transaction.chain_id.value_or(1) != 1) return fail(ErrorCode::invalid_input, "wrong chain id");
  if (intrinsic_gas(transaction).value_or(std::numeric_limits<Gas>::max()) > transaction.gas_limit)
    return fail(ErrorCode::invalid_input, "intrinsic gas too low");
  if (!Uint256::checked_mul(transaction.max_fee_per_gas, transaction.gas_limit))
    return fail(ErrorCode::invalid_input, "cost of more than 256 bits");
  return recovered;
}

void check_vector(const json::object& vector) {
  const Bytes wire = data(vector, "txbytes");
  const json::object* expected = latest_result(vector.at("result").as_object());
  REQUIRE(expected != nullptr);
  const auto admitted = admit(wire);
  if (expected->contains("exception")) {
    CHECK_FALSE(admitted.has_value());
    return;
  }
  const std::string reason = admitted ? "" : admitted.error().message;
  CAPTURE(reason);
  REQUIRE(admitted.has_value());
  const RecoveredTransaction& transaction = **admitted;
  CHECK(hex::encode_prefixed(transaction.hash) == text(*expected, "hash"));
  CHECK(hex::encode_prefixed(transaction.sender) == text(*expected, "sender"));
  CHECK(intrinsic_gas(transaction.transaction) == number(*expected, "intrinsicGas").low_u64());
  CHECK(encode(transaction.transaction) == wire);
}

AccessList access_list_of(const json::object& fields) {
  AccessList out;
  const json::value* list = fields.if_contains("accessList");
  if (list == nullptr) return out;
  for (const json::value& item : list->as_array()) {
    const json::object& entry = item.as_object();
    AccessListEntry& added = out.emplace_back();
    added.address = Address::from(data(entry, "address"));
    for (const json::value& key : entry.at("storageKeys").as_array())
      added.storage_keys.push_back(Hash::from(hex::decode(std::string(key.as_string())).value()));
  }
  return out;
}

Transaction built(const json::object& fields, TransactionType type, bool replay_protected) {
  Transaction out;
  out.type = type;
  if (replay_protected) out.chain_id = number_or_zero(fields, "chainId").low_u64();
  out.nonce = number_or_zero(fields, "nonce").low_u64();
  const bool dynamic = type == TransactionType::dynamic_fee;
  out.max_fee_per_gas = number_or_zero(fields, dynamic ? "maxFeePerGas" : "gasPrice");
  out.max_priority_fee_per_gas = number_or_zero(fields, dynamic ? "maxPriorityFeePerGas" : "gasPrice");
  out.gas_limit = number_or_zero(fields, "gasLimit").low_u64();
  if (fields.contains("to")) out.to = Address::from(data(fields, "to"));
  out.value = number_or_zero(fields, "value");
  if (fields.contains("data")) out.data = data(fields, "data");
  if (type != TransactionType::legacy) out.access_list = access_list_of(fields);
  return out;
}

// Building from the fields and signing gives the very bytes that ethers made, and those decode to the fields.
void check_signed(const json::object& vector, Transaction transaction, const char* signed_key) {
  const PrivateKey key = PrivateKey::from_bytes(data(vector, "privateKey")).value();
  const Bytes expected = data(vector, signed_key);
  if (expected.empty()) return;  // these fields make no transaction of this type
  const std::string kind = signed_key;
  CAPTURE(kind);
  sign_transaction(transaction, key);
  CHECK(encode(transaction) == expected);
  const auto recovered = recover_transaction(expected);
  const std::string reason = recovered ? "" : recovered.error().message;
  CAPTURE(reason);
  REQUIRE(recovered.has_value());
  CHECK((*recovered)->sender == key.address());
  CHECK((*recovered)->transaction == transaction);
}

}  // namespace

TEST_CASE("transactions are valid or not, with hash, sender and intrinsic gas, as ethereum-tests say") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  std::size_t vectors = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(*folder / "ethereum-tests" / "TransactionTests")) {
    if (entry.path().extension() != ".json") continue;
    const json::value file = load(entry.path());
    for (const auto& vector : file.as_object()) {
      const std::string name = entry.path().filename().string() + ": " + std::string(vector.key());
      CAPTURE(name);
      check_vector(vector.value().as_object());
      ++vectors;
    }
  }
  CHECK(vectors > 100);
}

TEST_CASE("ethers' transactions of every type have the same bytes, sender and fields here") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value file = load(*folder / "ethers" / "transactions.json");
  for (const json::value& value : file.as_array()) {
    const json::object& vector = value.as_object();
    const json::object& fields = vector.at("transaction").as_object();
    const std::string name = text(vector, "name");
    CAPTURE(name);
    check_signed(vector, built(fields, TransactionType::legacy, false), "signedLegacy");
    check_signed(vector, built(fields, TransactionType::legacy, true), "signedEip155");
    check_signed(vector, built(fields, TransactionType::access_list, true), "signedBerlin");
    check_signed(vector, built(fields, TransactionType::dynamic_fee, true), "signedLondon");
    CHECK_FALSE(decode_transaction(data(vector, "signedCancun")).has_value());
  }
}

TEST_CASE("the oldest public transactions are those of the key they name, or refused for their high s") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value file = load(*folder / "ethereum-tests" / "BasicTests" / "txtest.json");
  std::size_t accepted = 0;
  for (const json::value& value : file.as_array()) {
    const json::object& vector = value.as_object();
    const Bytes wire = data(vector, "signed");
    const auto recovered = recover_transaction(wire);
    if (!recovered) {
      CHECK(recovered.error().message.find("lower half") != std::string::npos);
      continue;
    }
    const RecoveredTransaction& transaction = **recovered;
    CHECK(transaction.sender == PrivateKey::from_bytes(data(vector, "key")).value().address());
    CHECK(transaction.transaction.data == data(vector, "data"));
    CHECK(transaction.transaction.value == number(vector, "value"));
    CHECK(transaction.transaction.max_fee_per_gas == number(vector, "gasprice"));
    CHECK(encode(transaction.transaction) == wire);
    ++accepted;
  }
  CHECK(accepted == 1);
}
