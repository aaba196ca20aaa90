// Runs the command line against a node that is played by the test.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "codec/hex.hpp"
#include "tests/support/temp_folder.hpp"
#include "types/receipt.hpp"
#include "types/transaction.hpp"
#include "wallet/cli/app.hpp"
#include "wallet/cli/json.hpp"

namespace aitbc::test {

// A node with one account book. Methods can be answered differently by the test.
class FakeNode {
 public:
  using Answer = tl::expected<std::string, cli::RpcFailure>;
  using Handler = std::function<Answer(const cli::Json& params)>;

  FakeNode();
  Answer call(std::string_view method, std::string_view params);
  void on(const std::string& method, Handler handler) { handlers_[method] = std::move(handler); }
  // Answers with this JSON text.
  void on(const std::string& method, std::string result);

  static Answer refuse(std::string message, Bytes data = {});
  static Answer vanish();

  // What eth_sendRawTransaction took.
  std::vector<TransactionPtr> sent;
  std::vector<std::string> methods_called;
  // Receipts are there after so many questions for them.
  int polls_before_receipt = 1;
  bool succeed = true;
  std::string logs = "[]";

 private:
  Answer send(const cli::Json& params);
  Answer receipt(const cli::Json& params);
  std::map<std::string, Handler> handlers_;
};

// Hands the calls to a node that outlives it.
class FakeClient final : public cli::RpcClient {
 public:
  explicit FakeClient(FakeNode& node) : node_(node) {}
  FakeNode::Answer call(std::string_view method, std::string_view params) override {
    return node_.call(method, params);
  }

 private:
  FakeNode& node_;
};

// A log as a node gives it.
std::string log_json(const Log& log, std::uint64_t block, std::uint64_t index);

struct CliResult {
  int status = -1;
  std::string out;
  std::string err;
};

class CliFixture {
 public:
  CliResult run(std::vector<std::string> arguments);
  // Makes a quick unlocked wallet.
  Address make_wallet(const std::string& name);
  std::filesystem::path file(const std::string& name, const std::string& content) const;

  TempFolder folder;
  FakeNode node;
  std::map<std::string, std::string> variables;
  // Taken in order by questions; none left: nobody to ask.
  std::vector<std::string> answers;
  std::vector<std::string> questions;
  std::string connected_to;
  std::chrono::milliseconds slept{0};
};

}  // namespace aitbc::test
