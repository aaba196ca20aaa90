#include "node/chain/pipeline.hpp"

#include <chrono>

#include "base/check.hpp"
#include "execution/trie.hpp"

namespace aitbc::chain {
namespace {

constexpr std::size_t kMaxBlocks = 8;
constexpr std::uint64_t kMaxBytes = 32U << 20;
// A synced batch every so many bytes: what a crash loses is fetched again, and never half a block.
constexpr std::uint64_t kSyncBytes = 16U << 20;

// Worked out only when a block does not execute: whether it is because its transactions are not those that
// its header names.
bool has_its_transactions(const Block& block) {
  std::vector<Bytes> wires;
  wires.reserve(block.transactions.size());
  for (const TransactionPtr& transaction : block.transactions) wires.push_back(transaction->wire);
  return trie::ordered_root(wires) == block.header.transactions_root;
}

bool is_known(const std::shared_future<Result<void>>& verdict) {
  return verdict.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace

BlockPipeline::BlockPipeline(Chain& chain, const consensus::ConsensusEngine& engine, SenderRecovery& recovery,
                             const Mempool* pool, Commit commit)
    : chain_(chain), engine_(engine), recovery_(recovery), pool_(pool), commit_(std::move(commit)) {}

bool BlockPipeline::has_room() const {
  return in_flight_.size() < kMaxBlocks && bytes_in_flight_ < kMaxBytes;
}

Height BlockPipeline::height() const {
  return empty() ? chain_.view()->head.number : in_flight_.back().header.number;
}

Height BlockPipeline::verified_height() const {
  Height height = chain_.view()->head.number;
  for (const InFlight& block : in_flight_) {
    if (!is_known(block.verified) || !block.verified.get()) break;
    height = block.header.number;
  }
  return height;
}

Result<void> BlockPipeline::enter(IncomingBlock incoming) {
  const Header& header = incoming.block.header;
  const Header parent = empty() ? chain_.view()->head : in_flight_.back().header;
  const auto verdict = std::make_shared<std::promise<Result<void>>>();
  const Verdict before = empty() ? Verdict() : in_flight_.back().verified;
  auto check = [&engine = engine_, header, parent, proof = incoming.commit_proof, before, verdict] {
    Result<void> verified = engine.verify(header, parent, proof);
    // The engine takes headers in ascending order; the one before may still be on another thread.
    if (!verified && verified.error().code == ErrorCode::unavailable && before.valid()) {
      before.wait();
      verified = engine.verify(header, parent, proof);
    }
    verdict->set_value(verified);
    return verified;
  };
  InFlight entering{
      header, std::move(incoming.commit_proof), incoming.bytes, verdict->get_future().share(), {}};
  entering.recovered = recovery_.recover(std::move(incoming.block), pool_, std::move(check));
  if (is_known(entering.verified)) AITBC_TRY(entering.verified.get());
  bytes_in_flight_ += entering.bytes;
  in_flight_.push_back(std::move(entering));
  return {};
}

Result<BlockPipeline::Done> BlockPipeline::leave() {
  AITBC_CHECK(!empty(), "a block leaves that never entered");
  InFlight next = std::move(in_flight_.front());
  in_flight_.pop_front();
  bytes_in_flight_ -= next.bytes;
  AITBC_ASSIGN(const Block block, next.recovered.get());
  unsynced_bytes_ += next.bytes;
  const bool sync = unsynced_bytes_ >= kSyncBytes || empty();
  if (sync) unsynced_bytes_ = 0;
  const auto committed = commit_(block, next.commit_proof, sync ? Durability::synced : Durability::buffered);
  if (!committed && committed.error().code == ErrorCode::invalid_block && has_its_transactions(block))
    return fail(ErrorCode::corruption, "a quorum made this block final, but: " + committed.error().message);
  AITBC_TRY(committed);
  return Done{block.header.number, block.transactions.size(), next.bytes};
}

void BlockPipeline::clear() {
  in_flight_.clear();
  bytes_in_flight_ = 0;
}

}  // namespace aitbc::chain
