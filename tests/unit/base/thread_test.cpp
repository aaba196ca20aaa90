#include "base/thread.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

using namespace aitbc;

TEST_CASE("a thread that lets others go first comes after those of its program, however that was started") {
  int before = 0;
  int after = 0;
  std::thread([&] {
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + 4);  // as `nice` does with a program
    before = getpriority(PRIO_PROCESS, 0);
    let_others_go_first();
    after = getpriority(PRIO_PROCESS, 0);
  }).join();
  CHECK(after == std::min(before + 5, 19));  // 19: as far as it goes
}
