#include "load/workload.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::bench {
namespace {

struct Planned {
  std::size_t account = 0;
  std::size_t round = 0;  // how many the account made before
};

// The transactions of one connection: its accounts take turns.
std::vector<Planned> plan_connection(std::size_t connection, std::size_t accounts,
                                     const WorkloadOptions& options) {
  const std::size_t each = options.transactions / accounts;
  const std::size_t one_more = options.transactions % accounts;
  std::vector<Planned> out;
  for (std::size_t round = 0; round <= each; ++round)
    for (std::size_t account = connection; account < accounts; account += options.connections)
      if (round < each || account < one_more) out.push_back({account, round});
  return out;
}

// Fills in the hashes and the request of one batch.
void prepare_batch(const Endpoint& endpoint, const std::vector<Account>& accounts,
                   std::span<const Planned> planned, std::span<Hash> hashes, const MakeTransaction& make,
                   PreparedBatch& batch) {
  std::vector<RpcCall> calls;
  for (std::size_t i = 0; i < planned.size(); ++i) {
    const Account& from = accounts[planned[i].account];
    const Bytes wire =
        encode(make(planned[i].account, planned[i].round, from, from.nonce + planned[i].round));
    hashes[i] = keccak256(wire);
    calls.push_back({"eth_sendRawTransaction", "[\"" + hex::encode_prefixed(wire) + "\"]"});
  }
  batch.request = make_request(endpoint, batch_text(calls));
}

}  // namespace

Workload prepare_workload(const Endpoint& endpoint, const std::vector<Account>& accounts,
                          const WorkloadOptions& options, const MakeTransaction& make) {
  Workload out;
  out.hashes.resize(options.transactions);
  out.connections.resize(options.connections);
  std::vector<Planned> planned;
  std::vector<PreparedBatch*> batches;
  for (std::size_t c = 0; c < options.connections; ++c) {
    const std::vector<Planned> own = plan_connection(c, accounts.size(), options);
    for (std::size_t first = 0; first < own.size(); first += options.batch)
      out.connections[c].push_back({planned.size() + first, std::min(options.batch, own.size() - first), {}});
    planned.insert(planned.end(), own.begin(), own.end());
    for (PreparedBatch& batch : out.connections[c]) batches.push_back(&batch);
  }
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < batches.size(); i = next++) {
      PreparedBatch& batch = *batches[i];
      prepare_batch(endpoint, accounts, std::span(planned).subspan(batch.first, batch.count),
                    std::span(out.hashes).subspan(batch.first, batch.count), make, batch);
    }
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) workers.emplace_back(work);
  workers.clear();
  return out;
}

Workload prepare_transfers(const Endpoint& endpoint, const std::vector<Account>& accounts,
                           const WorkloadOptions& options) {
  return prepare_workload(endpoint, accounts, options,
                          [&](std::size_t account, std::size_t, const Account& from, Nonce nonce) {
                            const Address& to = accounts[(account + 1) % accounts.size()].address;
                            return make_transfer(from, nonce, to, Amount(1), options.chain_id, options.fees);
                          });
}

}  // namespace aitbc::bench
