#include "codec/typed_data.hpp"
#include "tests/unit/wallet/cli_fixture.hpp"
#include "wallet/cli/password_argument.hpp"

using namespace aitbc;
using test::CliFixture;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const std::string kOrder = R"({
  "types": {"Order": [{"name":"gpu","type":"uint64"},{"name":"price","type":"uint256"},{"name":"terms","type":"Terms"}],
            "Terms": [{"name":"note","type":"string"}]},
  "primaryType": "Order",
  "domain": {"name": "Market", "chainId": 661436},
  "message": {"gpu": 3, "price": "1500000000000000000", "terms": {"note": "cheap\u001b[2J"}}
})";

}  // namespace

TEST_CASE_FIXTURE(CliFixture, "typed data is shown before it is signed, without control characters") {
  const Address signer = make_wallet("w");
  answers = {"yes"};
  const auto result = run({"sign", "typed-data", file("order.json", kOrder).string(), "--wallet", "w"});
  REQUIRE_MESSAGE(result.status == 0, result.err);
  CHECK(contains(result.err, "For:\n  name: Market\n  chainId: 661436\n"));
  CHECK(contains(result.err, "Order:\n  gpu: 3\n  price: 1500000000000000000\n  terms:\n    note: cheap"));
  CHECK_FALSE(contains(result.err, "\x1b"));
  CHECK_FALSE(contains(result.err, "warning"));
  CHECK(contains(questions.at(0), "Type yes"));
  const std::string hex_text = result.out.substr(result.out.find("Signature: ") + 11, 132);
  Bytes bytes = hex::decode(hex_text).value();
  bytes.back() = static_cast<std::uint8_t>(bytes.back() - 27);
  const auto recovered =
      recover_address(eip712::hash_json(kOrder)->digest, Signature::from_bytes(bytes).value());
  CHECK(recovered.value() == signer);
}

TEST_CASE_FIXTURE(CliFixture, "nothing is signed without a yes") {
  make_wallet("w");
  const std::string order = file("order.json", kOrder).string();
  answers = {"no"};
  const auto declined = run({"sign", "typed-data", order, "--wallet", "w"});
  CHECK(declined.status == 1);
  CHECK(declined.out.empty());
  CHECK(run({"sign", "typed-data", order, "--wallet", "w"}).status == 2);  // nobody to ask
  CHECK(run({"sign", "typed-data", order, "--wallet", "w", "--yes"}).status == 0);
}

TEST_CASE_FIXTURE(CliFixture,
                  "data for another chain or for every chain is pointed out, wrong data refused") {
  make_wallet("w");
  std::string other = kOrder;
  other.replace(other.find("661436"), 6, "1");
  CHECK(contains(run({"sign", "typed-data", file("a", other).string(), "--wallet", "w", "--yes"}).err,
                 "another chain"));
  std::string none = kOrder;
  none.replace(none.find(", \"chainId\": 661436"), 19, "");
  CHECK(contains(run({"sign", "typed-data", file("b", none).string(), "--wallet", "w", "--yes"}).err,
                 "every chain"));
  const auto wrong = run({"sign", "typed-data", file("c", "{}").string(), "--wallet", "w", "--yes"});
  CHECK(wrong.status == 2);
  CHECK(run({"sign", "typed-data", (folder.path() / "none").string(), "--wallet", "w", "--yes"}).status == 1);
}

TEST_CASE_FIXTURE(CliFixture,
                  "a password on the command line is warned about and hidden from the list of processes") {
  make_wallet("w");
  CHECK(contains(run({"--password", "123", "send", "--from", "w", "--to",
                      "0x00112233445566778899aabbccddeeff00112233", "--amount", "1"})
                     .err,
                 "warning: --password"));
  std::string name = "aitbc";
  std::string option = "--password";
  std::string secret = "hunter2";
  std::string joined = "--password=hunter2";
  std::string file_option = "--password-file=hunter2";
  char* arguments[] = {name.data(), option.data(), secret.data(), joined.data(), file_option.data(), nullptr};
  cli::hide_passwords(5, arguments);
  CHECK(option == "--password");
  CHECK(secret == "*******");
  CHECK(joined == "--password=*******");
  CHECK(file_option == "--password-file=hunter2");
}

TEST_CASE_FIXTURE(CliFixture, "a wallet or a password that others may read is pointed out") {
  make_wallet("w");
  const std::vector<std::string> pay{
      "send", "--from", "w", "--to", "0x00112233445566778899aabbccddeeff00112233", "--amount", "1"};
  CHECK_FALSE(contains(run(pay).err, "others may read"));
  const std::filesystem::path keystore = folder.path() / "wallets" / "w.json";
  std::filesystem::permissions(keystore, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  CHECK(contains(run(pay).err, "others may read the file of wallet 'w'"));
  const auto password = file("password", "123");
  std::filesystem::permissions(password, std::filesystem::perms(0600));
  std::vector<std::string> with_file = pay;
  with_file.insert(with_file.end(), {"--password-file", password.string()});
  CHECK_FALSE(contains(run(with_file).err, "password in"));
  std::filesystem::permissions(password, std::filesystem::perms(0640));
  CHECK(contains(run(with_file).err, "others may read the password in"));
}
