#include "base/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <string>

namespace aitbc {

void name_thread(const char* name) {
  constexpr std::size_t kLongest = 15;  // of the kernel
  pthread_setname_np(pthread_self(), std::string(name).substr(0, kLongest).c_str());
}

void let_others_go_first() {
  // A third of the weight of an ordinary thread, which still gets all that nobody else wants.
  constexpr int kNice = 5;
  // On Linux a priority is a thread's own, and 0 means the calling one. On top of what the whole program was
  // started with: less than that would put this thread first.
  setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + kNice);
}

}  // namespace aitbc
