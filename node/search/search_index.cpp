#include "node/search/search_index.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <malloc.h>

#include "base/thread.hpp"
#include "node/search/index_builder.hpp"
#include "node/search/snapshot_index.hpp"
#include "storage/rocks_store.hpp"

namespace aitbc::search {
namespace {

constexpr std::size_t kMaxQueuedHeads = 64;  // beyond that the thread reads the blocks from the database

Result<std::unique_ptr<Store>> open_store(const std::filesystem::path& folder) {
  RocksOptions options;
  options.block_cache_bytes = 16U << 20;
  options.write_buffer_bytes = 8U << 20;
  options.total_write_buffer_bytes = 16U << 20;
  options.background_threads = 1;
  return open_rocks_store(folder, options);
}

Result<std::unique_ptr<Store>> emptied(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error) return fail(ErrorCode::io, "cannot empty " + folder.string() + ": " + error.message());
  return open_store(folder);
}

// A damaged index is no loss: it is made again. A folder that another process uses is.
Result<std::unique_ptr<Store>> opened_or_emptied(const std::filesystem::path& folder) {
  auto store = open_store(folder);
  if (store || store.error().code != ErrorCode::corruption) return store;
  return emptied(folder);
}

}  // namespace

struct SearchIndex::Impl {
  const chain::Chain* chain = nullptr;
  std::filesystem::path folder;
  std::chrono::milliseconds patience{};
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
  std::optional<Height> height;  // that readers see; none until the index is complete
  std::optional<IndexProgress> making;
  std::chrono::steady_clock::time_point started;
  bool stopping = false;
  bool failed = false;
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

  bool told_to_stop() const {
    const std::lock_guard lock(mutex);
    return stopping;
  }

  // False: stop.
  bool still_making(const IndexProgress& now) {
    const std::lock_guard lock(mutex);
    making = now;
    return !stopping;
  }

  // Brings the index up to the chain's head, from what is there or anew.
  Result<void> complete(const IndexListener& progress) {
    const chain::ChainViewPtr head = chain->view();
    AITBC_ASSIGN(const auto usable, usable_head(*store, *head));
    if (usable) {
      AITBC_TRY(catch_up(*store, *head, *usable));
    } else {
      store.reset();
      AITBC_ASSIGN(store, emptied(folder));
      AITBC_TRY(build_index(*store, *head, [&](const IndexProgress& now) {
        return still_making(now) && (!progress || progress(now));
      }));
      // Reading every block leaves the allocator with far more than the node needs from now on.
      malloc_trim(0);
    }
    AITBC_TRY(load_directory(*head, directory));
    publish(head, nullptr);
    return {};
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

  // The next head to add; none: stop.
  std::optional<chain::HeadEvent> next_head() {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return stopping || !queue.empty(); });
    if (stopping) return std::nullopt;
    chain::HeadEvent next = std::move(queue.front());
    queue.pop_front();
    return next;
  }

  void run(const IndexListener& progress, const std::function<void(const Error&)>& on_fatal) {
    Result<void> done = complete(progress);
    while (done) {
      const auto next = next_head();
      if (!next) return;
      done = follow(*next);
    }
    if (told_to_stop()) return;
    {
      const std::lock_guard lock(mutex);
      failed = true;
      reached.notify_all();
    }
    on_fatal({done.error().code, "search index: " + done.error().message});
  }

  // Why a reader that waited long enough gets nothing. Precondition: `mutex` is held.
  Error lateness() const {
    std::string message = "the search index is behind the chain: try again";
    if (!height && making) {
      message = "the search index is being made (" + std::to_string(making->done);
      if (making->total != 0) message += " of " + std::to_string(making->total);
      message += std::string(" ") + making->what + "): try again later";
    }
    return {ErrorCode::unavailable, message};
  }
};

SearchIndex::SearchIndex() : impl_(std::make_unique<Impl>()) {}
SearchIndex::~SearchIndex() { stop(); }

Result<std::unique_ptr<SearchIndex>> SearchIndex::open(const std::filesystem::path& folder,
                                                       const chain::Chain& chain,
                                                       std::chrono::milliseconds patience) {
  std::unique_ptr<SearchIndex> out(new SearchIndex());
  out->impl_->chain = &chain;
  out->impl_->patience = patience;
  out->impl_->folder = folder;
  AITBC_ASSIGN(out->impl_->store, opened_or_emptied(folder));
  return out;
}

Result<void> SearchIndex::rebuild(const std::filesystem::path& folder, const chain::Chain& chain,
                                  const IndexListener& progress) {
  AITBC_ASSIGN(const auto store, emptied(folder));
  return build_index(*store, *chain.view(), progress);
}

void SearchIndex::start(IndexListener progress, std::function<void(const Error&)> on_fatal) {
  impl_->started = std::chrono::steady_clock::now();
  impl_->thread =
      std::thread([impl = impl_.get(), progress = std::move(progress), on_fatal = std::move(on_fatal)] {
        name_thread("search");
        let_others_go_first();
        impl->run(progress, on_fatal);
      });
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
    // An index that takes longer to make holds nobody up: its readers would keep the node's threads waiting.
    const auto since = impl_->height ? std::chrono::steady_clock::now() : impl_->started;
    impl_->reached.wait_until(lock, since + impl_->patience, [&] {
      return (impl_->height && *impl_->height >= wanted) || impl_->failed || impl_->stopping;
    });
    if (!impl_->height || *impl_->height < wanted) return tl::unexpected(impl_->lateness());
  }
  IndexReading out;
  const std::lock_guard entering(impl_->gate);
  out.lock_ = std::shared_lock(impl_->published_mutex);
  out.chain_ = impl_->view;
  out.entries_ = impl_->entries;
  out.index_ = snapshot_index(impl_->entries, impl_->directory);
  return out;
}

}  // namespace aitbc::search
