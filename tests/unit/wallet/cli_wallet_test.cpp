#include "tests/unit/wallet/cli_fixture.hpp"

#include "wallet/cli/password_argument.hpp"
#include "wallet/wallet_directory.hpp"

using namespace aitbc;
using test::CliFixture;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE_FIXTURE(CliFixture, "create prints the name and the address that list then shows at column 0") {
  const auto created = run({"create", "--name", "customer-1", "--password", "123"});
  CHECK(created.status == 0);
  REQUIRE(created.out.starts_with("Wallet created: customer-1\nAddress: 0x"));
  const std::string address = created.out.substr(created.out.find("0x"), 42);
  const auto listed = run({"list"});
  CHECK(listed.status == 0);
  CHECK(listed.out == "customer-1: " + address + "\n");
}

TEST_CASE_FIXTURE(CliFixture, "the development password marks a wallet unlocked, other passwords do not") {
  const auto unsafe = run({"create", "--name", "dev", "--password", "123"});
  CHECK(contains(unsafe.err, "unlocked"));
  const auto safe = run({"create", "--name", "real", "--light", "--password", "a better one"});
  CHECK(safe.status == 0);
  CHECK_FALSE(contains(safe.err, "unlocked"));
  const wallet::WalletDirectory wallets(folder.path() / "wallets");
  CHECK(wallets.read("dev").value().open_password == "123");
  CHECK_FALSE(wallets.read("real").value().open_password);
}

TEST_CASE_FIXTURE(CliFixture, "a password may come from a file, the environment or a question") {
  const std::string from_file = file("password", "from file\r\nsecond line\n").string();
  CHECK(run({"create", "--name", "a", "--light", "--password-file", from_file}).status == 0);
  variables["AITBC_PASSWORD"] = "from environment";
  CHECK(run({"create", "--name", "b", "--light"}).status == 0);
  variables.erase("AITBC_PASSWORD");
  answers = {"typed", "typed"};
  CHECK(run({"create", "--name", "c", "--light"}).status == 0);
  const wallet::WalletDirectory wallets(folder.path() / "wallets");
  CHECK(decrypt_key(wallets.read("a").value(), as_bytes("from file")));
  CHECK(decrypt_key(wallets.read("b").value(), as_bytes("from environment")));
  CHECK(decrypt_key(wallets.read("c").value(), as_bytes("typed")));
}

TEST_CASE("the parser gets a star in place of --password's value, in both ways of writing it") {
  using Words = std::vector<std::string>;
  const auto takes = [](Words words, const std::string& expected, const Words& left) {
    const auto taken = cli::take_password(words);
    REQUIRE(taken);
    CHECK(taken->text() == expected);
    CHECK(words == left);
  };
  takes({"create", "--password", "a long enough secret", "--name", "w"}, "a long enough secret",
        {"create", "--password", "*", "--name", "w"});
  takes({"--password=short", "list"}, "short", {"--password=*", "list"});
  takes({"--password=", "list"}, "", {"--password=*", "list"});
  takes({"--password", "--format", "json"}, "--format", {"--password", "*", "json"});
  takes({"--password", "one", "--password", "two"}, "two", {"--password", "*", "--password", "*"});
  for (Words words :
       {Words{"list"}, Words{"--password"}, Words{"--", "--password", "x"}, Words{"--password-file", "x"}}) {
    const Words before = words;
    CHECK_FALSE(cli::take_password(words));
    CHECK(words == before);
  }
}

TEST_CASE_FIXTURE(CliFixture, "a message about wrong arguments never repeats a password") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"list", "--password", "hunter2", "--password", "hunter2"},
        {"list", "--password=hunter2", "--nonsense"},
        {"--password", "hunter2"},
        {"--password", "hunter2", "nonsense"}}) {
    const auto refused = run(words);
    CHECK(refused.status == 2);
    CHECK_FALSE(contains(refused.err + refused.out, "hunter2"));
  }
}

TEST_CASE_FIXTURE(CliFixture,
                  "nothing is created without a password, with an empty one, or when two typed ones differ") {
  CHECK(run({"create", "--name", "w"}).status == 4);
  CHECK(run({"create", "--name", "w", "--password", ""}).status == 2);
  answers = {"one", "two"};
  CHECK(run({"create", "--name", "w"}).status == 2);
  CHECK(run({"list"}).out.empty());
}

TEST_CASE_FIXTURE(CliFixture, "a taken or impossible name is refused before a password is asked for") {
  make_wallet("taken");
  CHECK(run({"create", "--name", "taken"}).status == 1);
  CHECK(run({"create", "--name", "../x"}).status == 2);
  CHECK(questions.empty());
}

TEST_CASE_FIXTURE(CliFixture, "a wallet made from a mnemonic comes back by importing it") {
  const auto created = run({"create", "--name", "a", "--unlocked", "--words", "12"});
  CHECK(created.status == 0);
  const std::size_t at = created.out.find("Mnemonic: ");
  REQUIRE(at != std::string::npos);
  const std::string words = file("words", created.out.substr(at + 10)).string();
  const auto imported = run({"import", "--name", "b", "--unlocked", "--mnemonic-file", words});
  CHECK(imported.status == 0);
  const wallet::WalletDirectory wallets(folder.path() / "wallets");
  CHECK(wallets.read("a").value().address == wallets.read("b").value().address);
}

TEST_CASE_FIXTURE(CliFixture, "keys are imported from files and from what is typed") {
  const std::string key = "0x4646464646464646464646464646464646464646464646464646464646464646";
  const std::string address = "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F";
  const auto from_file =
      run({"import", "--name", "a", "--unlocked", "--private-key-file", file("key", key + "\n").string()});
  CHECK(contains(from_file.out, "Wallet imported: a\nAddress: " + address));
  answers = {key};
  CHECK(contains(run({"import", "--name", "b", "--unlocked"}).out, address));
  answers = {"test test test test test test test test test test test junk"};
  CHECK(contains(run({"import", "--name", "c", "--unlocked", "--index", "1"}).out,
                 "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"));
}

TEST_CASE_FIXTURE(CliFixture, "what is not a key is refused and never repeated") {
  const std::string almost = "4646464646464646464646464646464646464646464646464646464646464";
  const auto result =
      run({"import", "--name", "a", "--unlocked", "--private-key-file", file("key", almost).string()});
  CHECK(result.status == 2);
  CHECK_FALSE(contains(result.err, "4646"));
  CHECK(run({"import", "--name", "a", "--unlocked"}).status == 2);
  CHECK(run({"import", "--name", "a", "--private-key-file", "/nonexistent"}).status == 1);
}

TEST_CASE_FIXTURE(CliFixture, "a keystore of another program keeps its password") {
  const PrivateKey key = PrivateKey::generate();
  const auto keystore =
      wallet::encrypt_key(key, as_bytes("theirs"), {.cost = wallet::ScryptCost{2, 1, 1}, .unlocked = false});
  const std::string path = file("UTC--key", wallet::to_json(keystore.value())).string();
  CHECK(run({"import", "--name", "a", "--keystore", path, "--password", "wrong"}).status == 4);
  CHECK(run({"import", "--name", "a", "--keystore", path, "--password", "theirs"}).status == 0);
  const wallet::WalletDirectory wallets(folder.path() / "wallets");
  CHECK(decrypt_key(wallets.read("a").value(), as_bytes("theirs")).value().address() == key.address());
  CHECK(run({"import", "--name", "b", "--keystore", file("bad", "{}").string(), "--password", "x"}).status ==
        5);
}

TEST_CASE_FIXTURE(CliFixture, "lists for programs are JSON and an empty folder is an empty list") {
  const auto empty = run({"list", "--format", "json"});
  CHECK(empty.status == 0);
  CHECK(empty.out == "[]\n");
  make_wallet("w");
  const auto listed = cli::Json::parse(run({"--format", "json", "list"}).out).value();
  CHECK(listed[std::size_t{0}]["name"].text() == "w");
  CHECK(listed[std::size_t{0}]["unlocked"].is_true());
}

TEST_CASE_FIXTURE(CliFixture, "a damaged wallet does not hide the others") {
  make_wallet("good");
  file("wallets/bad.json", "{");
  const auto listed = run({"list"});
  CHECK(listed.status == 5);
  CHECK(listed.out.starts_with("good: 0x"));
  CHECK(contains(listed.err, "bad.json"));
}

TEST_CASE_FIXTURE(CliFixture, "the balance of a wallet, an address or an ait1 address is shown") {
  make_wallet("w");
  const auto named = run({"balance", "--name", "w"});
  CHECK(named.status == 0);
  CHECK(contains(named.out, "Wallet: w\nAddress: 0x"));
  CHECK(contains(named.out, "Balance: 100 AIT\n"));
  CHECK(run({"balance", "--address", "ait100112233445566778899aabbccddeeff00112233"}).status == 0);
  const auto json = run({"balance", "--name", "w", "--format", "json"});
  CHECK(cli::Json::parse(json.out).value()["balance"].text() == "100");
  CHECK(run({"balance", "--name", "nobody"}).status == 1);
  CHECK(run({"balance", "--address", "0x12"}).status == 2);
  CHECK(run({"balance"}).status == 2);
}

TEST_CASE_FIXTURE(CliFixture,
                  "the node's address comes from the option, then the environment, then the default") {
  make_wallet("w");
  run({"balance", "--name", "w"});
  CHECK(connected_to == "http://127.0.0.1:8545");
  variables["AITBC_RPC_URL"] = "http://env:1";
  run({"balance", "--name", "w"});
  CHECK(connected_to == "http://env:1");
  run({"balance", "--name", "w", "--rpc-url", "http://flag:2"});
  CHECK(connected_to == "http://flag:2");
}

TEST_CASE_FIXTURE(CliFixture, "a node that is away and a node that refuses have exit statuses of their own") {
  make_wallet("w");
  node.on("eth_getBalance", [](const cli::Json&) { return test::FakeNode::vanish(); });
  CHECK(run({"balance", "--name", "w"}).status == 3);
  node.on("eth_getBalance", [](const cli::Json&) { return test::FakeNode::refuse("no"); });
  CHECK(run({"balance", "--name", "w"}).status == 1);
  node.on("eth_getBalance", "{}");
  CHECK(run({"balance", "--name", "w"}).status == 3);
}

TEST_CASE_FIXTURE(CliFixture, "help and version succeed, unknown commands are usage errors") {
  const auto help = run({"--help"});
  CHECK(help.status == 0);
  CHECK(contains(help.out, "Exit status:"));
  CHECK(run({"--version"}).status == 0);
  CHECK(run({}).status == 2);
  CHECK(run({"frobnicate"}).status == 2);
  CHECK(run({"list", "--format", "yaml"}).status == 2);
}
