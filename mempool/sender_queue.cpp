#include "mempool/sender_queue.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace aitbc::mempool {

std::size_t SenderQueue::position(Nonce nonce) const {
  // Most queues have no gap, so the distance from the first nonce is the place.
  if (slots_.empty() || nonce <= slots_.front().nonce) return 0;
  const Nonce guess = nonce - slots_.front().nonce;
  if (guess < slots_.size() && slots_[guess].nonce == nonce) return guess;
  if (nonce > slots_.back().nonce) return slots_.size();
  const auto below = [](const Slot& slot, Nonce wanted) { return slot.nonce < wanted; };
  return static_cast<std::size_t>(std::lower_bound(slots_.begin(), slots_.end(), nonce, below) -
                                  slots_.begin());
}

const Slot* SenderQueue::find(Nonce nonce) const {
  const std::size_t at = position(nonce);
  return at < slots_.size() && slots_[at].nonce == nonce ? &slots_[at] : nullptr;
}

Nonce SenderQueue::next_nonce() const {
  std::size_t visible = executable_;
  while (visible < consecutive_ && slots_[visible].published) ++visible;
  return nonce_ + visible;
}

Slot* SenderQueue::slot(Nonce nonce) { return const_cast<Slot*>(std::as_const(*this).find(nonce)); }

void SenderQueue::count(const Slot& slot, bool in) {
  const std::size_t sign = in ? 1 : ~std::size_t{0};
  const bool occupied = slot.published || slot.writing;
  if (!occupied) return;
  const Entry& newest = slot.newest();
  totals_.slots += sign;
  totals_.bytes += sign * newest.bytes();
  totals_.published += slot.published ? sign : 0;
  cost_ += in ? newest.cost.units() : uint128{0} - newest.cost.units();
}

template <class Change>
void SenderQueue::change(Slot& slot, const Change& change) {
  count(slot, false);
  change();
  count(slot, true);
}

Slot& SenderQueue::insert(Nonce nonce) {
  const std::size_t at = position(nonce);
  if (at < slots_.size() && slots_[at].nonce == nonce) return slots_[at];
  Slot fresh;
  fresh.nonce = nonce;
  return *slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(at), std::move(fresh));
}

void SenderQueue::erase_if_vacant(std::size_t at) {
  if (slots_[at].published || slots_[at].writing) return;
  consecutive_ = std::min(consecutive_, at);
  slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(at));
}

EntryPtr SenderQueue::remove_at(std::size_t at) {
  shrink(at);
  EntryPtr removed;
  change(slots_[at], [&] { removed = std::move(slots_[at].published); });
  erase_if_vacant(at);
  return removed;
}

bool SenderQueue::covers(Nonce nonce, Amount cost) const {
  const std::size_t at = position(nonce);
  const bool taken = at < slots_.size() && slots_[at].nonce == nonce;
  uint128 sum = cost_ - (taken ? slots_[at].newest().cost.units() : 0);
  if (__builtin_add_overflow(sum, cost.units(), &sum)) return false;
  for (std::size_t later = slots_.size(); sum > balance_.units() && later > at + (taken ? 1 : 0);)
    sum -= slots_[--later].newest().cost.units();
  return sum <= balance_.units();
}

void SenderQueue::reserve(EntryPtr entry) {
  largest_gas_ = std::max(largest_gas_, entry->gas());
  Slot& slot = insert(entry->nonce());
  change(slot, [&] {
    entry->replaced = std::move(slot.writing);
    slot.writing = std::move(entry);
  });
  advance();
}

// Takes the entry, and on request those that it replaced, out of the chain of entries being written.
bool SenderQueue::unlink(Slot& slot, const EntryPtr& entry, bool with_older) {
  for (EntryPtr* link = &slot.writing; *link; link = &(*link)->replaced) {
    if (*link != entry) continue;
    EntryPtr older = std::move(entry->replaced);
    *link = with_older ? nullptr : std::move(older);
    return true;
  }
  return false;
}

bool SenderQueue::publish(const EntryPtr& entry, EntryPtr& replaced) {
  Slot* place = slot(entry->nonce());
  if (place == nullptr) return false;
  bool published = false;
  const EntryPtr before = place->published;
  change(*place, [&] {
    published = unlink(*place, entry, true);
    if (published) replaced = std::exchange(place->published, entry);
  });
  if (published && before && static_cast<std::size_t>(place - slots_.data()) < executable_) {
    executable_cost_ += entry->cost.units() - before->cost.units();
    shrink_to_balance();
  }
  return published;
}

void SenderQueue::abandon(const EntryPtr& entry) {
  Slot* place = slot(entry->nonce());
  if (place == nullptr) return;
  change(*place, [&] { unlink(*place, entry, false); });
  erase_if_vacant(static_cast<std::size_t>(place - slots_.data()));
}

bool SenderQueue::restore(EntryPtr entry) {
  if (entry->nonce() < nonce_) return false;
  Slot& place = insert(entry->nonce());
  if (place.published) return false;
  largest_gas_ = std::max(largest_gas_, entry->gas());
  change(place, [&] { place.published = std::move(entry); });
  return true;
}

EntryPtr SenderQueue::remove(Nonce nonce) {
  const Slot* place = find(nonce);
  AITBC_CHECK(place != nullptr && place->published, "a pooled transaction is in its sender's queue");
  return remove_at(static_cast<std::size_t>(place - slots_.data()));
}

void SenderQueue::erase_below(Nonce nonce, std::vector<EntryPtr>& removed) {
  const std::size_t used_up = position(nonce);
  for (std::size_t i = 0; i < used_up; ++i) {
    if (i < executable_) executable_cost_ -= slots_[i].published->cost.units();
    count(slots_[i], false);
    if (slots_[i].published) removed.push_back(std::move(slots_[i].published));
  }
  slots_.erase(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(used_up));
  consecutive_ -= std::min(consecutive_, used_up);
  executable_ -= std::min(executable_, used_up);
}

void SenderQueue::set_account(Nonce nonce, Amount balance, Gas gas_limit, std::vector<EntryPtr>& removed) {
  AITBC_CHECK(nonce >= nonce_, "an account's nonce never falls");
  erase_below(nonce, removed);
  nonce_ = nonce;
  balance_ = balance;
  shrink_to_balance();
  const auto hopeless = [&](const Slot& slot) {
    return slot.published && !slot.writing &&
           (slot.published->cost > balance || slot.published->gas() > gas_limit);
  };
  // Executable transactions are paid for; only a smaller block can have made them impossible.
  for (std::size_t i = gas_limit < largest_gas_ ? 0 : executable_; i < slots_.size();) {
    if (hopeless(slots_[i]))
      removed.push_back(remove_at(i));
    else
      ++i;
  }
  advance();
}

void SenderQueue::shrink(std::size_t executable) {
  while (executable_ > executable) executable_cost_ -= slots_[--executable_].published->cost.units();
  totals_.executable = executable_;
}

void SenderQueue::shrink_to_balance() {
  while (executable_cost_ > balance_.units()) shrink(executable_ - 1);
  totals_.executable = executable_;
}

void SenderQueue::advance() {
  while (consecutive_ < slots_.size() && slots_[consecutive_].nonce == nonce_ + consecutive_) ++consecutive_;
  for (; executable_ < consecutive_ && slots_[executable_].published; ++executable_) {
    const uint128 cost = slots_[executable_].published->cost.units();
    if (cost > balance_.units() - executable_cost_) break;
    executable_cost_ += cost;
  }
  totals_.executable = executable_;
}

}  // namespace aitbc::mempool
