#include "codec/abi.hpp"
#include "tests/unit/wallet/cli_fixture.hpp"

using namespace aitbc;
using test::CliFixture;
using test::FakeNode;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const std::string kTo = "0x00112233445566778899aabbccddeeff00112233";

std::vector<std::string> send_command(std::vector<std::string> more = {}) {
  std::vector<std::string> out{"send", "--from", "w", "--to", kTo, "--amount", "1.5"};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

}  // namespace

TEST_CASE_FIXTURE(CliFixture,
                  "send signs a transfer with the chain's id, the next nonce and room for the base fee") {
  const Address from = make_wallet("w");
  const auto result = run(send_command());
  CHECK(result.status == 0);
  REQUIRE(node.sent.size() == 1);
  const Transaction& sent = node.sent[0]->transaction;
  CHECK(node.sent[0]->sender == from);
  CHECK(sent.type == TransactionType::dynamic_fee);
  CHECK(sent.chain_id == 0xa17bc);
  CHECK(sent.nonce == 5);
  CHECK(sent.gas_limit == 21'000);
  CHECK(sent.to == hex::parse_address(kTo).value());
  CHECK(sent.value == parse_ait("1.5").value().to_uint256());
  CHECK(sent.max_priority_fee_per_gas == Uint256(1'000'000'000));
  CHECK(sent.max_fee_per_gas == Uint256(3'000'000'000));
  CHECK(result.out.starts_with("Transaction hash: " + hex::encode_prefixed(node.sent[0]->hash) + "\n"));
  CHECK(contains(result.out, "Block: 17\n"));
  CHECK(contains(result.out, "Fee: 0.000042 AIT\n"));
}

TEST_CASE_FIXTURE(CliFixture, "send to a wallet's name pays its address") {
  make_wallet("w");
  const Address to = make_wallet("friend");
  CHECK(run({"send", "--from", "w", "--to", "friend", "--amount", "1"}).status == 0);
  CHECK(node.sent.at(0)->transaction.to == to);
}

TEST_CASE_FIXTURE(CliFixture, "send for programs prints one object") {
  make_wallet("w");
  const auto result = run(send_command({"--format", "json"}));
  const auto document = cli::Json::parse(result.out);
  REQUIRE(document);
  CHECK((*document)["tx_hash"].text() == hex::encode_prefixed(node.sent.at(0)->hash));
  CHECK((*document)["block_number"].u64() == 17U);
  CHECK((*document)["amount"].text() == "1.5");
}

TEST_CASE_FIXTURE(CliFixture, "send does not wait when told so") {
  make_wallet("w");
  node.polls_before_receipt = 1'000'000;
  const auto result = run(send_command({"--no-wait"}));
  CHECK(result.status == 0);
  CHECK(result.out == "Transaction hash: " + hex::encode_prefixed(node.sent.at(0)->hash) + "\n");
  CHECK(slept.count() == 0);
}

TEST_CASE_FIXTURE(CliFixture, "a transaction that stays out of blocks is reported with its hash") {
  make_wallet("w");
  node.polls_before_receipt = 1'000'000;
  const auto result = run(send_command({"--wait", "3"}));
  CHECK(result.status == 6);
  CHECK(contains(result.err, hex::encode_prefixed(node.sent.at(0)->hash)));
  CHECK(slept >= std::chrono::seconds(3));
  CHECK(slept < std::chrono::seconds(4));
}

TEST_CASE_FIXTURE(CliFixture, "a node that goes away after the submission does not hide that it was sent") {
  make_wallet("w");
  node.on("eth_getTransactionReceipt", [](const cli::Json&) { return FakeNode::vanish(); });
  const auto result = run(send_command());
  CHECK(result.status == 3);
  CHECK(contains(result.err, "was sent"));
}

TEST_CASE_FIXTURE(CliFixture, "a transaction that the node has already is as good as sent") {
  make_wallet("w");
  node.on("eth_sendRawTransaction", [](const cli::Json&) { return FakeNode::refuse("already known"); });
  CHECK(run(send_command()).status == 0);
}

TEST_CASE_FIXTURE(CliFixture, "what the account cannot pay is refused before anything is signed") {
  make_wallet("w");
  const auto result = run({"send", "--from", "w", "--to", kTo, "--amount", "100"});
  CHECK(result.status == 1);
  CHECK(contains(result.err, "has 100 AIT"));
  CHECK(contains(result.err, "100 AIT and up to 0.000063 AIT of fees"));
  CHECK(node.sent.empty());
}

TEST_CASE_FIXTURE(CliFixture, "a wrong password and a wrong wallet have exit statuses of their own") {
  make_wallet("w");
  const auto wrong = run(send_command({"--password", "nope"}));
  CHECK(wrong.status == 4);
  CHECK(contains(wrong.err, "the password is wrong for wallet 'w'"));
  CHECK(run({"send", "--from", "nobody", "--to", kTo, "--amount", "1"}).status == 1);
  CHECK(node.sent.empty());
}

TEST_CASE_FIXTURE(CliFixture, "arguments that make no sense are refused before a password is asked for") {
  REQUIRE(run({"create", "--name", "locked", "--light", "--password", "secret"}).status == 0);
  for (const char* amount : {"-1", "1e3", "abc", "", "0.0000000000000000001", "1,5"})
    CHECK(run({"send", "--from", "locked", "--to", kTo, "--amount", amount}).status == 2);
  CHECK(run({"send", "--from", "locked", "--to", "0x12", "--amount", "1"}).status == 2);
  CHECK(run({"send", "--from", "locked", "--to", "nobody", "--amount", "1"}).status == 1);
  CHECK(questions.empty());
  CHECK(run({"send", "--from", "locked", "--to", kTo, "--amount", "1"}).status == 4);
  CHECK(questions == std::vector<std::string>{"Password of wallet 'locked': "});
}

TEST_CASE_FIXTURE(CliFixture, "fees can be chosen") {
  make_wallet("w");
  CHECK(run(send_command({"--priority-fee", "5"})).status == 0);
  CHECK(node.sent.at(0)->transaction.max_priority_fee_per_gas == Uint256(5));
  CHECK(node.sent.at(0)->transaction.max_fee_per_gas == Uint256(2'000'000'005));
  CHECK(run(send_command({"--max-fee", "7"})).status == 0);
  CHECK(node.sent.at(1)->transaction.max_priority_fee_per_gas == Uint256(7));
  CHECK(node.sent.at(1)->transaction.max_fee_per_gas == Uint256(7));
}

TEST_CASE_FIXTURE(CliFixture, "a failed transaction is an error that names the reason") {
  make_wallet("w");
  node.succeed = false;
  node.on("eth_call", [](const cli::Json& params) {
    CHECK(params[std::size_t{1}].text() == "0x10");  // the state before its block
    return FakeNode::refuse("execution reverted", abi::encode_error_string("closed for today"));
  });
  const auto result = run(send_command());
  CHECK(result.status == 1);
  CHECK(contains(result.err, "block 17 but failed: the contract refused: closed for today"));
}
