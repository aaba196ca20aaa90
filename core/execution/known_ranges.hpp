// Stretches of an ordered key space of which all is known.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"

namespace aitbc {

class KnownRanges {
 public:
  struct Range {
    Bytes from;
    std::optional<Bytes> until;  // not part of it; nullopt: to the end of all keys
  };

  // Null when nothing is known about the key. Valid until the next add.
  const Range* covering(ByteView key) const;
  // One with those that it overlaps or touches.
  void add(Range range);

 private:
  std::vector<Range> ranges_;  // by `from`; no two overlap or touch
};

}  // namespace aitbc
