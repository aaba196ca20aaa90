// The writer's view of the latest state: the snapshot's, with what recent blocks read or wrote kept in
// memory.
#pragma once

#include <cstddef>
#include <memory>

#include "execution/state_diff.hpp"
#include "execution/state_view.hpp"
#include "storage/store.hpp"

namespace aitbc::chain {

// Not thread-safe: reads fill the cache. Belongs to the chain thread.
class CachedStateView final : public StateView {
 public:
  // In about this much memory, a sixth of it for accounts, the rest for storage entries; of each the half
  // that was used longest ago goes when they are full.
  explicit CachedStateView(std::size_t max_bytes);
  ~CachedStateView() override;

  // The snapshot that misses are read from: that of the last committed block.
  void rebase(std::shared_ptr<const Snapshot> snapshot);
  // What a committed block changed.
  void absorb(const StateDiff& diff);

  Result<std::optional<Account>> account(const Address& address) const override;
  Result<std::optional<Bytes>> storage(const Address& address, ByteView key) const override;
  Result<std::optional<KeyValue>> storage_lower_bound(const Address& address, ByteView from) const override;
  void prefetch(const Address& address, std::span<const ByteView> keys) const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::chain
