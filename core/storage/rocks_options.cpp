#include "storage/rocks_options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>

namespace aitbc {
namespace {

// Bounds the time that replaying the log takes at start.
constexpr std::uint64_t kMaxLogBytes = 64U << 20;
constexpr int kMaxOpenFiles = 512;
constexpr int kBloomBitsPerKey = 10;

// Small entries read one by one.
bool read_at_random(Table table) {
  return table == Table::state || table == Table::trie || table == Table::index;
}
// Keys come from everywhere, so that compaction has to merge files.
bool is_merged(Table table) {
  return table == Table::state || table == Table::index || table == Table::history;
}
// History is only walked, so a filter of its keys would never be asked.
bool has_filter(Table table) { return table != Table::history; }

rocksdb::CompressionType compression_for(Table table) {
  // Trie nodes are digests: there is nothing to compress.
  if (table == Table::trie) return rocksdb::kNoCompression;
  const auto supported = rocksdb::GetSupportedCompressions();
  const bool has_lz4 =
      std::find(supported.begin(), supported.end(), rocksdb::kLZ4Compression) != supported.end();
  return has_lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

rocksdb::BlockBasedTableOptions block_options(Table table, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions options;
  options.block_cache = cache;
  options.block_size = read_at_random(table) ? 4U << 10 : 16U << 10;
  if (has_filter(table)) options.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  options.format_version = 5;
  // Indexes and filters count against the cache, so that memory stays bounded however large the database is.
  options.cache_index_and_filter_blocks = true;
  options.cache_index_and_filter_blocks_with_high_priority = true;
  options.pin_l0_filter_and_index_blocks_in_cache = true;
  if (read_at_random(table))
    options.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  return options;
}

rocksdb::ColumnFamilyOptions table_options(Table table, const RocksOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions out;
  out.write_buffer_size = options.write_buffer_bytes;
  out.max_write_buffer_number = 2;
  out.level0_file_num_compaction_trigger = 12;
  out.memtable_whole_key_filtering = has_filter(table);
  out.memtable_prefix_bloom_size_ratio = has_filter(table) ? 0.02 : 0;
  out.target_file_size_base = 32U << 20;
  out.max_bytes_for_level_base = 128U << 20;
  out.level_compaction_dynamic_level_bytes = true;
  out.compression = compression_for(table);
  // What is soon merged with more is compressed then; the tables that grow at their end are never merged, but
  // moved as they are.
  if (is_merged(table)) out.compression_per_level = {rocksdb::kNoCompression, out.compression};
  // A batch's keys come in order (rocks_store.cpp), so the place of the last one of the same kind (the first
  // byte) is a hint for the next one's, which saves the memtable's search from its top.
  out.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(1));
  out.paranoid_file_checks = false;  // blocks are checked when they are read
  out.force_consistency_checks = true;
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(block_options(table, cache)));
  return out;
}

}  // namespace

rocksdb::DBOptions rocks_database_options(const RocksOptions& options,
                                          std::shared_ptr<rocksdb::EventListener> listener) {
  rocksdb::DBOptions out;
  out.create_if_missing = options.create_if_missing && !options.read_only;
  out.create_missing_column_families = out.create_if_missing;
  out.paranoid_checks = true;
  // The log must be whole: open_rocks_store() decides what a log that is not whole means.
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  // A log that is missing or shorter than what was synced of it is corruption.
  out.track_and_verify_wals_in_manifest = true;
  out.max_total_wal_size = kMaxLogBytes;
  out.max_background_jobs = std::max(options.background_threads, 1);
  out.max_subcompactions = 1;
  out.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(options.total_write_buffer_bytes);
  // Insertion hints work for one writer at a time, and there are two at most: the chain and the pool.
  out.allow_concurrent_memtable_write = false;
  out.max_open_files = kMaxOpenFiles;
  out.bytes_per_sync = 1U << 20;
  out.skip_stats_update_on_db_open = true;  // a large database opens quickly
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;
  out.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  out.max_log_file_size = 4U << 20;
  out.keep_log_file_num = 3;
  // Whatever went wrong is for the operator to see: RocksDB must not carry on by itself after an error.
  out.max_bgerror_resume_count = 0;
  out.listeners.push_back(std::move(listener));
  return out;
}

std::vector<rocksdb::ColumnFamilyDescriptor> rocks_table_descriptors(const RocksOptions& options) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> out;
  for (std::size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    out.emplace_back(table_name(table), table_options(table, options, cache));
  }
  out.emplace_back(rocksdb::kDefaultColumnFamilyName, table_options(Table::meta, options, cache));
  return out;
}

}  // namespace aitbc
