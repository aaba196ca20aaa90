#include "mempool/selection.hpp"

#include <algorithm>

namespace aitbc::mempool {

namespace {

constexpr Gas kLeastGas = 21'000;  // of any transaction

std::size_t slot_position(const SenderQueue& queue, const Slot& slot) {
  return static_cast<std::size_t>(&slot - queue.slots().data());
}

}  // namespace

std::optional<Amount> Selection::tip_of(const Fees& fees) const {
  const auto above = checked_sub(fees.max_fee, base_fee_);
  if (!above) return std::nullopt;
  return std::min(*above, fees.max_priority_fee);
}

void Selection::start(const Pool& pool) {
  heap_.reserve(pool.heads().size());
  for (const Head& head : pool.heads())
    if (const auto tip = tip_of(head.fees)) heap_.push_back({*tip, head.arrival, head.nonce, head.sender});
}

void Selection::order() { std::make_heap(heap_.begin(), heap_.end()); }

void Selection::begin_round(Gas gas, std::size_t bytes) {
  gas_left_ = gas;
  bytes_left_ = bytes;
}

bool Selection::take(const Pool& pool, std::size_t limit) {
  for (; limit > 0 && !heap_.empty() && gas_left_ >= kLeastGas; --limit) {
    const Next& best = heap_.front();
    const SenderQueue* queue = pool.queue(std::size_t{best.sender});
    const Slot* slot = queue != nullptr ? queue->find(best.nonce) : nullptr;
    // A number may have passed to another sender, but no arrival comes twice.
    const std::size_t position = slot != nullptr ? slot_position(*queue, *slot) : 0;
    const bool there =
        slot != nullptr && position < queue->executable() && slot->published->arrival == best.arrival;
    if (there && !fits(*slot->published) && !chosen_.empty()) return false;
    if (!there || !fits(*slot->published)) {
      drop_best();
      continue;
    }
    gas_left_ -= slot->published->gas();
    bytes_left_ -= slot->published->bytes();
    chosen_.push_back(slot->published->transaction);
    advance(*queue, position + 1);
  }
  return !heap_.empty() && gas_left_ >= kLeastGas;
}

bool Selection::fits(const Entry& entry) const {
  return entry.gas() <= gas_left_ && entry.bytes() <= bytes_left_;
}

// The sender's next transaction takes the place of the one just chosen.
void Selection::advance(const SenderQueue& queue, std::size_t position) {
  if (position >= queue.executable()) return drop_best();
  const Entry& next = *queue.slots()[position].published;
  const auto tip = tip_of(next.fees);
  if (!tip) return drop_best();
  heap_.front() = {*tip, next.arrival, next.nonce(), next.sender};
  sift_down();
}

void Selection::drop_best() {
  heap_.front() = heap_.back();
  heap_.pop_back();
  sift_down();
}

// Restores the heap's order after its first element changed.
void Selection::sift_down() {
  std::size_t at = 0;
  const Next moved = heap_.empty() ? Next{} : heap_.front();
  for (std::size_t child = 1; child < heap_.size(); child = 2 * at + 1) {
    if (child + 1 < heap_.size() && heap_[child] < heap_[child + 1]) ++child;
    if (!(moved < heap_[child])) break;
    heap_[at] = heap_[child];
    at = child;
  }
  if (!heap_.empty()) heap_[at] = moved;
}

}  // namespace aitbc::mempool
