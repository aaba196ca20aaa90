#include "marketplace/liveness.hpp"

#include "marketplace/booking_close.hpp"
#include "marketplace/compensation.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

bool is_recent(const BlockContext& block, const Hash& hash) {
  return std::find(block.recent_hashes.begin(), block.recent_hashes.end(), hash) != block.recent_hashes.end();
}

void come_online(Context& c, Liveness& liveness) {
  if (liveness.offline_from != 0 && !liveness.online) {
    liveness.offline_until = c.now();
    liveness.offline_total += c.now() - liveness.offline_from;
  }
  liveness.watched = true;
  liveness.online = true;
  ++c.totals.watched_providers;
  emit<"ProviderOnline">(c.logs, c.caller);
}

// The count of silences in the stretch of time of `at`.
void record_silence(Context& c, Seconds at) {
  constexpr std::uint64_t kKeptWindows = 3;  // before the present one: judging looks no further back
  const std::uint64_t slot = at / c.params.outage_window;
  OutageWindows ring = load<OutageWindows>(c.state, Key('w')).value_or(OutageWindows{});
  std::erase_if(ring.windows, [&](const OutageWindow& each) { return each.slot + kKeptWindows < slot; });
  if (ring.windows.empty() || ring.windows.back().slot != slot) ring.windows.push_back({slot, 0, 0});
  OutageWindow& window = ring.windows.back();
  ++window.outages;
  window.watched = std::max(window.watched, c.totals.watched_providers);
  save(c, ring);
}

// More than a third fell silent together: then it is the network's fault, not theirs.
bool is_common(Context& c, Seconds at) {
  const std::uint64_t slot = at / c.params.outage_window;
  std::uint64_t outages = 0;
  std::uint64_t watched = 0;
  const OutageWindows ring = load<OutageWindows>(c.state, Key('w')).value_or(OutageWindows{});
  for (const OutageWindow& window : ring.windows) {
    if (window.slot + 1 < slot || window.slot > slot + 1) continue;
    outages += window.outages;
    watched = std::max(watched, window.watched);
  }
  return outages * 3 > watched;
}

void enter_phase(Context& c, Outage& outage, OutagePhase phase, Seconds at) {
  outage.phase = phase;
  outage.deadline = at;
  if (phase != OutagePhase::over) schedule(c, at, Kind::outage, outage.id.value);
  save(c, outage);
}

// Closes what the silence interrupted on one GPU, and notes what the customer lost by it.
void fault_booking(Context& c, Outage& outage, Provider& provider, BookingId id) {
  auto booking = load(c.state, id);
  AITBC_CHECK(booking.has_value(), "a schedule names an unknown booking");
  if (booking->closed) return;
  unschedule(c, *deadline_of(*booking), Kind::booking, id.value);
  const Seconds unseen = outage.at - std::max(booking->start, outage.last_heartbeat);
  close_faulted(c, *booking, provider, outage.at);
  ++outage.faulted_bookings;
  if (const auto loss = cost_to_pay(booking->price_per_hour, unseen)) note_harm(c, outage, *booking, *loss);
}

// One GPU a step; false when there is none left.
bool close_next(Context& c, Outage& outage) {
  const Key prefix = Key('g').bytes(outage.provider);
  const auto entry = c.state.lower_bound(kContract, own_gpu_key(outage.provider, outage.next_gpu));
  require_readable(c.state);
  if (!entry || !starts_with(entry->key, prefix)) return false;
  const GpuId gpu_id{read_be64(ByteView(entry->key).subspan(1 + Address::kSize))};
  outage.next_gpu = GpuId{gpu_id.value + 1};
  const Gpu gpu = existing_gpu(c, gpu_id);
  const Interval* interrupted = interval_at(gpu.schedule, outage.at);
  // One that begins at that very moment is refused at its own start.
  if (interrupted == nullptr || interrupted->start == outage.at) return true;
  Provider provider = existing_provider(c, outage.provider);
  fault_booking(c, outage, provider, interrupted->booking);
  save(c, provider);
  return true;
}

void close_bookings(Context& c, Outage& outage) {
  if (close_next(c, outage)) return enter_phase(c, outage, OutagePhase::closing, outage.at);
  Provider provider = existing_provider(c, outage.provider);
  provider.liveness.closing = {};
  save(c, provider);
  if (outage.faulted_bookings == 0) return enter_phase(c, outage, OutagePhase::over, outage.at);
  enter_phase(c, outage, OutagePhase::judging, outage.at + 2 * c.params.outage_window);
}

void count_fault(Context& c, Liveness& liveness, const Address& account, Seconds at) {
  liveness.faults = at - liveness.last_fault > c.params.fault_memory ? 1 : liveness.faults + 1;
  liveness.last_fault = at;
  if (liveness.faults < c.params.faults_to_jail) return;
  liveness.faults = 0;
  liveness.jailed_until = at + c.params.jail_time;
  emit<"ProviderJailed">(c.logs, account, liveness.jailed_until);
}

void judge(Context& c, Outage& outage) {
  outage.forgiven = is_common(c, outage.at);
  if (!outage.forgiven) {
    Provider provider = existing_provider(c, outage.provider);
    outage.slashed = *mul_div_floor(provider.staked, c.params.slash_bps, kBpsScale);
    provider.staked = difference(provider.staked, outage.slashed);
    count_fault(c, provider.liveness, provider.account, outage.deadline);
    save(c, provider);
  }
  emit<"OutageJudged">(c.logs, outage.id, outage.provider, outage.forgiven, outage.slashed);
  if (outage.forgiven || outage.slashed >= outage.losses)
    return enter_phase(c, outage, OutagePhase::compensating, outage.deadline);
  outage.left_over = outage.slashed;
  enter_phase(c, outage, OutagePhase::dividing, outage.deadline);
}

// One customer a step; what is left in the end is burned.
void compensate(Context& c, Outage& outage) {
  if (compensate_next(c, outage)) return enter_phase(c, outage, OutagePhase::compensating, outage.deadline);
  const Amount rest = outage.held();
  outage.burned = rest;
  AITBC_CHECK(c.state.burn(kContract, rest), "the contract cannot burn what it holds");
  c.totals.burned = sum(c.totals.burned, rest);
  emit<"OutageOver">(c.logs, outage.id, outage.provider, outage.compensated, outage.burned);
  enter_phase(c, outage, OutagePhase::over, outage.deadline);
}

}  // namespace

Outcome<void> check_no_outage(const Context& c, const Provider& provider) {
  const Liveness& liveness = provider.liveness;
  const bool late = liveness.online && c.now() >= liveness.alive_until;
  if (late || !liveness.closing.is_none())
    return revert<"OutageBeingClosed">(provider.account, late ? liveness.alive_until : liveness.offline_from);
  return {};
}

Outcome<void> heartbeat(Context& c, const Bytes& down, const Hash& recent_block) {
  if (down.size() > kMaxDownBytes) return revert<"ListTooLong">("down", 8 * kMaxDownBytes);
  if (!is_recent(c.block, recent_block)) return revert<"NotARecentBlock">(recent_block);
  MARKET_ASSIGN(Provider provider, get_provider(c, c.caller));
  Liveness& liveness = provider.liveness;
  MARKET_TRY(check_no_outage(c, provider));
  if (liveness.online)
    unschedule(c, liveness.alive_until, Kind::provider, provider.number.value);
  else
    come_online(c, liveness);
  liveness.last_heartbeat = c.now();
  liveness.alive_until = c.now() + c.params.heartbeat_grace;
  liveness.down = down;
  schedule(c, liveness.alive_until, Kind::provider, provider.number.value);
  save(c, provider);
  emit<"Heartbeat">(c.logs, c.caller, liveness.alive_until, down);
  return {};
}

void provider_due(Context& c, ProviderNumber number) {
  const Bytes* account = c.state.get(kContract, provider_number_key(number));
  AITBC_CHECK(account != nullptr, "a deadline of an unknown provider");
  Provider provider = existing_provider(c, Address::from(*account));
  Liveness& liveness = provider.liveness;
  record_silence(c, liveness.alive_until);
  Outage outage;
  outage.id = OutageId{take_id(c.state, Kind::outage)};
  outage.provider = provider.account;
  outage.at = liveness.alive_until;
  outage.last_heartbeat = liveness.last_heartbeat;
  liveness.online = false;
  liveness.offline_from = liveness.alive_until;
  liveness.offline_until = 0;
  liveness.closing = outage.id;
  ++liveness.outages;
  --c.totals.watched_providers;
  save(c, provider);
  emit<"ProviderOffline">(c.logs, provider.account, outage.id, outage.at);
  enter_phase(c, outage, OutagePhase::closing, outage.at);
}

void outage_due(Context& c, OutageId id) {
  auto outage = load(c.state, id);
  AITBC_CHECK(outage.has_value(), "a deadline of an unknown outage");
  switch (outage->phase) {
    case OutagePhase::closing:
      return close_bookings(c, *outage);
    case OutagePhase::judging:
      return judge(c, *outage);
    case OutagePhase::dividing:
      return enter_phase(c, *outage,
                         divide_next(c, *outage) ? OutagePhase::dividing : OutagePhase::compensating,
                         outage->deadline);
    case OutagePhase::compensating:
      return compensate(c, *outage);
    case OutagePhase::over:
      break;
  }
  AITBC_CHECK(false, "an outage that is over has a deadline");
}

Outcome<Outage> get_outage(Context& c, OutageId id) {
  if (auto outage = load(c.state, id)) return *outage;
  return revert<"OutageNotFound">(id);
}

}  // namespace aitbc::market
