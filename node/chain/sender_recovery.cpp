#include "node/chain/sender_recovery.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "crypto/keccak.hpp"

namespace aitbc::chain {
namespace {

constexpr std::size_t kChunk = 64;  // transactions: some 3 ms of work, far above the cost of a hop

// One block under way, shared by the tasks that work on its chunks. The last one to finish fulfils the
// promise.
struct Job {
  UnrecoveredBlock input;
  const Mempool* pool = nullptr;
  std::vector<TransactionPtr> transactions;
  std::vector<std::optional<Error>> errors;  // one slot a chunk
  std::atomic<std::size_t> chunks_left{0};
  std::promise<Result<Block>> done;

  Job(UnrecoveredBlock block, const Mempool* the_pool)
      : input(std::move(block)),
        pool(the_pool),
        transactions(input.transactions.size()),
        errors((transactions.size() + kChunk - 1) / kChunk),
        chunks_left(errors.size()) {}

  void run(std::size_t chunk) {
    const std::size_t end = std::min(input.transactions.size(), (chunk + 1) * kChunk);
    for (std::size_t i = chunk * kChunk; i < end; ++i) {
      const Bytes& wire = input.transactions[i];
      if (pool != nullptr) transactions[i] = pool->find(keccak256(wire));
      if (transactions[i]) continue;
      auto recovered = recover_transaction(wire);
      if (!recovered) {
        errors[chunk] =
            Error{ErrorCode::invalid_block, "block " + std::to_string(input.header.number) +
                                                " has an invalid transaction " + std::to_string(i) + ": " +
                                                recovered.error().message};
        break;
      }
      transactions[i] = std::move(*recovered);
    }
    if (chunks_left.fetch_sub(1) == 1) finish();
  }

  void finish() {
    for (std::optional<Error>& error : errors)
      if (error) return done.set_value(fail(std::move(*error)));
    done.set_value(Block{std::move(input.header), std::move(transactions)});
  }
};

}  // namespace

struct SenderRecovery::Impl {
  explicit Impl(std::size_t threads) {
    if (threads > 0) pool.emplace(threads);
  }
  std::optional<boost::asio::thread_pool> pool;

  template <class Task>
  void post(Task task) {
    if (pool)
      boost::asio::post(*pool, std::move(task));
    else
      task();
  }
  void start(const std::shared_ptr<Job>& job) {
    if (job->errors.empty()) return job->finish();
    for (std::size_t chunk = 0; chunk < job->errors.size(); ++chunk) post([job, chunk] { job->run(chunk); });
  }
};

SenderRecovery::SenderRecovery(std::size_t threads) : impl_(std::make_unique<Impl>(threads)) {}
SenderRecovery::~SenderRecovery() {
  if (impl_->pool) impl_->pool->join();
}

std::future<Result<Block>> SenderRecovery::recover(UnrecoveredBlock block, const Mempool* pool) {
  const auto job = std::make_shared<Job>(std::move(block), pool);
  auto future = job->done.get_future();
  impl_->start(job);
  return future;
}

std::future<Result<Block>> SenderRecovery::recover(UnrecoveredBlock block, const Mempool* pool, Check check) {
  const auto job = std::make_shared<Job>(std::move(block), pool);
  auto future = job->done.get_future();
  impl_->post([impl = impl_.get(), job, check = std::move(check)] {
    if (auto checked = check(); !checked) return job->done.set_value(fail(std::move(checked).error()));
    impl->start(job);
  });
  return future;
}

}  // namespace aitbc::chain
