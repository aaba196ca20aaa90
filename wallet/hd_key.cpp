#include "wallet/hd_key.hpp"

#include <charconv>

#include "wallet/kdf.hpp"

namespace aitbc::wallet {
namespace {

constexpr std::size_t kMaxDepth = 255;  // BIP-32 keeps the depth in one byte

void put_be32(std::span<std::uint8_t> out, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

Result<std::uint32_t> parse_index(std::string_view part) {
  const bool hardened = part.ends_with('\'') || part.ends_with('h');
  const std::string_view digits = hardened ? part.substr(0, part.size() - 1) : part;
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || index >= kHardened)
    return fail(ErrorCode::invalid_input, "not an index of a key path: '" + std::string(part) + "'");
  return hardened ? index + kHardened : index;
}

}  // namespace

Result<HdKey> master_key(ByteView seed) {
  if (seed.size() < 16 || seed.size() > 64)
    return fail(ErrorCode::invalid_input, "a seed has 16 to 64 bytes");
  const SecretBytes digest = hmac_sha512(as_bytes("Bitcoin seed"), seed);
  AITBC_ASSIGN(const PrivateKey key, PrivateKey::from_bytes(digest.view().first(32)));
  return HdKey{key, SecretBytes(digest.view().last(32))};
}

Result<HdKey> child_key(const HdKey& parent, std::uint32_t index) {
  SecretBytes message(37);
  const std::span<std::uint8_t> out = message.writable();
  if (index >= kHardened) {
    const ByteView secret = parent.key.secret();
    std::copy(secret.begin(), secret.end(), out.begin() + 1);
  } else {
    const auto point = compress(parent.key.public_key());
    std::copy(point.begin(), point.end(), out.begin());
  }
  put_be32(out.subspan(33), index);
  const SecretBytes digest = hmac_sha512(parent.chain_code.view(), message.view());
  AITBC_ASSIGN(const PrivateKey key, tweak_add(parent.key, digest.view().first(32)));
  return HdKey{key, SecretBytes(digest.view().last(32))};
}

Result<std::vector<std::uint32_t>> parse_path(std::string_view path) {
  if (path != "m" && !path.starts_with("m/"))
    return fail(ErrorCode::invalid_input, "a key path starts with m/");
  std::vector<std::uint32_t> out;
  path.remove_prefix(1);
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    AITBC_ASSIGN(const std::uint32_t index, parse_index(part));
    out.push_back(index);
    path.remove_prefix(part.size());
  }
  if (out.size() > kMaxDepth) return fail(ErrorCode::limit, "a key path has at most 255 levels");
  return out;
}

Result<HdKey> derive(const HdKey& master, std::string_view path) {
  AITBC_ASSIGN(const std::vector<std::uint32_t> indexes, parse_path(path));
  HdKey key{master.key, master.chain_code.copy()};
  for (const std::uint32_t index : indexes) {
    AITBC_ASSIGN(HdKey child, child_key(key, index));
    key = std::move(child);
  }
  return key;
}

std::string account_path(std::uint32_t index) { return "m/44'/60'/0'/0/" + std::to_string(index); }

Result<PrivateKey> account_key(ByteView seed, std::uint32_t index) {
  AITBC_ASSIGN(const HdKey master, master_key(seed));
  AITBC_ASSIGN(const HdKey account, derive(master, account_path(index)));
  return account.key;
}

}  // namespace aitbc::wallet
