// What is paid does not depend on when a closing is processed.
#include "marketplace/end_block.hpp"
#include "scene.hpp"

namespace aitbc::market::test {
namespace {

// The money and the states in the end.
std::vector<std::string> outcome(Scene& s) {
  std::vector<std::string> out;
  const auto note = [&](const std::string& what, auto value) {
    out.push_back(what + " " + to_units_string(value));
  };
  for (const Address& who :
       {kProvider, kCustomer, kRival, kStranger, s.worker.address, s.m.treasury(), kContract})
    note("balance", s.m.balance(who));
  note("burned", s.m.totals().burned);
  const auto walk = [&]<Kind K>(Id<K> id, const auto& describe) {
    for (id.value = 1; id.value <= last_id(s.m.state(), K); ++id.value) describe(s.m.record(id));
  };
  const auto closed = [&](const char* kind, const auto& work, auto state) {
    out.push_back(std::string(kind) + std::to_string(work.id.value) + " " + std::string(name_of(state)) +
                  " at " + std::to_string(work.closed_at));
    note("paid", work.paid);
    note("refund", work.refund);
  };
  walk(BookingId{}, [&](const Booking& each) { closed("booking", each, each.final_state); });
  walk(ServiceId{}, [&](const Service& each) { closed("service", each, each.state); });
  walk(JobId{}, [&](const Job& each) { closed("job", each, each.state); });
  walk(BidId{}, [&](const Bid& each) {
    out.push_back("bid " + std::string(name_of(each.state)) + " at " + std::to_string(each.closed_at));
  });
  walk(AuctionId{}, [&](const Auction& each) {
    out.push_back("auction " + std::string(name_of(each.state)) + " at " + std::to_string(each.closed_at));
  });
  walk(DisputeId{},
       [&](const Dispute& each) { out.push_back("dispute at " + std::to_string(each.closed_at)); });
  walk(OutageId{}, [&](const Outage& each) { note("slashed", each.slashed); });
  const auto stats = load<ModelStats>(s.m.state(), model_key("RTX 4090"));
  note("index", stats->index);
  return out;
}

// More of everything that is due at the same few moments.
void crowd(Scene& s) {
  Market& m = s.m;
  m.beat(kProvider);
  m.beat(s.worker.address);
  for (const Address& other : {kStranger, kRival}) {
    m.must(other, "stake", other, Amount::ait(100));
    m.beat(other);
  }
  AuctionSpec of_gpu = auction_of_work("english");
  of_gpu.gpu = s.workers;
  of_gpu.duration = of_gpu.lifetime = kHour / 2;
  const AuctionId sold{m.must(s.worker.address, "createAuction", of_gpu)};
  m.must(kCustomer, "bidAuction", sold, Amount::ait(3));
  for (int i = 0; i < 30; ++i) {
    m.must(kRival, "placeBid", TargetKind::gpu, s.listed.value, Amount::ait(5), std::uint64_t{1}, kHour,
           std::string(), kHour);
    m.must(kCustomer, "submitJob", image_job(), Amount::ait(1), JobTarget::anyone, std::uint64_t{0}, kHour);
  }
  for (Seconds i = 0; i < 10; ++i) m.book(s.workers, 100, m.now() + kHour + 200 * i);
}

struct History {
  std::vector<std::string> outcome;
  std::uint64_t most_carried_over =
      0;                      // entries that were due when a block ended and waited for the next one
  int blocks_to_the_end = 0;  // from the last deadline on, until nothing was left
};

// Plays the same history with at most `cap` closings a block.
History play(std::uint64_t cap) {
  Scene s;
  History out;
  Params params = s.m.params();
  params.max_closings_per_block = cap;
  s.m.state().put(kContract, Key('P'), encode_record(params));
  const auto end_block = [&] {
    const std::uint64_t left = count_due(s.m.view(), s.m.now(), ~std::uint64_t{0});
    out.most_carried_over = std::max(out.most_carried_over, left);
    return left;
  };
  crowd(s);
  // The auction is over by now. Nobody has processed it, and still its winner has the GPU.
  s.m.jump(kHour - 60);
  for (const Address& each : {kProvider, kStranger, kRival}) s.m.beat(each);
  CHECK(s.m.fails(kRival, "bookGpu", s.workers, Seconds{0}, kHour, Amount::max(), std::string())
            .starts_with("GpuNotFree("));
  end_block();
  // The worker has been silent for an hour now, and one side has closed all that was due, the other one
  // thing.
  s.m.jump(120);
  s.m.must(kCustomer, "releaseBooking", s.active);
  end_block();
  s.m.jump(40 * kDay);
  do ++out.blocks_to_the_end;
  while (end_block() > 0);
  CHECK(s.m.module().next_deadline(s.m.view()).value_or(~Seconds{0}) > s.m.now());
  out.outcome = outcome(s);
  return out;
}

TEST_CASE("one closing a block or no cap at all: the balances in the end are the same") {
  const History late = play(1);
  CHECK(late.most_carried_over > 50);
  CHECK(late.blocks_to_the_end > 100);
  const History prompt = play(~std::uint64_t{0});
  CHECK(prompt.most_carried_over == 0);
  CHECK(prompt.blocks_to_the_end == 1);
  REQUIRE(late.outcome.size() == prompt.outcome.size());
  for (std::size_t i = 0; i < late.outcome.size(); ++i) CHECK(late.outcome[i] == prompt.outcome[i]);
}

TEST_CASE("who wins a GPU by auction comes before those who book it while the auction waits to be closed") {
  Market m;
  const GpuId gpu = m.register_gpu();
  AuctionSpec spec = auction_of_work("english");
  spec.gpu = gpu;
  spec.lifetime = spec.duration = kHour;
  const AuctionId id{m.must(kProvider, "createAuction", spec)};
  m.must(kCustomer, "bidAuction", id, Amount::ait(5));
  m.jump(kHour + 60);
  CHECK(m.fails(kRival, "bookGpu", gpu, Seconds{0}, kHour, Amount::max(), std::string())
            .starts_with("GpuNotFree("));
  // The refusal undid the closing as well; whoever books another time finds it done.
  CHECK(m.record(id).state == AuctionState::open);
  m.book(gpu, kHour, m.now() + kHour, kRival);
  CHECK(m.record(id).state == AuctionState::sold);
  CHECK(m.record(m.record(id).booking).start == kGenesisTime + kHour);
  m.end_block();
}

}  // namespace
}  // namespace aitbc::market::test
