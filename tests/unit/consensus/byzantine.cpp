#include "tests/unit/consensus/byzantine.hpp"

#include <algorithm>

namespace aitbc::qbft::test {
namespace {

constexpr std::size_t kRemembered = 200;

template <class T>
void remember(std::vector<T>& memory, T value, Random& random) {
  if (memory.size() < kRemembered)
    memory.push_back(std::move(value));
  else
    memory[random.below(kRemembered)] = std::move(value);
}

}  // namespace

Byzantine::Byzantine(Misbehaviour misbehaviour, std::shared_ptr<const Signatures> signatures,
                     std::uint64_t seed)
    : misbehaviour_(misbehaviour), signatures_(std::move(signatures)), random_(seed) {}

Misbehaviour Byzantine::current() {
  if (misbehaviour_ != Misbehaviour::all) return misbehaviour_;
  return static_cast<Misbehaviour>(random_.below(kMisbehaviours));
}

void Byzantine::overhear(const Bytes& message) {
  remember(overheard_, message, random_);
  const Result<Message> decoded = decode_message(message);
  if (!decoded) return;
  if (const auto* change = std::get_if<RoundChange>(&*decoded))
    remember(round_changes_, change->round_change, random_);
  if (const auto* prepare = std::get_if<Prepare>(&*decoded)) remember(prepares_, *prepare, random_);
  if (const auto* proposal = std::get_if<Proposal>(&*decoded)) last_block_ = proposal->proposal.payload.block;
}

std::vector<Byzantine::Outgoing> Byzantine::corrupt(const Bytes& message, std::size_t peers) {
  const Message decoded = *decode_message(message);
  if (const auto* proposal = std::get_if<Proposal>(&decoded)) last_block_ = proposal->proposal.payload.block;
  std::vector<Outgoing> out;
  const Misbehaviour how = current();
  if (how == Misbehaviour::forge_justifications) {
    const std::vector<Bytes> forged = forgeries(decoded);
    for (std::size_t peer = 0; peer < peers; ++peer) {
      if (forged.empty() || random_.chance(100)) out.push_back({peer, message});
      for (const Bytes& one : forged) out.push_back({peer, one});
    }
    return out;
  }
  const std::vector<Bytes> other = how == Misbehaviour::equivocate ? changed(decoded) : std::vector<Bytes>();
  for (std::size_t peer = 0; peer < peers; ++peer)
    for (Bytes& one : for_one_peer(how, message, decoded, other)) out.push_back({peer, std::move(one)});
  return out;
}

std::vector<Bytes> Byzantine::for_one_peer(Misbehaviour how, const Bytes& message, const Message& decoded,
                                           const std::vector<Bytes>& other) {
  switch (how) {
    case Misbehaviour::withhold:
      return random_.chance(600) ? std::vector<Bytes>() : std::vector<Bytes>{message};
    case Misbehaviour::equivocate: {
      if (random_.chance(500)) return {message};
      std::vector<Bytes> both = other;
      if (random_.chance(300)) both.push_back(message);
      return both;
    }
    case Misbehaviour::garbage_seals:
      if (const auto* commit = std::get_if<Commit>(&decoded)) return {with_garbage_seal(*commit)};
      return {message};
    case Misbehaviour::invalid_blocks:
      if (const auto* proposal = std::get_if<Proposal>(&decoded)) return {with_invalid_block(*proposal)};
      return {message};
    case Misbehaviour::absurd_rounds:
      return {message, absurd_round_change(view_of(decoded))};
    case Misbehaviour::replay: {
      std::vector<Bytes> out{message};
      for (std::size_t i = 0; i < std::min<std::size_t>(5, overheard_.size()); ++i)
        out.push_back(overheard_[random_.below(overheard_.size())]);
      return out;
    }
    case Misbehaviour::forge_justifications:
    case Misbehaviour::amnesia:
    case Misbehaviour::all:
      return {message};
  }
  return {};
}

}  // namespace aitbc::qbft::test
