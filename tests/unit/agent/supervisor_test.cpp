#include "wallet/agent/supervisor.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "http/server.hpp"
#include "tests/support/temp_folder.hpp"
#include "wallet/agent/job_calls.hpp"
#include "wallet/cli/service_log.hpp"
#include "wallet/files.hpp"

namespace aitbc::agent {
namespace {

class Job {
 public:
  Job() {
    ticket.id = 5;
    ticket.customer = PrivateKey::generate().address();
    ticket.type = "inference";
    ticket.prompt = "hello";
    ticket.target_kind = "anyone";
    ticket.payment = Amount::ait(2);
    ticket.expires_at = cli::wall_clock_ms() / 1'000 + 3'600;
    command.limits.time = std::chrono::seconds(20);
  }
  void prepare(const std::string& script) {
    command.command = {"/bin/sh", "-c", script};
    REQUIRE(folder.take(ticket));
    REQUIRE(folder.order(make_order(command, folder, ticket, cli::wall_clock_ms())));
    REQUIRE(wallet::replace_file(folder.input(), ticket.prompt));
  }
  RunReport run(const std::string& script) {
    prepare(script);
    const auto done = supervise(folder);
    REQUIRE_MESSAGE(done, done.error().message);
    return folder.report().value();
  }
  std::string output() const { return wallet::read_small_file(folder.output(), 1U << 20).value(); }

  test::TempFolder state;
  JobTicket ticket;
  JobCommand command;
  JobFolder folder = JobFolder::of(state.path(), 5);
};

TEST_CASE_FIXTURE(Job, "a ticket and its folder come back from the disk as they were") {
  ticket.requirements = "gpus=2 \"quoted\"\n";
  ticket.input_digest = keccak256(as_bytes("x"));
  REQUIRE(folder.take(ticket));
  const auto all = JobFolder::all(state.path());
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  const JobTicket back = all->front().ticket().value();
  CHECK(back.customer == ticket.customer);
  CHECK(back.requirements == ticket.requirements);
  CHECK(back.payment == ticket.payment);
  CHECK(back.input_digest == ticket.input_digest);
  CHECK(back.expires_at == ticket.expires_at);
}

TEST_CASE_FIXTURE(Job, "the supervisor runs the command on the prompt and reports the digest of its result") {
  const RunReport report = run("tr a-z A-Z");
  CHECK(report.succeeded);
  CHECK(output() == "HELLO");
  CHECK(report.digest == keccak256(as_bytes("HELLO")));
  CHECK_FALSE(std::filesystem::exists(folder.work()));
}

TEST_CASE_FIXTURE(Job, "an outcome is never overwritten and its job never run again") {
  run("echo once >> \"$HOME/../runs\"; exit 1");
  REQUIRE(supervise(folder));
  CHECK(wallet::read_small_file(folder.path() / "runs", 100).value() == "once\n");
  CHECK(folder.attempts() == 1);
  CHECK(folder.report()->reason == "the command ended with status 1");
}

TEST_CASE_FIXTURE(Job, "one supervisor at a time") {
  prepare("true");
  const int other = ::open(folder.lock().c_str(), O_RDWR | O_CREAT, 0600);
  REQUIRE(::flock(other, LOCK_EX) == 0);
  CHECK(folder.is_running());
  CHECK(supervise(folder).error().code == ErrorCode::conflict);
  CHECK(folder.attempts() == 0);
  ::close(other);
  CHECK_FALSE(folder.is_running());
  CHECK(supervise(folder));
}

TEST_CASE_FIXTURE(Job, "a run must be over before the job expires") {
  ticket.expires_at = cli::wall_clock_ms() / 1'000 + 16;  // a second, after the time kept for posting
  const RunReport report = run("sleep 30");
  CHECK_FALSE(report.succeeded);
  CHECK(report.reason == "the command took too long");
  CHECK(report.took_ms < 5'000);
}

TEST_CASE_FIXTURE(Job, "an input that is a web address is fetched and checked against its digest") {
  http::ServerOptions options;
  options.port = 0;
  http::Server server(options);
  server.add_route("GET", "/data", [](const http::Request&) {
    return http::Response{200, "text/plain", "from afar", {}};
  });
  REQUIRE(server.start());
  ticket.prompt = "";
  ticket.input_uri = "http://127.0.0.1:" + std::to_string(server.port()) + "/data";
  ticket.input_digest = keccak256(as_bytes("from afar"));
  SUBCASE("strangers' addresses do not lead into the provider's network") {
    const RunReport report = run("cat");
    CHECK_FALSE(report.succeeded);
    CHECK(report.reason == "the address of the input must start with https://");
    CHECK_FALSE(std::filesystem::exists(folder.output()));
  }
  SUBCASE("unless the provider allows it") {
    command.allow_private_inputs = true;
    CHECK(run("cat").succeeded);
    CHECK(output() == "from afar");
  }
  SUBCASE("another content than the promised one is not run") {
    command.allow_private_inputs = true;
    ticket.input_digest = keccak256(as_bytes("something else"));
    CHECK(run("cat").reason == "the input at its address is not the one that was promised");
  }
  SUBCASE("what is not there fails the job with the reason") {
    command.allow_private_inputs = true;
    ticket.input_uri += "2";
    CHECK(run("cat").reason == "the input cannot be fetched: the server answered 404");
  }
  server.stop();
}

TEST_CASE_FIXTURE(Job,
                  "small results are posted whole, large ones by their address, failures with the reason") {
  ResultServer results;
  REQUIRE(run("head -c 4096 /dev/zero | tr '\\0' a").succeeded);
  Posting posting = posting_of(results, folder, 5).value();
  CHECK(posting.call == "completeJob");
  CHECK(posting.arguments.find("\"uri\":\"\"") != std::string::npos);
  CHECK(posting.arguments.find("0x6161") != std::string::npos);
  CHECK(posting.arguments.find("\"units\":1") != std::string::npos);

  folder = JobFolder::of(state.path(), 6);
  ticket.id = 6;
  REQUIRE(run("head -c 4097 /dev/zero").succeeded);
  CHECK(posting_of(results, folder, 6)->call == "failJob");
  results.public_url = "https://gpus.example";
  posting = posting_of(results, folder, 6).value();
  CHECK(posting.call == "completeJob");
  CHECK(posting.arguments.find("https://gpus.example/results/job_6") != std::string::npos);
  CHECK(posting.arguments.find("\"inlineData\":\"0x\"") != std::string::npos);

  folder = JobFolder::of(state.path(), 7);
  ticket.id = 7;
  CHECK_FALSE(run("exit 2").succeeded);
  posting = posting_of(results, folder, 7).value();
  CHECK(posting.call == "failJob");
  CHECK(posting.arguments.find("status 2") != std::string::npos);
}

TEST_CASE("a reason is cut to the chain's limit between characters") {
  std::string reason(255, 'a');
  reason += "\xc3\xa9\xc3\xa9";
  const std::string arguments = fail_arguments(1, reason);
  CHECK(arguments.find(std::string(255, 'a') + "\"") != std::string::npos);
}

}  // namespace
}  // namespace aitbc::agent
