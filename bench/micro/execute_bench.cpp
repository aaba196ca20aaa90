// Execution of blocks of plain transfers, apart from signatures and the trie.
#include <benchmark/benchmark.h>

#include "execution/flat_state.hpp"
#include "execution/transition.hpp"
#include "storage/memory_store.hpp"

namespace aitbc {
namespace {

constexpr std::size_t kTransfers = 10'000;

// Spread like real addresses, which are digests.
Address address_number(std::uint64_t number) {
  Address address;
  for (std::size_t i = 0; i < Address::kSize; ++i) {
    number = number * 6364136223846793005ULL + 1442695040888963407ULL;
    address.bytes[i] = static_cast<std::uint8_t>(number >> 56);
  }
  return address;
}

TransactionPtr make_transfer(std::uint64_t from, std::uint64_t to, Nonce nonce) {
  auto made = std::make_shared<RecoveredTransaction>();
  made->transaction.chain_id = 1;
  made->transaction.nonce = nonce;
  made->transaction.gas_limit = 21'000;
  made->transaction.max_fee_per_gas = 2'000'000'000;
  made->transaction.max_priority_fee_per_gas = 1'000'000'000;
  made->transaction.to = address_number(to);
  made->transaction.value = 1;
  made->sender = address_number(from);
  return made;
}

struct Scene {
  ChainRules rules;
  BlockContext block;
  std::unique_ptr<Store> store = make_memory_store();
  std::vector<TransactionPtr> transactions;

  // `senders` accounts send in turn; each transfer goes to one of `recipients` others.
  Scene(std::uint64_t senders, std::uint64_t recipients) {
    rules.chain_id = block.chain_id = 1;
    block.gas_limit = kTransfers * 21'000;
    block.base_fee = Amount(1'000'000'000);
    block.coinbase = address_number(1'000'000);
    rules.treasury = address_number(1'000'001);
    StateDiff funds;
    Account rich = Account::empty();
    rich.balance = Amount::ait(1000);
    for (std::uint64_t i = 0; i < senders + recipients; ++i)
      funds.accounts.push_back({address_number(i), std::nullopt, rich});
    WriteBatch batch;
    append_state_diff(batch, funds);
    if (!store->write(batch, Durability::buffered)) std::abort();
    for (std::uint64_t i = 0; i < kTransfers; ++i)
      transactions.push_back(make_transfer(i % senders, senders + i % recipients, i / senders));
  }
};

void report(benchmark::State& run) {
  run.counters["per_transfer"] =
      benchmark::Counter(static_cast<double>(kTransfers) * static_cast<double>(run.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void execute_transfers(benchmark::State& run) {
  const Scene scene(static_cast<std::uint64_t>(run.range(0)), static_cast<std::uint64_t>(run.range(1)));
  for (auto _ : run) {
    const auto view = make_flat_state_view(scene.store->snapshot());
    const auto outcome = execute(scene.rules, scene.block, scene.transactions, *view, {});
    if (!outcome) std::abort();
    benchmark::DoNotOptimize(outcome->total_gas_used);
  }
  report(run);
}
// Few hot accounts; and the worst case, in which no account is met twice.
BENCHMARK(execute_transfers)
    ->ArgNames({"senders", "recipients"})
    ->Args({100, 100})
    ->Args({1'000, 1'000})
    ->Args({10'000, 10'000})
    ->Unit(benchmark::kMillisecond);

void write_transfers(benchmark::State& run) {
  const Scene scene(static_cast<std::uint64_t>(run.range(0)), static_cast<std::uint64_t>(run.range(0)));
  const auto view = make_flat_state_view(scene.store->snapshot());
  const auto outcome = execute(scene.rules, scene.block, scene.transactions, *view, {});
  if (!outcome) std::abort();
  for (auto _ : run) {
    WriteBatch batch;
    append_state_diff(batch, outcome->diff);
    benchmark::DoNotOptimize(batch.operations().data());
  }
  report(run);
}
BENCHMARK(write_transfers)->ArgName("senders")->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace aitbc
