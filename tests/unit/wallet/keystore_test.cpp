#include "wallet/keystore.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"

using namespace aitbc;
using namespace aitbc::wallet;

namespace {

const KeystoreOptions kQuick{.cost = ScryptCost{2, 1, 1}, .unlocked = false};

PrivateKey some_key() {
  return PrivateKey::from_bytes(
             hex::decode("4646464646464646464646464646464646464646464646464646464646464646").value())
      .value();
}

ByteView password() { return as_bytes("correct horse"); }

std::string stored(const KeystoreOptions& options = kQuick) {
  return to_json(encrypt_key(some_key(), password(), options).value());
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// The file with the digit after `marker` changed.
std::string with_changed_digit(std::string text, std::string_view marker) {
  const std::size_t at = text.find(marker) + marker.size();
  text[at] = text[at] == '0' ? '1' : '0';
  return text;
}

ErrorCode parse_error(const std::string& text) {
  const auto parsed = parse_keystore(text);
  REQUIRE_FALSE(parsed);
  return parsed.error().code;
}

}  // namespace

TEST_CASE("a key comes back out of its file with the right password only") {
  for (const KeystoreOptions& options : {kQuick, KeystoreOptions{.cost = Pbkdf2Cost{2}, .unlocked = false}}) {
    const Keystore keystore = parse_keystore(stored(options)).value();
    CHECK(keystore.address == some_key().address());
    CHECK(keystore.cost == options.cost);
    CHECK_FALSE(keystore.open_password);
    CHECK(decrypt_key(keystore, password()).value().address() == some_key().address());
    const auto refused = decrypt_key(keystore, as_bytes("wrong"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_input);
    CHECK(refused.error().message == "the password is wrong");
  }
}

TEST_CASE("no two files of one key are alike") { CHECK(stored() != stored()); }

TEST_CASE("a file does not show the key") {
  CHECK(stored().find(hex::encode(some_key().secret())) == std::string::npos);
}

TEST_CASE("a damaged file is told apart from a wrong password") {
  for (const char* marker : {"\"ciphertext\":\"", "\"mac\":\"", "\"iv\":\"", "\"salt\":\"", "\"address\":\""})
    CHECK(parse_error(with_changed_digit(stored(), marker)) == ErrorCode::corruption);
  CHECK(parse_error(stored().substr(0, 200)) == ErrorCode::corruption);
  CHECK(parse_error("") == ErrorCode::corruption);
  CHECK(parse_error("[]") == ErrorCode::corruption);
  CHECK(parse_error(replaced(stored(), "ciphertext", "cipherstext")) == ErrorCode::corruption);
  CHECK(parse_error(replaced(stored(), "\"n\":2", "\"n\":3")) == ErrorCode::corruption);
}

TEST_CASE("a file of another program has no checksum and says so when the password does not fit") {
  const std::string own = stored();
  const std::string foreign = own.substr(0, own.find(",\"aitbc\"")) + "}";
  const Keystore keystore = parse_keystore(foreign).value();
  CHECK_FALSE(keystore.has_checksum);
  CHECK(decrypt_key(keystore, password()));
  CHECK(decrypt_key(keystore, as_bytes("wrong")).error().message.find("or the encrypted key is damaged") !=
        std::string::npos);
}

TEST_CASE("a key of another address than the file's is corruption") {
  Keystore keystore = encrypt_key(some_key(), password(), kQuick).value();
  keystore.address->bytes[0] ^= 1;
  CHECK(decrypt_key(keystore, password()).error().code == ErrorCode::corruption);
}

TEST_CASE("an unlocked file opens with the password that it carries") {
  const Keystore keystore = parse_keystore(stored({.cost = ScryptCost{2, 1, 1}, .unlocked = true})).value();
  REQUIRE(keystore.open_password);
  CHECK(decrypt_key(keystore, as_bytes(*keystore.open_password)));
}

TEST_CASE("other ciphers, derivations and versions are named as unsupported") {
  CHECK(parse_error(replaced(stored(), "aes-128-ctr", "aes-256-cbc")) == ErrorCode::unsupported);
  CHECK(parse_error(replaced(stored(), "\"kdf\":\"scrypt\"", "\"kdf\":\"argon2\"")) ==
        ErrorCode::unsupported);
  CHECK(parse_error(replaced(stored(), "\"version\":3", "\"version\":1")) == ErrorCode::unsupported);
  CHECK(parse_error(replaced(stored(), "\"dklen\":32", "\"dklen\":64")) == ErrorCode::unsupported);
}

TEST_CASE("a file that asks for too much memory or time is refused before any is spent") {
  CHECK(parse_error(replaced(stored(), "\"n\":2", "\"n\":1099511627776")) == ErrorCode::limit);
  CHECK(parse_error(replaced(stored(), "\"r\":1", "\"r\":2147483647")) == ErrorCode::limit);
  CHECK(parse_error(replaced(stored(), "\"p\":1", "\"p\":1000")) == ErrorCode::limit);
  const std::string slow = stored({.cost = Pbkdf2Cost{2}, .unlocked = false});
  CHECK(parse_error(replaced(slow, "\"c\":2", "\"c\":2000000000")) == ErrorCode::limit);
}
