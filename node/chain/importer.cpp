#include "node/chain/importer.hpp"

#include <fstream>

#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "node/chain/pipeline.hpp"

namespace aitbc::chain {
namespace {

constexpr std::string_view kMagic = "AITBCBLK1\n";
constexpr std::uint32_t kMaxRecordBytes = 256U << 20;

Result<Block> require_block(const ChainView& view, Height height) {
  AITBC_ASSIGN(auto block, read_block(*view.snapshot, height));
  if (!block) return fail(ErrorCode::corruption, "block " + std::to_string(height) + " is missing");
  return std::move(*block);
}

Error io_error(const std::filesystem::path& file, const char* what) {
  return {ErrorCode::io, std::string(what) + " " + file.string() + ": " + std::strerror(errno)};
}

// Reads the records of an export file one by one.
class ExportReader {
 public:
  explicit ExportReader(const std::filesystem::path& file) : path_(file), in_(file, std::ios::binary) {
    std::error_code ignored;
    total_ = std::filesystem::file_size(file, ignored);
  }

  std::uint64_t total_bytes() const { return total_; }

  Result<Hash> header() {
    if (!in_) return fail(io_error(path_, "cannot read"));
    std::string magic(kMagic.size(), '\0');
    Hash genesis;
    in_.read(magic.data(), static_cast<std::streamsize>(magic.size()));
    in_.read(reinterpret_cast<char*>(genesis.data()), static_cast<std::streamsize>(genesis.size()));
    if (!in_ || magic != kMagic)
      return fail(ErrorCode::invalid_input, path_.string() + " is not a block export");
    return genesis;
  }

  // nullopt at the end of the file.
  Result<std::optional<IncomingBlock>> next() {
    std::array<std::uint8_t, 4> length{};
    in_.read(reinterpret_cast<char*>(length.data()), 4);
    if (in_.gcount() == 0) return std::nullopt;
    const std::uint32_t size = static_cast<std::uint32_t>(length[0]) << 24 |
                               static_cast<std::uint32_t>(length[1]) << 16 |
                               static_cast<std::uint32_t>(length[2]) << 8 | length[3];
    if (!in_ || size > kMaxRecordBytes || size > total_ - read_) return damaged();
    read_ += size + length.size();
    Bytes record(size);
    in_.read(reinterpret_cast<char*>(record.data()), static_cast<std::streamsize>(size));
    if (!in_) return damaged();
    auto decoded = decode(record);
    if (!decoded) return damaged();
    return std::optional(std::move(*decoded));
  }

 private:
  tl::unexpected<Error> damaged() const {
    return fail(ErrorCode::invalid_input, path_.string() + " ends in the middle of a block or is damaged");
  }
  static Result<IncomingBlock> decode(ByteView record) {
    AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(record));
    IncomingBlock out;
    AITBC_ASSIGN(const ByteView block, in.raw());
    AITBC_ASSIGN(out.block, decode_block(block));
    AITBC_ASSIGN(const ByteView proof, in.bytes());
    out.commit_proof = to_bytes(proof);
    out.bytes = record.size() + 4;
    AITBC_TRY(in.finish());
    return out;
  }

  std::filesystem::path path_;
  std::ifstream in_;
  std::uint64_t total_ = 0;
  std::uint64_t read_ = 0;  // of the records
};

class Import {
 public:
  Import(Chain& chain, const consensus::ConsensusEngine& engine, SenderRecovery& recovery,
         const Mempool* pool)
      : chain_(chain),
        pipeline_(chain, engine, recovery, pool,
                  [&chain](const Block& block, ByteView proof, Durability durability) {
                    return chain.commit(block, proof, durability);
                  }) {}

  Result<TransferProgress> run(ExportReader& reader, const ProgressListener& progress) {
    done_.total_bytes = reader.total_bytes();
    bool more = true;
    std::optional<Error> bad_input;  // found while reading ahead: what came before is committed first
    while (more || !pipeline_.empty()) {
      while (more && pipeline_.has_room()) {
        auto entered = enter_next(reader);
        if (!entered) bad_input = std::move(entered).error();
        more = entered && *entered;
      }
      if (pipeline_.empty()) break;
      AITBC_ASSIGN(const BlockPipeline::Done block, pipeline_.leave());
      done_.height = block.height;
      done_.blocks += 1;
      done_.transactions += block.transactions;
      done_.bytes += block.bytes;
      if (progress && !progress(done_)) return done_;
    }
    if (bad_input) return fail(std::move(*bad_input));
    return done_;
  }

 private:
  // False at the end of the file.
  Result<bool> enter_next(ExportReader& reader) {
    AITBC_ASSIGN(auto record, reader.next());
    if (record) AITBC_TRY(enter(std::move(*record)));
    return record.has_value();
  }

  Result<void> enter(IncomingBlock record) {
    const Header& header = record.block.header;
    if (header.number <= chain_.view()->head.number) return check_known(header, record.bytes);
    return pipeline_.enter(std::move(record));
  }

  Result<void> check_known(const Header& header, std::uint64_t bytes) {
    AITBC_ASSIGN(const auto meta, read_block_meta(*chain_.view()->snapshot, header.number));
    if (!meta || meta->hash != header_hash(header))
      return fail(ErrorCode::invalid_block, "block " + std::to_string(header.number) +
                                                " of the file differs from the one in the database");
    done_.bytes += bytes;
    return {};
  }

  Chain& chain_;
  BlockPipeline pipeline_;
  TransferProgress done_;
};

Bytes encode_record(const Block& block, ByteView commit_proof) {
  rlp::Encoder out;
  out.begin_list().raw(encode(block)).bytes(commit_proof).end_list();
  const Bytes body = out.take();
  Bytes record;
  record.reserve(body.size() + 4);
  for (int shift = 24; shift >= 0; shift -= 8)
    record.push_back(static_cast<std::uint8_t>(body.size() >> shift));
  append(record, body);
  return record;
}

}  // namespace

Result<TransferProgress> export_blocks(const ChainView& view, const Hash& genesis_hash, Height first,
                                       Height last, const std::filesystem::path& file,
                                       const ProgressListener& progress) {
  std::filesystem::path temporary = file;
  temporary += ".partial";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  const auto put = [&](ByteView bytes) {
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  };
  put(as_bytes(kMagic));
  put(genesis_hash);
  TransferProgress done;
  for (Height height = first; height <= last; ++height) {
    AITBC_ASSIGN(const Block block, require_block(view, height));
    AITBC_ASSIGN(const auto meta, read_block_meta(*view.snapshot, height));
    if (!meta)
      return fail(ErrorCode::corruption, "the record of block " + std::to_string(height) + " is missing");
    const Bytes record = encode_record(block, meta->commit_proof);
    put(record);
    done.height = height;
    done.blocks += 1;
    done.transactions += block.transactions.size();
    done.bytes += record.size();
    const bool stop = progress && !progress(done);
    if (stop || !out) break;
  }
  out.close();
  const bool complete = static_cast<bool>(out) && (done.height == last || first > last);
  std::error_code error;
  if (complete) std::filesystem::rename(temporary, file, error);
  if (complete && !error) return done;
  const Error failure =
      out ? Error{ErrorCode::unavailable, "the export was stopped"} : io_error(temporary, "cannot write");
  std::filesystem::remove(temporary, error);
  return fail(failure);
}

Result<TransferProgress> import_blocks(Chain& chain, const consensus::ConsensusEngine& engine,
                                       SenderRecovery& recovery, const Mempool* pool,
                                       const std::filesystem::path& file, const ProgressListener& progress) {
  ExportReader reader(file);
  AITBC_ASSIGN(const Hash genesis, reader.header());
  if (genesis != chain.genesis_hash())
    return fail(ErrorCode::conflict, "the file belongs to another chain: its genesis block is " +
                                         hex::encode_prefixed(genesis) + ", this one's is " +
                                         hex::encode_prefixed(chain.genesis_hash()));
  return Import(chain, engine, recovery, pool).run(reader, progress);
}

}  // namespace aitbc::chain
