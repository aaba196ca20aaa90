#include "wallet/signature_text.hpp"

#include <algorithm>
#include <array>

#include "codec/hex.hpp"

namespace aitbc::wallet {
namespace {

constexpr std::uint8_t kFirstV = 27;

}  // namespace

std::string sign_text(const PrivateKey& key, const Hash& digest) {
  std::array<std::uint8_t, 65> bytes = sign(key, digest).to_bytes();
  bytes.back() = static_cast<std::uint8_t>(bytes.back() + kFirstV);
  return hex::encode_prefixed(bytes);
}

Result<Address> signer_of(const Hash& digest, std::string_view signature) {
  AITBC_ASSIGN(const Bytes given, hex::decode(signature));
  std::array<std::uint8_t, 65> bytes{};
  if (given.size() != bytes.size())
    return fail(ErrorCode::invalid_input, "a signature is 65 bytes, in hexadecimal");
  std::copy(given.begin(), given.end(), bytes.begin());
  if (bytes.back() >= kFirstV) bytes.back() = static_cast<std::uint8_t>(bytes.back() - kFirstV);
  AITBC_ASSIGN(const Signature parsed, Signature::from_bytes(bytes));
  return recover_address(digest, parsed);
}

}  // namespace aitbc::wallet
