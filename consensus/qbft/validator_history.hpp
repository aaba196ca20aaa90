// Who may seal the block after a given one. Worked out from the headers since the last epoch block, and
// remembered.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "consensus/engine.hpp"
#include "consensus/qbft/vote_tally.hpp"

namespace aitbc::qbft {

// Thread-safe.
class ValidatorHistory {
 public:
  // Precondition: epoch_length > 0.
  ValidatorHistory(consensus::HeaderReader reader, std::uint64_t epoch_length);

  // The tally after `header`, whose hash is `hash`, and which is final here or whose ancestors down to a
  // final block were asked for before (at most kRemembered blocks back). unavailable otherwise; invalid_block
  // when its extra data is malformed.
  Result<std::shared_ptr<const VoteTally>> after(const Header& header, const Hash& hash) const;
  Result<std::shared_ptr<const VoteTally>> after(const Header& header) const {
    return after(header, header_hash(header));
  }

  static constexpr std::size_t kRemembered = 4096;

 private:
  using TallyPtr = std::shared_ptr<const VoteTally>;
  struct CastVote {
    Address voter;
    Vote vote;
  };
  TallyPtr find(const Hash& hash) const;
  void remember(const Hash& hash, TallyPtr tally) const;
  Result<std::vector<CastVote>> votes_down_from(const Header& header, const Hash& hash, TallyPtr& base) const;

  consensus::HeaderReader reader_;
  std::uint64_t epoch_length_;
  mutable std::mutex mutex_;
  mutable std::map<Hash, TallyPtr> known_;  // by the block after which they hold
  mutable std::deque<Hash> order_;          // of known_, oldest first
};

}  // namespace aitbc::qbft
