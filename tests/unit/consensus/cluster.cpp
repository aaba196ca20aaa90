#include "tests/unit/consensus/cluster.hpp"

#include <algorithm>

#include "tests/unit/consensus/fake_signatures.hpp"

namespace aitbc::qbft::test {
namespace {

constexpr Duration kSyncInterval{700};
Address fake_address(std::size_t number) {
  Address out;
  out.bytes[0] = static_cast<std::uint8_t>(7 * (number + 1));
  out.bytes[18] = static_cast<std::uint8_t>(number >> 8);
  out.bytes[19] = static_cast<std::uint8_t>(number);
  return out;
}

}  // namespace

Cluster::Cluster(const ClusterOptions& options) : options_(options), random_(options.seed) {
  const std::size_t total = options.validators + options.candidates;
  nodes_.resize(total);
  const std::vector<PrivateKey> keys = options.real_signatures ? test_keys(total) : std::vector<PrivateKey>();
  std::vector<Address> validators;
  for (NodeIndex i = 0; i < total; ++i) {
    Node& node = nodes_[i];
    if (options.real_signatures) node.key = keys[i];
    node.address = options.real_signatures ? keys[i].address() : fake_address(i);
    node.clock_skew = some_delay(2 * options.max_clock_skew) - options.max_clock_skew;
    if (i < options.validators) validators.push_back(node.address);
  }
  groups_.assign(total, 0);
  for (NodeIndex i = 0; i < total; ++i) {
    nodes_[i].headers.push_back(genesis_header(validators));
    nodes_[i].proofs.emplace_back();
    restart(i);
    schedule(some_delay(kSyncInterval), [this, i] { sync(i); });
  }
}

Duration Cluster::some_delay(Duration max) {
  return Duration(static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(max.count()) + 1)));
}

void Cluster::schedule(Duration delay, std::function<void()> run) {
  queue_.push({now_ + delay, scheduled_++, std::move(run)});
}

void Cluster::schedule_for(NodeIndex node, Duration delay, std::function<void()> run) {
  schedule(delay, [this, node, incarnation = nodes_[node].incarnation, run = std::move(run)] {
    if (is_running(node) && nodes_[node].incarnation == incarnation) run();
  });
}

void Cluster::step() {
  Scheduled next = queue_.top();
  queue_.pop();
  now_ = std::max(now_, next.at);
  next.run();
}

void Cluster::run_for(Duration duration) {
  const TimePoint end = now_ + duration;
  while (!queue_.empty() && queue_.top().at <= end) step();
  now_ = end;
}

bool Cluster::run_until(const std::function<bool()>& condition, Duration limit) {
  const TimePoint end = now_ + limit;
  while (!condition()) {
    if (queue_.empty() || queue_.top().at > end) return false;
    step();
  }
  return true;
}

void Cluster::heal() {
  weather = Weather{};
  groups_.assign(nodes_.size(), 0);
  filter = nullptr;
  for (NodeIndex i = 0; i < nodes_.size(); ++i)
    if (!is_running(i)) restart(i);
}

void Cluster::crash(NodeIndex node) {
  nodes_[node].engine.reset();
  ++nodes_[node].incarnation;
  nodes_[node].timers.clear();
}

void Cluster::restart(NodeIndex index) {
  crash(index);
  Node& node = nodes_[index];
  std::unique_ptr<const Signatures> signatures;
  if (node.key)
    signatures = secp256k1_signatures(*node.key);
  else
    signatures = std::make_unique<const FakeSignatures>(node.address);
  const auto reader = [&node](Height height) {
    return height < node.headers.size() ? std::optional(node.headers[height]) : std::nullopt;
  };
  auto engine = make_engine(options_.config, std::move(signatures), reader, node.record);
  if (!engine) return report("a record cannot be read back: " + engine.error().message);
  node.engine = std::move(*engine);
  schedule_for(index, Duration(0), [this, index] {
    feed(index, consensus::Started{});
    feed(index, consensus::HeadChanged{nodes_[index].headers.back()});
  });
}

void Cluster::wipe(NodeIndex node) {
  crash(node);
  nodes_[node].headers.resize(1);
  nodes_[node].proofs.resize(1);
  nodes_[node].record.reset();
}

void Cluster::rewind(NodeIndex node, Height head) {
  crash(node);
  nodes_[node].headers.resize(head + 1);
  nodes_[node].proofs.resize(head + 1);
  restart(node);
}

void Cluster::make_byzantine(NodeIndex index, Misbehaviour misbehaviour) {
  Node& node = nodes_[index];
  std::shared_ptr<const Signatures> signatures;
  if (node.key)
    signatures = secp256k1_signatures(*node.key);
  else
    signatures = std::make_shared<const FakeSignatures>(node.address);
  node.byzantine = std::make_unique<Byzantine>(misbehaviour, std::move(signatures), random_.next());
}

void Cluster::offer_work(NodeIndex node) {
  if (is_running(node)) feed(node, consensus::WorkPending{});
}

Height Cluster::lowest_honest_head() const {
  Height lowest = UINT64_MAX;
  for (NodeIndex i = 0; i < nodes_.size(); ++i)
    if (is_honest(i)) lowest = std::min(lowest, head(i));
  return lowest;
}

Height Cluster::highest_head() const {
  Height highest = 0;
  for (NodeIndex i = 0; i < nodes_.size(); ++i) highest = std::max(highest, head(i));
  return highest;
}

}  // namespace aitbc::qbft::test
