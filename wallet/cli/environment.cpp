#include "wallet/cli/environment.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <thread>

namespace aitbc::cli {
namespace {

constexpr std::size_t kMaxSecretLength = 4096;

// A terminal with its echo off until the end of the scope.
class SilentTerminal {
 public:
  SilentTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_silent_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    if (is_silent_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }

  bool is_silent() const { return is_silent_; }
  void write(const std::string& text) const {
    [[maybe_unused]] const ssize_t written = ::write(fd_, text.data(), text.size());
  }
  // Up to the end of the line. nullopt when the terminal is closed.
  std::optional<wallet::SecretBytes> read_line() const {
    wallet::SecretBytes buffer(kMaxSecretLength);
    std::size_t size = 0;
    while (size < kMaxSecretLength) {
      const ssize_t got = ::read(fd_, buffer.writable().data() + size, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return std::nullopt;
      if (buffer.view()[size] == '\n') break;
      ++size;
    }
    return wallet::SecretBytes(buffer.view().first(size));
  }

 private:
  int fd_;
  termios before_{};
  bool is_silent_ = false;
};

std::optional<wallet::SecretBytes> ask_terminal(const std::string& prompt) {
  const SilentTerminal terminal;
  if (!terminal.is_silent()) return std::nullopt;
  terminal.write(prompt);
  auto answer = terminal.read_line();
  terminal.write("\n");
  return answer;
}

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): one thread, never set
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace

Environment process_environment() {
  return {.out = std::cout,
          .err = std::cerr,
          .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
          .variable = process_variable,
          .connect = make_http_rpc_client,
          .ask_secret = ask_terminal,
          .sleep = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); },
          .now = [] { return std::chrono::steady_clock::now(); },
          .unix_now = [] { return static_cast<std::uint64_t>(std::time(nullptr)); }};
}

}  // namespace aitbc::cli
