// A Store in memory whose disk can be made to fail, stall or forget, for tests and simulation.
#pragma once

#include <functional>
#include <memory>

#include "storage/store.hpp"

namespace aitbc {

// Synced batches survive crash(); buffered ones after the last synced one may be lost. Not thread-safe beyond
// Store's own promise: the fault calls are made by one test thread.
class FaultStore : public Store {
 public:
  // Asked before each write (numbered from 0) and each read; an Error makes that operation fail with it.
  virtual void on_write(std::function<Result<void>(std::uint64_t write_number, const WriteBatch&)> hook) = 0;
  virtual void on_read(std::function<Result<void>(Table, ByteView key)> hook) = 0;
  // Drops what was not synced, keeping `keep_buffered` of the buffered batches (in order), as a power cut
  // would.
  virtual void crash(std::size_t keep_buffered) = 0;
  virtual std::uint64_t writes() const = 0;
};

std::unique_ptr<FaultStore> make_fault_store();

}  // namespace aitbc
