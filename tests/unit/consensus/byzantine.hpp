// Validators that break the rules in every way we could think of. Each runs an honest engine, whose messages
// are changed, multiplied or withheld on their way out.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "consensus/qbft/messages.hpp"
#include "consensus/qbft/validators.hpp"
#include "tests/unit/consensus/random.hpp"

namespace aitbc::qbft::test {

enum class Misbehaviour {
  equivocate,            // says different things to different peers
  garbage_seals,         // commits with seals of something else
  forge_justifications,  // proposes with invented round changes and prepares
  replay,                // repeats what anybody ever said
  absurd_rounds,         // announces rounds far ahead
  withhold,              // speaks to some peers only
  invalid_blocks,        // proposes blocks that do not execute
  amnesia,               // forgets what it signed (handled by the cluster: it restarts without its record)
  all,                   // a random one of these each time
};
inline constexpr int kMisbehaviours = 8;

// The header field that marks a block as one that does not execute.
inline constexpr Gas kInvalidBlockMark = 666;

class Byzantine {
 public:
  Byzantine(Misbehaviour misbehaviour, std::shared_ptr<const Signatures> signatures, std::uint64_t seed);

  struct Outgoing {
    std::size_t peer;  // index among `peers`
    Bytes message;
  };
  // What goes out instead of a broadcast.
  std::vector<Outgoing> corrupt(const Bytes& message, std::size_t peers);
  // Remembers what others say, to replay it.
  void overhear(const Bytes& message);
  bool forgets() { return current() == Misbehaviour::amnesia && random_.chance(20); }

 private:
  Misbehaviour current();
  std::vector<Bytes> for_one_peer(Misbehaviour how, const Bytes& message, const Message& decoded,
                                  const std::vector<Bytes>& other);

  // forgeries.cpp
  std::vector<Bytes> changed(const Message& message);
  std::vector<Bytes> change(Proposal proposal);
  std::vector<Bytes> change(Prepare prepare);
  std::vector<Bytes> change(Commit commit);
  std::vector<Bytes> change(RoundChange change);
  std::vector<Bytes> with_support(Proposal proposal, BlockPtr block);
  Bytes with_garbage_seal(Commit commit);
  Bytes with_invalid_block(const Proposal& proposal);
  std::vector<Bytes> forgeries(const Message& message);
  std::vector<Bytes> forged_proposal(Proposal proposal);
  Bytes scraped_proposal(View view, const BlockPtr& block);
  Bytes forged_claim(View view);
  std::vector<Prepare> forged_prepares(Height height, const Prepared& claim, std::size_t count);
  Bytes absurd_round_change(View view);
  BlockPtr another_block(const UnrecoveredBlock& block, Gas mark);
  BlockPtr fresh(const UnrecoveredBlock& block);
  Hash random_hash();

  Misbehaviour misbehaviour_;
  std::shared_ptr<const Signatures> signatures_;
  Random random_;
  std::vector<Bytes> overheard_;
  std::vector<SignedRoundChange> round_changes_;  // overheard
  std::vector<Prepare> prepares_;
  BlockPtr last_block_;
};

}  // namespace aitbc::qbft::test
