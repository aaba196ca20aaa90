#include "wallet/agent/result_server.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "marketplace/abi.hpp"
#include "tests/support/temp_folder.hpp"
#include "wallet/agent/job_folder.hpp"
#include "wallet/files.hpp"
#include "wallet/result_access.hpp"

namespace aitbc::agent {
namespace {

constexpr std::uint64_t kChain = 661'436;
constexpr std::uint64_t kNow = 1'800'000'000;

class Results {
 public:
  Results() {
    JobTicket ticket;
    ticket.id = 5;
    ticket.customer = customer.address();
    const JobFolder folder = JobFolder::of(state.path(), 5);
    REQUIRE(folder.take(ticket));
    REQUIRE(wallet::replace_file(folder.output(), "the result"));
    REQUIRE(folder.report({true, "", keccak256(as_bytes("the result")), 10, 1}));
  }
  unsigned status(const std::string& query, const std::string& path = "/results/job_5") const {
    return serve_result(state.path(), kChain, path, query, kNow).status;
  }
  std::string signed_by(const PrivateKey& key, std::uint64_t expires, std::uint64_t job = 5,
                        std::uint64_t chain = kChain) const {
    return wallet::sign_access({chain, market::kContract, job, expires}, key);
  }

  test::TempFolder state;
  PrivateKey customer = PrivateKey::generate();
};

TEST_CASE_FIXTURE(Results, "the customer gets the result with its digest") {
  const auto served =
      serve_result(state.path(), kChain, "/results/job_5", signed_by(customer, kNow + 60), kNow);
  CHECK(served.status == 200);
  CHECK(served.body == "the result");
  CHECK(served.digest == hex::encode_prefixed(keccak256(as_bytes("the result"))));
}

TEST_CASE_FIXTURE(Results, "nobody else does, nor does the customer with a signature for something else") {
  CHECK(status("") == 401);
  CHECK(status(signed_by(PrivateKey::generate(), kNow + 60)) == 403);
  CHECK(status(signed_by(customer, kNow + 60, 6)) == 403);
  CHECK(status(signed_by(customer, kNow + 60, 5, kChain + 1)) == 403);
  CHECK(status("expires=" + std::to_string(kNow + 60) + "&signature=0x1234") == 401);
}

TEST_CASE_FIXTURE(Results, "a signature is good until it expires, and for a day at most") {
  CHECK(status(signed_by(customer, kNow)) == 401);
  CHECK(status(signed_by(customer, kNow + 86'400)) == 200);
  CHECK(status(signed_by(customer, kNow + 86'401)) == 401);
}

TEST_CASE_FIXTURE(Results, "jobs that are unknown, failed or out of the folder are not there") {
  const std::string query = signed_by(customer, kNow + 60);
  for (const char* path : {"/results/job_6", "/results/job_", "/results/job_5x", "/results/../results/job_5",
                           "/results/job_99999999999999999999999", "/"})
    CHECK(status(query, path) == 404);
  JobTicket ticket;
  ticket.id = 7;
  ticket.customer = customer.address();
  REQUIRE(JobFolder::of(state.path(), 7).take(ticket));
  REQUIRE(JobFolder::of(state.path(), 7).report({false, "broken", {}, 0, 1}));
  CHECK(status(signed_by(customer, kNow + 60, 7), "/results/job_7") == 404);
}

}  // namespace
}  // namespace aitbc::agent
