#include "tests/unit/wallet/cli_fixture.hpp"

#include <fstream>

#include "wallet/wallet_directory.hpp"

namespace aitbc::test {

FakeNode::FakeNode() {
  on("eth_chainId", "\"0xa17bc\"");
  on("eth_blockNumber", "\"0x10\"");
  on("eth_maxPriorityFeePerGas", "\"0x3b9aca00\"");
  on("eth_feeHistory", R"({"oldestBlock":"0x10","baseFeePerGas":["0x7","0x3b9aca00"],"gasUsedRatio":[0.5]})");
  on("eth_getBalance", "\"0x56bc75e2d63100000\"");  // 100 AIT
  on("eth_getTransactionCount", "\"0x5\"");
  on("eth_estimateGas", "\"0x2bf20\"");
  on("eth_sendRawTransaction", [this](const cli::Json& params) { return send(params); });
  on("eth_getTransactionReceipt", [this](const cli::Json& params) { return receipt(params); });
}

void FakeNode::on(const std::string& method, std::string result) {
  on(method, [result = std::move(result)](const cli::Json&) { return Answer(result); });
}

FakeNode::Answer FakeNode::call(std::string_view method, std::string_view params) {
  methods_called.emplace_back(method);
  const auto handler = handlers_.find(std::string(method));
  if (handler == handlers_.end()) return refuse("the method " + std::string(method) + " does not exist");
  return handler->second(cli::Json::parse(params).value());
}

FakeNode::Answer FakeNode::refuse(std::string message, Bytes data) {
  return tl::unexpected(cli::RpcFailure{cli::RpcFailure::Kind::refused, data.empty() ? -32000 : 3,
                                        std::move(message), std::move(data)});
}

FakeNode::Answer FakeNode::vanish() {
  return tl::unexpected(cli::RpcFailure{cli::RpcFailure::Kind::unreachable, 0, "cannot reach a node", {}});
}

FakeNode::Answer FakeNode::send(const cli::Json& params) {
  const auto wire = hex::decode(params[std::size_t{0}].text());
  REQUIRE(wire);
  const auto transaction = recover_transaction(*wire);
  REQUIRE_MESSAGE(transaction, transaction.error().message);
  sent.push_back(*transaction);
  return cli::json_text(hex::encode_prefixed((*transaction)->hash));
}

FakeNode::Answer FakeNode::receipt(const cli::Json& params) {
  if (polls_before_receipt-- > 0) return "null";
  cli::JsonObject out;
  out.raw("transactionHash", params[std::size_t{0}].dump()).text("status", succeed ? "0x1" : "0x0");
  out.text("blockNumber", "0x11").text("gasUsed", "0x5208").text("effectiveGasPrice", "0x77359400");
  return out.raw("logs", logs).str();
}

std::string log_json(const Log& log, std::uint64_t block, std::uint64_t index) {
  std::vector<std::string> topics;
  for (const Hash& topic : log.topics) topics.push_back(cli::json_text(hex::encode_prefixed(topic)));
  cli::JsonObject out;
  out.text("address", hex::encode_prefixed(log.address)).raw("topics", cli::json_array(topics));
  out.text("data", hex::encode_prefixed(log.data)).text("blockNumber", hex::quantity(block));
  out.text("logIndex", hex::quantity(index)).text("transactionHash", hex::encode_prefixed(Hash{}));
  return out.str();
}

CliResult CliFixture::run(std::vector<std::string> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  variables.emplace("AITBC_WALLET_DIR", (folder.path() / "wallets").string());
  cli::Environment environment{
      .out = out,
      .err = err,
      .err_is_terminal = false,
      .variable =
          [this](const std::string& name) {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
          },
      .connect = [this](const std::string& url,
                        std::chrono::milliseconds) -> Result<std::unique_ptr<cli::RpcClient>> {
        connected_to = url;
        return std::make_unique<FakeClient>(node);
      },
      .ask_secret = [this](const std::string& prompt) -> std::optional<wallet::SecretBytes> {
        questions.push_back(prompt);
        if (answers.empty()) return std::nullopt;
        auto answer = wallet::SecretBytes::from_text(answers.front());
        answers.erase(answers.begin());
        return answer;
      },
      .sleep = [this](std::chrono::milliseconds time) { slept += time; },
      .now = [this] { return std::chrono::steady_clock::time_point(slept); },
      .unix_now = [] { return std::uint64_t{1'800'000'000}; }};
  CliResult result;
  result.status = cli::run(arguments, std::move(environment));
  result.out = out.str();
  result.err = err.str();
  return result;
}

Address CliFixture::make_wallet(const std::string& name) {
  const wallet::WalletDirectory wallets(folder.path() / "wallets");
  return wallets
      .add(name, PrivateKey::generate(), as_bytes("123"),
           {.cost = wallet::ScryptCost{2, 1, 1}, .unlocked = true})
      .value();
}

std::filesystem::path CliFixture::file(const std::string& name, const std::string& content) const {
  const std::filesystem::path path = folder.path() / name;
  std::ofstream(path) << content;
  return path;
}

}  // namespace aitbc::test
