#include <benchmark/benchmark.h>

#include "types/transaction.hpp"

namespace {

using namespace aitbc;

PrivateKey signing_key() { return PrivateKey::from_bytes(Bytes(32, 0x46)).value(); }

// A plain transfer as wallets send it.
Transaction transfer() {
  Transaction out;
  out.chain_id = 661436;
  out.nonce = 1'000;
  out.max_fee_per_gas = 2'000'000'000;
  out.max_priority_fee_per_gas = 1'000'000'000;
  out.gas_limit = 21'000;
  out.to = Address::from(Bytes(20, 0x35));
  out.value = 1'000'000'000'000'000'000;
  sign_transaction(out, signing_key());
  return out;
}

void sign_digest(benchmark::State& state) {
  const PrivateKey key = signing_key();
  Hash digest = signing_hash(transfer());
  for (auto _ : state) {
    const Signature signature = sign(key, digest);
    digest.bytes = signature.r;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(sign_digest);

// With Threads(2): the two-core rate that the targets of the node are ratios of.
void recover_signer(benchmark::State& state) {
  const Transaction transaction = transfer();
  const Hash digest = signing_hash(transaction);
  for (auto _ : state) benchmark::DoNotOptimize(recover_address(digest, transaction.signature));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(recover_signer)->Threads(1)->Threads(2)->UseRealTime();

// Decode, hash and recover: everything that a node does with a transaction before it looks at the state.
void transaction_recover(benchmark::State& state) {
  const Bytes wire = encode(transfer());
  for (auto _ : state) benchmark::DoNotOptimize(recover_transaction(wire));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(transaction_recover)->Threads(1)->Threads(2)->UseRealTime();

void transaction_encode(benchmark::State& state) {
  const Transaction transaction = transfer();
  for (auto _ : state) benchmark::DoNotOptimize(encode(transaction));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(transaction_encode);

void transaction_decode(benchmark::State& state) {
  const Bytes wire = encode(transfer());
  for (auto _ : state) benchmark::DoNotOptimize(decode_transaction(wire));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(transaction_decode);

void transaction_signing_hash(benchmark::State& state) {
  const Transaction transaction = transfer();
  for (auto _ : state) benchmark::DoNotOptimize(signing_hash(transaction));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(transaction_signing_hash);

}  // namespace
