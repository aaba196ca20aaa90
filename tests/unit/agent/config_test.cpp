#include "wallet/agent/config.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/temp_folder.hpp"

namespace aitbc::agent {
namespace {

constexpr const char* kMinimal = R"([provider]
wallet = "w"
name = "n"
state-folder = "state"
[job]
command = ["run"]
)";

class ConfigFile {
 public:
  Result<AgentConfig> read(const std::string& text) {
    std::ofstream(path()) << text;
    return read_config(path());
  }
  // Everything after the file's name.
  std::string complaint(const std::string& text) {
    const auto config = read(text);
    REQUIRE_FALSE(config);
    REQUIRE(config.error().code == ErrorCode::invalid_input);
    REQUIRE(config.error().message.starts_with(path().string() + ":"));
    return config.error().message.substr(path().string().size() + 1);
  }
  std::filesystem::path path() const { return folder_.path() / "provider.toml"; }

 private:
  test::TempFolder folder_;
};

TEST_CASE_FIXTURE(ConfigFile, "the example is a valid configuration, also with every setting in use") {
  std::string text = example_config();
  CHECK(read(text));
  // Settings are commented out as "# key = ..." and "# [table]".
  for (std::size_t at = text.find("\n# "); at != std::string::npos; at = text.find("\n# ", at + 1))
    text.erase(at + 1, 2);
  const auto config = read(text);
  REQUIRE_MESSAGE(config, config.error().message);
  CHECK(config->declared.size() == 1);
  CHECK(config->services.front().min_bid == Amount::ait(8));
  CHECK(config->results.port == 8443);
  CHECK(config->results.certificate == (path().parent_path() / "tls/fullchain.pem").string());
  CHECK(config->job.environment.front().first == "MODELS");
  CHECK(config->receipts.urls == std::vector<std::string>{"https://coordinator.example/attestations"});
  CHECK(config->receipts.folder == path().parent_path() / "attestations");
}

TEST_CASE_FIXTURE(ConfigFile, "what is left out has its documented value") {
  const auto config = read(kMinimal);
  REQUIRE_MESSAGE(config, config.error().message);
  CHECK(config->state_folder == path().parent_path() / "state");
  CHECK(config->poll_ms == 1'000);
  CHECK(config->detect);
  CHECK(config->policy.max_concurrent_jobs == 1);
  CHECK(config->job.limits.memory_bytes == 4'096ULL << 20);
  CHECK_FALSE(config->stake);
  CHECK(config->results.address.empty());
}

TEST_CASE_FIXTURE(ConfigFile, "mistakes are named with their line and setting") {
  const std::string minimal = kMinimal;
  CHECK(complaint("[provider]\nname = 3\n").starts_with("1: provider.wallet: is missing"));
  CHECK(complaint(minimal + "timeout = 0\n") == "7: job.timeout: takes seconds from 0.1 to 2592000");
  CHECK(complaint(minimal + "comand = 1\n") == "7: 'comand' is no setting here");
  CHECK(complaint(minimal + "[polcy]\n") == "7: 'polcy' is no setting here");
  CHECK(complaint(minimal + "[results]\nlisten = \"nowhere\"\n") ==
        "8: results.listen: takes ADDRESS:PORT, such as \"0.0.0.0:8443\"");
  CHECK(complaint(minimal + "[results]\nlisten = \"0.0.0.0:99999\"\npublic-url = \"https://a\"\n")
            .starts_with("8: results.listen"));
  CHECK(complaint(minimal + "[results]\nkey = \"k\"\n").starts_with("7: results.certificate"));
  CHECK(complaint(minimal + "[[gpu]]\ndevice-id = \"a\"\nmodel = \"m\"\nmemory-gb = 8\n") ==
        "7: gpu[0].price-per-hour: is missing");
  CHECK(complaint(minimal + "[gpus]\nprice-per-hour = \"-1\"\n")
            .starts_with("8: gpus.price-per-hour: takes an amount"));
  CHECK(complaint(minimal + "[receipts]\nurls = [\"nowhere\"]\n")
            .starts_with("8: receipts.urls: takes addresses"));
  CHECK(complaint("[provider\n").starts_with("1: "));
}

TEST_CASE_FIXTURE(ConfigFile, "two GPUs cannot share a device id") {
  const std::string gpu =
      "[[gpu]]\ndevice-id = \"a\"\nmodel = \"m\"\nmemory-gb = 8\nprice-per-hour = \"1\"\n";
  CHECK(complaint(kMinimal + gpu + gpu) == "13: gpu[1].device-id: is that of another GPU");
}

}  // namespace
}  // namespace aitbc::agent
