// Runs one of this program's skipped test cases in a process of its own, so that it can be killed.
#pragma once

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>

namespace aitbc::test {

inline constexpr const char* kChildFolder = "AITBC_TEST_CHILD_FOLDER";

class ChildProcess {
 public:
  // The test case finds `folder` in the environment, and its standard output is read with read_line().
  ChildProcess(const std::string& test_case, const std::filesystem::path& folder) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::string filter = "--test-case=" + test_case;
    std::string variable = std::string(kChildFolder) + "=" + folder.string();
    std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    std::string no_skip = "--no-skip";
    std::array<char*, 4> arguments{program.data(), filter.data(), no_skip.data(), nullptr};
    std::array<char*, 2> environment{variable.data(), nullptr};
    if (posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environment.data()) != 0)
      std::abort();
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    if (!ended_) kill_and_wait();
    fclose(output_);
  }

  // False at the end of the output.
  bool read_line(std::string& line) {
    std::array<char, 256> buffer;
    if (fgets(buffer.data(), buffer.size(), output_) == nullptr) return false;
    line = buffer.data();
    while (!line.empty() && line.back() == '\n') line.pop_back();
    return true;
  }
  void kill_and_wait() {
    kill(pid_, SIGKILL);
    wait();
  }
  // The exit status, or -1 when it was killed.
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;
  FILE* output_ = nullptr;
  bool ended_ = false;
};

}  // namespace aitbc::test
