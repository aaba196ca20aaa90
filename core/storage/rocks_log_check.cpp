// RocksDB's log format: blocks of 32 KiB filled with records {masked CRC-32C of all that follows the length:
// u32, length: u16, type: u8, payload}, little-endian; fewer than 7 bytes at the end of a block stay unused.
// A batch is one `full` record, or a `first`, `middle`s and a `last`.
#include "storage/rocks_log_check.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace aitbc {
namespace {

constexpr std::size_t kBlockBytes = 32U << 10;
constexpr std::size_t kHeaderBytes = 7;
constexpr std::size_t kSectorBytes = 512;
enum RecordType : std::uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

std::uint32_t masked_checksum(ByteView data) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(data.data(), data.size());
  const std::uint32_t sum = crc.checksum();
  return (sum >> 15 | sum << 17) + 0xa282ead8U;
}

struct Record {
  std::uint8_t type;
  std::size_t size;  // header included
  bool fits;         // it ends in its block and in the file
  bool intact;
  bool begins_batch() const { return type == kFull || type == kFirst; }
  bool ends_batch() const { return type == kFull || type == kLast; }
};

std::size_t block_end(std::size_t offset) { return (offset / kBlockBytes + 1) * kBlockBytes; }

// Skips what is too short for a header at the end of a block.
std::size_t next_header(std::size_t offset) {
  return block_end(offset) - offset < kHeaderBytes ? block_end(offset) : offset;
}

Record read_record(ByteView log, std::size_t offset) {
  const std::size_t end = std::min(block_end(offset), log.size());
  if (offset + kHeaderBytes > end) return {0, 0, false, false};
  const ByteView head = log.subspan(offset);
  const std::size_t size = kHeaderBytes + (head[4] | std::size_t{head[5]} << 8);
  const std::uint8_t type = head[6];
  if (offset + size > end || type < kFull || type > kLast) return {type, size, offset + size <= end, false};
  const std::uint32_t stored =
      head[0] | std::uint32_t{head[1]} << 8 | std::uint32_t{head[2]} << 16 | std::uint32_t{head[3]} << 24;
  return {type, size, true, stored == masked_checksum(head.subspan(6, size - 6))};
}

// Where intact batches that follow each other stop: log.size() when nothing else follows, otherwise the first
// record that is damaged, or whose batch has no end.
std::size_t end_of_intact_batches(ByteView log) {
  bool inside_batch = false;
  std::size_t offset = 0;
  while (offset = next_header(offset), offset < log.size()) {
    const Record record = read_record(log, offset);
    if (!record.intact || record.begins_batch() == inside_batch) return offset;
    inside_batch = !record.ends_batch();
    offset += record.size;
  }
  return log.size();
}

bool batch_begins_in_block_of(ByteView log, std::size_t offset) {
  const std::size_t end = std::min(block_end(offset), log.size());
  for (; offset < end; ++offset) {
    const Record record = read_record(log, offset);
    if (record.intact && record.begins_batch()) return true;
  }
  return false;
}

// Later blocks start with a record, so they are read record by record.
bool batch_begins_in_blocks_after(ByteView log, std::size_t offset) {
  for (std::size_t block = block_end(offset); block < log.size(); block += kBlockBytes) {
    std::size_t at = block;
    while (at < std::min(block + kBlockBytes, log.size())) {
      const Record record = read_record(log, at);
      if (!record.intact) break;
      if (record.begins_batch()) return true;
      at += record.size;
    }
  }
  return false;
}

bool has_empty_sector(ByteView log, std::size_t begin, std::size_t end) {
  for (std::size_t at = (begin + kSectorBytes - 1) / kSectorBytes * kSectorBytes; at < end;
       at += kSectorBytes) {
    const ByteView sector = log.subspan(at, std::min(kSectorBytes, end - at));
    if (std::all_of(sector.begin(), sector.end(), [](std::uint8_t byte) { return byte == 0; })) return true;
  }
  return false;
}

// `bad` is the first record that is not intact. A write that a crash cut off is the last one, and it is short
// or misses sectors that never reached the disk. Anything else had been written whole.
LogState state_of_tail(ByteView log, std::size_t bad) {
  if (batch_begins_in_block_of(log, bad + 1) || batch_begins_in_blocks_after(log, bad))
    return LogState::damaged;
  const Record record = read_record(log, bad);
  const bool complete = record.fits && !record.intact;
  if (complete && !has_empty_sector(log, bad, log.size())) return LogState::damaged;
  return LogState::torn;
}

Result<std::vector<std::filesystem::path>> log_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".log") files.push_back(it->path());
  if (error) return fail(ErrorCode::io, "cannot list " + folder.string() + ": " + error.message());
  // Their names are numbers of fixed width.
  std::sort(files.begin(), files.end());
  while (!files.empty() && std::filesystem::file_size(files.back(), error) == 0) files.pop_back();
  if (error) return fail(ErrorCode::io, "cannot read in " + folder.string() + ": " + error.message());
  return files;
}

Result<Bytes> read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  Bytes content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad() || !in.is_open()) return fail(ErrorCode::io, "cannot read " + file.string());
  return content;
}

}  // namespace

Result<LogCheck> check_rocks_log(const std::filesystem::path& folder) {
  AITBC_ASSIGN(const auto files, log_files(folder));
  for (const std::filesystem::path& file : files) {
    AITBC_ASSIGN(const Bytes log, read_file(file));
    const std::size_t bad = end_of_intact_batches(log);
    if (bad == log.size()) continue;
    const bool is_last = file == files.back();
    const LogState state = is_last ? state_of_tail(log, bad) : LogState::damaged;
    return LogCheck{state, file.filename().string() + " at offset " + std::to_string(bad)};
  }
  return LogCheck{};
}

}  // namespace aitbc
