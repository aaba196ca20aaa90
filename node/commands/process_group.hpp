// Child processes that are stopped together. Main thread only, and no other thread may run: it forks.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace aitbc::commands {

class ProcessGroup {
 public:
  // Holds SIGINT, SIGTERM and SIGCHLD back from now on, for wait(). Children do not see the terminal's
  // Ctrl-C; they get SIGTERM from stop(), or from the kernel when this process dies.
  ProcessGroup();
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  // Runs this program again with other arguments; what it prints goes to the end of `log`.
  Result<void> start(std::string name, const std::vector<std::string>& arguments,
                     const std::filesystem::path& log);
  // Waits for the next signal, `milliseconds` at most, and tells `on_ended` of children that ended, and how.
  // True when the process is to stop (SIGINT, SIGTERM) or no child is left.
  bool wait(int milliseconds,
            const std::function<void(const std::string& name, const std::string& how)>& on_ended);
  bool is_empty() const { return children_.empty(); }
  // SIGTERM to all, SIGKILL to those still there after half a minute.
  void stop();

 private:
  struct Child {
    pid_t pid;
    std::string name;
  };
  std::vector<Child> children_;
};

}  // namespace aitbc::commands
