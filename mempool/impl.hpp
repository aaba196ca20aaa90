// What a Mempool is made of; shared by its source files.
#pragma once

#include <memory>
#include <mutex>

#include "mempool/mempool.hpp"
#include "mempool/pool.hpp"
#include "mempool/turn_mutex.hpp"

namespace aitbc {

struct Mempool::Impl {
  using Listener = std::function<void(std::span<const TransactionPtr>)>;

  Impl(Store& disk, const ChainRules& chain_rules, const MempoolOptions& limits)
      : store(disk), rules(chain_rules), options(limits), pool(limits) {}

  // Runs `work` with the lock held, and destroys what the pool dropped once the lock is free again.
  template <class Work>
  auto locked(const Work& work) {
    std::vector<mempool::EntryPtr> dropped;
    const std::lock_guard lock(mutex);
    auto result = work();
    dropped = pool.take_dropped();
    return result;
  }

  void set_head(const MempoolHead& next);
  Result<void> load(Seconds now);
  Seconds oldest_alive(Seconds now) const;
  // Deletes from the disk what has left the pool.
  Result<void> remove_stored();

  Store& store;
  const ChainRules rules;
  const MempoolOptions options;

  // Guards what follows. Held for short, bounded steps, never while the disk is read or written.
  mutable mempool::TurnMutex mutex;
  mempool::Pool pool;
  MempoolHead head;
  std::uint64_t head_changes = 0;
  std::shared_ptr<const Listener> listener;
};

}  // namespace aitbc
