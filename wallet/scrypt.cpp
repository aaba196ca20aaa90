// scrypt (RFC 7914). OpenSSL's refuses n >= 2^(16 r), which the format of keystores allows and its public
// tests use, so only PBKDF2 is the library's here.
#include <bit>
#include <new>
#include <vector>

#include "wallet/kdf.hpp"

namespace aitbc::wallet {
namespace {

constexpr std::size_t kSalsaWords = 16;

void quarter(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d) {
  b ^= std::rotl(a + d, 7);
  c ^= std::rotl(b + a, 9);
  d ^= std::rotl(c + b, 13);
  a ^= std::rotl(d + c, 18);
}

// block = Salsa20/8(block xor input).
void mix_salsa(std::uint32_t* block, const std::uint32_t* input) {
  std::uint32_t x[kSalsaWords];
  for (std::size_t i = 0; i < kSalsaWords; ++i) x[i] = block[i] ^= input[i];
  for (int round = 0; round < 8; round += 2) {
    quarter(x[0], x[4], x[8], x[12]);
    quarter(x[5], x[9], x[13], x[1]);
    quarter(x[10], x[14], x[2], x[6]);
    quarter(x[15], x[3], x[7], x[11]);
    quarter(x[0], x[1], x[2], x[3]);
    quarter(x[5], x[6], x[7], x[4]);
    quarter(x[10], x[11], x[8], x[9]);
    quarter(x[15], x[12], x[13], x[14]);
  }
  for (std::size_t i = 0; i < kSalsaWords; ++i) block[i] += x[i];
}

// scryptBlockMix: 2r blocks of `in` to `out`, the even ones first.
void block_mix(const std::uint32_t* in, std::uint32_t* out, std::size_t r) {
  std::uint32_t x[kSalsaWords];
  std::copy_n(in + (2 * r - 1) * kSalsaWords, kSalsaWords, x);
  for (std::size_t i = 0; i < 2 * r; ++i) {
    mix_salsa(x, in + i * kSalsaWords);
    std::copy_n(x, kSalsaWords, out + (i / 2 + (i % 2) * r) * kSalsaWords);
  }
}

// scryptROMix on one block of 32 r words, in place. `table` holds n of them, `scratch` one.
void rom_mix(std::uint32_t* block, std::uint32_t* table, std::uint32_t* scratch, const ScryptCost& cost) {
  const std::size_t words = 32 * std::size_t{cost.r};
  for (std::uint64_t i = 0; i < cost.n; ++i) {
    std::copy_n(block, words, table + i * words);
    block_mix(table + i * words, block, cost.r);
  }
  for (std::uint64_t i = 0; i < cost.n; ++i) {
    // Integerify modulo n, which is a power of two.
    const std::uint32_t* last = block + words - kSalsaWords;
    const std::uint64_t j = (std::uint64_t{last[1]} << 32 | last[0]) & (cost.n - 1);
    const std::uint32_t* entry = table + j * words;
    for (std::size_t k = 0; k < words; ++k) scratch[k] = block[k] ^ entry[k];
    block_mix(scratch, block, cost.r);
  }
}

std::uint32_t read_le32(const std::uint8_t* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
         static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

void write_le32(std::uint8_t* bytes, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) *bytes++ = static_cast<std::uint8_t>(value >> shift);
}

// Words that are cleared with the object. Throws bad_alloc.
class SecretWords {
 public:
  explicit SecretWords(std::size_t size) : words_(size) {}
  SecretWords(const SecretWords&) = delete;
  SecretWords& operator=(const SecretWords&) = delete;
  ~SecretWords() {
    secure_clear({reinterpret_cast<std::uint8_t*>(words_.data()), words_.size() * sizeof(std::uint32_t)});
  }
  std::uint32_t* data() { return words_.data(); }
  std::size_t size() const { return words_.size(); }

 private:
  std::vector<std::uint32_t> words_;
};

void mix_all(std::span<std::uint8_t> blocks, const ScryptCost& cost) {
  const std::size_t words = 32 * std::size_t{cost.r};
  SecretWords table(words * cost.n);
  SecretWords block(words);
  SecretWords scratch(words);
  for (; !blocks.empty(); blocks = blocks.subspan(4 * words)) {
    for (std::size_t i = 0; i < words; ++i) block.data()[i] = read_le32(blocks.data() + 4 * i);
    rom_mix(block.data(), table.data(), scratch.data(), cost);
    for (std::size_t i = 0; i < words; ++i) write_le32(blocks.data() + 4 * i, block.data()[i]);
  }
}

}  // namespace

Result<void> check(const ScryptCost& cost) {
  const bool is_power_of_two = cost.n > 1 && (cost.n & (cost.n - 1)) == 0;
  if (!is_power_of_two || cost.r == 0 || cost.p == 0)
    return fail(ErrorCode::invalid_input, "scrypt: n must be a power of two, r and p at least 1");
  const std::uint64_t block_bytes = std::uint64_t{128} * cost.r;
  if (cost.n > kMaxScryptMemory_bytes / block_bytes || cost.p > 64)
    return fail(ErrorCode::limit, "scrypt: the parameters ask for more than 1 GiB of memory or 64 passes");
  return {};
}

Result<SecretBytes> scrypt(ByteView password, ByteView salt, const ScryptCost& cost, std::size_t size) {
  AITBC_TRY(check(cost));
  SecretBytes blocks = pbkdf2_sha256(password, salt, 1, std::size_t{128} * cost.r * cost.p);
  try {
    mix_all(blocks.writable(), cost);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::limit, "scrypt: not enough memory");
  }
  return pbkdf2_sha256(password, blocks.view(), 1, size);
}

}  // namespace aitbc::wallet
