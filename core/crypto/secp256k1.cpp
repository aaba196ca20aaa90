#include "crypto/secp256k1.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>

#include "base/check.hpp"
#include "crypto/keccak.hpp"

namespace aitbc {
namespace {

using Word = std::array<std::uint8_t, 32>;

// The group order n and its half (SEC 2, 2.4.1), big-endian.
constexpr Word kOrder = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                         0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                         0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
constexpr Word kHalfOrder = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                             0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4,
                             0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};

void fill_random(std::span<std::uint8_t> out) {
  AITBC_CHECK(RAND_priv_bytes(out.data(), static_cast<int>(out.size())) == 1,
              "the operating system gives no random bytes");
}

// Randomized against side channels; only read after that, which libsecp256k1 allows from any thread.
secp256k1_context* make_context() {
  secp256k1_context* made = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
  Word seed;
  fill_random(seed);
  AITBC_CHECK(secp256k1_context_randomize(made, seed.data()) == 1, "libsecp256k1 refuses to be randomized");
  secure_clear(seed);
  return made;
}

const secp256k1_context* context() {
  static const secp256k1_context* const shared = make_context();
  return shared;
}

bool is_zero(const Word& word) {
  return std::all_of(word.begin(), word.end(), [](std::uint8_t b) { return b == 0; });
}

PublicKey serialize(const secp256k1_pubkey& key) {
  std::array<std::uint8_t, 65> prefixed;
  std::size_t size = prefixed.size();
  secp256k1_ec_pubkey_serialize(context(), prefixed.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
  return PublicKey::from(ByteView(prefixed).subspan(1));
}

}  // namespace

void secure_clear(std::span<std::uint8_t> memory) { OPENSSL_cleanse(memory.data(), memory.size()); }

std::array<std::uint8_t, 65> Signature::to_bytes() const {
  std::array<std::uint8_t, 65> out;
  std::copy(r.begin(), r.end(), out.begin());
  std::copy(s.begin(), s.end(), out.begin() + 32);
  out[64] = y_parity;
  return out;
}

Result<Signature> Signature::from_bytes(ByteView bytes) {
  if (bytes.size() != 65) return fail(ErrorCode::invalid_input, "a signature has 65 bytes");
  if (bytes[64] > 1) return fail(ErrorCode::invalid_input, "a signature ends in 0 or 1");
  Signature out;
  std::copy_n(bytes.begin(), 32, out.r.begin());
  std::copy_n(bytes.begin() + 32, 32, out.s.begin());
  out.y_parity = bytes[64];
  return out;
}

Result<void> check_signature_range(const Signature& signature) {
  if (is_zero(signature.r) || signature.r >= kOrder)
    return fail(ErrorCode::invalid_input, "invalid signature: r is out of range");
  if (is_zero(signature.s) || signature.s > kHalfOrder)
    return fail(ErrorCode::invalid_input, "invalid signature: s is out of range or not in its lower half");
  if (signature.y_parity > 1)
    return fail(ErrorCode::invalid_input, "invalid signature: y parity is not 0 or 1");
  return {};
}

Result<PrivateKey> PrivateKey::from_bytes(ByteView bytes) {
  if (bytes.size() != 32) return fail(ErrorCode::invalid_input, "a private key has 32 bytes");
  if (secp256k1_ec_seckey_verify(context(), bytes.data()) != 1)
    return fail(ErrorCode::invalid_input, "a private key lies between 1 and the order of secp256k1");
  PrivateKey out;
  std::copy(bytes.begin(), bytes.end(), out.bytes_.begin());
  return out;
}

PrivateKey PrivateKey::generate() {
  PrivateKey out;
  do {
    fill_random(out.bytes_);
  } while (secp256k1_ec_seckey_verify(context(), out.bytes_.data()) != 1);
  return out;
}

PrivateKey::~PrivateKey() { secure_clear(bytes_); }

PublicKey PrivateKey::public_key() const {
  secp256k1_pubkey key;
  AITBC_CHECK(secp256k1_ec_pubkey_create(context(), &key, bytes_.data()) == 1, "a private key is in range");
  return serialize(key);
}

Address PrivateKey::address() const { return to_address(public_key()); }

Address to_address(const PublicKey& key) { return Address::from(keccak256(key).view().subspan(12)); }

std::array<std::uint8_t, 33> compress(const PublicKey& key) {
  std::array<std::uint8_t, 33> out;
  out[0] = (key.bytes[63] & 1) == 0 ? 0x02 : 0x03;
  std::copy_n(key.bytes.begin(), 32, out.begin() + 1);
  return out;
}

Result<PublicKey> decompress(ByteView compressed) {
  secp256k1_pubkey key;
  if (compressed.size() != 33 ||
      secp256k1_ec_pubkey_parse(context(), &key, compressed.data(), compressed.size()) != 1)
    return fail(ErrorCode::invalid_input, "not a compressed public key of secp256k1");
  return serialize(key);
}

Signature sign(const PrivateKey& key, const Hash& digest) {
  secp256k1_ecdsa_recoverable_signature made;
  AITBC_CHECK(secp256k1_ecdsa_sign_recoverable(context(), &made, digest.data(), key.secret().data(), nullptr,
                                               nullptr) == 1,
              "a private key is in range");
  std::array<std::uint8_t, 64> compact;
  int recovery_id = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), compact.data(), &recovery_id, &made);
  // 2 and 3 mean that r overflowed the group order, which happens once in 2^127 signatures.
  AITBC_CHECK(recovery_id == 0 || recovery_id == 1, "a signature's recovery id is its y parity");
  Signature out;
  std::copy_n(compact.begin(), 32, out.r.begin());
  std::copy_n(compact.begin() + 32, 32, out.s.begin());
  out.y_parity = static_cast<std::uint8_t>(recovery_id);
  return out;
}

Result<PublicKey> recover(const Hash& digest, const Signature& signature) {
  AITBC_TRY(check_signature_range(signature));  // libsecp256k1 itself recovers from a high s
  std::array<std::uint8_t, 64> compact;
  std::copy(signature.r.begin(), signature.r.end(), compact.begin());
  std::copy(signature.s.begin(), signature.s.end(), compact.begin() + 32);
  secp256k1_ecdsa_recoverable_signature parsed;
  secp256k1_pubkey key;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &parsed, compact.data(),
                                                          signature.y_parity) != 1 ||
      secp256k1_ecdsa_recover(context(), &key, &parsed, digest.data()) != 1)
    return fail(ErrorCode::invalid_input, "invalid signature: no public key matches it");
  return serialize(key);
}

Result<Address> recover_address(const Hash& digest, const Signature& signature) {
  AITBC_ASSIGN(const PublicKey key, recover(digest, signature));
  return to_address(key);
}

Result<PrivateKey> tweak_add(const PrivateKey& key, ByteView tweak) {
  if (tweak.size() != 32) return fail(ErrorCode::invalid_input, "a key's tweak has 32 bytes");
  Word sum;
  std::copy_n(key.secret().begin(), 32, sum.begin());
  const bool in_range = secp256k1_ec_seckey_tweak_add(context(), sum.data(), tweak.data()) == 1;
  auto out = in_range ? PrivateKey::from_bytes(sum)
                      : Result<PrivateKey>(fail(ErrorCode::invalid_input, "a key's tweak is out of range"));
  secure_clear(sum);
  return out;
}

}  // namespace aitbc
