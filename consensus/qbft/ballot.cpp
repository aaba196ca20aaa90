#include "consensus/qbft/ballot.hpp"

#include <algorithm>
#include <functional>

namespace aitbc::qbft {
namespace {

template <class Payload>
bool is_for(const std::optional<Signed<Payload>>& message, const Prepared& what) {
  return message && message->payload.round == what.round && message->payload.digest == what.digest;
}

}  // namespace

Ballot::Ballot(Header parent_header, const Hash& hash_of_parent,
               std::shared_ptr<const VoteTally> tally_after_parent)
    : parent(std::move(parent_header)),
      parent_hash(hash_of_parent),
      height(parent.number + 1),
      tally(std::move(tally_after_parent)),
      latest(tally->validators().size()) {}

std::size_t Ballot::count_prepares(const Prepared& what) const {
  return static_cast<std::size_t>(std::count_if(
      latest.begin(), latest.end(), [&](const LatestOf& from) { return is_for(from.prepare, what); }));
}

std::size_t Ballot::count_commits(const Prepared& what) const {
  return static_cast<std::size_t>(std::count_if(
      latest.begin(), latest.end(), [&](const LatestOf& from) { return is_for(from.commit, what); }));
}

std::size_t Ballot::count_round_changes_from(Round least) const {
  return static_cast<std::size_t>(std::count_if(latest.begin(), latest.end(), [&](const LatestOf& from) {
    return from.round_change && from.round_change->round_change.payload.round >= least;
  }));
}

std::vector<Prepare> Ballot::prepares_for(const Prepared& what) const {
  std::vector<Prepare> out;
  for (const LatestOf& from : latest)
    if (is_for(from.prepare, what)) out.push_back(*from.prepare);
  return out;
}

std::vector<Signature> Ballot::seals_for(const Prepared& what) const {
  std::vector<Signature> out;
  for (const LatestOf& from : latest)
    if (is_for(from.commit, what)) out.push_back(from.commit->payload.seal);
  return out;
}

std::vector<const RoundChange*> Ballot::round_changes_to(Round target) const {
  std::vector<const RoundChange*> out;
  for (const LatestOf& from : latest)
    if (from.round_change && from.round_change->round_change.payload.round == target)
      out.push_back(&*from.round_change);
  return out;
}

Round Ballot::round_reached_by_others(std::size_t own_index) const {
  std::vector<Round> rounds;
  for (std::size_t i = 0; i < latest.size(); ++i)
    if (i != own_index && latest[i].round_change)
      rounds.push_back(latest[i].round_change->round_change.payload.round);
  const std::size_t fault_bound = validators().fault_bound();
  if (rounds.size() <= fault_bound) return 0;
  const auto nth = rounds.begin() + static_cast<std::ptrdiff_t>(fault_bound);
  std::nth_element(rounds.begin(), nth, rounds.end(), std::greater<>{});
  return *nth;
}

}  // namespace aitbc::qbft
