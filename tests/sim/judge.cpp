#include "tests/sim/judge.hpp"

#include "codec/hex.hpp"
#include "consensus/qbft/messages.hpp"
#include "execution/chain_record.hpp"
#include "execution/state_trie.hpp"

namespace aitbc::sim {
namespace {

Hash signing_hash_of(const qbft::Message& message) {
  if (const auto* proposal = std::get_if<qbft::Proposal>(&message)) return proposal->proposal.signing_hash;
  if (const auto* change = std::get_if<qbft::RoundChange>(&message)) return change->round_change.signing_hash;
  if (const auto* prepare = std::get_if<qbft::Prepare>(&message)) return prepare->signing_hash;
  return std::get<qbft::Commit>(message).signing_hash;
}

}  // namespace

void Judge::committed(NodeIndex node, const chain::HeadEvent& event, const qbft::Engine& engine,
                      const Module& module) {
  const Header& header = event.view->head;
  const std::string where =
      "node " + std::to_string(node) + ", height " + std::to_string(header.number) + ": ";
  const auto must = [&](const Result<void>& held, const char* what) {
    if (!held) report(where + what + ": " + held.error().message);
  };
  const auto [known, is_first] = final_.emplace(header.number, event.view->head_hash);
  if (known->second != event.view->head_hash) report(where + "two different blocks are final");
  if (is_first) transactions_ += event.block->transactions.size();

  const Snapshot& snapshot = *event.view->snapshot;
  const auto parent = chain::read_header(snapshot, header.number - 1);
  const auto meta = chain::read_block_meta(snapshot, header.number);
  if (!parent || !*parent || !meta || !*meta) return report(where + "a committed block cannot be read");
  must(engine.verify(header, **parent, (*meta)->commit_proof), "a committed block does not verify");
  const auto root = state_root(snapshot);
  if (!root || *root != header.state_root) report(where + "the state has another root than the header names");
  if (const auto supply = check_supply(snapshot); !supply) report(where + supply.error().message);
  if (header.number % 8 == 0)  // recounts every record
    must(module.check_invariants(*event.view->state, header.timestamp), "a marketplace invariant is broken");
}

void Judge::signs(NodeIndex node, const Bytes& message) {
  const Result<qbft::Message> decoded = qbft::decode_message(message);
  if (!decoded) return report("node " + std::to_string(node) + " sends what does not decode");
  const qbft::View view = view_of(*decoded);
  highest_round_ = std::max(highest_round_, view.round);
  const Hash hash = signing_hash_of(*decoded);
  const auto [first, is_new] =
      signed_.emplace(std::tuple(node, view.height, view.round, decoded->index()), hash);
  if (first->second != hash)
    report("node " + std::to_string(node) + " signed two messages of kind " +
           std::to_string(decoded->index()) + " at height " + std::to_string(view.height) + ", round " +
           std::to_string(view.round));
}

void Judge::forget(NodeIndex node) {
  std::erase_if(signed_, [node](const auto& entry) { return std::get<0>(entry.first) == node; });
  std::erase_if(promises_, [node](const Promise& promise) { return promise.node == node; });
}

}  // namespace aitbc::sim
