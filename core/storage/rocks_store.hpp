// Store on RocksDB: one database, one column family per table.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/store.hpp"

namespace aitbc {

struct RocksOptions {
  bool create_if_missing = true;
  bool read_only = false;
  std::size_t block_cache_bytes = 64U << 20;
  std::size_t write_buffer_bytes = 16U << 20;        // per table
  std::size_t total_write_buffer_bytes = 80U << 20;  // all tables
  int background_threads = 2;
};

// Fails with `io` or `corruption` and a message that names the folder; never repairs. A second opener of the
// same folder fails with `conflict`; a missing database that may not be created is `not_found`.
//
// After a crash, a last write that was cut off is dropped: it was never synced. Any other damage of the log
// is `corruption`, because records that had been synced may be lost. Once a write or RocksDB's background
// work has failed (disk full, ...), every later write fails with `io` until the store is opened again.
Result<std::unique_ptr<Store>> open_rocks_store(const std::filesystem::path& folder,
                                                const RocksOptions& options);
// A consistent copy of an open store in a new folder (RocksDB checkpoint); `conflict` when that exists.
Result<void> checkpoint_rocks_store(const Store& store, const std::filesystem::path& folder);
// Reads every block of every file and checks its checksum.
Result<void> verify_rocks_checksums(const Store& store);

}  // namespace aitbc
