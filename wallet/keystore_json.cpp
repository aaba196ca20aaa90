#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "wallet/keystore.hpp"

namespace aitbc::wallet {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxSaltSize = 1024;

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorCode::corruption, "damaged keystore: " + std::move(what));
}

Result<const json::object*> object_in(const json::object& parent, std::string_view name) {
  const json::value* found = parent.if_contains(name);
  if (found == nullptr || !found->is_object()) return damaged("no object '" + std::string(name) + "'");
  return found->if_object();
}

Result<std::string_view> text_in(const json::object& parent, std::string_view name) {
  const json::value* found = parent.if_contains(name);
  if (found == nullptr || !found->is_string()) return damaged("no text '" + std::string(name) + "'");
  return std::string_view(found->get_string());
}

Result<std::uint64_t> number_in(const json::object& parent, std::string_view name) {
  const json::value* found = parent.if_contains(name);
  if (found != nullptr && found->is_int64() && found->get_int64() >= 0)
    return static_cast<std::uint64_t>(found->get_int64());
  return damaged("no number '" + std::string(name) + "'");
}

Result<std::uint32_t> small_number_in(const json::object& parent, std::string_view name) {
  AITBC_ASSIGN(const std::uint64_t value, number_in(parent, name));
  if (value > 0x7fffffff) return fail(ErrorCode::limit, "keystore: '" + std::string(name) + "' is too large");
  return static_cast<std::uint32_t>(value);
}

Result<Bytes> bytes_in(const json::object& parent, std::string_view name) {
  AITBC_ASSIGN(const std::string_view digits, text_in(parent, name));
  auto bytes = hex::decode(digits);
  if (!bytes) return damaged("'" + std::string(name) + "' is not hexadecimal");
  return bytes;
}

template <class Fixed>
Result<Fixed> fixed_in(const json::object& parent, std::string_view name) {
  AITBC_ASSIGN(const Bytes bytes, bytes_in(parent, name));
  if (bytes.size() != Fixed::kSize) return damaged("'" + std::string(name) + "' has the wrong length");
  return Fixed::from(bytes);
}

Result<ScryptCost> parse_scrypt(const json::object& params) {
  ScryptCost cost;
  AITBC_ASSIGN(cost.n, number_in(params, "n"));
  AITBC_ASSIGN(cost.r, small_number_in(params, "r"));
  AITBC_ASSIGN(cost.p, small_number_in(params, "p"));
  const auto checked = check(cost);
  if (!checked && checked.error().code == ErrorCode::limit) return fail(checked.error());
  if (!checked) return damaged(checked.error().message);
  return cost;
}

Result<Pbkdf2Cost> parse_pbkdf2(const json::object& params) {
  AITBC_ASSIGN(const std::string_view prf, text_in(params, "prf"));
  if (prf != "hmac-sha256")
    return fail(ErrorCode::unsupported, "keystore: the function '" + std::string(prf) + "' is not supported");
  Pbkdf2Cost cost;
  AITBC_ASSIGN(cost.iterations, small_number_in(params, "c"));
  if (cost.iterations == 0) return damaged("no iterations");
  if (cost.iterations > kMaxPbkdf2Iterations)
    return fail(ErrorCode::limit, "keystore: more than 10000000 iterations");
  return cost;
}

Result<void> parse_crypto(const json::object& crypto, Keystore& out) {
  AITBC_ASSIGN(const std::string_view cipher, text_in(crypto, "cipher"));
  if (cipher != "aes-128-ctr")
    return fail(ErrorCode::unsupported,
                "keystore: the cipher '" + std::string(cipher) + "' is not supported");
  AITBC_ASSIGN(const json::object* cipher_params, object_in(crypto, "cipherparams"));
  AITBC_ASSIGN(out.iv, fixed_in<decltype(out.iv)>(*cipher_params, "iv"));
  AITBC_ASSIGN(out.ciphertext, fixed_in<decltype(out.ciphertext)>(crypto, "ciphertext"));
  AITBC_ASSIGN(out.mac, fixed_in<Hash>(crypto, "mac"));

  AITBC_ASSIGN(const std::string_view kdf, text_in(crypto, "kdf"));
  AITBC_ASSIGN(const json::object* params, object_in(crypto, "kdfparams"));
  AITBC_ASSIGN(out.salt, bytes_in(*params, "salt"));
  if (out.salt.size() > kMaxSaltSize) return damaged("the salt is too long");
  AITBC_ASSIGN(const std::uint64_t size, number_in(*params, "dklen"));
  if (size != 32) return fail(ErrorCode::unsupported, "keystore: derived keys other than 32 bytes");
  if (kdf == "scrypt") {
    AITBC_ASSIGN(out.cost, parse_scrypt(*params));
  } else if (kdf == "pbkdf2") {
    AITBC_ASSIGN(out.cost, parse_pbkdf2(*params));
  } else {
    return fail(ErrorCode::unsupported,
                "keystore: the key derivation '" + std::string(kdf) + "' is not supported");
  }
  return {};
}

json::object crypto_json(const Keystore& keystore) {
  json::object params{{"dklen", 32}};
  const auto* scrypt_cost = std::get_if<ScryptCost>(&keystore.cost);
  if (scrypt_cost != nullptr) {
    params["n"] = scrypt_cost->n;
    params["r"] = scrypt_cost->r;
    params["p"] = scrypt_cost->p;
  } else {
    params["c"] = std::get<Pbkdf2Cost>(keystore.cost).iterations;
    params["prf"] = "hmac-sha256";
  }
  params["salt"] = hex::encode(keystore.salt);
  return {{"cipher", "aes-128-ctr"},
          {"cipherparams", json::object{{"iv", hex::encode(keystore.iv)}}},
          {"ciphertext", hex::encode(keystore.ciphertext)},
          {"kdf", scrypt_cost != nullptr ? "scrypt" : "pbkdf2"},
          {"kdfparams", std::move(params)},
          {"mac", hex::encode(keystore.mac)}};
}

// Over what opening the file depends on, in the form in which to_json() writes it.
Hash checksum_of(const Keystore& keystore) {
  const std::string address = keystore.address ? hex::encode(*keystore.address) : "";
  return keccak256(as_bytes(json::serialize(crypto_json(keystore)) + address));
}

Result<void> parse_own_part(const json::object& own, Keystore& out) {
  AITBC_ASSIGN(const Hash checksum, fixed_in<Hash>(own, "checksum"));
  if (checksum != checksum_of(out)) return damaged("its checksum is wrong");
  out.has_checksum = true;
  const json::value* unlocked = own.if_contains("unlocked");
  if (unlocked == nullptr || *unlocked != json::value(true)) return {};
  AITBC_ASSIGN(const std::string_view password, text_in(own, "password"));
  out.open_password = std::string(password);
  return {};
}

}  // namespace

Result<Keystore> parse_keystore(std::string_view text) {
  boost::system::error_code error;
  const json::value document = json::parse(text, error);
  if (error || !document.is_object()) return damaged("it is not a JSON object");
  const json::object& root = document.get_object();
  AITBC_ASSIGN(const std::uint64_t version, number_in(root, "version"));
  if (version != 3) return fail(ErrorCode::unsupported, "keystore: only version 3 is supported");

  Keystore out;
  const std::string_view crypto_name = root.contains("Crypto") ? "Crypto" : "crypto";
  AITBC_ASSIGN(const json::object* crypto, object_in(root, crypto_name));
  AITBC_TRY(parse_crypto(*crypto, out));
  if (root.contains("id")) {
    AITBC_ASSIGN(out.id, text_in(root, "id"));
  }
  if (root.contains("address")) {
    AITBC_ASSIGN(out.address, fixed_in<Address>(root, "address"));
  }
  if (root.contains("aitbc")) {
    AITBC_ASSIGN(const json::object* own, object_in(root, "aitbc"));
    AITBC_TRY(parse_own_part(*own, out));
  }
  return out;
}

std::string to_json(const Keystore& keystore) {
  json::object root;
  if (keystore.address) root["address"] = hex::encode(*keystore.address);
  root["crypto"] = crypto_json(keystore);
  root["id"] = keystore.id;
  root["version"] = 3;
  json::object own{{"checksum", hex::encode(checksum_of(keystore))}};
  if (keystore.open_password) {
    own["unlocked"] = true;
    own["password"] = *keystore.open_password;
    own["warning"] = "development wallet: everybody who can read this file can spend from it";
  }
  root["aitbc"] = std::move(own);
  return json::serialize(root);
}

}  // namespace aitbc::wallet
