#include "wallet/cli/stop_signals.hpp"

#include <cerrno>
#include <ctime>

namespace aitbc::cli {

StopSignals::StopSignals() {
  sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&signals_, signal);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

StopSignals::~StopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

StopWish StopSignals::wait(std::chrono::milliseconds time) const {
  const timespec limit{static_cast<std::time_t>(time.count() / 1'000),
                       static_cast<long>(time.count() % 1'000 * 1'000'000)};
  const int signal = sigtimedwait(&signals_, nullptr, &limit);
  if (signal == SIGUSR1) return StopWish::finish;
  return signal > 0 ? StopWish::stop : StopWish::none;
}

}  // namespace aitbc::cli
