#include <benchmark/benchmark.h>

#include "crypto/keccak.hpp"

namespace {

using namespace aitbc;

// Sizes: an address's key, one block and its padding, a branch node of a trie.
void keccak256_single(benchmark::State& state) {
  Bytes input(static_cast<std::size_t>(state.range(0)), 7);
  for (auto _ : state) {
    const Hash digest = keccak256(input);
    input[0] = digest.bytes[0];  // each depends on the one before
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(keccak256_single)->Arg(32)->Arg(136)->Arg(532);

// Items are single digests; the second argument is the number of inputs in a batch.
void keccak256_batches(benchmark::State& state) {
  const std::vector<Bytes> inputs(static_cast<std::size_t>(state.range(1)),
                                  Bytes(static_cast<std::size_t>(state.range(0)), 7));
  const std::vector<ByteView> views(inputs.begin(), inputs.end());
  std::vector<Hash> digests(inputs.size());
  for (auto _ : state) {
    keccak256_batch(views, digests);
    benchmark::DoNotOptimize(digests.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK(keccak256_batches)->ArgsProduct({{32, 136, 532}, {4, 8, 256}});

}  // namespace
