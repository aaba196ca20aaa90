// Disputes, and who decides them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/records_booking.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

// People with special duties, chosen in genesis and by proposals. Each list ascends and has at most kMaxRole
// members.
struct Roles {
  static constexpr std::string_view kName = "Roles";
  std::vector<Address> arbitrators;   // decide disputes
  std::vector<Address> moderators;    // hide reviews
  std::vector<Address> coordinators;  // attest to work done
  static constexpr auto kFields =
      FlatTuple(field("arbitrators", &Roles::arbitrators), field("moderators", &Roles::moderators),
                field("coordinators", &Roles::coordinators));
};
inline constexpr std::size_t kMaxRole = 31;
bool has_role(const std::vector<Address>& role, const Address& account);

struct Vote {
  static constexpr std::string_view kName = "Vote";
  Address arbitrator;
  std::uint16_t customer_bps = 0;
  static constexpr auto kFields =
      FlatTuple(field("arbitrator", &Vote::arbitrator), field("customerBps", &Vote::customer_bps));
};

struct Dispute {
  static constexpr std::string_view kName = "Dispute";
  DisputeId id;
  SubjectKind subject_kind = SubjectKind::booking;
  std::uint64_t subject = 0;
  Address customer;
  Address refund_to;
  Address provider;
  Amount bond;
  Hash evidence_digest;
  std::string evidence_uri;
  Amount contested_gross;  // for time used, or for the service: a fee falls due on what the provider gets
  Amount contested_kept;   // for unused time
  FeeRates rates;
  Seconds opened_at = 0;
  Seconds deadline = 0;
  std::uint64_t quorum = 0;  // votes that decide
  std::vector<Vote> votes;
  DisputeState state = DisputeState::open;
  std::uint16_t customer_bps = 0;  // the verdict: of what was contested
  Seconds closed_at = 0;

  static constexpr auto kFields = FlatTuple(
      field("id", &Dispute::id), field("subjectKind", &Dispute::subject_kind),
      field("subjectId", &Dispute::subject), field("customer", &Dispute::customer),
      field("refundTo", &Dispute::refund_to), field("provider", &Dispute::provider),
      field("bond", &Dispute::bond), field("evidenceDigest", &Dispute::evidence_digest),
      field("evidenceUri", &Dispute::evidence_uri), field("contestedGross", &Dispute::contested_gross),
      field("contestedKept", &Dispute::contested_kept), field("rates", &Dispute::rates),
      field("openedAt", &Dispute::opened_at), field("deadline", &Dispute::deadline),
      field("quorum", &Dispute::quorum), field("votes", &Dispute::votes), field("lastState", &Dispute::state),
      field("customerBps", &Dispute::customer_bps), field("closedAt", &Dispute::closed_at));

  Amount held() const {
    if (state != DisputeState::open) return {};
    return Amount::from_units(bond.units() + contested_gross.units() + contested_kept.units());
  }
};
DisputeState state_of(const Dispute& dispute, Seconds now);
std::optional<Seconds> deadline_of(const Dispute& dispute);

}  // namespace aitbc::market
