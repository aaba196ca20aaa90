// Progress of long work, on a terminal one line that is rewritten, otherwise a line now and then; and a way
// to stop it cleanly.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace aitbc {

// From construction to destruction SIGINT and SIGTERM set a flag instead of ending the process. One at a
// time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  bool stopped() const;
};

class ProgressLine {
 public:
  explicit ProgressLine(std::string what);
  ~ProgressLine();
  // `done` of `total` (0: unknown) in whatever unit; `detail` stands after it. Cheap: prints a few times a
  // second at most.
  void update(std::uint64_t done, std::uint64_t total, const std::string& detail);

 private:
  std::string what_;
  bool terminal_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point next_;
  bool printed_ = false;
};

}  // namespace aitbc
