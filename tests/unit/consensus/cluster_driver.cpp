// What a node's driver does with its engine's actions, and what the network does with messages.
#include "tests/unit/consensus/cluster.hpp"

namespace aitbc::qbft::test {
namespace {

constexpr Duration kSyncInterval{700};
// A node this far behind tells its engine so.
constexpr Height kFarBehind = 4;

consensus::PeerId peer_id(NodeIndex node) { return node + 1; }
NodeIndex node_of(consensus::PeerId peer) { return static_cast<NodeIndex>(peer - 1); }

int code_of(const Message& message) { return static_cast<int>(message.index()); }

Hash signing_hash_of(const Message& message) {
  if (const auto* proposal = std::get_if<Proposal>(&message)) return proposal->proposal.signing_hash;
  if (const auto* change = std::get_if<RoundChange>(&message)) return change->round_change.signing_hash;
  if (const auto* prepare = std::get_if<Prepare>(&message)) return prepare->signing_hash;
  return std::get<Commit>(message).signing_hash;
}

}  // namespace

void Cluster::feed(NodeIndex index, const consensus::Event& event) {
  Node& node = nodes_[index];
  if (node.byzantine && node.byzantine->forgets()) {
    node.record.reset();
    return restart(index);
  }
  const std::uint64_t incarnation = node.incarnation;
  const consensus::Actions actions = node.engine->on(event, now_ + node.clock_skew);
  if (is_honest(index)) highest_round_ = std::max(highest_round_, node.engine->status().round);
  for (const consensus::Action& action : actions) {
    if (weather.crash_per_mille_of_actions > 0 && random_.chance(weather.crash_per_mille_of_actions)) {
      crash(index);
      schedule(Duration(100) + some_delay(Duration(5000)), [this, index] {
        if (!is_running(index)) restart(index);
      });
    }
    if (node.incarnation != incarnation) return;
    std::visit([&](const auto& specific) { perform(index, specific); }, action);
  }
}

void Cluster::perform(NodeIndex node, const consensus::BuildBlock& build) {
  schedule_for(node, some_delay(options_.max_work), [this, node, build] {
    if (build_succeeds && !build_succeeds(node))
      return feed(node, consensus::BlockBuilt{build.request, std::nullopt});
    const Header& parent = chain(node).back();
    Header header = next_header(parent, build.coinbase, ValidatorSet({build.coinbase}));
    header.timestamp = build.timestamp;
    header.extra_data = build.extra_data;
    // Two blocks built are never the same.
    Bytes content;
    append_be64(content, ++built_);
    std::copy(content.begin(), content.end(), header.state_root.bytes.begin());
    feed(node, consensus::BlockBuilt{build.request, Block{header, {}}});
  });
}

void Cluster::perform(NodeIndex node, const consensus::CheckBlock& check) {
  schedule_for(node, some_delay(options_.max_work), [this, node, check] {
    Result<Block> verdict = Block{check.block.header, {}};
    if (check.block.header.gas_used == kInvalidBlockMark)
      verdict = fail(ErrorCode::invalid_block, "does not execute");
    feed(node, consensus::BlockChecked{check.request, std::move(verdict)});
  });
}

void Cluster::perform(NodeIndex node, const consensus::CommitBlock& commit) {
  if (commit.block.header.number != head(node) + 1) return;  // sync was faster
  append_block(node, commit.block.header, commit.commit_proof);
  schedule_for(node, some_delay(options_.max_work),
               [this, node, header = commit.block.header] { feed(node, consensus::HeadChanged{header}); });
}

void Cluster::append_block(NodeIndex index, const Header& header, Bytes proof) {
  Node& node = nodes_[index];
  const Result<void> verdict = node.engine->verify(header, node.headers.back(), proof);
  const std::string where =
      "node " + std::to_string(index) + ", height " + std::to_string(header.number) + ": ";
  if (!verdict) report(where + "a committed block fails verification: " + verdict.error().message);
  const auto [known, is_first] = final_.emplace(header.number, header_hash(header));
  if (known->second != header_hash(header)) report(where + "two different blocks are final");
  node.headers.push_back(header);
  node.proofs.push_back(std::move(proof));
}

void Cluster::perform(NodeIndex node, const consensus::Broadcast& broadcast) {
  if (nodes_[node].byzantine) {
    for (const auto& [peer, message] : nodes_[node].byzantine->corrupt(broadcast.message, size()))
      if (are_neighbours(node, peer)) transmit(node, peer, message);
    return;
  }
  check_never_two_signatures(node, *decode_message(broadcast.message));
  for (NodeIndex peer = 0; peer < size(); ++peer)
    if (are_neighbours(node, peer)) transmit(node, peer, broadcast.message);
}

void Cluster::perform(NodeIndex node, const consensus::Relay& relay) {
  if (!options_.ring || nodes_[node].byzantine) return;
  for (NodeIndex peer = 0; peer < size(); ++peer)
    if (are_neighbours(node, peer) && peer_id(peer) != relay.from) transmit(node, peer, relay.message);
}

void Cluster::perform(NodeIndex node, const consensus::SendTo& send) {
  transmit(node, node_of(send.peer), send.message);
}

void Cluster::check_never_two_signatures(NodeIndex node, const Message& message) {
  const View view = view_of(message);
  const auto [first, is_new] =
      signed_.emplace(std::tuple(node, view.height, view.round, code_of(message)), signing_hash_of(message));
  if (first->second != signing_hash_of(message))
    report("node " + std::to_string(node) + " signed two messages of kind " +
           std::to_string(code_of(message)) + " at height " + std::to_string(view.height) + ", round " +
           std::to_string(view.round));
}

bool Cluster::are_neighbours(NodeIndex a, NodeIndex b) const {
  if (a == b) return false;
  return !options_.ring || (a + 1) % size() == b || (b + 1) % size() == a;
}

bool Cluster::can_reach(NodeIndex a, NodeIndex b) const { return groups_[a] == groups_[b] && is_running(b); }

void Cluster::transmit(NodeIndex from, NodeIndex to, const Bytes& message) {
  ++messages_;
  if (!can_reach(from, to) || random_.chance(weather.loss_per_mille)) return;
  const Result<Message> decoded = decode_message(message);
  if (filter && decoded && !filter(from, to, *decoded)) return;
  const int copies = random_.chance(weather.duplicate_per_mille) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    schedule(Duration(1) + some_delay(weather.max_delay), [this, from, to, message] {
      if (!can_reach(from, to)) return;
      if (nodes_[to].byzantine) nodes_[to].byzantine->overhear(message);
      feed(to, consensus::MessageReceived{peer_id(from), message});
    });
  }
}

void Cluster::perform(NodeIndex node, const consensus::SetTimer& set) {
  const std::uint64_t setting = ++nodes_[node].timer_settings;
  nodes_[node].timers[set.timer] = setting;
  const TimePoint at = set.at - nodes_[node].clock_skew;
  schedule_for(node, std::max(Duration(0), at - now_), [this, node, timer = set.timer, setting] {
    const auto current = nodes_[node].timers.find(timer);
    if (current != nodes_[node].timers.end() && current->second == setting)
      feed(node, consensus::TimerFired{timer});
  });
}

void Cluster::perform(NodeIndex node, const consensus::CancelTimer& cancel) {
  nodes_[node].timers.erase(cancel.timer);
}

void Cluster::perform(NodeIndex node, const consensus::Persist& persist) {
  nodes_[node].record = persist.record;
}

void Cluster::perform(NodeIndex node, const consensus::PunishPeer& punish) {
  if (is_honest(node) && is_honest(node_of(punish.peer)))
    report("node " + std::to_string(node) + " punished honest node " + std::to_string(node_of(punish.peer)) +
           ": " + punish.reason);
}

void Cluster::sync(NodeIndex index) {
  schedule(kSyncInterval, [this, index] { sync(index); });
  const NodeIndex peer = random_.below(size());
  if (!is_running(index) || peer == index || !can_reach(index, peer) || head(peer) <= head(index)) return;
  if (random_.chance(weather.loss_per_mille)) return;
  const bool is_far = head(peer) - head(index) >= kFarBehind;
  const std::uint64_t incarnation = nodes_[index].incarnation;
  if (is_far) feed(index, consensus::Syncing{true});
  for (Height height = head(index) + 1; height <= head(peer); ++height) {
    if (nodes_[index].incarnation != incarnation) return;
    if (chain(peer)[height].parent_hash != header_hash(chain(index).back()))
      return report("nodes " + std::to_string(index) + " and " + std::to_string(peer) +
                    " are on different chains");
    append_block(index, chain(peer)[height], nodes_[peer].proofs[height]);
    feed(index, consensus::HeadChanged{chain(index).back()});
  }
  if (is_far && nodes_[index].incarnation == incarnation) feed(index, consensus::Syncing{false});
}

}  // namespace aitbc::qbft::test
