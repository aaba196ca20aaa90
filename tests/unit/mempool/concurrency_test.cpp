// Several threads add while one selects and commits and others ask. Meant for ThreadSanitizer as much as for
// the answers.
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "world.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

constexpr int kAdders = 3;
constexpr int kSendersEach = 4;  // and one sender that all of them share
constexpr Nonce kNonces = 60;
constexpr int kShared = kAdders * kSendersEach + 1;

// What one thread adds: its senders' transactions in order, then dearer ones for some of them.
std::vector<TransactionPtr> work_of(int adder) {
  std::vector<TransactionPtr> work;
  for (Nonce nonce = 0; nonce < kNonces; ++nonce) {
    for (int i = 0; i < kSendersEach; ++i)
      work.push_back(make({.from = adder * kSendersEach + i + 1, .nonce = nonce}));
    if (nonce % 3 == 0)
      work.push_back(make({.from = adder * kSendersEach + 1, .nonce = nonce, .tip = 50, .max_fee = 2'000}));
    work.push_back(make({.from = kShared,
                         .nonce = nonce,
                         .tip = 10 + 10 * static_cast<unsigned>(adder),
                         .max_fee = 1'000U + 1'000U * static_cast<unsigned>(adder)}));
  }
  return work;
}

class Race {
 public:
  explicit Race(MempoolOptions options) : world_(options) {
    for (int sender = 1; sender <= kShared; ++sender) world_.fund(sender, 1'000'000'000'000);
    world_.open();
  }

  void fail_every(std::uint64_t nth) {
    world_.store().on_write([nth](std::uint64_t number, const WriteBatch& batch) -> Result<void> {
      std::this_thread::yield();
      const bool addition = !batch.empty() && batch.operations().back().value.has_value();
      if (addition && number % nth == 0) return fail(ErrorCode::io, "no space left on device");
      return {};
    });
  }

  void run() {
    std::vector<std::vector<TransactionPtr>> work;
    for (int adder = 0; adder < kAdders; ++adder) work.push_back(work_of(adder));
    std::vector<std::thread> threads;
    std::atomic<int> adding = kAdders;
    for (const auto& own : work) {
      threads.emplace_back([&] {
        add(own);
        --adding;
      });
    }
    threads.emplace_back([&] {
      while (adding > 0) ask();
    });
    while (adding > 0) {
      commit();
      std::this_thread::yield();
    }
    for (std::thread& thread : threads) thread.join();
  }

  World& world() { return world_; }
  const std::set<Hash>& acknowledged() const { return acknowledged_; }
  const std::set<Hash>& included() const { return included_; }
  void commit() {
    const auto chosen = world_.select();
    std::map<Address, Nonce> next;
    for (const TransactionPtr& one : chosen) {
      const auto expected = next.try_emplace(one->sender, world_.accounts[one->sender].nonce).first;
      REQUIRE(one->transaction.nonce == expected->second++);
      REQUIRE(included_.insert(one->hash).second);
    }
    REQUIRE(world_.commit(chosen));
  }

 private:
  void add(const std::vector<TransactionPtr>& all) {
    for (std::size_t from = 0; from < all.size(); from += 7) {
      const std::span<const TransactionPtr> batch(all.data() + from,
                                                  std::min<std::size_t>(7, all.size() - from));
      const auto results = world_.pool().add(batch, kStart);
      const std::lock_guard lock(mutex_);
      for (std::size_t i = 0; i < batch.size(); ++i)
        if (results[i]) acknowledged_.insert(batch[i]->hash);
    }
  }

  void ask() {
    const MempoolStatus status = world_.pool().status();
    for (const auto& [sender, content] : world_.pool().content())
      for (std::size_t i = 1; i < content.pending.size(); ++i)
        if (content.pending[i]->transaction.nonce != content.pending[i - 1]->transaction.nonce + 1)
          broken_ = true;
    if (status.pending > 100'000) broken_ = true;
    world_.pool().next_nonce(address_of(1));
    if (broken_) std::abort();
  }

  World world_;
  std::mutex mutex_;
  std::set<Hash> acknowledged_;  // guarded by mutex_
  std::set<Hash> included_;
  std::atomic<bool> broken_ = false;
};

std::size_t pooled_now(World& world) {
  const MempoolStatus status = world.pool().status();
  return status.pending + status.queued;
}

}  // namespace

TEST_CASE("nothing acknowledged is lost between threads that add and one that commits") {
  Race race({});
  for (int sender = 1; sender <= kShared; ++sender)
    address_of(sender);  // fills the caches before the threads start
  race.run();
  for (int rounds = 0; rounds < 3; ++rounds) race.commit();
  CHECK(pooled_now(race.world()) == 0);
  for (int sender = 1; sender < kShared; ++sender)
    CHECK(race.world().accounts[address_of(sender)].nonce == kNonces);
  for (const Hash& hash : race.included()) CHECK(race.acknowledged().contains(hash));
  race.world().reopen();
  CHECK(pooled_now(race.world()) == 0);
  CHECK(race.world().stored().empty());
}

TEST_CASE("failing writes between threads leave neither ghosts nor gaps in the count") {
  Race race({});
  race.fail_every(3);
  race.run();
  race.world().store().on_write({});
  for (int rounds = 0; rounds < 3; ++rounds) race.commit();
  for (const Hash& hash : race.included()) CHECK(race.acknowledged().contains(hash));
  CHECK(race.world().pool().status().pending == 0);
  const std::size_t waiting = pooled_now(race.world());
  REQUIRE(race.world().commit({}));
  CHECK(race.world().stored().size() == waiting);
  race.world().reopen();
  CHECK(pooled_now(race.world()) == waiting);
}

TEST_CASE("limits hold while threads compete for the last places") {
  MempoolOptions options;
  options.max_transactions = 40;
  Race race(options);
  race.fail_every(5);
  race.run();
  race.world().store().on_write({});
  CHECK(pooled_now(race.world()) <= 40);
  REQUIRE(race.world().commit({}));
  const std::size_t waiting = pooled_now(race.world());
  CHECK(race.world().stored().size() == waiting);
  race.world().reopen();
  CHECK(pooled_now(race.world()) == waiting);
}
