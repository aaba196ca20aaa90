#include "types/receipt.hpp"

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"

namespace aitbc {
namespace {

constexpr std::size_t kMaxTopics = 4;
constexpr std::uint8_t kFirstListByte = 0xc0;  // of RLP; a lower first byte is a type (EIP-2718)

// The three bits of an item: the low eleven bits of the first three big-endian pairs of its digest, counted
// from the bloom's last bit.
struct BloomBit {
  std::size_t byte;
  std::uint8_t mask;
};
std::array<BloomBit, 3> bloom_bits(const Hash& digest) {
  std::array<BloomBit, 3> out;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t bit = (std::size_t{digest.bytes[2 * i]} << 8 | digest.bytes[2 * i + 1]) & 0x7ff;
    out[i] = {Bloom::kSize - 1 - bit / 8, static_cast<std::uint8_t>(1U << bit % 8)};
  }
  return out;
}

void append_log(rlp::Encoder& out, const Log& log) {
  out.begin_list().bytes(log.address).begin_list();
  for (const Hash& topic : log.topics) out.bytes(topic);
  out.end_list().bytes(log.data).end_list();
}

Result<Log> decode_log(rlp::Decoder fields) {
  Log out;
  AITBC_ASSIGN(out.address, fields.fixed<Address>());
  AITBC_ASSIGN(rlp::Decoder topics, fields.list());
  while (!topics.at_end()) {
    if (out.topics.size() == kMaxTopics)
      return fail(ErrorCode::invalid_input, "invalid receipt: a log has more than 4 topics");
    AITBC_ASSIGN(const Hash topic, topics.fixed<Hash>());
    out.topics.push_back(topic);
  }
  AITBC_ASSIGN(const ByteView data, fields.bytes());
  out.data = to_bytes(data);
  AITBC_TRY(fields.finish());
  return out;
}

Result<TransactionType> decode_type(ByteView encoded) {
  if (encoded.empty()) return fail(ErrorCode::invalid_input, "invalid receipt: it is empty");
  if (encoded[0] >= kFirstListByte) return TransactionType::legacy;
  if (encoded[0] == 1) return TransactionType::access_list;
  if (encoded[0] == 2) return TransactionType::dynamic_fee;
  return fail(ErrorCode::invalid_input, "invalid receipt: unknown transaction type");
}

}  // namespace

Bloom bloom_of(const Logs& logs) {
  std::vector<ByteView> items;
  items.reserve(logs.size() * (1 + kMaxTopics));
  for (const Log& log : logs) {
    items.push_back(log.address);
    for (const Hash& topic : log.topics) items.push_back(topic);
  }
  std::vector<Hash> digests(items.size());
  keccak256_batch(items, digests);
  Bloom out;
  for (const Hash& digest : digests)
    for (const BloomBit bit : bloom_bits(digest)) out.bytes[bit.byte] |= bit.mask;
  return out;
}

bool bloom_may_contain(const Bloom& bloom, ByteView item) {
  for (const BloomBit bit : bloom_bits(keccak256(item)))
    if ((bloom.bytes[bit.byte] & bit.mask) == 0) return false;
  return true;
}

void merge(Bloom& into, const Bloom& other) {
  for (std::size_t i = 0; i < Bloom::kSize; ++i) into.bytes[i] |= other.bytes[i];
}

Bytes encode(const Receipt& receipt) {
  rlp::Encoder out;
  const auto type = static_cast<std::uint8_t>(receipt.type);
  if (receipt.type != TransactionType::legacy) out.raw(ByteView(&type, 1));
  out.begin_list().boolean(receipt.succeeded).u64(receipt.cumulative_gas_used).bytes(receipt.bloom);
  out.begin_list();
  for (const Log& log : receipt.logs) append_log(out, log);
  out.end_list().end_list();
  return out.take();
}

Result<Receipt> decode_receipt(ByteView encoded) {
  Receipt out;
  AITBC_ASSIGN(out.type, decode_type(encoded));
  AITBC_ASSIGN(rlp::Decoder fields,
               rlp::decode_list(encoded.subspan(out.type == TransactionType::legacy ? 0 : 1)));
  AITBC_ASSIGN(out.succeeded, fields.boolean());
  AITBC_ASSIGN(out.cumulative_gas_used, fields.u64());
  AITBC_ASSIGN(out.bloom, fields.fixed<Bloom>());
  AITBC_ASSIGN(rlp::Decoder logs, fields.list());
  while (!logs.at_end()) {
    AITBC_ASSIGN(rlp::Decoder item, logs.list());
    AITBC_ASSIGN(Log log, decode_log(item));
    out.logs.push_back(std::move(log));
  }
  AITBC_TRY(fields.finish());
  return out;
}

}  // namespace aitbc
