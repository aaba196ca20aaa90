#include "node/progress.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <utility>

namespace aitbc {
namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t stop_requested = 0;

void request_stop(int) { stop_requested = 1; }

std::string clock_text(double seconds) {
  const auto whole = static_cast<unsigned long>(seconds);
  char text[32];
  std::snprintf(text, sizeof text, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60, whole % 60);
  return text;
}

}  // namespace

StopSignals::StopSignals() {
  stop_requested = 0;
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
}
StopSignals::~StopSignals() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}
bool StopSignals::stopped() const { return stop_requested != 0; }

ProgressLine::ProgressLine(std::string what)
    : what_(std::move(what)),
      terminal_(isatty(STDERR_FILENO) != 0),
      started_(Clock::now()),
      next_(started_) {}

ProgressLine::~ProgressLine() {
  if (terminal_ && printed_) std::fputc('\n', stderr);
}

void ProgressLine::update(std::uint64_t done, std::uint64_t total, const std::string& detail) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? std::chrono::milliseconds(250) : std::chrono::milliseconds(10'000));
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  std::string line = what_;
  if (total > 0 && done > 0) {
    const double share = static_cast<double>(done) / static_cast<double>(total);
    char percent[16];
    std::snprintf(percent, sizeof percent, " %5.1f %%", share * 100);
    line += percent;
    line += "  left " + clock_text(elapsed / share - elapsed);
  }
  line += "  " + detail;
  std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", line.c_str());
  std::fflush(stderr);
  printed_ = true;
}

}  // namespace aitbc
