#include "consensus/qbft/justification.hpp"

#include <doctest/doctest.h>

#include "tests/unit/consensus/one_of_four.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;

namespace {

// Judges messages as validator 3 of four at height 1 would, after the wire.
struct Judge {
  OneOfFour node{3};
  ValidatorSet validators{node.validators};
  FakeSignatures signatures{std::nullopt};
  Hash parent_hash = header_hash(node.headers[0]);
  HeightRules rules{node.headers[0], parent_hash, validators, signatures, 1};
  Header header = node.block_header(0, 1);

  bool accepts(const Proposal& proposal) { return judge<Proposal>(proposal); }
  bool accepts(const RoundChange& change) { return judge<RoundChange>(change); }
  template <class T>
  bool judge(const T& message) {
    Result<Message> decoded = decode_message(encode(Message(message)));
    if (!decoded || !authenticate(*decoded, signatures)) return false;
    return justify(std::get<T>(*decoded), rules).has_value();
  }

  // For round 2, by its proposer: validator 0 prepared the block of round 0, validator 1 that of round 1.
  Proposal reproposal() {
    const Header later = node.block_header(1, 2);
    Proposal proposal{node.sign_proposal(2, 2, later), {}, {}};
    proposal.round_changes = {node.sign_round_change(0, 2, header, 0, {0, 1, 2}).round_change,
                              node.sign_round_change(1, 2, later, 1, {0, 1, 2}).round_change,
                              node.sign_round_change(2, 2).round_change};
    for (const std::size_t by : {0UL, 1UL, 3UL})
      proposal.prepares.push_back(node.sign_prepare(by, 1, OneOfFour::digest(later, 1)));
    return proposal;
  }
};

}  // namespace

TEST_CASE("a proposal for round 0 needs no justification and may carry none") {
  Judge judge;
  CHECK(judge.accepts(Proposal{judge.node.sign_proposal(0, 0, judge.header), {}, {}}));
  CHECK_FALSE(judge.accepts(
      Proposal{judge.node.sign_proposal(0, 0, judge.header), judge.node.empty_round_changes(1, 3), {}}));
}

TEST_CASE("a fresh block belongs to its proposer, in every round") {
  Judge judge;
  CHECK_FALSE(judge.accepts(Proposal{judge.node.sign_proposal(0, 0, judge.node.block_header(1, 1)), {}, {}}));
  const auto in_round_1 = [&](std::size_t coinbase) {
    return judge.accepts(Proposal{judge.node.sign_proposal(1, 1, judge.node.block_header(coinbase, 1)),
                                  judge.node.empty_round_changes(1, 3),
                                  {}});
  };
  CHECK(in_round_1(1));
  CHECK_FALSE(in_round_1(0));
}

TEST_CASE("a later proposal needs round changes of a quorum of distinct validators for its very round") {
  Judge judge;
  Proposal proposal{judge.node.sign_proposal(1, 1, judge.node.block_header(1, 1)),
                    judge.node.empty_round_changes(1, 4),
                    {}};
  CHECK(judge.accepts(proposal));
  SUBCASE("two are too few") { proposal.round_changes.resize(2); }
  SUBCASE("none at all") { proposal.round_changes.clear(); }
  SUBCASE("known fault: duplicate authors in justifications") {
    proposal.round_changes[3] = proposal.round_changes[0];
    proposal.round_changes.erase(proposal.round_changes.begin() + 2);
  }
  SUBCASE("one for another round") {
    proposal.round_changes[3] = judge.node.sign_round_change(3, 2).round_change;
  }
  SUBCASE("one for another height") {
    proposal.round_changes[3] = judge.node.sign_round_change(3, 1, 2).round_change;
  }
  SUBCASE("one with a broken signature, beyond the quorum") { proposal.round_changes[3].signature.s[0] ^= 1; }
  SUBCASE("one by a stranger") {
    proposal.round_changes[3] =
        make_signed(RoundChangePayload{1, 1, std::nullopt}, FakeSignatures(address(99)));
  }
  SUBCASE("more than there are validators") { proposal.round_changes.push_back(proposal.round_changes[0]); }
  CHECK_FALSE(judge.accepts(proposal));
}

TEST_CASE("a later proposal carries on with the block of the highest prepared round, proven by prepares") {
  Judge judge;
  Proposal proposal = judge.reproposal();
  CHECK(judge.accepts(proposal));
  const Header later = proposal.proposal.payload.block->header;
  SUBCASE("known fault: prepares inside a proposal not verified") {
    proposal.prepares[0].signature.s[5] ^= 1;
  }
  SUBCASE("known fault: duplicate authors among the prepares") {
    proposal.prepares[2] = proposal.prepares[0];
  }
  SUBCASE("too few prepares") { proposal.prepares.resize(2); }
  SUBCASE("no prepares") { proposal.prepares.clear(); }
  SUBCASE("prepares of another round") {
    proposal.prepares[0] = judge.node.sign_prepare(0, 0, OneOfFour::digest(later, 1));
  }
  SUBCASE("prepares for another block") {
    proposal.prepares[0] = judge.node.sign_prepare(0, 1, OneOfFour::digest(judge.header, 1));
  }
  SUBCASE("the block of a lower prepared round") {
    proposal.proposal = judge.node.sign_proposal(2, 2, judge.header);
  }
  SUBCASE("a fresh block") {
    proposal.proposal = judge.node.sign_proposal(2, 2, judge.node.block_header(2, 3));
    proposal.prepares.clear();
  }
  SUBCASE("two blocks claimed for one round") {
    proposal.round_changes[0] =
        judge.node.sign_round_change(0, 2, judge.node.block_header(1, 9), 1, {0, 1, 2}).round_change;
  }
  CHECK_FALSE(judge.accepts(proposal));
}

TEST_CASE("prepares without anything prepared are refused") {
  Judge judge;
  Proposal proposal{judge.node.sign_proposal(1, 1, judge.node.block_header(1, 1)),
                    judge.node.empty_round_changes(1, 3),
                    {judge.node.sign_prepare(0, 0, Hash{})}};
  CHECK_FALSE(judge.accepts(proposal));
}

TEST_CASE("a round change that claims a prepared block proves it") {
  Judge judge;
  CHECK(judge.accepts(judge.node.sign_round_change(0, 1)));
  CHECK(judge.accepts(judge.node.sign_round_change(0, 2, judge.header, 1, {0, 1, 2})));
  CHECK(judge.accepts(judge.node.sign_round_change(0, 2, judge.header, 1, {0, 1, 2, 3})));
  CHECK_FALSE(judge.accepts(judge.node.sign_round_change(0, 2, judge.header, 1, {0, 1})));
  CHECK_FALSE(judge.accepts(judge.node.sign_round_change(0, 2, judge.header, 1, {0, 1, 1})));
  RoundChange other_block = judge.node.sign_round_change(0, 2, judge.header, 1, {0, 1, 2});
  other_block.block = OneOfFour::as_block(judge.node.block_header(0, 2));
  CHECK_FALSE(judge.accepts(other_block));
}
