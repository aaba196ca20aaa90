// Jobs, disputes, reviews and governance.
#include <algorithm>

#include "model.hpp"

namespace aitbc::market::test::model {
namespace {

bool is_in(const std::vector<Address>& role, const Address& who) {
  return std::find(role.begin(), role.end(), who) != role.end();
}

}  // namespace

// ---- jobs
JobState World::state(const Task& job) const {
  return job.state <= JobState::running && now >= job.expires ? JobState::expired : job.state;
}

bool World::submit_job(const Address& who, U payment, int kind, Id target, Seconds ttl) {
  if (payment == 0 || ttl > rules.max_job_ttl || kind > 2) return false;
  Task job;
  job.customer = who;
  job.kind = static_cast<JobTarget>(kind);
  if (job.kind == JobTarget::anyone && target != 0) return false;
  if (job.kind == JobTarget::service) {
    if (!services.contains(target)) return false;
    const ServiceState was = state(services[target]);
    const bool of_customer =
        (was == ServiceState::assigned || was == ServiceState::delivered) && services[target].customer == who;
    const bool of_anyone = was == ServiceState::open && services[target].owner != who;
    if (!of_customer && !of_anyone) return false;
    job.owner = services[target].owner;
  }
  if (job.kind == JobTarget::booking) {
    if (!bookings.contains(target) || bookings[target].customer != who) return false;
    if (state(bookings[target]) != BookingState::active) return false;
    job.owner = bookings[target].owner;
  }
  if (!take(who, payment)) return false;
  job.payment = payment;
  job.take = rules.take_bps;
  job.pool_bps = rules.pool_bps;
  job.expires = now + (ttl == 0 ? rules.default_job_ttl : ttl);
  const Id id = next(Kind::job);
  jobs[id] = job;
  plan(job.expires, Kind::job, id);
  return true;
}

bool World::start_job(const Address& who, Id id) {
  if (!jobs.contains(id) || state(jobs[id]) != JobState::queued) return false;
  Task& job = jobs[id];
  const bool may =
      job.kind == JobTarget::anyone ? job.customer != who && providers.contains(who) : job.owner == who;
  if (!may) return false;
  job.owner = who;
  job.state = JobState::running;
  return true;
}

// The deadline must have been taken out.
void World::end_job(Id id, JobState how, U gross) {
  Task& job = jobs[id];
  job.state = how;
  if (gross == 0) {
    money[job.customer] += job.payment;
    job.refund = job.payment;
    return;
  }
  const Split split = pay_out(job.owner, job.customer, job.payment, gross, 0, job.take, job.pool_bps);
  job.paid = split.paid;
  job.fee = split.fee;
  job.refund = split.refund;
}

bool World::complete_job(const Address& who, Id id, std::uint64_t units) {
  if (!jobs.contains(id) || jobs[id].owner != who || state(jobs[id]) != JobState::running) return false;
  if (units > 1'000'000'000'000) return false;
  jobs[id].units = units;
  unplan(jobs[id].expires, Kind::job, id);
  end_job(id, JobState::completed, jobs[id].payment);
  return true;
}

bool World::fail_job(const Address& who, Id id) {
  if (!jobs.contains(id) || jobs[id].owner != who || state(jobs[id]) != JobState::running) return false;
  unplan(jobs[id].expires, Kind::job, id);
  end_job(id, JobState::failed, 0);
  return true;
}

bool World::cancel_job(const Address& who, Id id) {
  if (!jobs.contains(id) || jobs[id].customer != who || state(jobs[id]) != JobState::queued) return false;
  unplan(jobs[id].expires, Kind::job, id);
  end_job(id, JobState::canceled, 0);
  return true;
}

bool World::claim_receipt(Id id, const Address& signer, const std::vector<Address>& attesters) {
  if (!jobs.contains(id) || state(jobs[id]) != JobState::completed) return false;
  Task& job = jobs[id];
  if (job.claimed || job.units == 0 || signer != job.owner) return false;
  if (attesters.size() * 2 <= roles.coordinators.size()) return false;
  for (std::size_t i = 0; i < attesters.size(); ++i)
    if (!is_in(roles.coordinators, attesters[i]) || (i > 0 && !(attesters[i - 1] < attesters[i])))
      return false;
  const U all = rules.mint_per_unit.units() * job.units;
  if (all == 0) return false;
  const U shared = all * rules.coordinator_bps / 10'000;
  money[job.owner] += all - shared;
  for (std::size_t i = 0; i < attesters.size(); ++i)
    money[attesters[i]] += shared / attesters.size() + (i < shared % attesters.size() ? 1 : 0);
  minted += all;
  job.claimed = true;
  return true;
}

// ---- disputes
bool World::open_dispute(const Address& who, int kind, Id subject, U contested, U bond) {
  if (kind > 1 || bond < rules.min_dispute_bond.units()) return false;
  Quarrel out;
  out.kind = static_cast<SubjectKind>(kind);
  out.subject = subject;
  out.customer = out.refund_to = who;
  out.bond = bond;
  out.deadline = now + rules.dispute_time;
  out.quorum = roles.arbitrators.size() / 2 + 1;
  const auto divide = [&](U gross, U kept) {
    if (contested > gross + kept) return false;
    const U wanted = contested == 0 ? gross + kept : contested;
    out.gross = std::min(wanted, gross);
    out.kept = wanted - out.gross;
    return true;
  };
  const auto open = [&] {
    const Id id = next(Kind::dispute);
    disputes[id] = out;
    plan(out.deadline, Kind::dispute, id);
    take(who, bond);
  };
  if (out.kind == SubjectKind::booking) {
    if (!bookings.contains(subject) || bookings[subject].customer != who || bookings[subject].closed)
      return false;
    return after_auction(bookings[subject].gpu, [&] {
      Rent& booking = bookings[subject];
      if (state(booking) != BookingState::active) return false;
      const auto [gross, kept] =
          usage(booking, now - booking.start, booking.evict_at == 0 ? booking.refund_bps : 10'000);
      if (!divide(gross, kept)) return false;
      // What comes back at once helps to pay the bond.
      const U back = booking.refund_to == who ? booking.locked - gross - kept : 0;
      if (money[who] + back < bond) return false;
      unplan(booking.started ? booking.last() : booking.start, Kind::booking, subject);
      out.owner = booking.owner;
      out.refund_to = booking.refund_to;
      out.take = booking.take;
      out.pool_bps = booking.pool_bps;
      booking.frozen = out.gross + out.kept;
      booking.frozen_until = out.deadline;
      close_booking(subject, now, BookingState::disputed, gross - out.gross, kept - out.kept);
      open();
      return true;
    });
  }
  if (!services.contains(subject) || services[subject].customer != who) return false;
  Work& work = services[subject];
  const ServiceState was = state(work);
  if (was != ServiceState::assigned && was != ServiceState::delivered) return false;
  if (!divide(work.locked, 0) || money[who] < bond) return false;
  out.owner = work.owner;
  out.take = work.take;
  out.pool_bps = work.pool_bps;
  unplan(work.deadline, Kind::service, subject);
  work.frozen = out.gross;
  work.deadline = out.deadline;
  end_service(subject, ServiceState::disputed, work.locked - work.frozen, now);
  open();
  return true;
}

void World::decide(Id id, DisputeState how, U customer_bps) {
  Quarrel& quarrel = disputes[id];
  const U for_provider = 10'000 - customer_bps;
  const Split split = pay_out(quarrel.owner, quarrel.refund_to, quarrel.gross + quarrel.kept,
                              quarrel.gross * for_provider / 10'000, quarrel.kept * for_provider / 10'000,
                              quarrel.take, quarrel.pool_bps);
  const bool back = how == DisputeState::timed_out || customer_bps >= 5'000;
  money[back ? quarrel.customer : quarrel.owner] += quarrel.bond;
  quarrel.state = how;
  const auto resolve = [&](auto& work, auto resolved) {
    work.paid += split.paid;
    work.fee += split.fee;
    work.refund += split.refund;
    work.frozen = 0;
    work.state = resolved;
  };
  if (quarrel.kind == SubjectKind::booking)
    resolve(bookings[quarrel.subject], BookingState::resolved);
  else
    resolve(services[quarrel.subject], ServiceState::resolved);
}

bool World::vote(const Address& who, Id id, std::uint16_t bps) {
  if (!disputes.contains(id) || bps > 10'000 || !is_in(roles.arbitrators, who)) return false;
  Quarrel& quarrel = disputes[id];
  if (quarrel.state != DisputeState::open || now >= quarrel.deadline) return false;
  if (who == quarrel.customer || who == quarrel.owner || quarrel.votes.contains(who)) return false;
  quarrel.votes[who] = bps;
  if (quarrel.votes.size() < quarrel.quorum) return true;
  std::vector<std::uint16_t> sorted;
  for (const auto& [arbitrator, share] : quarrel.votes) sorted.push_back(share);
  std::sort(sorted.begin(), sorted.end());
  unplan(quarrel.deadline, Kind::dispute, id);
  decide(id, DisputeState::decided, sorted[(sorted.size() - 1) / 2]);
  return true;
}

// ---- reviews
bool World::review(const Address& who, int kind, Id subject, std::uint8_t stars) {
  if (kind > 1 || stars < 1 || stars > 5) return false;
  Opinion out;
  out.stars = stars;
  Id* mark = nullptr;
  if (kind == 0) {
    if (!bookings.contains(subject) || bookings[subject].customer != who) return false;
    Rent& booking = bookings[subject];
    const BookingState was = state(booking);
    if (was == BookingState::scheduled || was == BookingState::active || was == BookingState::cancelled ||
        was == BookingState::disputed)
      return false;
    out.gpu = booking.gpu;
    out.owner = booking.owner;
    const Seconds end =
        silence(providers[booking.owner], booking.start, booking.last(), now).value_or(booking.last());
    out.weight =
        booking.closed ? booking.locked - booking.refund : usage(booking, end - booking.start, 10'000).first;
    mark = &booking.review;
  } else {
    if (!services.contains(subject) || services[subject].customer != who) return false;
    const ServiceState was = state(services[subject]);
    if (was != ServiceState::settled && was != ServiceState::resolved) return false;
    out.owner = services[subject].owner;
    out.weight = services[subject].locked - services[subject].refund;
    mark = &services[subject].review;
  }
  if (*mark != 0) return false;
  *mark = next(Kind::review);
  reviews[*mark] = out;
  const auto count = [&](auto& rated) {
    ++rated.reviews;
    rated.stars += stars;
    rated.weight += out.weight;
    rated.weighted_stars += out.weight * stars;
  };
  count(providers[out.owner]);
  if (out.gpu != 0) count(gpus[out.gpu]);
  return true;
}

bool World::hide(const Address& who, Id id) {
  if (!is_in(roles.moderators, who) || !reviews.contains(id) || reviews[id].hidden) return false;
  Opinion& opinion = reviews[id];
  opinion.hidden = true;
  const auto forget = [&](auto& rated) {
    --rated.reviews;
    rated.stars -= opinion.stars;
    rated.weight -= opinion.weight;
    rated.weighted_stars -= opinion.weight * opinion.stars;
  };
  forget(providers[opinion.owner]);
  if (opinion.gpu != 0) forget(gpus[opinion.gpu]);
  return true;
}

// ---- governance: of the parameters only those that the property test proposes
bool World::applies(const Motion& motion, bool for_real) {
  Params changed = rules;
  Roles people = roles;
  const auto share = [&](std::uint16_t& field) {
    field = static_cast<std::uint16_t>(motion.value);
    return motion.value <= 10'000;
  };
  const auto role = [&](std::vector<Address>& list) {
    const bool there = is_in(list, motion.account);
    if (motion.value > 1 || there == (motion.value == 1)) return false;
    if (there)
      std::erase(list, motion.account);
    else
      list.push_back(motion.account);
    return list.size() <= 31;
  };
  bool fine = false;
  if (motion.subject == "takeBps") {
    fine = share(changed.take_bps);
  } else if (motion.subject == "poolBps") {
    fine = share(changed.pool_bps);
  } else if (motion.subject == "evictionNotice") {
    changed.eviction_notice = static_cast<Seconds>(motion.value);
    fine = motion.value > 0 && motion.value <= 3'153'600'000;
  } else if (motion.subject == "minStake") {
    changed.min_stake = Amount::from_units(motion.value);
    fine = true;
  } else if (motion.subject == "moderators") {
    fine = role(people.moderators);
  } else if (motion.subject == "arbitrators") {
    fine = role(people.arbitrators);
  }
  if (fine && for_real) {
    rules = changed;
    roles = people;
  }
  return fine;
}

void World::carry(Id id) {
  Motion& motion = proposals[id];
  std::size_t approvals = 0;
  for (const Address& each : motion.approvals) approvals += is_in(validators, each) ? 1 : 0;
  if (approvals * 2 <= validators.size()) return;
  unplan(motion.deadline, Kind::proposal, id);
  motion.state = ProposalState::accepted;
  motion.deadline = now + rules.governance_delay;
  plan(motion.deadline, Kind::proposal, id);
}

bool World::propose(const Address& who, const std::string& subject, U value, const Address& account) {
  Motion motion{subject, value, account, now + rules.proposal_time, {who}, ProposalState::voting};
  if (!is_in(validators, who) || !applies(motion, false)) return false;
  const Id id = next(Kind::proposal);
  proposals[id] = motion;
  plan(motion.deadline, Kind::proposal, id);
  carry(id);
  return true;
}

bool World::approve(const Address& who, Id id) {
  if (!is_in(validators, who) || !proposals.contains(id)) return false;
  Motion& motion = proposals[id];
  if (motion.state != ProposalState::voting || now >= motion.deadline) return false;
  if (!motion.approvals.insert(who).second) return false;
  carry(id);
  return true;
}

}  // namespace aitbc::market::test::model
