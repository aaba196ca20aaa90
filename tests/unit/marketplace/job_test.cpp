#include "codec/hex.hpp"
#include "codec/typed_data.hpp"
#include "crypto/keccak.hpp"
#include "marketplace/abi.hpp"
#include "scene.hpp"

namespace aitbc::market::test {
namespace {

JobResult result(std::uint64_t units = 0) {
  return {keccak256(as_bytes("image")), "https://x/y", {1, 2, 3}, units};
}

JobId submit(Market& m, Amount payment = Amount::ait(10), JobTarget kind = JobTarget::anyone,
             std::uint64_t target = 0) {
  return JobId{m.must(kCustomer, "submitJob", image_job(), payment, kind, target, Seconds{0})};
}
ServiceId assigned_service(Market& m) {
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  m.must(kProvider, "acceptBid", m.bid_on_service(service, Amount::ait(120)));
  return service;
}

TEST_CASE("a job runs from submission to a paid result") {
  Market m;
  const Amount provider = m.balance(kProvider);
  const JobId id = submit(m);
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(10));
  m.must(kProvider, "startJob", id);
  CHECK(m.record(id).state == JobState::running);
  m.must(kProvider, "completeJob", id, result());
  const Job job = m.record(id);
  CHECK(job.state == JobState::completed);
  CHECK(job.paid == milli(9'750));
  CHECK(job.fee == milli(250));
  CHECK(m.balance(kProvider) == provider + milli(9'750));
  CHECK(job.result.inline_data == Bytes{1, 2, 3});
  CHECK(m.provider().completed_jobs == 1);
}

TEST_CASE("the provider of the customer's service or booking runs its jobs") {
  Market m;
  const ServiceId service = assigned_service(m);
  const BookingId booking = m.book(m.register_gpu(), kHour);
  m.must(kRival, "stake", kRival, Amount::ait(100));
  for (const JobId id : {submit(m, Amount::ait(1), JobTarget::service, service.value),
                         submit(m, Amount::ait(1), JobTarget::booking, booking.value)}) {
    CHECK(m.fails(kRival, "startJob", id).starts_with("NotJobProvider("));
    m.must(kProvider, "startJob", id);
    CHECK(m.fails(kRival, "completeJob", id, result()).starts_with("NotJobProvider("));
    m.must(kProvider, "completeJob", id, result());
  }
  const auto refused = [&](const Address& from, JobTarget kind, std::uint64_t target) {
    return m.fails(from, "submitJob", image_job(), Amount::ait(1), kind, target, Seconds{0});
  };
  CHECK(refused(kRival, JobTarget::service, service.value).starts_with("NotServiceCustomer("));
  CHECK(refused(kRival, JobTarget::booking, booking.value).starts_with("NotBookingCustomer("));
  CHECK(refused(kCustomer, JobTarget::service, 9) == "ServiceNotFound(serviceId: \"svc_9\")");
  CHECK(refused(kCustomer, JobTarget::booking, 9) == "BookingNotFound(bookingId: \"bk_9\")");
  CHECK(refused(kCustomer, JobTarget::anyone, 9).starts_with("OutOfRange(argument: \"targetId\""));
  m.pass(kHour);
  CHECK(refused(kCustomer, JobTarget::booking, booking.value) ==
        "WrongBookingState(bookingId: \"bk_1\", state: \"completed\")");
  m.must(kCustomer, "settlePayment", service);
  CHECK(refused(kCustomer, JobTarget::service, service.value) ==
        "WrongServiceState(serviceId: \"svc_1\", state: \"settled\")");
}

TEST_CASE("an open service takes jobs of anybody but its provider") {
  Market m;
  const ServiceId service{m.must(kProvider, "createService", Market::service_spec())};
  const JobId id = submit(m, Amount::ait(1), JobTarget::service, service.value);
  CHECK(m.record(id).provider == kProvider);
  m.must(kRival, "stake", kRival, Amount::ait(100));
  CHECK(m.fails(kRival, "startJob", id).starts_with("NotJobProvider("));
  m.must(kProvider, "startJob", id);
  CHECK(m.fails(kProvider, "submitJob", image_job(), Amount::ait(1), JobTarget::service, service.value,
                Seconds{0})
            .starts_with("OwnTarget("));
}

TEST_CASE("a job that fails, is canceled or expires is refunded in full") {
  Market m;
  const JobId failed = submit(m);
  m.must(kProvider, "startJob", failed);
  m.must(kProvider, "failJob", failed, std::string("out of memory"));
  CHECK(m.record(failed).state == JobState::failed);
  const JobId canceled = submit(m);
  CHECK(m.fails(kRival, "cancelJob", canceled).starts_with("NotJobCustomer(jobId: \"job_2\""));
  m.must(kCustomer, "cancelJob", canceled);
  CHECK(m.fails(kCustomer, "cancelJob", canceled) == "WrongJobState(jobId: \"job_2\", state: \"canceled\")");
  const JobId queued = submit(m);
  const JobId running = submit(m);
  m.must(kProvider, "startJob", running);
  CHECK(m.fails(kCustomer, "cancelJob", running) == "WrongJobState(jobId: \"job_4\", state: \"running\")");
  m.jump(m.params().default_job_ttl);
  CHECK(m.fails(kProvider, "completeJob", running, result()) ==
        "WrongJobState(jobId: \"job_4\", state: \"expired\")");
  m.end_block();
  CHECK(m.record(queued).state == JobState::expired);
  CHECK(m.record(running).refund == Amount::ait(10));
  CHECK(m.balance(kCustomer) == kWealth);
}

TEST_CASE("what a job may not be, and who may not run it") {
  Market m;
  const auto refused = [&](auto change) {
    JobSpec spec = image_job();
    change(spec);
    return m.fails(kCustomer, "submitJob", spec, Amount(1), JobTarget::anyone, std::uint64_t{0}, Seconds{0});
  };
  CHECK(refused([](JobSpec& s) { s.type = ""; }) == "TextMissing(argument: \"type\")");
  CHECK(refused([](JobSpec& s) { s.prompt = ""; }) == "TextMissing(argument: \"prompt\")");
  CHECK(refused([](JobSpec& s) {
          s.prompt = std::string(4'097, 'x');
        }).starts_with("TextTooLong(argument: \"prompt\""));
  const auto submit_bad = [&](Amount payment, std::uint8_t kind, Seconds ttl) {
    return m.fails(kCustomer, "submitJob", image_job(), payment, kind, std::uint64_t{0}, ttl);
  };
  CHECK(submit_bad(Amount(), 0, 0).starts_with("OutOfRange(argument: \"payment\""));
  CHECK(submit_bad(Amount(1), 7, 0) == "UnknownTargetKind(targetKind: 7)");
  CHECK(submit_bad(Amount(1), 0, ~Seconds{0}).starts_with("OutOfRange(argument: \"ttl\""));
  CHECK(submit_bad(kWealth + Amount(1), 0, 0).starts_with("InsufficientBalance("));
  const JobId id = submit(m);
  CHECK(m.fails(kCustomer, "startJob", id) == "OwnJob(jobId: \"job_1\")");
  CHECK(m.fails(kStranger, "startJob", id).starts_with("ProviderNotFound("));
  CHECK(m.fails(kProvider, "completeJob", id, result()) ==
        "WrongJobState(jobId: \"job_1\", state: \"queued\")");
  CHECK(m.fails(kProvider, "startJob", JobId{4}) == "JobNotFound(jobId: \"job_4\")");
  m.must(kProvider, "startJob", id);
  JobResult big = result();
  big.inline_data.resize(4'097);
  CHECK(m.fails(kProvider, "completeJob", id, big).starts_with("TextTooLong(argument: \"inlineData\""));
  CHECK(m.fails(kProvider, "completeJob", id, result(2'000'000'000'000))
            .starts_with("OutOfRange(argument: \"units\""));
}

// ---- receipts, with real keys
struct Court {
  std::vector<PrivateKey> coordinators = {key_ending(11), key_ending(12), key_ending(13)};
  PrivateKey provider = key_ending(7);
  Court() {
    std::sort(coordinators.begin(), coordinators.end(),
              [](const PrivateKey& a, const PrivateKey& b) { return a.address() < b.address(); });
  }
  std::string params() const {
    std::string out = R"({"coordinators": [)";
    for (const PrivateKey& each : coordinators)
      out += (out.back() == '[' ? "\"" : ",\"") + hex::encode_prefixed(each.address()) + "\"";
    return out + "]}";
  }
  JobId completed(Market& m, std::uint64_t units) {
    m.fund(provider.address(), Amount::ait(10));
    if (!load<Provider>(m.state(), provider_key(provider.address())))
      m.must(provider.address(), "registerProvider", std::string(), std::string(), std::string());
    const JobId id = submit(m);
    m.must(provider.address(), "startJob", id);
    m.must(provider.address(), "completeJob", id, result(units));
    return id;
  }
};

TEST_CASE("an attested receipt mints for provider and coordinators, once") {
  Court court;
  Market m(court.params());
  m.block().chain_id = 661436;
  const JobId id = court.completed(m, 1'001);
  const Hash digest = Hash::from(m.call(kStranger, "receiptDigest", id).output);
  const std::vector<Bytes> attestations = {signature_of(court.coordinators[0], digest),
                                           signature_of(court.coordinators[2], digest, 0)};
  const Amount before = m.balance(court.provider.address());
  CHECK(m.must(kStranger, "claimReceipt", id, signature_of(court.provider, digest), attestations) ==
        1'001'000);
  CHECK(m.balance(court.provider.address()) == before + Amount(950'950));
  CHECK(m.balance(court.coordinators[0].address()) == Amount(25'025));
  CHECK(m.balance(court.coordinators[2].address()) == Amount(25'025));
  CHECK(m.totals().minted == Amount(1'001'000));
  CHECK(m.fails(kStranger, "claimReceipt", id, signature_of(court.provider, digest), attestations) ==
        "ReceiptClaimed(jobId: \"job_1\")");
}

TEST_CASE("what is signed is EIP-712 typed data that any wallet shows") {
  Court court;
  Market m(court.params());
  m.block().chain_id = 661436;
  const JobId id = court.completed(m, 5);
  const auto typed =
      eip712::hash_json(R"({"types": {"ComputeReceipt": [{"name":"jobId","type":"uint64"},
      {"name":"provider","type":"address"},{"name":"units","type":"uint64"},{"name":"resultDigest","type":"bytes32"}]},
      "primaryType": "ComputeReceipt",
      "domain": {"name":"AITBC Marketplace","version":"1","chainId":661436,
                 "verifyingContract":"0x00000000000000000000000000000000000a17bc"},
      "message": {"jobId":1,"provider":")" +
                        hex::encode_prefixed(court.provider.address()) + R"(","units":5,"resultDigest":")" +
                        hex::encode_prefixed(result().digest) + "\"}}");
  REQUIRE_MESSAGE(typed.has_value(), (typed ? "" : typed.error().message));
  CHECK(typed->digest == Hash::from(m.call(kStranger, "receiptDigest", id).output));
}

TEST_CASE("a receipt needs the provider, a majority of the coordinators and work done") {
  Court court;
  Market m(court.params());
  const JobId id = court.completed(m, 10);
  const Hash digest = Hash::from(m.call(kStranger, "receiptDigest", id).output);
  const Bytes own = signature_of(court.provider, digest);
  const Bytes a = signature_of(court.coordinators[0], digest),
              b = signature_of(court.coordinators[1], digest);
  const auto refused = [&](JobId job, const Bytes& provider, std::vector<Bytes> attestations) {
    return m.fails(kStranger, "claimReceipt", job, provider, attestations);
  };
  CHECK(refused(id, own, {a}) == "TooFewAttestations(given: 1, required: 2)");
  CHECK(refused(id, own, {a, a}).starts_with("AttestationsOutOfOrder("));
  CHECK(refused(id, own, {b, a}).starts_with("AttestationsOutOfOrder("));
  CHECK(refused(id, own, {a, own}).starts_with("NotCoordinator("));
  CHECK(refused(id, a, {a, b}).starts_with("NotJobProvider("));
  CHECK(refused(id, Bytes(64), {a, b}) == "BadSignature()");
  CHECK(refused(id, Bytes(65, 0xff), {a, b}) == "BadSignature()");
  CHECK(refused(id, own, std::vector<Bytes>(32)).starts_with("ListTooLong(argument: \"attestations\""));
  CHECK(refused(JobId{9}, own, {a, b}) == "JobNotFound(jobId: \"job_9\")");
  CHECK(refused(submit(m), own, {a, b}).starts_with("WrongJobState("));
  CHECK(refused(court.completed(m, 0), own, {a, b}).starts_with("NothingToMint("));
}

TEST_CASE("moderators hide a review, which then counts for nothing") {
  Market m(R"({"moderators": ["0x0000000000000000000000000000000000000004"]})");
  const GpuId gpu = m.register_gpu();
  const BookingId id = m.book(gpu, kHour);
  m.pass(kHour);
  const ReviewId review{
      m.must(kCustomer, "addReview", SubjectKind::booking, id.value, std::uint8_t{1}, std::string("spam"))};
  CHECK(m.fails(kRival, "hideReview", review, std::string("spam")).starts_with("NotModerator("));
  CHECK(m.fails(kStranger, "hideReview", ReviewId{7}, std::string("spam")) ==
        "ReviewNotFound(reviewId: \"rv_7\")");
  CHECK(m.fails(kStranger, "hideReview", review, std::string()) == "TextMissing(argument: \"reason\")");
  m.must(kStranger, "hideReview", review, std::string("spam"));
  CHECK(m.fails(kStranger, "hideReview", review, std::string("spam")) ==
        "ReviewIsHidden(reviewId: \"rv_1\")");
  CHECK(m.record(gpu).reviews == 0);
  CHECK(m.provider().rating_weight.is_zero());
  CHECK(m.record(review).comment == "spam");
}

}  // namespace
}  // namespace aitbc::market::test
