#include "wallet/agent/limited_run.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "tests/support/temp_folder.hpp"
#include "wallet/agent/process_tree.hpp"

namespace aitbc::agent {
namespace {

class Shell {
 public:
  RunOutcome run(const std::string& script, const std::string& input = "") {
    std::ofstream(folder_.path() / "input") << input;
    request.command = {"/bin/sh", "-c", script};
    return run_command();
  }
  RunOutcome run_command() {
    request.folder = folder_.path();
    request.input_file = folder_.path() / "input";
    request.output_file = folder_.path() / "output";
    request.error_file = folder_.path() / "errors";
    std::ofstream(request.input_file, std::ios::app);
    const auto outcome = run_limited(request);
    REQUIRE_MESSAGE(outcome, outcome.error().message);
    return *outcome;
  }
  std::string output() const { return read("output"); }
  std::string errors() const { return read("errors"); }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  RunRequest request{.command = {},
                     .environment = {{"PATH", "/usr/bin:/bin"}, {"GIVEN", "yes"}},
                     .folder = {},
                     .input_file = {},
                     .output_file = {},
                     .error_file = {},
                     .limits = {.time = std::chrono::seconds(20)}};

 private:
  std::string read(const std::string& name) const {
    std::ifstream file(folder_.path() / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  test::TempFolder folder_;
};

// What a script wrote down about itself is gone.
bool is_gone(const std::filesystem::path& pid_file) {
  std::ifstream file(pid_file);
  pid_t pid = 0;
  return static_cast<bool>(file >> pid) && ::kill(pid, 0) != 0;
}

TEST_CASE_FIXTURE(Shell, "a command gets its input, and its output and errors are kept apart") {
  const auto outcome = run("tr a-z A-Z; echo careful >&2", "hello");
  CHECK(outcome.succeeded());
  CHECK(output() == "HELLO");
  CHECK(errors() == "careful\n");
  CHECK(outcome.output_bytes == 5);
}

TEST_CASE_FIXTURE(Shell, "the environment is what was given, and no other file is open") {
  ::setenv("AITBC_PASSWORD", "secret", 1);
  const auto outcome = run("env; ls /proc/self/fd | wc -l");
  ::unsetenv("AITBC_PASSWORD");
  CHECK(outcome.succeeded());
  CHECK(output().find("GIVEN=yes") != std::string::npos);
  CHECK(output().find("AITBC") == std::string::npos);
  // Input, output, errors, and the folder that ls itself reads.
  CHECK(output().ends_with("4\n"));
}

TEST_CASE_FIXTURE(Shell, "exit statuses, signals and a program that is not there are told apart") {
  auto outcome = run("exit 7");
  CHECK(outcome.end == RunEnd::exited);
  CHECK(outcome.code == 7);
  CHECK(outcome.describe() == "the command ended with status 7");
  outcome = run("kill -TERM $$");
  CHECK(outcome.end == RunEnd::signalled);
  CHECK(outcome.code == SIGTERM);
  request.command = {"/no/such/program"};
  CHECK(run_command().end == RunEnd::not_started);
}

TEST_CASE_FIXTURE(Shell, "the time limit ends the command and everything that came from it") {
  request.limits.time = std::chrono::milliseconds(300);
  const auto outcome =
      run("echo before; (setsid sh -c 'echo $$ > " + path("escaped").string() + "; sleep 60' &) ; sleep 60");
  CHECK(outcome.end == RunEnd::timed_out);
  CHECK(outcome.took < std::chrono::seconds(10));
  CHECK(output() == "before\n");
  CHECK(is_gone(path("escaped")));
}

TEST_CASE_FIXTURE(Shell, "what a finished command left running is ended with it") {
  const auto outcome =
      run("sh -c 'echo $$ > " + path("left").string() + "; sleep 60' & sleep 0.3; echo done");
  CHECK(outcome.succeeded());
  CHECK(output() == "done\n");
  CHECK(is_gone(path("left")));
  CHECK(descendants().processes.empty());
}

TEST_CASE_FIXTURE(Shell, "too much output, memory or too many processes end the command") {
  request.limits.output_bytes = 1'000;
  CHECK(run("yes").end == RunEnd::output);
  CHECK(output().size() == 1'000);
  CHECK(run("head -c 1001 /dev/zero").end == RunEnd::output);
  CHECK(run("head -c 1000 /dev/zero").succeeded());

  request.limits.memory_bytes = 32U << 20;
  const auto hungry = run("x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo ${#x}");
  CHECK_FALSE(hungry.succeeded());
  CHECK(output().empty());
  request.limits.memory_bytes = 1ULL << 30;

  request.limits.processes = 5;
  CHECK(run("for i in 1 2 3 4 5 6 7 8; do sleep 30 & done; wait").end == RunEnd::processes);
}

TEST_CASE_FIXTURE(Shell, "memory is counted over all processes together") {
  request.limits.memory_bytes = 150U << 20;
  const std::string hold = "sh -c 'x=$(head -c 40000000 /dev/zero | tr \"\\0\" x); sleep 30' & ";
  std::string six;  // any one of them is far below the limit
  for (int i = 0; i < 6; ++i) six += hold;
  CHECK(run(six + "wait").end == RunEnd::memory);
}

TEST_CASE_FIXTURE(Shell, "privileges cannot be gained") {
  CHECK(run("grep NoNewPrivs /proc/self/status").succeeded());
  CHECK(output() == "NoNewPrivs:\t1\n");
}

}  // namespace
}  // namespace aitbc::agent
