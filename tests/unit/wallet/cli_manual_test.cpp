#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>

#include "tests/unit/wallet/cli_fixture.hpp"
#include "wallet/cli/actions/actions.hpp"

using namespace aitbc;
using test::CliFixture;

namespace {

using Words = std::vector<std::string>;

Words lines_of(const std::string& text) {
  Words out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  return out;
}

Words complete(CliFixture& fixture, Words words) {
  words.insert(words.begin(), {"complete", "--"});
  return lines_of(fixture.run(words).out);
}

// Calls `visit` with the words of every command that does something by itself.
void for_each_command(CliFixture& fixture, const Words& path,
                      const std::function<void(const Words&)>& visit) {
  Words asked = path;
  asked.emplace_back();
  const Words below = complete(fixture, asked);
  if (below.empty()) return visit(path);
  for (const std::string& each : below) {
    Words longer = path;
    longer.push_back(each);
    for_each_command(fixture, longer, visit);
  }
}

// As manual pages write it.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '-' ? "\\-" : std::string(1, c);
  return out;
}

bool has(const Words& words, const std::string& wanted) {
  return std::find(words.begin(), words.end(), wanted) != words.end();
}

}  // namespace

TEST_CASE("an action is a command of its own, wherever its name was given") {
  CHECK(cli::with_action_first({"marketplace", "--action", "list"}) ==
        Words{"marketplace", "action", "list"});
  CHECK(cli::with_action_first({"--format", "json", "marketplace", "--query", "x", "--action=search"}) ==
        Words{"--format", "json", "marketplace", "action", "search", "--query", "x"});
  CHECK(cli::with_action_first({"marketplace", "--action"}) == Words{"marketplace", "action"});
  CHECK(cli::with_action_first({"send", "--action", "list"}) == Words{"send", "--action", "list"});
  CHECK(cli::with_action_first({"--wallet-dir", "marketplace", "list", "--action", "x"}) ==
        Words{"--wallet-dir", "marketplace", "list", "--action", "x"});
}

TEST_CASE_FIXTURE(CliFixture,
                  "completion offers commands, flags of the command and of the program, and allowed values") {
  CHECK(has(complete(*this, {""}), "marketplace"));
  CHECK(complete(*this, {"mark"}) == Words{"marketplace"});
  CHECK(has(complete(*this, {"marketplace", "gpu", ""}), "register"));
  CHECK(has(complete(*this, {"marketplace", "gpu", "register", "--me"}), "--memory-gb"));
  CHECK(has(complete(*this, {"send", "--"}), "--rpc-url"));
  CHECK(complete(*this, {"--format", "j"}) == Words{"json"});
  CHECK(complete(*this, {"marketplace", "--action", "accept"}) == Words{"accept-bid"});
  CHECK(has(complete(*this, {"marketplace", "--action", "bid", "--s"}), "--service-id"));
  CHECK(complete(*this, {"--rpc-url", "http://localhost", "wal"}).empty());
  CHECK(run({"completion", "bash"}).out.find("complete -o default -F _aitbc aitbc aitbc-cli") !=
        std::string::npos);
  CHECK(run({"completion", "zsh"}).status == 0);
  CHECK(run({"completion", "fish"}).status == 2);
}

TEST_CASE_FIXTURE(CliFixture, "every command has help, and refuses a flag that it does not have") {
  std::size_t commands = 0;
  for_each_command(*this, {}, [&](const Words& path) {
    ++commands;
    Words help = path;
    help.emplace_back("--help");
    const auto helped = run(help);
    CHECK_MESSAGE(helped.status == 0, path.back());
    CHECK_MESSAGE(helped.out.size() > 40, path.back());
    Words wrong = path;
    wrong.emplace_back("--no-such-flag");
    CHECK_MESSAGE(run(wrong).status == 2, path.back());
  });
  CHECK(commands > 100);
  CHECK(node.methods_called.empty());
}

TEST_CASE_FIXTURE(CliFixture, "the manual names every command and flag of the program") {
  const auto page = run({"man"});
  CHECK(page.status == 0);
  CHECK(page.out.starts_with(".TH aitbc 1"));
  for (const std::string& each : complete(*this, {""}))
    CHECK_MESSAGE(page.out.find(".BR " + escaped("aitbc-" + each) + " (1)\n") != std::string::npos, each);
  const auto written = run({"man", "--directory", (folder.path() / "man").string()});
  CHECK(written.status == 0);
  for_each_command(*this, {}, [&](const Words& path) {
    std::ifstream file(folder.path() / "man" / ("aitbc-" + path[0] + ".1"));
    std::string text((std::istreambuf_iterator<char>(file)), {});
    if (path.size() > 1) {
      std::string heading = ".SS aitbc";
      for (const std::string& word : path) heading += " " + escaped(word);
      const std::size_t at = text.find(heading + "\n");
      REQUIRE_MESSAGE(at != std::string::npos, heading);
      text = text.substr(at, text.find("\n.SS ", at + 1) - at);
    }
    Words asked = path;
    asked.emplace_back("--");
    const Words own = complete(*this, asked);
    const Words common = complete(*this, {"--"});
    for (const std::string& flag : own)
      if (!has(common, flag))
        CHECK_MESSAGE(text.find(escaped(flag)) != std::string::npos, path.back() << " " << flag);
  });
}

TEST_CASE_FIXTURE(CliFixture, "wrong arguments are an object for programs") {
  const auto wrong = run({"--format", "json", "send", "--from", "a"});
  CHECK(wrong.status == 2);
  const auto document = cli::Json::parse(wrong.err);
  REQUIRE(document);
  CHECK((*document)["exit_status"].u64() == 2U);
}

TEST_CASE_FIXTURE(CliFixture,
                  "an empty value, a number that is none and one that wraps around are refused by name") {
  const Words book{"marketplace", "gpu", "book", "gpu_1", "--wallet", "a"};
  const auto refused = [&](const Words& more, const std::string& name) {
    Words words = book;
    words.insert(words.end(), more.begin(), more.end());
    const auto done = run(words);
    CHECK_MESSAGE(done.status == 2, done.err);
    CHECK_MESSAGE(done.err.starts_with("error: " + name), done.err);
    CHECK_MESSAGE(done.err.ends_with("; see: aitbc marketplace gpu book --help\n"), done.err);
  };
  refused({"--hours", "nan"}, "--hours");
  refused({"--hours=-1"}, "--hours");
  refused({"--hours", "1e3"}, "--hours");
  refused({"--hours", "1", "--start=-1"}, "--start");
  refused({"--hours", "1", "--start", "18446744073709551616"}, "--start");
  refused({"--hours", "1", "--job="}, "--job");
  refused({"--hours", "1", "--max-fee", "0x10"}, "--max-fee");
  CHECK(run({"marketplace", "nonsense"}).err ==
        "error: aitbc marketplace has no command 'nonsense'; see: aitbc marketplace --help\n");
  CHECK(node.methods_called.empty());
}

TEST_CASE_FIXTURE(CliFixture, "programs get every command with its options") {
  const auto done = run({"--format", "json", "man"});
  const auto commands = cli::Json::parse(done.out);
  REQUIRE(commands);
  CHECK((*commands)[0]["command"].text().empty());
  bool found = false;
  for (const cli::Json& command : commands->elements()) {
    if (command["command"].text() != "marketplace reviews") continue;
    found = true;
    const cli::Json gpu = command["options"][0];
    CHECK(gpu["name"].text() == "gpu");
    CHECK(gpu["positional"].is_true());
    CHECK(gpu["required"].is_true());
    const cli::Json limit = command["options"][1];
    CHECK(limit["name"].text() == "--limit");
    CHECK(limit["type"].text() == "uint");
    CHECK(limit["default"].text() == "100");
  }
  CHECK(found);
}
