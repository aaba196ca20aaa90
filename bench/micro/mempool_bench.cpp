// What the pool costs apart from signatures and the disk: admission, selection, commitment, reload.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "crypto/keccak.hpp"
#include "mempool/mempool.hpp"
#include "storage/memory_store.hpp"

namespace {

using namespace aitbc;

constexpr std::uint64_t kChainId = 661'436;
constexpr Seconds kNow = 1'766'828'620;
constexpr Gas kBlockGas = 30'000'000'000;
const Amount kBaseFee{7};

// Everybody is rich and at nonce 0.
class RichView final : public StateView {
 public:
  Result<std::optional<Account>> account(const Address&) const override {
    Account account = Account::empty();
    account.balance = Amount::ait(1'000'000);
    return account;
  }
  Result<std::optional<Bytes>> storage(const Address&, ByteView) const override { return std::nullopt; }
  Result<std::optional<KeyValue>> storage_lower_bound(const Address&, ByteView) const override {
    return std::nullopt;
  }
};

// A disk that takes everything at once: the cost of the real one is measured with the store.
class InstantStore final : public Store {
 public:
  std::shared_ptr<const Snapshot> snapshot() const override { return empty_->snapshot(); }
  Result<std::optional<Bytes>> get(Table, ByteView) const override { return std::nullopt; }
  Result<void> write(const WriteBatch& batch, Durability) override {
    benchmark::DoNotOptimize(batch.operations().data());
    return {};
  }

 private:
  std::unique_ptr<Store> empty_ = make_memory_store();
};

Address sender_address(std::uint64_t sender) {
  Bytes seed;
  append_be64(seed, sender);
  return Address::from(keccak256(seed).view().last(20));
}

// Transfers of `senders` accounts in turn, each with its own nonces, tips that differ.
std::vector<TransactionPtr> transfers(std::size_t count, std::size_t senders) {
  std::vector<Address> addresses;
  for (std::size_t i = 0; i < senders; ++i) addresses.push_back(sender_address(i));
  std::vector<TransactionPtr> all;
  for (std::size_t i = 0; i < count; ++i) {
    auto one = std::make_shared<RecoveredTransaction>();
    one->transaction.chain_id = kChainId;
    one->transaction.nonce = i / senders;
    one->transaction.max_priority_fee_per_gas = 1 + (i * 7'919) % 1'000;
    one->transaction.max_fee_per_gas = 2'000;
    one->transaction.gas_limit = 21'000;
    one->transaction.to = addresses[(i * 31) % senders];
    one->sender = addresses[i % senders];
    one->wire = encode(one->transaction);
    append(one->wire, one->sender);
    one->hash = keccak256(one->wire);
    all.push_back(std::move(one));
  }
  return all;
}

MempoolOptions roomy() {
  MempoolOptions options;
  options.max_transactions = 1'000'000;
  options.max_bytes = std::size_t{1} << 30;
  return options;
}

MempoolHead rich_head() { return {std::make_shared<RichView>(), kBaseFee, kBlockGas}; }

std::unique_ptr<Mempool> open_pool(Store& store, const MempoolOptions& options) {
  ChainRules rules;
  rules.chain_id = kChainId;
  return std::move(*Mempool::open(store, rules, options, rich_head(), kNow));
}

void fill(Mempool& pool, const std::vector<TransactionPtr>& all, benchmark::State& state) {
  for (std::size_t from = 0; from < all.size(); from += 100) {
    const auto results =
        pool.add(std::span(all).subspan(from, std::min<std::size_t>(100, all.size() - from)), kNow);
    for (const auto& result : results)
      if (!result) state.SkipWithError(result.error().message.c_str());
  }
}

// 50,000 transactions in batches of 100; argument: senders.
void mempool_add(benchmark::State& state) {
  const auto all = transfers(50'000, static_cast<std::size_t>(state.range(0)));
  InstantStore store;
  for (auto _ : state) {
    state.PauseTiming();
    auto pool = open_pool(store, roomy());
    state.ResumeTiming();
    fill(*pool, all, state);
    state.PauseTiming();
    pool.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(mempool_add)->Arg(10)->Arg(1'000)->Arg(50'000)->Unit(benchmark::kMillisecond);

// A full pool where every newcomer evicts.
void mempool_add_evicting(benchmark::State& state) {
  auto cheap = transfers(50'000, 50'000);
  auto dear = transfers(100'000, 100'000);
  dear.erase(dear.begin(), dear.begin() + 50'000);
  for (auto& one : dear) {
    auto raised = std::make_shared<RecoveredTransaction>(*one);
    raised->transaction.max_priority_fee_per_gas = 1'500;
    one = std::move(raised);
  }
  MempoolOptions options = roomy();
  options.max_transactions = cheap.size();
  InstantStore store;
  for (auto _ : state) {
    state.PauseTiming();
    auto pool = open_pool(store, options);
    fill(*pool, cheap, state);
    state.ResumeTiming();
    fill(*pool, dear, state);
    state.PauseTiming();
    pool.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(dear.size()));
}
BENCHMARK(mempool_add_evicting)->Unit(benchmark::kMillisecond);

// 50,000 out of 200,000; argument: senders.
void mempool_select(benchmark::State& state) {
  const auto all = transfers(200'000, static_cast<std::size_t>(state.range(0)));
  InstantStore store;
  auto pool = open_pool(store, roomy());
  fill(*pool, all, state);
  for (auto _ : state) {
    const auto chosen = pool->select(kBaseFee, Gas{50'000} * 21'000, std::size_t{1} << 30);
    if (chosen.size() != 50'000) state.SkipWithError("fewer than 50,000 selected");
  }
}
BENCHMARK(mempool_select)->Arg(20)->Arg(1'000)->Arg(200'000)->Unit(benchmark::kMillisecond);

// A block of 20,000 out of 100,000: its removals and its commitment; argument: senders.
void mempool_commit(benchmark::State& state) {
  const auto senders = static_cast<std::size_t>(state.range(0));
  const auto all = transfers(100'000, senders);
  const std::span<const TransactionPtr> block = std::span(all).first(20'000);
  std::vector<AccountChange> changes;
  for (std::size_t i = 0; i < std::min<std::size_t>(senders, block.size()); ++i) {
    Account after = Account::empty();
    after.balance = Amount::ait(900'000);
    after.nonce = (block.size() - i + senders - 1) / senders;
    changes.push_back({sender_address(i), Account::empty(), after});
  }
  InstantStore store;
  for (auto _ : state) {
    state.PauseTiming();
    auto pool = open_pool(store, roomy());
    fill(*pool, all, state);
    state.ResumeTiming();
    benchmark::DoNotOptimize(pool->committed({rich_head(), block, changes}, kNow));
    state.PauseTiming();
    if (pool->status().pending != all.size() - block.size()) state.SkipWithError("wrong number left");
    pool.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(mempool_commit)->Arg(20)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
