// A mutex that goes to whoever waits: a thread that unlocks and at once locks again queues behind those that
// waited meanwhile. Long work done in slices under it therefore delays others by one slice only.
#pragma once

#include <mutex>

namespace aitbc::mempool {

class TurnMutex {
 public:
  void lock() {
    const std::lock_guard turn(turn_);
    owner_.lock();
  }
  void unlock() { owner_.unlock(); }

 private:
  std::mutex turn_;  // held while waiting for owner_
  std::mutex owner_;
};

}  // namespace aitbc::mempool
