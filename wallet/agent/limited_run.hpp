// Runs a command that is not trusted with more than it was given: its own session, a cleaned environment, no
// way to gain privileges, and limits on time, memory, processes and output. Linux only.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace aitbc::agent {

struct RunLimits {
  std::chrono::milliseconds time{3'600'000};
  std::uint64_t cpu_seconds = 0;             // of one process; 0: no limit but the time
  std::uint64_t memory_bytes = 4ULL << 30;   // resident, of all its processes together
  std::uint64_t output_bytes = 64ULL << 20;  // of standard output
  std::uint64_t file_bytes = 16ULL << 30;    // of one file that it writes
  std::uint64_t processes = 256;             // and threads' processes, at once
};

struct RunRequest {
  std::vector<std::string> command;  // a program (searched in PATH when it has no slash) and its arguments
  std::vector<std::pair<std::string, std::string>> environment;  // all of it
  std::filesystem::path folder;                                  // where it runs
  std::filesystem::path input_file;                              // its standard input
  std::filesystem::path output_file;                             // receives standard output
  std::filesystem::path error_file;                              // receives the beginning of standard error
  RunLimits limits;
};

// What ended a run.
enum class RunEnd { exited, signalled, timed_out, memory, output, processes, not_started };
std::string_view name_of(RunEnd end);

struct RunOutcome {
  RunEnd end = RunEnd::exited;
  int code = 0;  // exit status or signal
  std::uint64_t output_bytes = 0;
  std::chrono::milliseconds took{0};

  bool succeeded() const { return end == RunEnd::exited && code == 0; }
  // One sentence for the customer: "the command ended with status 3".
  std::string describe() const;
};

// Blocks until the command and every process that came from it are gone; whatever breaks a limit is killed
// with all of them. The output file is durable when it returns. Fails (io) when files cannot be opened or no
// process can be made. Must be called in a process without other threads and without other children: every
// child that the process has at the end is killed.
Result<RunOutcome> run_limited(const RunRequest& request);

}  // namespace aitbc::agent
