// What a block changes in the search index.
#pragma once

#include <map>

#include "node/chain/chain.hpp"
#include "node/search/event_shape.hpp"
#include "node/search/keys.hpp"
#include "node/search/sums.hpp"

namespace aitbc::search {

// Gathers changes to an index into one batch. Not thread-safe.
class IndexWriter {
 public:
  // `index`: as it is before the batch. `state`: after the last block that will be added; records are looked
  // up in it.
  IndexWriter(const Snapshot& index, const StateView& state) : index_(index), state_(state) {}

  // An entry of the contract's storage, before and after; either may be absent.
  void change(ByteView key, std::optional<ByteView> before, std::optional<ByteView> after);
  // What a block's transactions and events say. Receipts as in BlockOutcome, the system receipt last.
  Result<void> add_block(Height height, std::span<const TransactionPtr> transactions,
                         std::span<const Logs* const> logs, Seconds timestamp);

  std::size_t size() const { return batch_.operations().size(); }
  // With the sums, and the head up to which the index is then complete, when one is given.
  Result<WriteBatch> finish(const std::optional<std::pair<Height, Hash>>& head) &&;

 private:
  Result<void> add_event(const EventShape& shape, const Log& log, Seconds timestamp);
  Result<void> add_sums(const Address& provider, Seconds at, const Sums& sums);

  const Snapshot& index_;
  const StateView& state_;
  WriteBatch batch_;
  std::map<Bytes, Sums> sums_;  // by key, with what the index had before
};

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kHeadKey = "head";

}  // namespace aitbc::search
