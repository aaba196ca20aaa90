#include <doctest/doctest.h>

#include <algorithm>

#include "codec/hex.hpp"
#include "wallet/cli/compute_receipt.hpp"
#include "wallet/cli/json.hpp"

using namespace aitbc;
using namespace aitbc::cli;

namespace {

ComputeReceipt receipt() {
  ComputeReceipt out;
  out.chain_id = 661436;
  out.job = 5;
  out.provider.bytes.fill(0x11);
  out.units = 7;
  out.result_digest.bytes.fill(0x22);
  return out;
}

std::string job_json(const std::string& state, const std::string& minted) {
  return R"({"id":"job_5","state":")" + state +
         R"(","provider":"0x1111111111111111111111111111111111111111","startedAt":100,"closedAt":107,"minted":")" +
         minted + R"(","result":{"units":7,"digest":"0x)" + std::string(64, '2') + R"("}})";
}

}  // namespace

TEST_CASE("an attestation is known as its coordinator's signature of exactly this receipt") {
  const PrivateKey coordinator = PrivateKey::generate();
  const std::string text = attestation_json(receipt(), coordinator);
  Attestations found;
  REQUIRE(add_attestation(found, receipt(), text));
  REQUIRE(found.size() == 1);
  CHECK(found.begin()->first == coordinator.address());
  REQUIRE(add_attestation(found, receipt(), text));
  CHECK(found.size() == 1);

  ComputeReceipt dearer = receipt();
  dearer.units = 8;
  ComputeReceipt elsewhere = receipt();
  elsewhere.chain_id = 1;
  Attestations none;
  CHECK_FALSE(add_attestation(none, dearer, text));
  CHECK_FALSE(add_attestation(none, elsewhere, text));
  for (const char* nonsense : {"", "[]", "{}", R"({"signature":"0x12"})"})
    CHECK_FALSE(add_attestation(none, receipt(), nonsense));
  CHECK(none.empty());
}

TEST_CASE("attestations are claimed with in the order of their signers") {
  Attestations found;
  for (int i = 0; i < 5; ++i)
    REQUIRE(add_attestation(found, receipt(), attestation_json(receipt(), PrivateKey::generate())));
  const auto arguments = Json::parse(claim_arguments(receipt(), PrivateKey::generate(), found));
  REQUIRE(arguments);
  CHECK((*arguments)["jobId"].u64() == 5U);
  const auto signatures = (*arguments)["attestations"].elements();
  REQUIRE(signatures.size() == 5);
  auto expected = found.begin();
  for (const Json& each : signatures) CHECK(each.text() == (expected++)->second);
  CHECK(std::is_sorted(found.begin(), found.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; }));
}

TEST_CASE("only a completed job has a receipt") {
  const auto done = receipt_of(*Json::parse(job_json("completed", "0")), 661436);
  REQUIRE(done);
  CHECK(done->job == 5);
  CHECK(done->units == 7);
  CHECK(done->ran_seconds == 7);
  CHECK_FALSE(done->is_claimed);
  CHECK(digest_of(*done) == digest_of(receipt()));
  CHECK(receipt_of(*Json::parse(job_json("completed", "7000")), 661436)->is_claimed);
  const auto running = receipt_of(*Json::parse(job_json("running", "0")), 661436);
  REQUIRE_FALSE(running);
  CHECK(running.error().code == Exit::refused);
}

TEST_CASE("more than half of the coordinators must attest") {
  CHECK(quorum_of(1) == 1);
  CHECK(quorum_of(2) == 2);
  CHECK(quorum_of(3) == 2);
  CHECK(quorum_of(4) == 3);
}
