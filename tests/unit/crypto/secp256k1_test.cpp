#include "crypto/secp256k1.hpp"

#include <doctest/doctest.h>

#include <random>
#include <thread>

#include "crypto/keccak.hpp"

using namespace aitbc;

namespace {

using Word = std::array<std::uint8_t, 32>;

constexpr Word kOrder = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                         0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                         0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};

Word difference(const Word& a, const Word& b) {
  Word out{};
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const int digit = a[i] - b[i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    out[i] = static_cast<std::uint8_t>(digit + 256 * borrow);
  }
  return out;
}

Word small_word(std::uint8_t value) {
  Word out{};
  out[31] = value;
  return out;
}

PrivateKey key_of(std::uint8_t value) { return PrivateKey::from_bytes(small_word(value)).value(); }

Hash digest_of(std::uint64_t seed) {
  Bytes input;
  append_be64(input, seed);
  return keccak256(input);
}

// The other signature that plain ECDSA accepts for the same key and message.
Signature with_high_s(Signature signature) {
  signature.s = difference(kOrder, signature.s);
  signature.y_parity ^= 1;
  return signature;
}

}  // namespace

TEST_CASE("the signer is recovered from what it signed, by key and by address") {
  for (std::uint64_t i = 0; i < 200; ++i) {
    const PrivateKey key = PrivateKey::generate();
    const Hash digest = digest_of(i);
    const Signature signature = sign(key, digest);
    CHECK(recover(digest, signature).value() == key.public_key());
    CHECK(recover_address(digest, signature).value() == key.address());
    CHECK(recover_address(digest_of(i + 1'000), signature) != key.address());
  }
}

TEST_CASE("signing is deterministic and always low in s") {
  const PrivateKey key = key_of(7);
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Signature signature = sign(key, digest_of(i));
    CHECK(signature == sign(key, digest_of(i)));
    CHECK(check_signature_range(signature).has_value());
    CHECK(signature.s < with_high_s(signature).s);
  }
}

TEST_CASE("a high s is refused though it is a signature of the same key") {
  const Hash digest = digest_of(1);
  const Signature high = with_high_s(sign(key_of(7), digest));
  CHECK_FALSE(check_signature_range(high).has_value());
  CHECK_FALSE(recover(digest, high).has_value());
}

TEST_CASE("s is accepted up to half the order and not beyond") {
  Signature signature = sign(key_of(7), digest_of(1));
  Word half = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
               0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4,
               0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};
  CHECK(difference(difference(kOrder, half), half) == small_word(1));
  signature.s = half;
  CHECK(check_signature_range(signature).has_value());
  half[31] += 1;
  signature.s = half;
  CHECK_FALSE(check_signature_range(signature).has_value());
}

TEST_CASE("r and s outside of the group's range are refused") {
  const Signature good = sign(key_of(7), digest_of(1));
  Word over_order = kOrder;
  over_order[31] += 1;
  for (const Word& bad : {Word{}, kOrder, over_order}) {
    Signature bad_r = good;
    bad_r.r = bad;
    CHECK_FALSE(recover(digest_of(1), bad_r).has_value());
    Signature bad_s = good;
    bad_s.s = bad;
    CHECK_FALSE(recover(digest_of(1), bad_s).has_value());
  }
  Signature bad_parity = good;
  bad_parity.y_parity = 2;
  CHECK_FALSE(recover(digest_of(1), bad_parity).has_value());
}

TEST_CASE("an r that is no point's abscissa recovers nothing") {
  Signature signature = sign(key_of(7), digest_of(1));
  signature.r = small_word(5);  // 5^3 + 7 is no square modulo the field's prime
  const auto key = recover(digest_of(1), signature);
  REQUIRE_FALSE(key.has_value());
  CHECK(key.error().code == ErrorCode::invalid_input);
}

TEST_CASE("a signature's 65 bytes round-trip and other forms are refused") {
  const Signature signature = sign(key_of(9), digest_of(3));
  const auto bytes = signature.to_bytes();
  CHECK(Signature::from_bytes(bytes).value() == signature);
  CHECK_FALSE(Signature::from_bytes(ByteView(bytes).first(64)).has_value());
  auto wrong_parity = bytes;
  wrong_parity[64] = 27;
  CHECK_FALSE(Signature::from_bytes(wrong_parity).has_value());
}

TEST_CASE("a private key lies between one and the order") {
  CHECK_FALSE(PrivateKey::from_bytes(Word{}).has_value());
  CHECK_FALSE(PrivateKey::from_bytes(kOrder).has_value());
  CHECK_FALSE(PrivateKey::from_bytes(Bytes(31, 1)).has_value());
  CHECK_FALSE(PrivateKey::from_bytes(Bytes(33, 1)).has_value());
  CHECK(PrivateKey::from_bytes(difference(kOrder, small_word(1))).has_value());
  CHECK(PrivateKey::from_bytes(small_word(1)).has_value());
}

TEST_CASE("key one has the well-known address") {
  const Address expected{{0x7e, 0x5f, 0x45, 0x52, 0x09, 0x1a, 0x69, 0x12, 0x5d, 0x5d,
                          0xfc, 0xb7, 0xb8, 0xc2, 0x65, 0x90, 0x29, 0x39, 0x5b, 0xdf}};
  CHECK(key_of(1).address() == expected);
}

TEST_CASE("a compressed key is decompressed to the same key, other bytes are refused") {
  for (std::uint8_t i = 1; i < 50; ++i) {
    const PublicKey key = key_of(i).public_key();
    CHECK(decompress(compress(key)).value() == key);
  }
  auto compressed = compress(key_of(1).public_key());
  CHECK_FALSE(decompress(ByteView(compressed).first(32)).has_value());
  compressed[0] = 4;
  CHECK_FALSE(decompress(compressed).has_value());
  std::array<std::uint8_t, 33> no_point{0x02};
  no_point[32] = 5;
  CHECK_FALSE(decompress(no_point).has_value());
}

TEST_CASE("tweaking adds modulo the order and refuses a zero sum") {
  CHECK(equal(tweak_add(key_of(2), small_word(3)).value().secret(), small_word(5)));
  const Word minus_one = difference(kOrder, small_word(1));
  CHECK(equal(tweak_add(key_of(3), minus_one).value().secret(), small_word(2)));
  CHECK_FALSE(tweak_add(key_of(1), minus_one).has_value());
  CHECK_FALSE(tweak_add(key_of(1), kOrder).has_value());
  CHECK_FALSE(tweak_add(key_of(1), Bytes(31, 1)).has_value());
  CHECK(equal(tweak_add(key_of(1), Word{}).value().secret(), small_word(1)));
}

TEST_CASE("generated keys differ") {
  CHECK_FALSE(equal(PrivateKey::generate().secret(), PrivateKey::generate().secret()));
}

TEST_CASE("cleared memory holds zeros") {
  Bytes secret(40, 0xaa);
  secure_clear(secret);
  CHECK(secret == Bytes(40, 0));
}

TEST_CASE("signing and recovering work from several threads at once") {
  std::array<int, 4> right{};
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < right.size(); ++t)
      threads.emplace_back([&right, t] {
        const PrivateKey key = key_of(static_cast<std::uint8_t>(t + 1));
        for (std::uint64_t i = 0; i < 50; ++i)
          right[t] += recover_address(digest_of(i), sign(key, digest_of(i))) == key.address() ? 1 : 0;
      });
  }
  for (const int count : right) CHECK(count == 50);
}
