#include "wallet/agent/receipt_desk.hpp"

#include <array>
#include <fstream>
#include <sstream>

#include "marketplace/abi.hpp"
#include "marketplace/events.hpp"
#include "tests/unit/wallet/cli_fixture.hpp"

namespace aitbc::agent {
namespace {

using test::FakeNode;

constexpr std::uint64_t kJob = 5;
constexpr std::uint64_t kChain = 0xa17bc;

// A provider whose job_5 is completed, on a chain of three coordinators (two of whom must attest), and the
// processes of its agent, one after another.
class ReceiptFixture {
 public:
  ReceiptFixture() {
    config.state_folder = folder.path() / "state";
    config.receipts.folder = folder.path() / "attestations";
    std::filesystem::create_directories(config.receipts.folder);
    node.polls_before_receipt = 0;
    node.on("market_getJob", [this](const cli::Json&) -> FakeNode::Answer { return job_json(); });
    node.on("market_getRoles", [this](const cli::Json&) -> FakeNode::Answer {
      std::vector<std::string> names;
      for (const Address& each : roles) names.push_back(cli::json_text(hex::checksummed(each)));
      return cli::JsonObject().raw("coordinators", cli::json_array(names)).str();
    });
    for (const PrivateKey& each : coordinators) roles.push_back(each.address());
    start();
  }

  // A process that finds what the one before it left.
  void start() {
    desk.reset();
    context.emplace(config, client, key, log, [this] { return now_ms; });
    context->rules.chain_id = kChain;
    desk.emplace(*context, client, key);
    REQUIRE(desk->resume());
  }

  void complete_job() const {
    const JobFolder job = JobFolder::of(config.state_folder, kJob);
    JobTicket ticket;
    ticket.id = kJob;
    REQUIRE(job.take(ticket));
    REQUIRE(job.close({"completed", "", 1}));
  }

  cli::ComputeReceipt receipt() const {
    return cli::receipt_of(cli::Json::parse(job_json()).value(), kChain).value();
  }
  void attest(const std::string& file, const PrivateKey& by) const {
    put(file, cli::attestation_json(receipt(), by));
  }
  void put(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((config.receipts.folder / file).parent_path());
    std::ofstream(config.receipts.folder / file) << text;
  }

  // So long that every job is due.
  void look_again() {
    now_ms += 400'000;
    const auto done = desk->tick();
    REQUIRE_MESSAGE(done, done.error().message);
  }
  // As the agent does when transactions got into a block.
  void collect() {
    const auto sent = context->sender.collect();
    REQUIRE_MESSAGE(sent, sent.error().message);
    for (const Sent& each : *sent) REQUIRE(desk->on_sent(each));
  }
  bool is_logged(std::string_view text) const { return logged.str().find(text) != std::string::npos; }

  FakeNode node;
  test::FakeClient rpc{node};
  cli::NodeClient client{rpc};
  test::TempFolder folder;
  AgentConfig config;
  PrivateKey key = PrivateKey::generate();
  std::array<PrivateKey, 3> coordinators{PrivateKey::generate(), PrivateKey::generate(),
                                         PrivateKey::generate()};
  std::vector<Address> roles;
  std::string minted = "0";
  std::uint64_t now_ms = 1'000'000;
  std::ostringstream logged;
  cli::ServiceLog log{logged, false, "aitbc-provider", [] { return std::uint64_t{0}; }};
  std::optional<AgentContext> context;
  std::optional<ReceiptDesk> desk;

 private:
  std::string job_json() const {
    cli::JsonObject result;
    result.number("units", 7).text("digest", "0x" + std::string(64, '2'));
    cli::JsonObject out;
    out.text("id", "job_5").text("state", "completed").text("provider", hex::checksummed(key.address()));
    out.number("startedAt", 100).number("closedAt", 107).text("minted", minted);
    return out.raw("result", result.str()).str();
  }
};

// The attestations in the data of a claimReceipt.
std::size_t attestations_in(const TransactionPtr& transaction) {
  const auto call = market::decode_call(transaction->transaction.data);
  REQUIRE(call);
  CHECK(call->name == "claimReceipt");
  return cli::Json::parse(call->arguments_json).value()["attestations"].elements().size();
}

}  // namespace

TEST_CASE_FIXTURE(ReceiptFixture,
                  "a receipt is claimed when more than half of the coordinators attested, and once") {
  complete_job();
  start();
  CHECK(desk->waiting() == 1);
  look_again();
  attest("job_5.json", coordinators[0]);
  look_again();
  CHECK(node.sent.empty());
  attest("second/job_5.json", coordinators[1]);
  look_again();
  REQUIRE(node.sent.size() == 1);
  CHECK(attestations_in(node.sent[0]) == 2);
  look_again();
  CHECK(node.sent.size() == 1);  // it is on its way

  collect();
  CHECK(desk->claimed() == 1);
  CHECK(desk->waiting() == 0);
  start();
  CHECK(desk->waiting() == 0);
  look_again();
  CHECK(node.sent.size() == 1);
}

TEST_CASE_FIXTURE(ReceiptFixture, "what is no coordinator's signature of this receipt does not count") {
  complete_job();
  start();
  attest("job_5.json", coordinators[0]);
  attest("stranger/job_5.json", PrivateKey::generate());
  cli::ComputeReceipt dearer = receipt();
  dearer.units = 8;
  put("dearer/job_5.json", cli::attestation_json(dearer, coordinators[1]));
  put("broken/job_5.json", "{");
  put("again/job_5.json", cli::attestation_json(receipt(), coordinators[0]));
  look_again();
  CHECK(node.sent.empty());
  CHECK(is_logged("left an attestation"));
  attest("third/job_5.json", coordinators[2]);
  look_again();
  REQUIRE(node.sent.size() == 1);
  CHECK(attestations_in(node.sent[0]) == 2);
}

TEST_CASE_FIXTURE(ReceiptFixture, "a coordinator that was voted out since does not count any more") {
  complete_job();
  start();
  attest("job_5.json", coordinators[0]);
  look_again();
  roles.erase(roles.begin());
  attest("second/job_5.json", coordinators[1]);
  look_again();
  CHECK(node.sent.empty());
  attest("third/job_5.json", coordinators[2]);
  look_again();
  REQUIRE(node.sent.size() == 1);
  CHECK(attestations_in(node.sent[0]) == 2);
}

TEST_CASE_FIXTURE(ReceiptFixture,
                  "killed with the claim on its way: the chain tells the next process how it ended") {
  complete_job();
  start();
  for (std::size_t i = 0; i < 2; ++i) attest(std::to_string(i) + "/job_5.json", coordinators[i]);
  look_again();
  REQUIRE(node.sent.size() == 1);

  start();
  CHECK(desk->waiting() == 1);
  SUBCASE("it got into a block: nothing is sent") {
    minted = "7000";
    look_again();
    CHECK(node.sent.size() == 1);
    CHECK(desk->waiting() == 0);
    start();
    CHECK(desk->waiting() == 0);
  }
  SUBCASE("it was lost: it is sent again") {
    look_again();
    CHECK(node.sent.size() == 2);
  }
}

TEST_CASE_FIXTURE(ReceiptFixture, "a claim that fails in its block is tried again") {
  complete_job();
  start();
  for (std::size_t i = 0; i < 2; ++i) attest(std::to_string(i) + "/job_5.json", coordinators[i]);
  node.succeed = false;
  look_again();
  collect();
  CHECK(desk->claimed() == 0);
  CHECK(desk->waiting() == 1);
  node.succeed = true;
  look_again();
  CHECK(node.sent.size() == 2);
  collect();
  CHECK(desk->claimed() == 1);
}

TEST_CASE_FIXTURE(ReceiptFixture,
                  "a job is taken up when its completion is in a block, one that failed is not") {
  complete_job();
  const auto closed = [this](market::JobState state) {
    Logs logs;
    market::emit<"JobClosed">(logs, market::JobId{kJob}, Address{}, key.address(), state, Hash{}, Amount{},
                              Amount{}, Amount{});
    const std::string receipt =
        cli::JsonObject().raw("logs", cli::json_array({test::log_json(logs.front(), 1, 0)})).str();
    Sent sent{"post job_5", Hash{}, {}};
    sent.receipt.succeeded = true;
    sent.receipt.document = cli::Json::parse(receipt).value();
    return sent;
  };
  REQUIRE(desk->on_sent(closed(market::JobState::failed)));
  CHECK(desk->waiting() == 0);
  REQUIRE(desk->on_sent(closed(market::JobState::completed)));
  CHECK(desk->waiting() == 1);
}

TEST_CASE_FIXTURE(ReceiptFixture,
                  "a coordinator that is away is asked again after a minute, for whatever job") {
  config.receipts.urls = {"http://127.0.0.1:9"};  // nobody listens
  complete_job();
  start();
  const auto asked = [this] {
    std::size_t count = 0;
    const std::string text = logged.str();
    for (std::size_t at = text.find("is away"); at != std::string::npos; at = text.find("is away", at + 1))
      ++count;
    return count;
  };
  REQUIRE(desk->tick());
  CHECK(asked() == 1);
  now_ms += 59'000;
  REQUIRE(desk->tick());
  CHECK(asked() == 1);
  now_ms += 10'000;
  REQUIRE(desk->tick());
  CHECK(asked() == 2);
}

TEST_CASE_FIXTURE(ReceiptFixture, "without a source of attestations nothing is looked for") {
  complete_job();
  config.receipts = {};
  start();
  CHECK(desk->waiting() == 0);
  CHECK(node.methods_called.empty());
}

}  // namespace aitbc::agent
