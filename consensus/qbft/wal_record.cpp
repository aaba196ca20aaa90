#include "consensus/qbft/wal_record.hpp"

#include "consensus/qbft/payloads.hpp"

namespace aitbc::qbft {
namespace {

constexpr std::uint64_t kFormat = 1;

void append_digest(rlp::Encoder& out, const std::optional<Hash>& digest) {
  out.bytes(digest ? digest->view() : ByteView());
}

Result<std::optional<Hash>> read_digest(rlp::Decoder& in) {
  AITBC_ASSIGN(const ByteView bytes, in.bytes());
  if (bytes.empty()) return std::optional<Hash>();
  if (bytes.size() != Hash::kSize) return fail(ErrorCode::corruption, "digest of the wrong size");
  return std::optional<Hash>(Hash::from(bytes));
}

void append_lock(rlp::Encoder& out, const std::optional<Lock>& lock) {
  out.begin_list();
  if (lock) {
    out.u64(lock->prepared.round);
    out.bytes(lock->prepared.digest);
    append_block(out, *lock->block, lock->prepared.round);
    out.begin_list();
    for (const Prepare& prepare : lock->prepares) out.raw(encode(prepare));
    out.end_list();
  }
  out.end_list();
}

Result<std::optional<Lock>> read_lock(rlp::Decoder& in, Height height) {
  AITBC_ASSIGN(rlp::Decoder list, in.list());
  if (list.at_end()) return std::optional<Lock>();
  Lock lock;
  AITBC_ASSIGN(lock.prepared.round, read_round(list));
  AITBC_ASSIGN(lock.prepared.digest, list.fixed<Hash>());
  AITBC_ASSIGN(const ByteView block, list.raw());
  AITBC_ASSIGN(lock.block, read_block(block, {height, lock.prepared.round}));
  AITBC_ASSIGN(rlp::Decoder prepares, list.list());
  AITBC_TRY(list.finish());
  while (!prepares.at_end()) {
    AITBC_ASSIGN(const ByteView item, prepares.raw());
    AITBC_ASSIGN(Prepare prepare, decode_prepare(item));
    lock.prepares.push_back(std::move(prepare));
  }
  return std::optional<Lock>(std::move(lock));
}

Result<WalRecord> decode(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  AITBC_ASSIGN(const std::uint64_t format, in.u64());
  if (format != kFormat) return fail(ErrorCode::corruption, "unknown format " + std::to_string(format));
  WalRecord record;
  AITBC_ASSIGN(record.height, in.u64());
  AITBC_ASSIGN(record.round, read_round(in));
  AITBC_ASSIGN(record.sent.proposal, read_digest(in));
  AITBC_ASSIGN(record.sent.prepare, read_digest(in));
  AITBC_ASSIGN(record.sent.commit, read_digest(in));
  AITBC_ASSIGN(record.lock, read_lock(in, record.height));
  AITBC_TRY(in.finish());
  return record;
}

}  // namespace

Bytes encode(const WalRecord& record) {
  rlp::Encoder out;
  out.begin_list();
  out.u64(kFormat);
  out.u64(record.height);
  out.u64(record.round);
  append_digest(out, record.sent.proposal);
  append_digest(out, record.sent.prepare);
  append_digest(out, record.sent.commit);
  append_lock(out, record.lock);
  out.end_list();
  return out.take();
}

Result<WalRecord> decode_wal_record(ByteView encoded) {
  auto record = decode(encoded);
  if (!record) return fail(ErrorCode::corruption, "consensus write-ahead record: " + record.error().message);
  return record;
}

}  // namespace aitbc::qbft
