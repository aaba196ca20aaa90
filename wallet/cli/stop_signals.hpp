// How a program that goes on is told to stop.
#pragma once

#include <signal.h>

#include <chrono>

namespace aitbc::cli {

enum class StopWish {
  none,
  stop,    // SIGTERM, SIGINT
  finish,  // SIGUSR1: no new work
};

// Keeps the signals from this thread and those started later, and hands them out in wait() instead. To be
// made before other threads.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  // The next signal, or none when the time is up.
  StopWish wait(std::chrono::milliseconds time) const;

 private:
  sigset_t signals_;
  sigset_t before_;
};

}  // namespace aitbc::cli
