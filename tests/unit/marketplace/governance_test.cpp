#include "marketplace/governance.hpp"
#include "market.hpp"

namespace aitbc::market::test {
namespace {

const Address kFirst = aitbc::test::address_of(0x71);
const Address kSecond = aitbc::test::address_of(0x72);
const Address kThird = aitbc::test::address_of(0x73);
const Address kFourth = aitbc::test::address_of(0x74);
const Address kFifth = aitbc::test::address_of(0x75);

struct Governed : Market {
  explicit Governed(std::vector<Address> validators = {kFirst, kSecond, kThird}) { vote_in(validators); }
  // The validators of the present block and those after it.
  void vote_in(std::vector<Address> ascending) { block().validators = std::move(ascending); }
};

ProposalId propose(Market& m, const char* subject, Amount value, const Address& account = {}) {
  return ProposalId{m.must(kFirst, "propose", std::string(subject), value, account)};
}
void enact(Market& m, ProposalId id) {
  m.must(kSecond, "approve", id);
  m.pass(m.params().governance_delay);
}

TEST_CASE("a majority of the validators changes a parameter, after the delay") {
  Governed m;
  const BookingId before = m.book(m.register_gpu(), 100 * kHour);
  const ProposalId id = propose(m, "takeBps", Amount(1'000));
  CHECK(m.record(id).state == ProposalState::voting);
  m.must(kThird, "approve", id);
  CHECK(m.record(id).state == ProposalState::accepted);
  m.pass(m.params().governance_delay - 1);
  CHECK(m.params().take_bps == 250);
  m.pass(1);
  CHECK(m.params().take_bps == 1'000);
  CHECK(m.record(id).state == ProposalState::enacted);
  // What was booked before keeps its rates.
  m.must(kCustomer, "releaseBooking", before);
  CHECK(m.record(before).fee == milli(1'200));
}

TEST_CASE("addresses, switches, amounts and roles change the same way") {
  Governed m;
  enact(m, propose(m, "treasury", Amount(), kStranger));
  CHECK(m.params().treasury == kStranger);
  enact(m, propose(m, "heartbeatRequired", Amount(1)));
  CHECK(m.params().heartbeat_required);
  enact(m, propose(m, "minStake", Amount::ait(5)));
  CHECK(m.params().min_stake == Amount::ait(5));
  enact(m, propose(m, "arbitrators", Amount(1), kRival));
  CHECK(load_roles(m.state()).arbitrators == std::vector<Address>{kRival});
  enact(m, propose(m, "arbitrators", Amount(0), kRival));
  CHECK(load_roles(m.state()).arbitrators.empty());
}

TEST_CASE("a proposal without a majority expires") {
  Governed m;
  const ProposalId id = propose(m, "takeBps", Amount(1'000));
  m.jump(m.params().proposal_time);
  CHECK(m.fails(kSecond, "approve", id) == "ProposalNotOpen(proposalId: \"prop_1\", state: \"expired\")");
  // Also for those who only look.
  Logs logs;
  Context c(m.state(), m.block(), kStranger, logs);
  CHECK(get_proposal(c, id)->state == ProposalState::expired);
  CHECK(get_proposal(c, id)->proposal.state == ProposalState::voting);
  m.end_block();
  CHECK(m.record(id).state == ProposalState::expired);
  CHECK(m.params().take_bps == 250);
}

TEST_CASE("a change that makes no sense any more fails when its time comes") {
  Governed m;
  const ProposalId first = propose(m, "moderators", Amount(1), kRival);
  const ProposalId second = propose(m, "moderators", Amount(1), kRival);
  m.must(kSecond, "approve", first);
  enact(m, second);
  CHECK(m.record(first).state == ProposalState::enacted);
  CHECK(m.record(second).state == ProposalState::failed);
  CHECK(load_roles(m.state()).moderators.size() == 1);
}

TEST_CASE("the approval of a validator that was voted out before the count does not count") {
  Governed m;
  const ProposalId id = propose(m, "takeBps", Amount(7));
  m.vote_in({kSecond, kThird, kFourth});
  CHECK(m.fails(kFirst, "approve", id).starts_with("NotValidator("));
  m.must(kSecond, "approve", id);
  CHECK(m.record(id).state == ProposalState::voting);
  m.must(kThird, "approve", id);
  CHECK(m.record(id).state == ProposalState::accepted);
}

TEST_CASE("the majority is one of the validators at the count, those voted in since among them") {
  Governed m;
  const ProposalId id = propose(m, "takeBps", Amount(7));
  m.vote_in({kFirst, kSecond, kThird, kFourth, kFifth});
  m.must(kSecond, "approve", id);
  CHECK(m.record(id).state == ProposalState::voting);
  m.must(kFifth, "approve", id);
  CHECK(m.record(id).state == ProposalState::accepted);
}

TEST_CASE("half of the validators is no majority") {
  Governed m({kFirst, kSecond});
  const ProposalId id = propose(m, "takeBps", Amount(7));
  CHECK(m.record(id).state == ProposalState::voting);
  m.must(kSecond, "approve", id);
  CHECK(m.record(id).state == ProposalState::accepted);
}

TEST_CASE("the approval of a validator that is back counts again, and once") {
  Governed m;
  const ProposalId id = propose(m, "takeBps", Amount(7));
  m.vote_in({kSecond, kThird, kFourth});
  m.pass(1);
  m.vote_in({kFirst, kSecond, kThird});
  CHECK(m.fails(kFirst, "approve", id).starts_with("AlreadyApproved("));
  m.must(kThird, "approve", id);
  CHECK(m.record(id).state == ProposalState::accepted);
}

TEST_CASE("what a majority accepted takes effect, whoever validates then") {
  Governed m;
  const ProposalId id = propose(m, "takeBps", Amount(7));
  m.must(kSecond, "approve", id);
  m.vote_in({kFourth});
  m.pass(m.params().governance_delay);
  CHECK(m.record(id).state == ProposalState::enacted);
  CHECK(m.params().take_bps == 7);
}

TEST_CASE("the roles are shown with the validators of the block") {
  Governed m;
  enact(m, propose(m, "moderators", Amount(1), kRival));
  CHECK(*decode_result("getRoles", m.call(kStranger, "getRoles").output) ==
        R"({"roles":{"arbitrators":[],"moderators":["0x0000000000000000000000000000000000000003"],)"
        R"("coordinators":[]},"validators":["0x0000000000000000000000000000000000000071",)"
        R"("0x0000000000000000000000000000000000000072","0x0000000000000000000000000000000000000073"]})");
}

TEST_CASE("who may not govern, and what may not be proposed") {
  Governed m;
  const auto refused = [&](const Address& from, const char* subject, Amount value,
                           const Address& account = {}) {
    return m.fails(from, "propose", std::string(subject), value, account);
  };
  CHECK(refused(kStranger, "takeBps", Amount(1)).starts_with("NotValidator("));
  CHECK(refused(kFirst, "taxes", Amount(1)) == "UnknownParameter(subject: \"taxes\")");
  CHECK(refused(kFirst, "takeBps", Amount(10'001)).starts_with("BadParameterValue("));
  CHECK(refused(kFirst, "takeBps", Amount(70'000)).starts_with("BadParameterValue("));
  CHECK(refused(kFirst, "maxBooking", Amount(0)).starts_with("BadParameterValue("));
  CHECK(refused(kFirst, "heartbeatRequired", Amount(2)).starts_with("BadParameterValue("));
  CHECK(refused(kFirst, "treasury", Amount(), kContract).starts_with("BadParameterValue("));
  // Who validates is for the validators' own votes to say.
  CHECK(refused(kFirst, "validators", Amount(1), kStranger) == "UnknownParameter(subject: \"validators\")");
  const ProposalId id = propose(m, "takeBps", Amount(1));
  CHECK(m.fails(kStranger, "approve", id).starts_with("NotValidator("));
  CHECK(m.fails(kFirst, "approve", id).starts_with("AlreadyApproved(proposalId: \"prop_1\""));
  CHECK(m.fails(kFirst, "approve", ProposalId{5}) == "ProposalNotFound(proposalId: \"prop_5\")");
  m.must(kSecond, "approve", id);
  CHECK(m.fails(kThird, "approve", id) == "ProposalNotOpen(proposalId: \"prop_1\", state: \"accepted\")");
}

TEST_CASE("a lone validator decides alone") {
  Governed m({kFirst});
  const ProposalId id = propose(m, "takeBps", Amount(7));
  CHECK(m.record(id).state == ProposalState::accepted);
  m.pass(m.params().governance_delay);
  CHECK(m.params().take_bps == 7);
}

}  // namespace
}  // namespace aitbc::market::test
