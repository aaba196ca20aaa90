// The state root of a block that touches 10,000 accounts of 1,000,000, kept in RocksDB.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "execution/trie.hpp"
#include "storage/rocks_store.hpp"

namespace {

using namespace aitbc;

constexpr std::uint64_t kAccounts = 1'000'000;
constexpr std::uint64_t kTouched = 10'000;

Address numbered_address(std::uint64_t i) {
  Bytes bytes(12, 0);
  append_be64(bytes, i * 0x9e3779b97f4a7c15ULL);
  return Address::from(bytes);
}

Account numbered_account(std::uint64_t i, Nonce nonce) {
  Account account = Account::empty();
  account.nonce = nonce;
  account.balance = Amount::from_units(uint128{i + 1} * 1'000'000'000'000'000ULL + nonce);
  return account;
}

// A database with kAccounts accounts, made once and shared by the benchmarks.
class ManyAccounts {
 public:
  static ManyAccounts& shared() {
    static ManyAccounts state;
    return state;
  }

  ManyAccounts() {
    folder_ = std::filesystem::temp_directory_path() / ("aitbc-trie-bench-" + std::to_string(getpid()));
    auto store = open_rocks_store(folder_, {});
    if (!store) fail_with(store.error());
    store_ = std::move(*store);
    TrieCache cache(64U << 20);
    for (std::uint64_t from = 0; from < kAccounts; from += 50'000) {
      std::vector<std::uint64_t> numbers;
      for (std::uint64_t i = from; i < from + 50'000; ++i) numbers.push_back(i);
      commit(cache, diff_of(numbers, false));
    }
  }
  ManyAccounts(const ManyAccounts&) = delete;
  ManyAccounts& operator=(const ManyAccounts&) = delete;
  ~ManyAccounts() {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Every touched account's nonce goes up, or it is new.
  StateDiff touch() {
    std::vector<std::uint64_t> numbers;
    while (numbers.size() < kTouched) numbers.push_back(random_() % kAccounts);
    return diff_of(numbers, true);
  }
  StateDiff create() {
    std::vector<std::uint64_t> numbers;
    while (numbers.size() < kTouched) numbers.push_back(kAccounts + created_++);
    return diff_of(numbers, false);
  }
  StateDiff remove_created() {
    StateDiff diff = create();
    created_ -= 2 * kTouched;
    diff = create();
    created_ -= kTouched;
    for (AccountChange& change : diff.accounts) std::swap(change.before, change.after);
    return diff;
  }

  Hash update(TrieCache& cache, StateDiff& diff, WriteBatch& batch) {
    const auto root = update_state_trie(*store_->snapshot(), cache, diff, batch);
    if (!root) fail_with(root.error());
    return *root;
  }
  void write(const StateDiff& diff, WriteBatch& batch) {
    append_state_diff(batch, diff);
    if (const auto written = store_->write(batch, Durability::synced); !written) fail_with(written.error());
  }

 private:
  [[noreturn]] static void fail_with(const Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    std::exit(1);
  }

  StateDiff diff_of(std::vector<std::uint64_t>& numbers, bool existing) {
    StateDiff diff;
    for (const std::uint64_t i : numbers) {
      AccountChange change{numbered_address(i), {}, numbered_account(i, ++nonce_)};
      if (existing) change.before = numbered_account(i, 0);
      diff.accounts.push_back(std::move(change));
    }
    std::sort(diff.accounts.begin(), diff.accounts.end(),
              [](const AccountChange& a, const AccountChange& b) { return a.address < b.address; });
    const auto last =
        std::unique(diff.accounts.begin(), diff.accounts.end(),
                    [](const AccountChange& a, const AccountChange& b) { return a.address == b.address; });
    diff.accounts.erase(last, diff.accounts.end());
    return diff;
  }

  void commit(TrieCache& cache, StateDiff diff) {
    WriteBatch batch;
    update(cache, diff, batch);
    write(diff, batch);
  }

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
  std::mt19937_64 random_{1};
  Nonce nonce_ = 0;
  std::uint64_t created_ = 0;
};

template <class MakeDiff>
void run_blocks(benchmark::State& state, const MakeDiff& make_diff) {
  ManyAccounts& accounts = ManyAccounts::shared();
  TrieCache cache(static_cast<std::size_t>(state.range(0)) << 20);
  for (int i = 0; i < 20; ++i) {  // as a node is after a while
    StateDiff diff = accounts.touch();
    WriteBatch batch;
    accounts.update(cache, diff, batch);
    accounts.write(diff, batch);
  }
  for (auto round : state) {
    state.PauseTiming();
    StateDiff diff = make_diff(accounts);
    WriteBatch batch;
    state.ResumeTiming();
    benchmark::DoNotOptimize(accounts.update(cache, diff, batch));
    state.PauseTiming();
    accounts.write(diff, batch);
    state.ResumeTiming();
  }
  state.counters["per_account"] = benchmark::Counter(
      kTouched, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void state_root_touched(benchmark::State& state) {
  run_blocks(state, [](ManyAccounts& accounts) { return accounts.touch(); });
}
BENCHMARK(state_root_touched)
    ->ArgName("cache_mb")
    ->Arg(64)
    ->Arg(16)
    ->Arg(0)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(40);

void state_root_created(benchmark::State& state) {
  run_blocks(state, [](ManyAccounts& accounts) { return accounts.create(); });
}
BENCHMARK(state_root_created)->ArgName("cache_mb")->Arg(64)->Unit(benchmark::kMillisecond)->Iterations(10);

void state_root_removed(benchmark::State& state) {
  run_blocks(state, [](ManyAccounts& accounts) { return accounts.remove_created(); });
}
BENCHMARK(state_root_removed)->ArgName("cache_mb")->Arg(64)->Unit(benchmark::kMillisecond)->Iterations(10);

// Transactions and receipts roots.
void ordered_root_of_10000(benchmark::State& state) {
  std::vector<Bytes> items;
  for (int i = 0; i < 10'000; ++i) items.emplace_back(120, static_cast<std::uint8_t>(i));
  for (auto round : state) benchmark::DoNotOptimize(trie::ordered_root(items));
}
BENCHMARK(ordered_root_of_10000)->Unit(benchmark::kMillisecond);

}  // namespace
