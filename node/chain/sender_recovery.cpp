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
};

SenderRecovery::SenderRecovery(std::size_t threads) : impl_(std::make_unique<Impl>(threads)) {}
SenderRecovery::~SenderRecovery() {
  if (impl_->pool) impl_->pool->join();
}

std::future<Result<Block>> SenderRecovery::recover(UnrecoveredBlock block, const Mempool* pool) {
  auto job = std::make_shared<Job>();
  job->input = std::move(block);
  job->pool = pool;
  const std::size_t count = job->input.transactions.size();
  const std::size_t chunks = (count + kChunk - 1) / kChunk;
  job->transactions.resize(count);
  job->errors.resize(chunks);
  job->chunks_left = chunks;
  auto future = job->done.get_future();
  if (chunks == 0) job->finish();
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    if (impl_->pool)
      boost::asio::post(*impl_->pool, [job, chunk] { job->run(chunk); });
    else
      job->run(chunk);
  }
  return future;
}

}  // namespace aitbc::chain
