#include "node/rpc/filters.hpp"

#include <sys/random.h>

#include <array>

#include "codec/hex.hpp"
#include "node/rpc/render.hpp"

namespace aitbc::rpc {
namespace {

// Two megabytes. A client that falls behind by more is told so.
constexpr std::size_t kMaxArrivals = 65'536;
// Blocks that one poll looks through.
constexpr Height kMaxBlocksPerPoll = 10'000;

tl::unexpected<RpcError> not_found() { return rpc_fail(kServerError, "filter not found"); }

}  // namespace

struct Filters::Filter {
  enum class Kind { blocks, logs, pending };
  explicit Filter(Kind the_kind) : kind(the_kind) {}

  Kind kind;
  LogCriteria criteria{};
  std::atomic<Seconds> last_asked = 0;

  std::mutex mutex;        // one poll at a time
  std::uint64_t next = 0;  // the first height, or number of an arrival, that was not told yet
};

std::string random_id() {
  std::array<std::uint8_t, 16> bytes;
  AITBC_CHECK(getentropy(bytes.data(), bytes.size()) == 0, "the system has no random numbers");
  bytes[0] |= 0x10;  // a first digit other than zero: always the same length
  return hex::encode_prefixed(bytes);
}

RpcResult<std::vector<chain::FoundLog>> query_logs(const Backend& backend, const chain::ChainView& view,
                                                   const LogCriteria& criteria, const LogRange& range) {
  const bool unfiltered = criteria.addresses.empty() && criteria.topics.empty();
  if (unfiltered && range.last - range.first >= backend.max_unfiltered_log_blocks)
    return rpc_fail(kLimitExceeded, "block range too wide: at most " +
                                        std::to_string(backend.max_unfiltered_log_blocks) +
                                        " blocks without address and topics");
  RPC_ASSIGN(auto logs,
             chain::find_logs(*view.snapshot, criteria.over(range.first, range.last), backend.max_logs));
  return logs;
}

Filters::Filters(const Backend& backend) : backend_(backend) {}
Filters::~Filters() = default;

RpcResult<std::string> Filters::add(std::shared_ptr<Filter> filter) {
  filter->last_asked = backend_.now();
  std::string id = random_id();
  const std::lock_guard lock(mutex_);
  drop_expired();
  if (filters_.size() >= backend_.max_filters)
    return rpc_fail(kLimitExceeded, "too many filters (max " + std::to_string(backend_.max_filters) + ")");
  if (filter->kind == Filter::Kind::pending) ++pending_filters_;
  filters_.emplace(id, std::move(filter));
  return id;
}

// Precondition: mutex_ is held.
void Filters::drop_expired() {
  const Seconds now = backend_.now();
  for (auto entry = filters_.begin(); entry != filters_.end();) {
    const bool expired = entry->second->last_asked + backend_.filter_lifetime_seconds < now;
    if (expired && entry->second->kind == Filter::Kind::pending) --pending_filters_;
    entry = expired ? filters_.erase(entry) : std::next(entry);
  }
}

RpcResult<std::string> Filters::add_blocks() {
  auto filter = std::make_shared<Filter>(Filter::Kind::blocks);
  filter->next = backend_.chain.view()->head.number + 1;
  return add(std::move(filter));
}

RpcResult<std::string> Filters::add_logs(const LogCriteria& criteria) {
  auto filter = std::make_shared<Filter>(Filter::Kind::logs);
  filter->criteria = criteria;
  filter->next = backend_.chain.view()->head.number + 1;
  return add(std::move(filter));
}

RpcResult<std::string> Filters::add_pending() {
  auto filter = std::make_shared<Filter>(Filter::Kind::pending);
  {
    const std::lock_guard lock(arrivals_mutex_);
    filter->next = arrivals_end_;
  }
  return add(std::move(filter));
}

bool Filters::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = filters_.find(id);
  if (found == filters_.end()) return false;
  if (found->second->kind == Filter::Kind::pending) --pending_filters_;
  filters_.erase(found);
  return true;
}

RpcResult<std::shared_ptr<Filters::Filter>> Filters::find(std::string_view id) {
  const std::lock_guard lock(mutex_);
  drop_expired();
  const auto found = filters_.find(id);
  if (found == filters_.end()) return not_found();
  found->second->last_asked = backend_.now();
  return found->second;
}

RpcResult<void> Filters::write_changes(std::string_view id, JsonWriter& out) {
  RPC_ASSIGN(const auto filter, find(id));
  const std::lock_guard lock(filter->mutex);
  switch (filter->kind) {
    case Filter::Kind::blocks:
      return write_new_blocks(*filter, out);
    case Filter::Kind::logs:
      return write_new_logs(*filter, out);
    case Filter::Kind::pending:
      return write_new_pending(*filter, out);
  }
  return not_found();
}

RpcResult<void> Filters::write_logs_of(std::string_view id, JsonWriter& out) {
  RPC_ASSIGN(const auto filter, find(id));
  if (filter->kind != Filter::Kind::logs) return not_found();
  const chain::ChainViewPtr view = backend_.chain.view();
  RPC_ASSIGN(const auto range, resolve_range(*view, filter->criteria));
  std::vector<chain::FoundLog> logs;
  if (range) {
    RPC_ASSIGN(logs, query_logs(backend_, *view, filter->criteria, *range));
  }
  write_logs(out, logs);
  return {};
}

RpcResult<void> Filters::write_new_blocks(Filter& filter, JsonWriter& out) {
  const chain::ChainViewPtr view = backend_.chain.view();
  const Height end = std::min(view->head.number + 1, filter.next + kMaxBlocksPerPoll);
  out.begin_array();
  for (; filter.next < end; ++filter.next) {
    RPC_ASSIGN(const auto meta, chain::read_block_meta(*view->snapshot, filter.next));
    if (!meta) return rpc_fail(kServerError, "header not found");
    out.data(meta->hash);
  }
  out.end_array();
  return {};
}

RpcResult<void> Filters::write_new_logs(Filter& filter, JsonWriter& out) {
  const chain::ChainViewPtr view = backend_.chain.view();
  Height first = filter.next;
  Height end = std::min(view->head.number + 1, filter.next + kMaxBlocksPerPoll);
  const LogCriteria& criteria = filter.criteria;
  if (criteria.from && criteria.from->kind == BlockRef::Kind::number)
    first = std::max(first, criteria.from->number);
  const bool has_end = criteria.to && criteria.to->kind == BlockRef::Kind::number;
  const Height last = has_end ? std::min(end - 1, criteria.to->number) : end - 1;
  std::vector<chain::FoundLog> logs;
  if (first <= last) {
    RPC_ASSIGN(logs, query_logs(backend_, *view, criteria, {first, last}));
  }
  filter.next = std::max(filter.next, end);
  write_logs(out, logs);
  return {};
}

RpcResult<void> Filters::write_new_pending(Filter& filter, JsonWriter& out) {
  const std::lock_guard lock(arrivals_mutex_);
  const std::uint64_t begin = arrivals_end_ - arrivals_.size();
  if (filter.next < begin) {
    const std::uint64_t missed = begin - filter.next;
    filter.next = begin;
    return rpc_fail(kLimitExceeded, std::to_string(missed) + " transactions were missed: poll more often");
  }
  out.begin_array();
  for (; filter.next < arrivals_end_; ++filter.next) out.data(arrivals_[filter.next - begin]);
  out.end_array();
  return {};
}

void Filters::on_admitted(std::span<const TransactionPtr> transactions) {
  if (pending_filters_ == 0) return;
  const std::lock_guard lock(arrivals_mutex_);
  for (const TransactionPtr& transaction : transactions) arrivals_.push_back(transaction->hash);
  arrivals_end_ += transactions.size();
  while (arrivals_.size() > kMaxArrivals) arrivals_.pop_front();
}

}  // namespace aitbc::rpc
