// Questions that take more than one state to answer: blocks, events, proofs, sums.
#pragma once

#include <deque>
#include <mutex>

#include "marketplace/query_args.hpp"
#include "node/search/search_index.hpp"

namespace aitbc::search {

// Views of the newest blocks. Tries hold only the state of their snapshot, so what is to be proved needs it.
// Thread-safe.
class RecentViews {
 public:
  void add(chain::ChainViewPtr view);
  // nullptr when the block is not among them.
  chain::ChainViewPtr find(Height height) const;

 private:
  mutable std::mutex mutex_;
  std::deque<chain::ChainViewPtr> views_;
};
inline constexpr std::size_t kProvableBlocks = 64;

struct NodeQuery {
  const chain::Chain& chain;
  const SearchIndex& index;
  const RecentViews& recent;
  Seconds now = 0;
  const market::QueryArgs& args;
  std::mutex& recounting;  // held by what takes long and should be done one at a time
};
using NodeQueryHandler = Result<std::string> (*)(const NodeQuery&);

struct NodeQueryEntry {
  market::QueryMethod method;
  NodeQueryHandler handler;
};
// Each file of handlers contributes its own.
std::vector<NodeQueryEntry> transaction_queries();
std::vector<NodeQueryEntry> event_queries();
std::vector<NodeQueryEntry> proof_queries();
std::vector<NodeQueryEntry> money_queries();
std::vector<NodeQueryEntry> check_queries();

// "latest" (also safe, finalized, pending, or left out), "earliest", a number, or a block hash.
Result<Height> resolve_block(const chain::ChainView& view, const std::optional<std::string_view>& block);
// A record named by kind and id: {"kind":"gpu","id":"gpu_12"}, or the id alone when it has its prefix.
struct RecordName {
  market::Kind kind{};
  std::uint64_t id = 0;
};
Result<RecordName> parse_record_name(std::string_view id);

}  // namespace aitbc::search
