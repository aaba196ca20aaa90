// The state before the head: each block keeps what it overwrote, so an old value is the one kept by the first
// block that changed it afterwards.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "execution/state_diff.hpp"
#include "execution/state_view.hpp"
#include "storage/store.hpp"

namespace aitbc::chain {

// The puts that remember, for block `height`, the values before it.
void append_history(WriteBatch& batch, Height height, const StateDiff& diff);

// The state after block `height`, as seen from a snapshot whose head is `head`. not_found when it was pruned
// (the message names the oldest height) or lies above the head. The view is thread-safe.
Result<std::shared_ptr<const StateView>> state_at(std::shared_ptr<const Snapshot> snapshot, Height head,
                                                  Height height);

// Visits every state key that block `height` changed, with its value before (nullopt: there was none).
// corruption when the block's changes are not there; they are for heights above history_start().
Result<void> visit_changes(
    const Snapshot& snapshot, Height height,
    const std::function<void(ByteView key, const std::optional<ByteView>& before)>& visit);

void append_history_start(WriteBatch& batch, Height height);
// The oldest height whose state can be read.
Result<Height> history_start(const Snapshot& snapshot);
// The deletes that forget the change sets of heights in [history_start, new_start], at most `limit` of them,
// so that new_start becomes the oldest readable state.
Result<void> append_history_pruning(const Snapshot& snapshot, Height new_start, std::size_t limit,
                                    WriteBatch& batch);

}  // namespace aitbc::chain
