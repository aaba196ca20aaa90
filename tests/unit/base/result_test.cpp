#include "base/result.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

#include "base/check.hpp"

using namespace aitbc;

namespace {

Result<int> positive(int value) {
  if (value <= 0) return fail(ErrorCode::limit, "not positive");
  return value;
}

Result<int> sum_of_positives(int a, int b) {
  AITBC_ASSIGN(const int first, positive(a));
  AITBC_ASSIGN(const int second, positive(b));
  return first + second;
}

Result<std::unique_ptr<int>> owned_positive(int value) {
  AITBC_TRY(positive(value));
  return std::make_unique<int>(value);
}

Result<int> through_ownership(int value) {
  AITBC_ASSIGN(const std::unique_ptr<int> owned, owned_positive(value));
  return *owned;
}

// The signal that ends a process which breaks an invariant; 0 when it ends otherwise.
int signal_of_broken_invariant(bool condition) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // the test framework's handler would report it
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
    AITBC_CHECK(condition, "made to fail");
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

TEST_CASE("an error passes through the functions above it unchanged") {
  CHECK(sum_of_positives(1, 2) == 3);
  for (const auto& [a, b] : {std::pair{-1, 2}, std::pair{1, -2}}) {
    const Result<int> sum = sum_of_positives(a, b);
    REQUIRE_FALSE(sum.has_value());
    CHECK(sum.error().code == ErrorCode::limit);
    CHECK(sum.error().message == "not positive");
  }
}

TEST_CASE("values that cannot be copied are moved out of a result") {
  CHECK(through_ownership(5) == 5);
  CHECK_FALSE(through_ownership(0).has_value());
}

TEST_CASE("only failures of this machine are local") {
  CHECK(is_local_failure({ErrorCode::io, ""}));
  CHECK(is_local_failure({ErrorCode::corruption, ""}));
  CHECK_FALSE(is_local_failure({ErrorCode::invalid_block, ""}));
  CHECK_FALSE(is_local_failure({ErrorCode::invalid_input, ""}));
}

TEST_CASE("a broken invariant aborts the process, a kept one does nothing") {
  CHECK(signal_of_broken_invariant(false) == SIGABRT);
  CHECK(signal_of_broken_invariant(true) == 0);
}
