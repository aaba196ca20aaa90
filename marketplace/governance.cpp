#include "marketplace/governance.hpp"

#include <limits>

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxSubject = 64;

// Each setter answers false when the value does not fit the field.
bool set_field(Amount& field, const Proposal& proposal) {
  field = proposal.value;
  return true;
}
bool set_field(Address& field, const Proposal& proposal) {
  field = proposal.account;
  return true;
}
bool set_field(bool& field, const Proposal& proposal) {
  field = !proposal.value.is_zero();
  return proposal.value <= Amount(1);
}
template <UnsignedField T>
bool set_field(T& field, const Proposal& proposal) {
  field = static_cast<T>(proposal.value.units());
  return proposal.value <= Amount(std::numeric_limits<T>::max());
}
bool set_field(std::vector<Address>& role, const Proposal& proposal) {
  const auto at = std::lower_bound(role.begin(), role.end(), proposal.account);
  const bool there = at != role.end() && *at == proposal.account;
  const bool add = !proposal.value.is_zero();
  if (proposal.value > Amount(1) || there == add) return false;
  if (add)
    role.insert(at, proposal.account);
  else
    role.erase(at);
  return role.size() <= kMaxRole;
}

enum class Effect { unknown_subject, refused, applied };

// Sets the field of that name in one of the records.
template <Record T>
Effect set_by_name(T& record, const Proposal& proposal) {
  Effect effect = Effect::unknown_subject;
  for_each_field(record, [&](std::string_view name, auto& member) {
    if (name == proposal.subject) effect = set_field(member, proposal) ? Effect::applied : Effect::refused;
  });
  return effect;
}

// Tries the proposal on the present rules, and puts it into force when asked to.
Effect apply(Context& c, const Proposal& proposal, bool for_real) {
  Params params = c.params;
  Roles roles = load_roles(c.state);
  Effect effect = set_by_name(params, proposal);
  if (effect == Effect::unknown_subject) effect = set_by_name(roles, proposal);
  if (effect == Effect::applied && !check_params(params)) effect = Effect::refused;
  if (effect != Effect::applied || !for_real) return effect;
  c.params = params;
  save(c, params);
  save(c, roles);
  return effect;
}

bool is_validator(const Context& c, const Address& account) {
  return std::binary_search(c.block.validators.begin(), c.block.validators.end(), account);
}

Outcome<void> check_validator(Context& c) {
  if (!is_validator(c, c.caller)) return revert<"NotValidator">(c.caller);
  return {};
}

Outcome<Proposal> find_proposal(Context& c, ProposalId id) {
  if (auto proposal = load(c.state, id)) return *std::move(proposal);
  return revert<"ProposalNotFound">(id);
}

ProposalState state_of(const Proposal& proposal, Seconds now) {
  const bool overdue = proposal.state == ProposalState::voting && now >= proposal.deadline;
  return overdue ? ProposalState::expired : proposal.state;
}

void close_proposal(Context& c, Proposal& proposal, ProposalState state, Seconds at) {
  proposal.state = state;
  proposal.closed_at = at;
  --c.totals.open_proposals;
  save(c, proposal);
  emit<"ProposalClosed">(c.logs, proposal.id, state);
}

// With a majority the delay begins. Who is no validator any more does not count.
void count_approvals(Context& c, Proposal& proposal) {
  const auto approvals = std::count_if(proposal.approvals.begin(), proposal.approvals.end(),
                                       [&](const Address& each) { return is_validator(c, each); });
  if (static_cast<std::size_t>(approvals) * 2 <= c.block.validators.size()) return;
  unschedule(c, proposal.deadline, Kind::proposal, proposal.id.value);
  proposal.state = ProposalState::accepted;
  proposal.deadline = c.now() + c.params.governance_delay;
  schedule(c, proposal.deadline, Kind::proposal, proposal.id.value);
  emit<"ProposalAccepted">(c.logs, proposal.id, proposal.deadline);
}

}  // namespace

Outcome<ProposalId> propose(Context& c, const std::string& subject, Amount value, const Address& account) {
  MARKET_TRY(check_validator(c));
  MARKET_TRY(check_required_text("subject", subject, kMaxSubject));
  Proposal proposal;
  proposal.proposer = c.caller;
  proposal.subject = subject;
  proposal.value = value;
  proposal.account = account;
  const Effect effect = apply(c, proposal, false);
  if (effect == Effect::unknown_subject) return revert<"UnknownParameter">(subject);
  if (effect == Effect::refused) return revert<"BadParameterValue">(subject, value, account);
  proposal.id = ProposalId{take_id(c.state, Kind::proposal)};
  proposal.created_at = c.now();
  proposal.deadline = c.now() + c.params.proposal_time;
  proposal.approvals.push_back(c.caller);
  schedule(c, proposal.deadline, Kind::proposal, proposal.id.value);
  ++c.totals.open_proposals;
  emit<"Proposed">(c.logs, proposal.id, c.caller, subject, value, account, proposal.deadline);
  count_approvals(c, proposal);
  save(c, proposal);
  return proposal.id;
}

Outcome<void> approve(Context& c, ProposalId id) {
  MARKET_TRY(check_validator(c));
  MARKET_ASSIGN(Proposal proposal, find_proposal(c, id));
  if (const ProposalState state = state_of(proposal, c.now()); state != ProposalState::voting)
    return revert<"ProposalNotOpen">(id, state);
  if (std::find(proposal.approvals.begin(), proposal.approvals.end(), c.caller) != proposal.approvals.end())
    return revert<"AlreadyApproved">(id, c.caller);
  proposal.approvals.push_back(c.caller);
  emit<"ProposalApproved">(c.logs, id, c.caller);
  count_approvals(c, proposal);
  save(c, proposal);
  return {};
}

void proposal_due(Context& c, ProposalId id) {
  auto proposal = load(c.state, id);
  AITBC_CHECK(proposal && deadline_of(*proposal), "a closed proposal has a deadline");
  if (proposal->state == ProposalState::voting)
    return close_proposal(c, *proposal, ProposalState::expired, proposal->deadline);
  // What made sense when it was proposed may not any more.
  const Effect effect = apply(c, *proposal, true);
  close_proposal(c, *proposal, effect == Effect::applied ? ProposalState::enacted : ProposalState::failed,
                 proposal->deadline);
}

Outcome<ProposalView> get_proposal(Context& c, ProposalId id) {
  MARKET_ASSIGN(Proposal proposal, find_proposal(c, id));
  const ProposalState state = state_of(proposal, c.now());
  return ProposalView{std::move(proposal), state};
}

Outcome<RolesView> get_roles(Context& c) { return RolesView{load_roles(c.state), c.block.validators}; }

}  // namespace aitbc::market
