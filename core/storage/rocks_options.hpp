// How the database is set up. Private to this room.
#pragma once

#include <vector>

#include "storage/rocks_store.hpp"

namespace rocksdb {
struct DBOptions;
struct ColumnFamilyDescriptor;
class EventListener;
}  // namespace rocksdb

namespace aitbc {

// The listener is told of background errors.
rocksdb::DBOptions rocks_database_options(const RocksOptions& options,
                                          std::shared_ptr<rocksdb::EventListener> listener);
// One column family per table, in the order of Table, then RocksDB's own "default", which stays empty.
std::vector<rocksdb::ColumnFamilyDescriptor> rocks_table_descriptors(const RocksOptions& options);

}  // namespace aitbc
