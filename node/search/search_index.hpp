// Search indexes of the node, outside consensus: lists of records by what they are, events by record, what
// was earned by hour, and GPUs and providers in memory. They follow the chain in a database of their own,
// always state that they are complete up to some block, and can be made again from the chain at any time.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <shared_mutex>

#include "marketplace/query_index.hpp"
#include "node/chain/chain.hpp"

namespace aitbc::search {

struct IndexProgress {
  const char* what = "";  // "records", "blocks"
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0: not known
};
// Called now and then; false stops the work cleanly.
using IndexListener = std::function<bool(const IndexProgress&)>;

// One state of the index and the block that it belongs to. The index does not change while this lives, so
// keep it no longer than one query takes.
class IndexReading {
 public:
  const chain::ChainView& chain() const { return *chain_; }
  const std::shared_ptr<const Snapshot>& entries() const { return entries_; }
  const market::QueryIndex& index() const { return *index_; }

 private:
  friend class SearchIndex;
  std::shared_lock<std::shared_mutex> lock_;
  chain::ChainViewPtr chain_;
  std::shared_ptr<const Snapshot> entries_;
  std::unique_ptr<market::QueryIndex> index_;
};

class SearchIndex {
 public:
  // Opens the index in `folder`, an empty one when there is none or it is damaged. `chain` must outlive it.
  // `patience`: how long a reader waits.
  static Result<std::unique_ptr<SearchIndex>> open(
      const std::filesystem::path& folder, const chain::Chain& chain,
      std::chrono::milliseconds patience = std::chrono::seconds(5));
  // Makes it again in any case. unavailable: stopped by the listener; the next open() makes it anew.
  static Result<void> rebuild(const std::filesystem::path& folder, const chain::Chain& chain,
                              const IndexListener& progress);
  ~SearchIndex();

  // A thread of its own brings it up to the chain's head, from the changes that the chain remembers, or anew
  // (`progress`) when it is of another format or chain or too far behind, and follows from then on.
  // `on_fatal`: the disk failed or holds something else than what was written; the index stays where it is.
  void start(IndexListener progress, std::function<void(const Error&)> on_fatal);
  void stop();
  // Thread-safe, quick: what Chain::on_head() tells.
  void on_head(const chain::HeadEvent& event);

  // Thread-safe. Waits until the index has reached the chain's head; unavailable when that takes long, or
  // while the index is being made for longer than that.
  Result<IndexReading> read() const;

 private:
  SearchIndex();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::search
