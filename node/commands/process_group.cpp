#include "node/commands/process_group.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace aitbc::commands {
namespace {

sigset_t watched_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGCHLD}) ::sigaddset(&set, number);
  return set;
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(char** arguments, const char* log, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);  // it died in between
  const sigset_t set = watched_signals();
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  const int output = ::open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0 || ::dup2(output, STDOUT_FILENO) < 0 || ::dup2(output, STDERR_FILENO) < 0) ::_exit(1);
  ::execv("/proc/self/exe", arguments);
  ::_exit(1);
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

ProcessGroup::ProcessGroup() {
  const sigset_t set = watched_signals();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

ProcessGroup::~ProcessGroup() { stop(); }

Result<void> ProcessGroup::start(std::string name, const std::vector<std::string>& arguments,
                                 const std::filesystem::path& log) {
  std::vector<std::string> words{"aitbc-node"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return fail(ErrorCode::io, std::string("cannot start a process: ") + std::strerror(errno));
  if (child == 0) become(pointers.data(), log.c_str(), parent);
  children_.push_back({child, std::move(name)});
  return {};
}

bool ProcessGroup::wait(int milliseconds,
                        const std::function<void(const std::string&, const std::string&)>& on_ended) {
  const sigset_t set = watched_signals();
  const timespec limit{milliseconds / 1000, (milliseconds % 1000) * 1'000'000L};
  const int number = ::sigtimedwait(&set, nullptr, &limit);
  std::erase_if(children_, [&](const Child& child) {
    int status = 0;
    if (::waitpid(child.pid, &status, WNOHANG) != child.pid) return false;
    on_ended(child.name, describe(status));
    return true;
  });
  return number == SIGINT || number == SIGTERM || children_.empty();
}

void ProcessGroup::stop() {
  for (const Child& child : children_) ::kill(child.pid, SIGTERM);
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!children_.empty()) {
    if (std::chrono::steady_clock::now() > patience)
      for (const Child& child : children_) ::kill(child.pid, SIGKILL);
    wait(100, [](const std::string&, const std::string&) {});
  }
}

}  // namespace aitbc::commands
