// The pool on a real disk, killed while several threads add.
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "storage/rocks_store.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/storage/child_process.hpp"
#include "world.hpp"

// RocksDB is not instrumented: ThreadSanitizer sees races where its threads hand over to each other.
#ifdef __has_feature
#if __has_feature(thread_sanitizer)
#define AITBC_ON_THREAD_SANITIZER
#endif
#endif

using namespace aitbc;
using namespace aitbc::test;

namespace {

#ifdef AITBC_ON_THREAD_SANITIZER
constexpr bool kWithoutRocks = true;
#else
constexpr bool kWithoutRocks = false;
#endif
constexpr int kThreads = 3;
constexpr Nonce kBatch = 5;

MempoolHead rich_head() {
  Accounts accounts;
  for (int sender = 1; sender <= kThreads; ++sender) {
    accounts[address_of(sender)] = Account::empty();
    accounts[address_of(sender)].balance = Amount::ait(1'000);
  }
  return {std::make_shared<AccountsView>(std::move(accounts)), Amount(7), 30'000'000};
}

struct OnDisk {
  explicit OnDisk(const std::filesystem::path& folder) {
    auto opened = open_rocks_store(folder, {});
    REQUIRE(opened);
    store = std::move(*opened);
    ChainRules rules;
    rules.chain_id = kChainId;
    auto loaded = Mempool::open(*store, rules, {}, rich_head(), kStart);
    REQUIRE(loaded);
    pool = std::move(*loaded);
  }
  std::unique_ptr<Store> store;
  std::unique_ptr<Mempool> pool;
};

}  // namespace

TEST_CASE("a process killed at any moment has every transaction on disk that it acknowledged" *
          doctest::skip(kWithoutRocks)) {
  TempFolder folder;
  std::map<int, Nonce> acknowledged;
  for (const int lines : {3, 40, 11, 90}) {
    {
      ChildProcess child("child: adds to the pool until it is killed", folder.path() / "db");
      std::string line;
      for (int i = 0; i < lines && child.read_line(line);) {
        int sender = 0;
        unsigned long long next = 0;
        if (std::sscanf(line.c_str(), "acknowledged %d %llu", &sender, &next) != 2) continue;
        acknowledged[sender] = next;
        ++i;
      }
      child.kill_and_wait();
    }
    const OnDisk disk(folder.path() / "db");
    for (const auto& [sender, next] : acknowledged) {
      const auto content = disk.pool->content_from(address_of(sender));
      CHECK(content.pending.size() >= next);
      CHECK(content.pending.size() % kBatch == 0);  // a batch is there wholly or not at all
      CHECK(content.queued.empty());
    }
  }
  CHECK(acknowledged.size() == kThreads);
}

TEST_CASE("child: adds to the pool until it is killed" * doctest::skip()) {
  const OnDisk disk(std::getenv(kChildFolder));
  std::mutex output;
  std::vector<std::thread> threads;
  for (int sender = 1; sender <= kThreads; ++sender) {
    address_of(sender);  // fills the cache before the threads start
    threads.emplace_back([&, sender] {
      for (Nonce nonce = disk.pool->next_nonce(address_of(sender)); nonce < 10'000; nonce += kBatch) {
        std::vector<TransactionPtr> batch;
        for (Nonce i = 0; i < kBatch; ++i) batch.push_back(make({.from = sender, .nonce = nonce + i}));
        for (const auto& result : disk.pool->add(batch, kStart))
          if (!result) std::abort();
        const std::lock_guard lock(output);
        std::printf("acknowledged %d %llu\n", sender, static_cast<unsigned long long>(nonce + kBatch));
        std::fflush(stdout);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}
