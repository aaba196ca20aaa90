#include "node/telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <utility>

namespace aitbc {
namespace {

using prometheus::Histogram;

const Histogram::BucketBoundaries kIntervalBuckets{0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 300};
const Histogram::BucketBoundaries kRpcBuckets{0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};

// Counters of one name that differ in one label, made as values of it turn up. Thread-safe. The caller bounds
// the number of values.
class LabelledCounter {
 public:
  LabelledCounter(prometheus::Registry& registry, const char* name, const char* help, const char* label)
      : family_(prometheus::BuildCounter().Name(name).Help(help).Register(registry)), label_(label) {}

  void add(std::string_view value, double amount = 1) {
    const std::lock_guard lock(mutex_);
    auto found = counters_.find(value);
    if (found == counters_.end())
      found = counters_.emplace(value, &family_.Add({{label_, std::string(value)}})).first;
    found->second->Increment(amount);
  }

 private:
  prometheus::Family<prometheus::Counter>& family_;
  const char* label_;
  std::mutex mutex_;
  std::map<std::string, prometheus::Counter*, std::less<>> counters_;
};

}  // namespace

namespace {

// Requests of one surface: a counter for each pair of name and code, and one histogram of their durations.
class RequestFigures {
 public:
  RequestFigures(prometheus::Registry& registry, const std::string& prefix, const char* help,
                 const char* label)
      : label_(label),
        requests_(prometheus::BuildCounter().Name(prefix + "_requests_total").Help(help).Register(registry)),
        durations_(prometheus::BuildHistogram()
                       .Name(prefix + "_duration_seconds")
                       .Help("Time to answer a request")
                       .Register(registry)
                       .Add({}, kRpcBuckets)) {}

  void observe(std::string_view name, int code, double seconds) {
    prometheus::Counter* counter = nullptr;
    {
      const std::lock_guard lock(mutex_);
      auto& slot = counters_[{std::string(name), code}];
      if (slot == nullptr)
        slot = &requests_.Add({{label_, std::string(name)}, {"code", std::to_string(code)}});
      counter = slot;
    }
    counter->Increment();
    durations_.Observe(seconds);
  }

 private:
  const std::string label_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Histogram& durations_;
  std::mutex mutex_;
  std::map<std::pair<std::string, int>, prometheus::Counter*> counters_;
};

// A counter whose total somebody else keeps. Not by two threads at a time.
void raise_to(prometheus::Counter& counter, std::uint64_t total) {
  counter.Increment(static_cast<double>(total) - counter.Value());
}

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;

  prometheus::Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
  prometheus::Counter& counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
  }

  prometheus::Gauge& head = gauge("aitbc_chain_head_height", "Number of the head block");
  prometheus::Counter& transactions =
      counter("aitbc_chain_transactions_total", "Transactions in blocks committed since the start");
  prometheus::Counter& gas =
      counter("aitbc_chain_gas_used_total", "Gas used by blocks committed since the start");
  prometheus::Histogram& interval = prometheus::BuildHistogram()
                                        .Name("aitbc_block_interval_seconds")
                                        .Help("Time between a block's timestamp and its parent's")
                                        .Register(registry)
                                        .Add({}, kIntervalBuckets);
  prometheus::Gauge& pending =
      gauge("aitbc_mempool_size", "Pooled transactions that could go into the next block");
  prometheus::Gauge& queued = gauge("aitbc_mempool_queued", "Pooled transactions behind a nonce gap");
  prometheus::Gauge& bytes = gauge("aitbc_mempool_bytes", "Bytes of all pooled transactions");
  prometheus::Counter& evictions =
      counter("aitbc_mempool_evictions_total", "Transactions evicted from a full pool");
  prometheus::Gauge& round = gauge("aitbc_consensus_round", "Round of the height that is being agreed on");
  prometheus::Gauge& validator = gauge("aitbc_consensus_validator", "1 while this node votes");
  prometheus::Counter& messages = counter("aitbc_consensus_messages_total", "Consensus messages received");
  prometheus::Counter& stale = counter("aitbc_consensus_dropped_total",
                                       "Consensus messages that were stale, repeated or beyond a bound");
  prometheus::Counter& forged =
      counter("aitbc_consensus_punished_total", "Consensus messages that were malformed or forged");
  prometheus::Counter& equivocations = counter("aitbc_consensus_equivocations_total",
                                               "Times a validator was seen to sign two things for one round");
  prometheus::Counter& round_changes =
      counter("aitbc_consensus_round_changes_total", "Rounds above 0 that this node entered");
  prometheus::Gauge& peer_count = gauge("aitbc_p2p_peers", "Connected peers");
  LabelledCounter received{registry, "aitbc_p2p_received_total", "Messages received from peers", "kind"};
  LabelledCounter received_bytes{registry, "aitbc_p2p_received_bytes_total",
                                 "Bytes of messages received from peers", "kind"};
  LabelledCounter sent{registry, "aitbc_p2p_sent_total", "Messages sent to peers", "kind"};
  LabelledCounter sent_bytes{registry, "aitbc_p2p_sent_bytes_total", "Bytes of messages sent to peers",
                             "kind"};
  LabelledCounter dropped{registry, "aitbc_p2p_dropped_total", "Messages not used, in or out", "reason"};
  prometheus::Counter& malformed =
      counter("aitbc_p2p_malformed_total", "Frames and messages of peers that could not be read");
  LabelledCounter refused{registry, "aitbc_p2p_refused_total", "Connections not made or not kept", "reason"};
  prometheus::Counter& banned = counter("aitbc_p2p_bans_total", "Peers banned for misbehaviour");
  prometheus::Gauge& syncing = gauge("aitbc_sync_active", "1 while the node catches up with its peers");
  prometheus::Gauge& highest = gauge("aitbc_sync_highest_height", "Highest block that a peer claims to have");
  prometheus::Counter& synced =
      counter("aitbc_sync_blocks_total", "Blocks that came by sync since the start");
  prometheus::Counter& served = counter("aitbc_sync_blocks_served_total", "Blocks sent to other nodes");
  prometheus::Counter& rejected = counter("aitbc_sync_rejected_peers_total",
                                          "Times that a peer sent a block which is not final or not whole");
  RequestFigures rpc{registry, "aitbc_rpc", "JSON-RPC requests by method and error code (0: answered)",
                     "method"};
  RequestFigures rest{registry, "aitbc_rest", "REST requests by route and status", "route"};

  std::mutex market_mutex;  // two may ask for the metrics at once
  prometheus::Family<prometheus::Gauge>& gpus =
      prometheus::BuildGauge().Name("aitbc_market_gpus").Help("GPUs by present status").Register(registry);
  prometheus::Counter& bookings = counter("aitbc_market_bookings_total", "Bookings ever made");
  prometheus::Gauge& escrow =
      gauge("aitbc_market_escrow_locked", "AIT that the marketplace holds for others");
  prometheus::Gauge& backlog = gauge("aitbc_market_expiry_backlog", "Closings that are overdue");
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::block_committed(const BlockFigures& figures) {
  impl_->head.Set(static_cast<double>(figures.height));
  impl_->transactions.Increment(static_cast<double>(figures.transactions));
  impl_->gas.Increment(static_cast<double>(figures.gas_used));
  impl_->interval.Observe(figures.interval_seconds);
}

void Metrics::mempool(std::size_t pending, std::size_t queued, std::size_t bytes, std::uint64_t evictions) {
  impl_->pending.Set(static_cast<double>(pending));
  impl_->queued.Set(static_cast<double>(queued));
  impl_->bytes.Set(static_cast<double>(bytes));
  raise_to(impl_->evictions, evictions);
}

void Metrics::rpc_request(std::string_view method, int code, double seconds) {
  impl_->rpc.observe(method, code, seconds);
}
void Metrics::rest_request(std::string_view route, unsigned status, double seconds) {
  impl_->rest.observe(route, static_cast<int>(status), seconds);
}

void Metrics::market(const MarketFigures& figures) {
  const std::lock_guard lock(impl_->market_mutex);
  for (const auto& [status, count] : figures.gpus)
    impl_->gpus.Add({{"status", status}}).Set(static_cast<double>(count));
  raise_to(impl_->bookings, figures.bookings);
  impl_->escrow.Set(figures.escrow_ait);
  impl_->backlog.Set(static_cast<double>(figures.expiry_backlog));
}

void Metrics::consensus(const ConsensusFigures& figures) {
  impl_->round.Set(static_cast<double>(figures.round));
  impl_->validator.Set(figures.is_validator ? 1 : 0);
  raise_to(impl_->messages, figures.messages);
  raise_to(impl_->stale, figures.dropped);
  raise_to(impl_->forged, figures.punished);
  raise_to(impl_->equivocations, figures.equivocations);
  raise_to(impl_->round_changes, figures.round_changes);
}

void Metrics::peers(std::size_t count) { impl_->peer_count.Set(static_cast<double>(count)); }

void Metrics::sync(const SyncFigures& figures) {
  impl_->syncing.Set(figures.syncing ? 1 : 0);
  impl_->highest.Set(static_cast<double>(figures.highest));
  raise_to(impl_->synced, figures.blocks);
  raise_to(impl_->served, figures.blocks_served);
  raise_to(impl_->rejected, figures.rejected_peers);
}

void Metrics::p2p_received(std::string_view kind, std::size_t bytes) {
  impl_->received.add(kind);
  impl_->received_bytes.add(kind, static_cast<double>(bytes));
}
void Metrics::p2p_sent(std::string_view kind, std::size_t bytes) {
  impl_->sent.add(kind);
  impl_->sent_bytes.add(kind, static_cast<double>(bytes));
}
void Metrics::p2p_dropped(std::string_view reason) { impl_->dropped.add(reason); }
void Metrics::p2p_malformed() { impl_->malformed.Increment(); }
void Metrics::p2p_refused(std::string_view reason) { impl_->refused.add(reason); }
void Metrics::p2p_banned() { impl_->banned.Increment(); }

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace aitbc
