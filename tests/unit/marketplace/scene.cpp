#include "scene.hpp"

#include "codec/hex.hpp"

namespace aitbc::market::test {
namespace {

std::string quoted(const Address& address) { return "\"" + hex::encode_prefixed(address) + "\""; }

std::string rules(const Scene& scene) {
  return "{\"arbitrators\": [" + quoted(scene.arbitrator) + "," + quoted(aitbc::test::address_of(0x75)) +
         "], \"moderators\": [" + quoted(scene.moderator) + "], \"coordinators\": [" +
         quoted(scene.coordinator.address) + "," + quoted(scene.other_coordinator.address) + "]}";
}

}  // namespace

JobSpec image_job() {
  JobSpec out;
  out.type = "inference";
  out.prompt = "a futuristic cityscape";
  return out;
}

AuctionSpec auction_of_work(const std::string& type, std::vector<AuctionParameter> parameters) {
  AuctionSpec out;
  out.type = type;
  out.title = "Render a film";
  out.category = "video-rendering";
  out.duration = 3 * kDay;
  out.lifetime = 30 * kDay;
  out.parameters = std::move(parameters);
  return out;
}

Scene::Scene() : m(rules(*this)) {
  m.block().validators = {validator, other_validator, last_validator};
  m.fund(worker.address, kWealth);
  m.must(worker.address, "stake", worker.address, Amount::ait(100));
  open_gpus();
  open_bookings();
  open_trade();
  open_jobs();
  open_auctions();
  voting = ProposalId{m.must(validator, "propose", std::string("takeBps"), Amount(300), Address{})};
  accepted = ProposalId{m.must(validator, "propose", std::string("takeBps"), Amount(200), Address{})};
  m.must(other_validator, "approve", accepted);
}

void Scene::open_gpus() {
  for (const char* device : {"device-1", "device-2", "device-3"}) m.register_gpu(device);
  m.must(kProvider, "delistGpu", delisted);
  m.must(kProvider, "retireGpu", retired);
  GpuSpec spec = Market::spec("device-4");
  spec.interruptible = true;
  spec.min_duration = 60;
  m.must(kProvider, "registerGpu", spec);
  m.must(worker.address, "registerGpu", Market::spec("device-5"));
}

void Scene::open_bookings() {
  released = book(listed, kHour);
  m.must(kCustomer, "releaseBooking", released);
  const auto rate = [&](BookingId id) {
    return ReviewId{
        m.must(kCustomer, "addReview", SubjectKind::booking, id.value, std::uint8_t{5}, std::string())};
  };
  review = rate(released);
  const BookingId second = book(listed, kHour);
  m.must(kCustomer, "releaseBooking", second);
  hidden = rate(second);
  m.must(moderator, "hideReview", hidden, std::string("spam"));
  active = book(listed, 10 * kHour);
  scheduled = book(listed, kHour, m.now() + 20 * kHour);
  noticed = book(interruptible, 10 * kHour);
  m.must(kProvider, "acceptBid", m.bid_on_gpu(interruptible, Amount::ait(30), 10 * kHour, kRival));
}

void Scene::open_trade() {
  const auto service = [&] { return ServiceId{m.must(kProvider, "createService", Market::service_spec())}; };
  open_service = service();
  open_bid = m.bid_on_service(open_service, Amount::ait(90));
  const auto assign = [&](ServiceId id) {
    m.must(kProvider, "acceptBid", m.bid_on_service(id, Amount::ait(80)));
    return id;
  };
  assigned = service();
  lost_bid = m.bid_on_service(assigned, Amount::ait(1), kRival);
  assign(assigned);
  delivered = assign(service());
  m.must(kProvider, "deliverService", delivered, Hash{}, std::string());
  settled = assign(service());
  m.must(kCustomer, "settlePayment", settled);
  const OfferSpec spec{2, Amount::ait(3), "99 %", {}};
  offer = OfferId{m.must(kProvider, "createOffer", spec)};
  closed_offer = OfferId{m.must(kProvider, "createOffer", spec)};
  m.must(kProvider, "closeOffer", closed_offer);
  const auto contest = [&](ServiceId id) {
    return DisputeId{m.must(kCustomer, "openDispute", SubjectKind::service, id.value, Amount(),
                            Amount::ait(1), Hash{}, std::string())};
  };
  dispute = contest(assign(service()));
  decided = contest(assign(service()));
  for (const Address& each : {arbitrator, aitbc::test::address_of(0x75)}) {
    m.must(each, "voteDispute", decided, std::uint16_t{5'000});
    if (each == arbitrator) m.must(each, "voteDispute", dispute, std::uint16_t{5'000});
  }
}

std::vector<Bytes> Scene::attestations(JobId job) {
  const Hash digest = receipt_digest(job);
  const bool in_order = coordinator.address < other_coordinator.address;
  const Signer& first = in_order ? coordinator : other_coordinator;
  const Signer& second = in_order ? other_coordinator : coordinator;
  return {first.sign(digest), second.sign(digest)};
}

void Scene::open_jobs() {
  const auto submit = [&] {
    return JobId{m.must(kCustomer, "submitJob", image_job(), Amount::ait(10), JobTarget::anyone,
                        std::uint64_t{0}, Seconds{0})};
  };
  const auto complete = [&](std::uint64_t units) {
    const JobId id = submit();
    m.must(worker.address, "startJob", id);
    JobResult result;
    result.units = units;
    m.must(worker.address, "completeJob", id, result);
    return id;
  };
  queued = submit();
  running = submit();
  m.must(worker.address, "startJob", running);
  finished = complete(10);
  claimed = complete(10);
  unitless = complete(0);
  m.must(kStranger, "claimReceipt", claimed, worker.sign(receipt_digest(claimed)), attestations(claimed));
}

void Scene::open_auctions() {
  const auto create = [&](const AuctionSpec& spec) {
    return AuctionId{m.must(kProvider, "createAuction", spec)};
  };
  dutch = create(auction_of_work("dutch"));
  sealed = create(auction_of_work("sealed"));
  english = create(auction_of_work("english"));
  m.must(kCustomer, "bidAuction", english, Amount::ait(5));
  AuctionSpec of_gpu = auction_of_work("english");
  of_gpu.gpu = delisted;
  gpu_auction = create(of_gpu);
  cancelled = create(auction_of_work("dutch"));
  m.must(kProvider, "cancelAuction", cancelled);
}

}  // namespace aitbc::market::test
