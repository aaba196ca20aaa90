#include "node/search/search_index.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "node/search/index_builder.hpp"
#include "storage/rocks_store.hpp"

namespace aitbc::search {
namespace {

constexpr std::size_t kMaxQueuedHeads = 64;  // beyond that the thread reads the blocks from the database
constexpr std::chrono::seconds kPatience{5};

// The ids under one facet's value.
class Posting final : public market::IdStream {
 public:
  Posting(const Snapshot& entries, Bytes prefix, bool descending)
      : iterator_(entries.iterate(Table::index)), prefix_(std::move(prefix)), descending_(descending) {}

  Result<std::optional<std::uint64_t>> seek(std::uint64_t id) override {
    Bytes key = prefix_;
    append_be64(key, id);
    descending_ ? iterator_->seek_for_prev(key) : iterator_->seek(key);
    if (iterator_->valid() && iterator_->key().size() == key.size() && starts_with(iterator_->key(), prefix_))
      return read_be64(iterator_->key().last(8));
    AITBC_TRY(iterator_->status());
    return std::nullopt;
  }

 private:
  std::unique_ptr<Iterator> iterator_;
  Bytes prefix_;
  bool descending_;
};

class SnapshotIndex final : public market::QueryIndex {
 public:
  SnapshotIndex(std::shared_ptr<const Snapshot> entries, const market::Directory& directory)
      : entries_(std::move(entries)), directory_(directory) {}

  std::unique_ptr<market::IdStream> find(market::Kind kind, const market::FacetValue& wanted,
                                         bool descending) const override {
    return std::make_unique<Posting>(*entries_, posting_prefix(kind, wanted), descending);
  }
  const market::Directory& directory() const override { return directory_; }

 private:
  std::shared_ptr<const Snapshot> entries_;
  const market::Directory& directory_;
};

Result<std::unique_ptr<Store>> open_store(const std::filesystem::path& folder) {
  RocksOptions options;
  options.block_cache_bytes = 16U << 20;
  options.write_buffer_bytes = 8U << 20;
  options.total_write_buffer_bytes = 16U << 20;
  options.background_threads = 1;
  return open_rocks_store(folder, options);
}

Result<std::unique_ptr<Store>> made_again(const std::filesystem::path& folder, const chain::ChainView& view,
                                          const IndexListener& progress) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error) return fail(ErrorCode::io, "cannot empty " + folder.string() + ": " + error.message());
  AITBC_ASSIGN(auto store, open_store(folder));
  AITBC_TRY(build_index(*store, view, progress));
  return store;
}

// A damaged index is no loss: it is made again. A folder that another process uses is.
Result<std::unique_ptr<Store>> opened_or_made(const std::filesystem::path& folder,
                                              const chain::ChainView& view, const IndexListener& progress) {
  if (!std::filesystem::exists(folder)) return made_again(folder, view, progress);
  auto store = open_store(folder);
  if (!store && store.error().code != ErrorCode::corruption) return store;
  if (!store) return made_again(folder, view, progress);
  AITBC_ASSIGN(const auto head, usable_head(**store, view));
  if (!head) {
    store->reset();
    return made_again(folder, view, progress);
  }
  AITBC_TRY(catch_up(**store, view, *head));
  return store;
}

}  // namespace

struct SearchIndex::Impl {
  const chain::Chain* chain = nullptr;
  std::unique_ptr<Store> store;

  // What readers see: the directory, and the entries of the same block.
  mutable std::shared_mutex published_mutex;
  mutable std::mutex
      gate;  // taken before published_mutex, so that a stream of readers cannot starve the writer
  market::Directory directory;
  chain::ChainViewPtr view;
  std::shared_ptr<const Snapshot> entries;

  mutable std::mutex mutex;
  std::condition_variable wake;             // the thread: heads to add, or to stop
  mutable std::condition_variable reached;  // readers: another block is there
  std::deque<chain::HeadEvent> queue;
  Height height = 0;  // that readers see
  bool stopping = false;
  bool failed = false;
  std::function<void(const Error&)> on_fatal;
  std::thread thread;

  void publish(chain::ChainViewPtr next, const StateDiff* diff) {
    auto snapshot = store->snapshot();
    const Height number = next->head.number;
    {
      const std::lock_guard entering(gate);
      const std::unique_lock lock(published_mutex);
      if (diff != nullptr)
        for (const StorageChange& change : diff->storage)
          if (change.address == market::kContract && change.after)
            update_directory(directory, change.key, *change.after);
      view = std::move(next);
      entries = std::move(snapshot);
    }
    const std::lock_guard lock(mutex);
    height = number;
    reached.notify_all();
  }

  Result<void> follow(const chain::HeadEvent& event) {
    const Height number = event.view->head.number;
    if (number <= view->head.number) return {};
    if (number == view->head.number + 1) {
      AITBC_TRY(add_head(*store, event));
      publish(event.view, &event.outcome->diff);
      return {};
    }
    AITBC_TRY(catch_up(*store, *event.view, view->head.number));
    market::Directory loaded;
    AITBC_TRY(load_directory(*event.view, loaded));
    {
      const std::lock_guard entering(gate);
      const std::unique_lock lock(published_mutex);
      directory = std::move(loaded);
      view = event.view;
      entries = store->snapshot();
    }
    publish(event.view, nullptr);
    return {};
  }

  void run() {
    while (true) {
      std::optional<chain::HeadEvent> next;
      {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return stopping || !queue.empty(); });
        if (stopping) return;
        next = std::move(queue.front());
        queue.pop_front();
      }
      if (auto done = follow(*next); !done) {
        {
          const std::lock_guard lock(mutex);
          failed = true;
          reached.notify_all();
        }
        on_fatal({done.error().code, "search index: " + done.error().message});
        return;
      }
    }
  }
};

SearchIndex::SearchIndex() : impl_(std::make_unique<Impl>()) {}
SearchIndex::~SearchIndex() { stop(); }

Result<std::unique_ptr<SearchIndex>> SearchIndex::open(const std::filesystem::path& folder,
                                                       const chain::Chain& chain,
                                                       const IndexListener& progress) {
  std::unique_ptr<SearchIndex> out(new SearchIndex());
  Impl& impl = *out->impl_;
  impl.chain = &chain;
  const chain::ChainViewPtr view = chain.view();
  AITBC_ASSIGN(impl.store, opened_or_made(folder, *view, progress));
  AITBC_TRY(load_directory(*view, impl.directory));
  impl.publish(view, nullptr);
  return out;
}

Result<void> SearchIndex::rebuild(const std::filesystem::path& folder, const chain::Chain& chain,
                                  const IndexListener& progress) {
  AITBC_TRY(made_again(folder, *chain.view(), progress));
  return {};
}

void SearchIndex::start(std::function<void(const Error&)> on_fatal) {
  impl_->on_fatal = std::move(on_fatal);
  impl_->thread = std::thread([this] { impl_->run(); });
}

void SearchIndex::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    impl_->wake.notify_all();
    impl_->reached.notify_all();
  }
  if (impl_->thread.joinable()) impl_->thread.join();
}

void SearchIndex::on_head(const chain::HeadEvent& event) {
  const std::lock_guard lock(impl_->mutex);
  // A reader that fell behind skips to the newest block: follow() reads the ones between from the database.
  if (impl_->queue.size() == kMaxQueuedHeads) impl_->queue.clear();
  impl_->queue.push_back(event);
  impl_->wake.notify_one();
}

Result<IndexReading> SearchIndex::read() const {
  const Height wanted = impl_->chain->view()->head.number;
  {
    std::unique_lock lock(impl_->mutex);
    const bool in_time = impl_->reached.wait_for(
        lock, kPatience, [&] { return impl_->height >= wanted || impl_->failed || impl_->stopping; });
    if (!in_time || impl_->height < wanted)
      return fail(ErrorCode::unavailable, "the search index is behind the chain: try again");
  }
  IndexReading out;
  const std::lock_guard entering(impl_->gate);
  out.lock_ = std::shared_lock(impl_->published_mutex);
  out.chain_ = impl_->view;
  out.entries_ = impl_->entries;
  out.index_ = std::make_unique<SnapshotIndex>(impl_->entries, impl_->directory);
  return out;
}

}  // namespace aitbc::search
