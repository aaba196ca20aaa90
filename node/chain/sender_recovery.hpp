// Recovers the senders of whole blocks on all cores, after other checks of them that take long.
#pragma once

#include <functional>
#include <future>
#include <memory>

#include "base/result.hpp"
#include "mempool/mempool.hpp"
#include "types/block.hpp"

namespace aitbc::chain {

// Thread-safe. Destruction waits for what is under way.
class SenderRecovery {
 public:
  // 0 threads: the caller's own does the work, before recover() returns.
  explicit SenderRecovery(std::size_t threads);
  ~SenderRecovery();

  // invalid_block when a transaction does not decode or has no sender. Transactions that `pool` (may be null)
  // holds are taken from it. Never wait for the future on one of the recovery's own threads.
  std::future<Result<Block>> recover(UnrecoveredBlock block, const Mempool* pool);
  // The same once `check` has succeeded, on one of the recovery's threads; its error is the answer otherwise.
  // Checks begin in the order of the calls.
  using Check = std::function<Result<void>()>;
  std::future<Result<Block>> recover(UnrecoveredBlock block, const Mempool* pool, Check check);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::chain
