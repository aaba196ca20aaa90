// Measured values and what they amount to.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "wallet/cli/output.hpp"

namespace aitbc::cli {

// A number with up to three decimals; "-" (null) for what is no number.
inline Cell decimal_cell(double value) {
  if (!std::isfinite(value)) return {"-", "null"};
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", value);
  std::string out = text;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return {out, out};
}

class Samples {
 public:
  void add(double value) { values_.push_back(value); }
  std::size_t count() const { return values_.size(); }
  // The value that so many percent do not exceed (nearest rank); NaN without samples.
  double percentile(double percent) const {
    if (values_.empty()) return std::nan("");
    std::vector<double> sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    const double rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
  }
  Cell cell(double percent) const { return decimal_cell(percentile(percent)); }

 private:
  std::vector<double> values_;
};

}  // namespace aitbc::cli
