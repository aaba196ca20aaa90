#include "wallet/agent/limited_run.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

#include "wallet/agent/process_tree.hpp"

namespace aitbc::agent {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint64_t kMaxErrorOutput_bytes = 64U << 10;
constexpr milliseconds kWatchInterval{100};
constexpr int kChunk_bytes = 64 << 10;

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void reset(int fd) {
    close();
    fd_ = fd;
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

tl::unexpected<Error> system_failure(const std::string& what) {
  return fail(ErrorCode::io, "cannot " + what + ": " + std::generic_category().message(errno));
}

struct Pipe {
  Descriptor reader;
  Descriptor writer;
};
Result<void> open_pipe(Pipe& out) {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("make a pipe");
  out.reader.reset(ends[0]);
  out.writer.reset(ends[1]);
  return {};
}

// Everything that the new process needs, made before the fork: afterwards only plain system calls are safe.
struct Launch {
  std::vector<char*> arguments;
  std::vector<std::string> variables;
  std::vector<char*> environment;
  const char* folder;
  int input;
  int output;
  int error;
  int report;  // gets errno when the program cannot be run
  RunLimits limits;
};

void limit(__rlimit_resource resource, std::uint64_t most) {
  const rlimit value{most, most};
  ::setrlimit(resource, &value);
}

[[noreturn]] void become(const Launch& launch) {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::umask(077);
  limit(RLIMIT_CORE, 0);
  // The heap's growth stops here with an error that the program sees; the watch over resident memory counts
  // all processes together.
  limit(RLIMIT_DATA, launch.limits.memory_bytes);
  limit(RLIMIT_FSIZE, launch.limits.file_bytes);
  if (launch.limits.cpu_seconds != 0) limit(RLIMIT_CPU, launch.limits.cpu_seconds);
  const bool placed = ::dup2(launch.input, STDIN_FILENO) >= 0 && ::dup2(launch.output, STDOUT_FILENO) >= 0 &&
                      ::dup2(launch.error, STDERR_FILENO) >= 0 && ::chdir(launch.folder) == 0;
  if (placed && ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
    ::execvpe(launch.arguments[0], launch.arguments.data(), launch.environment.data());
  const int why = errno;
  [[maybe_unused]] const ssize_t written = ::write(launch.report, &why, sizeof why);
  ::_exit(127);
}

Launch prepare(const RunRequest& request) {
  Launch out{};
  for (const std::string& argument : request.command)
    out.arguments.push_back(const_cast<char*>(argument.c_str()));
  out.arguments.push_back(nullptr);
  for (const auto& [name, value] : request.environment) out.variables.push_back(name + "=" + value);
  for (std::string& variable : out.variables) out.environment.push_back(variable.data());
  out.environment.push_back(nullptr);
  out.folder = request.folder.c_str();
  out.limits = request.limits;
  return out;
}

bool write_all(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

// A stream of the command on its way into a file.
struct Stream {
  Descriptor from;
  Descriptor to;
  std::uint64_t most_bytes = 0;
  std::uint64_t taken = 0;
  bool overflowed = false;

  // Takes what is there; false at the end.
  Result<bool> pump() {
    std::array<char, kChunk_bytes> chunk;
    const ssize_t got = ::read(from.get(), chunk.data(), chunk.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (got <= 0) {
      from.close();
      return false;
    }
    const std::size_t size = std::min<std::uint64_t>(static_cast<std::size_t>(got), most_bytes - taken);
    overflowed |= size < static_cast<std::size_t>(got);
    if (!write_all(to.get(), chunk.data(), size)) return system_failure("write what a command prints");
    taken += size;
    return true;
  }
};

class Run {
 public:
  explicit Run(const RunRequest& request) : request_(request), start_(Clock::now()) {}

  Result<RunOutcome> operator()() {
    adopt_orphans();
    AITBC_TRY(open_files());
    AITBC_TRY(start());
    if (!outcome_) {
      AITBC_TRY(watch());
    }
    kill_descendants();
    AITBC_TRY(drain());
    if (::fsync(output_.to.get()) != 0) return system_failure("store a command's output");
    outcome_->output_bytes = output_.taken;
    outcome_->took = std::chrono::duration_cast<milliseconds>(Clock::now() - start_);
    return *outcome_;
  }

 private:
  Result<void> open_files() {
    input_.reset(::open(request_.input_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!input_.is_open()) return system_failure("open " + request_.input_file.string());
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    output_.to.reset(::open(request_.output_file.c_str(), flags, 0600));
    if (!output_.to.is_open()) return system_failure("open " + request_.output_file.string());
    error_.to.reset(::open(request_.error_file.c_str(), flags, 0600));
    if (!error_.to.is_open()) return system_failure("open " + request_.error_file.string());
    output_.most_bytes = request_.limits.output_bytes;
    error_.most_bytes = kMaxErrorOutput_bytes;
    return {};
  }

  Result<void> start() {
    Pipe output;
    Pipe error;
    Pipe report;
    AITBC_TRY(open_pipe(output));
    AITBC_TRY(open_pipe(error));
    AITBC_TRY(open_pipe(report));
    Launch launch = prepare(request_);
    launch.input = input_.get();
    launch.output = output.writer.get();
    launch.error = error.writer.get();
    launch.report = report.writer.get();
    child_ = ::fork();
    if (child_ < 0) return system_failure("start a process");
    if (child_ == 0) become(launch);
    output_.from.reset(::fcntl(output.reader.get(), F_DUPFD_CLOEXEC, 0));
    error_.from.reset(::fcntl(error.reader.get(), F_DUPFD_CLOEXEC, 0));
    report.writer.close();
    int why = 0;
    ssize_t got = -1;
    do {
      got = ::read(report.reader.get(), &why, sizeof why);  // ends without a word when the program runs
    } while (got < 0 && errno == EINTR);
    if (got > 0) outcome_ = RunOutcome{RunEnd::not_started, why, 0, {}};
    return {};
  }

  // Until the command has ended or broke a limit.
  Result<void> watch() {
    auto next_look = Clock::now();
    while (!outcome_) {
      AITBC_TRY(wait_and_pump());
      if (output_.from.is_open() && Clock::now() < next_look) continue;
      check_end();
      if (!outcome_) check_limits();
      next_look = Clock::now() + kWatchInterval;
    }
    return {};
  }

  Result<void> wait_and_pump() {
    std::array<pollfd, 2> waiting{pollfd{output_.from.get(), POLLIN, 0},
                                  pollfd{error_.from.get(), POLLIN, 0}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(kWatchInterval.count()));
    if (waiting[0].revents != 0) {
      AITBC_TRY(output_.pump());
    }
    if (waiting[1].revents != 0) {
      AITBC_TRY(error_.pump());
    }
    if (output_.overflowed) end(RunEnd::output);
    return {};
  }

  void check_end() {
    int status = 0;
    if (::waitpid(child_, &status, WNOHANG) != child_) return;
    if (WIFEXITED(status)) return end(RunEnd::exited, WEXITSTATUS(status));
    end(RunEnd::signalled, WTERMSIG(status));
  }

  void check_limits() {
    if (Clock::now() - start_ >= request_.limits.time) return end(RunEnd::timed_out);
    const ProcessTree tree = descendants();
    if (tree.resident_bytes > request_.limits.memory_bytes) return end(RunEnd::memory);
    if (tree.processes.size() > request_.limits.processes) return end(RunEnd::processes);
  }

  void end(RunEnd why, int code = 0) {
    if (!outcome_) outcome_ = RunOutcome{why, code, 0, {}};
  }

  // What was written before the end; nobody writes any more.
  Result<void> drain() {
    for (Stream* stream : {&output_, &error_}) {
      while (stream->from.is_open()) {
        AITBC_TRY(stream->pump());
      }
    }
    if (output_.overflowed && outcome_->succeeded()) outcome_->end = RunEnd::output;
    return {};
  }

  const RunRequest& request_;
  Clock::time_point start_;
  Descriptor input_;
  Stream output_;
  Stream error_;
  pid_t child_ = -1;
  std::optional<RunOutcome> outcome_;
};

}  // namespace

std::string_view name_of(RunEnd end) {
  switch (end) {
    case RunEnd::exited:
      return "exited";
    case RunEnd::signalled:
      return "signalled";
    case RunEnd::timed_out:
      return "timed_out";
    case RunEnd::memory:
      return "memory";
    case RunEnd::output:
      return "output";
    case RunEnd::processes:
      return "processes";
    case RunEnd::not_started:
      return "not_started";
  }
  return "";
}

std::string RunOutcome::describe() const {
  switch (end) {
    case RunEnd::exited:
      return code == 0 ? "done" : "the command ended with status " + std::to_string(code);
    case RunEnd::signalled:
      return "the command was ended by signal " + std::to_string(code);
    case RunEnd::timed_out:
      return "the command took too long";
    case RunEnd::memory:
      return "the command needed too much memory";
    case RunEnd::output:
      return "the result is larger than this provider allows";
    case RunEnd::processes:
      return "the command started too many processes";
    case RunEnd::not_started:
      return "the provider's command cannot be run";
  }
  return "";
}

Result<RunOutcome> run_limited(const RunRequest& request) { return Run(request)(); }

}  // namespace aitbc::agent
