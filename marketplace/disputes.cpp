#include "marketplace/disputes.hpp"

#include "marketplace/auctions.hpp"
#include "marketplace/booking_close.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/services.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxUri = 256;
constexpr std::uint16_t kWhole = 10'000;
constexpr std::uint16_t kMost = 5'000;

// Divides what the provider would get into what is contested and what is not; the time used comes first.
Outcome<void> contest(Dispute& dispute, Usage& usage, Amount contested) {
  const Amount all = sum(usage.gross, usage.kept);
  MARKET_TRY(check_range("contested", contested, Amount(0), all));
  const Amount wanted = contested.is_zero() ? all : contested;
  dispute.contested_gross = std::min(wanted, usage.gross);
  dispute.contested_kept = difference(wanted, dispute.contested_gross);
  usage.gross = difference(usage.gross, dispute.contested_gross);
  usage.kept = difference(usage.kept, dispute.contested_kept);
  return {};
}

Outcome<void> dispute_booking(Context& c, Dispute& dispute, Amount contested) {
  const BookingId id{dispute.subject};
  auto booking = load(c.state, id);
  if (!booking) return revert<"BookingNotFound">(id);
  if (booking->customer != c.caller) return revert<"NotBookingCustomer">(id, c.caller);
  if (!booking->closed) close_due_auction(c, booking->gpu);
  Provider provider = existing_provider(c, booking->provider);
  const BookingState state = state_of(*booking, provider.liveness, c.now());
  if (state != BookingState::active) return revert<"WrongBookingState">(id, state);
  const std::uint16_t refund_bps = booking->evict_at == 0 ? booking->refund_bps : kWhole;
  Usage usage = usage_at(*booking, c.now() - booking->start, refund_bps);
  MARKET_TRY(contest(dispute, usage, contested));
  unschedule(c, *deadline_of(*booking), Kind::booking, id.value);
  dispute.provider = booking->provider;
  dispute.rates = booking->rates;
  booking->dispute = dispute.id;
  booking->frozen = sum(dispute.contested_gross, dispute.contested_kept);
  booking->frozen_until = dispute.deadline;
  dispute.refund_to = booking->refund_to;
  close_booking(c, *booking, provider, c.now(), BookingState::disputed, usage);
  save(c, provider);
  return {};
}

Outcome<void> dispute_service(Context& c, Dispute& dispute, Amount contested) {
  const ServiceId id{dispute.subject};
  MARKET_ASSIGN(Service service, find_service(c, id));
  const ServiceState state = state_of(service, c.now());
  if (state != ServiceState::assigned && state != ServiceState::delivered)
    return revert<"WrongServiceState">(id, state);
  if (service.customer != c.caller) return revert<"NotServiceCustomer">(id, c.caller);
  Usage usage{service.locked, {}};
  MARKET_TRY(contest(dispute, usage, contested));
  dispute.provider = service.provider;
  dispute.rates = service.rates;
  freeze_service(c, service, dispute);
  return {};
}

Amount part(Amount amount, std::uint16_t bps) {
  const auto out = mul_div_floor(amount, bps, kBpsScale);
  AITBC_CHECK(out.has_value(), "a share exceeds its whole");
  return *out;
}

// Adds what the verdict paid to what was paid before it.
template <class Work, class State>
void record_verdict(Context& c, Work& work, State& state, const Closing& closing) {
  work.paid = sum(work.paid, closing.paid);
  work.fee = sum(work.fee, closing.fee);
  work.refund = sum(work.refund, closing.refund);
  work.frozen = {};
  state = State::resolved;
  save(c, work);
}

void close_subject(Context& c, const Dispute& dispute, const Closing& closing) {
  if (dispute.subject_kind == SubjectKind::booking) {
    auto booking = load(c.state, BookingId{dispute.subject});
    AITBC_CHECK(booking.has_value(), "a dispute names an unknown booking");
    record_verdict(c, *booking, booking->final_state, closing);
  } else {
    auto service = load(c.state, ServiceId{dispute.subject});
    AITBC_CHECK(service.has_value(), "a dispute names an unknown service");
    record_verdict(c, *service, service->state, closing);
  }
}

// Pays out the dispute at `at`. Its deadline must have been taken out.
void close_dispute(Context& c, Dispute& dispute, DisputeState state, std::uint16_t customer_bps, Seconds at) {
  const auto provider_bps = static_cast<std::uint16_t>(kWhole - customer_bps);
  const Usage usage{part(dispute.contested_gross, provider_bps), part(dispute.contested_kept, provider_bps)};
  Provider provider = existing_provider(c, dispute.provider);
  const Closing closing =
      close_lock(c, provider, dispute.refund_to, sum(dispute.contested_gross, dispute.contested_kept), usage,
                 dispute.rates);
  save(c, provider);
  const bool bond_back = state == DisputeState::timed_out || customer_bps >= kMost;
  pay(c, bond_back ? dispute.customer : dispute.provider, dispute.bond);
  dispute.state = state;
  dispute.customer_bps = customer_bps;
  dispute.closed_at = at;
  --c.totals.open_disputes;
  save(c, dispute);
  close_subject(c, dispute, closing);
  emit<"DisputeClosed">(c.logs, dispute.id, dispute.customer, dispute.provider, state, customer_bps,
                        closing.paid, closing.fee, closing.refund, bond_back);
}

// The lower of the two in the middle: half of the arbitrators would give the customer at least that.
std::uint16_t median(std::vector<Vote> votes) {
  std::sort(votes.begin(), votes.end(),
            [](const Vote& a, const Vote& b) { return a.customer_bps < b.customer_bps; });
  return votes[(votes.size() - 1) / 2].customer_bps;
}

Outcome<Dispute> find_dispute(Context& c, DisputeId id) {
  if (auto dispute = load(c.state, id)) return *std::move(dispute);
  return revert<"DisputeNotFound">(id);
}

}  // namespace

Outcome<DisputeId> open_dispute(Context& c, std::uint8_t subject_kind, std::uint64_t subject,
                                Amount contested, Amount bond, const Hash& evidence_digest,
                                const std::string& evidence_uri) {
  if (subject_kind >= enum_names(SubjectKind{}).size()) return revert<"UnknownSubjectKind">(subject_kind);
  MARKET_TRY(check_text("evidenceUri", evidence_uri, kMaxUri));
  MARKET_TRY(check_range("bond", bond, c.params.min_dispute_bond, Amount::max()));
  Dispute dispute;
  dispute.id = DisputeId{take_id(c.state, Kind::dispute)};
  dispute.subject_kind = static_cast<SubjectKind>(subject_kind);
  dispute.subject = subject;
  dispute.customer = c.caller;
  dispute.refund_to = c.caller;
  dispute.bond = bond;
  dispute.evidence_digest = evidence_digest;
  dispute.evidence_uri = evidence_uri;
  dispute.opened_at = c.now();
  dispute.deadline = c.now() + c.params.dispute_time;
  dispute.quorum = load_roles(c.state).arbitrators.size() / 2 + 1;
  if (dispute.subject_kind == SubjectKind::booking) {
    MARKET_TRY(dispute_booking(c, dispute, contested));
  } else {
    MARKET_TRY(dispute_service(c, dispute, contested));
  }
  MARKET_TRY(lock(c, bond));
  schedule(c, dispute.deadline, Kind::dispute, dispute.id.value);
  ++c.totals.open_disputes;
  save(c, dispute);
  emit<"DisputeOpened">(c.logs, dispute.id, dispute.customer, dispute.provider, dispute.subject_kind, subject,
                        sum(dispute.contested_gross, dispute.contested_kept), bond, dispute.deadline);
  return dispute.id;
}

Outcome<void> vote_dispute(Context& c, DisputeId id, std::uint16_t customer_bps) {
  MARKET_TRY(check_range("customerBps", customer_bps, 0, kWhole));
  MARKET_ASSIGN(Dispute dispute, find_dispute(c, id));
  const bool party = c.caller == dispute.customer || c.caller == dispute.provider;
  if (party || !has_role(load_roles(c.state).arbitrators, c.caller))
    return revert<"NotArbitrator">(id, c.caller);
  if (const DisputeState state = state_of(dispute, c.now()); state != DisputeState::open)
    return revert<"DisputeIsClosed">(id, state);
  for (const Vote& vote : dispute.votes)
    if (vote.arbitrator == c.caller) return revert<"AlreadyVoted">(id, c.caller);
  dispute.votes.push_back({c.caller, customer_bps});
  emit<"DisputeVoted">(c.logs, id, c.caller, customer_bps);
  if (dispute.votes.size() < dispute.quorum) {
    save(c, dispute);
    return {};
  }
  unschedule(c, dispute.deadline, Kind::dispute, id.value);
  close_dispute(c, dispute, DisputeState::decided, median(dispute.votes), c.now());
  return {};
}

void dispute_due(Context& c, DisputeId id) {
  auto dispute = load(c.state, id);
  AITBC_CHECK(dispute && dispute->state == DisputeState::open, "a closed dispute has a deadline");
  close_dispute(c, *dispute, DisputeState::timed_out, 0, dispute->deadline);
}

Outcome<DisputeView> get_dispute(Context& c, DisputeId id) {
  MARKET_ASSIGN(Dispute dispute, find_dispute(c, id));
  const DisputeState state = state_of(dispute, c.now());
  return DisputeView{std::move(dispute), state};
}

}  // namespace aitbc::market
