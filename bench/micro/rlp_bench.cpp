#include <benchmark/benchmark.h>

#include "codec/rlp.hpp"
#include "types/block.hpp"

namespace {

using namespace aitbc;

// A full branch node of a Merkle Patricia trie: sixteen digests and an empty value.
Bytes branch_node() {
  rlp::Encoder out;
  out.begin_list();
  for (int i = 0; i < 16; ++i) out.bytes(Hash{});
  out.bytes({}).end_list();
  return out.take();
}

void rlp_encode_branch(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(branch_node());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(rlp_encode_branch);

void rlp_decode_branch(benchmark::State& state) {
  const Bytes encoded = branch_node();
  for (auto _ : state) {
    rlp::Decoder items = rlp::decode_list(encoded).value();
    while (!items.at_end()) benchmark::DoNotOptimize(items.bytes());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(rlp_decode_branch);

void header_encode_and_hash(benchmark::State& state) {
  Header header;
  header.extra_data = Bytes(120, 1);
  header.base_fee_per_gas = Amount(7);
  for (auto _ : state) benchmark::DoNotOptimize(header_hash(header));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(header_encode_and_hash);

// Items are transactions of 110 bytes.
void block_decode(benchmark::State& state) {
  UnrecoveredBlock block;
  block.transactions.assign(1'000, Bytes(110, 2));
  const Bytes encoded = encode(block);
  for (auto _ : state) benchmark::DoNotOptimize(decode_block(encoded));
  state.SetItemsProcessed(state.iterations() * 1'000);
}
BENCHMARK(block_decode);

}  // namespace
