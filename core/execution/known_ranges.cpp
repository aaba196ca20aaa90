#include "execution/known_ranges.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace aitbc {
namespace {

// Whether a range that ends there takes in a key, or the start of another range that touches it.
bool ends_after(const std::optional<Bytes>& until, ByteView key) {
  return !until || compare(key, *until) < 0;
}
bool reaches(const std::optional<Bytes>& until, ByteView key) { return !until || compare(key, *until) <= 0; }

}  // namespace

const KnownRanges::Range* KnownRanges::covering(ByteView key) const {
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), key,
                                      [](ByteView a, const Range& b) { return compare(a, b.from) < 0; });
  if (after == ranges_.begin()) return nullptr;
  const Range& range = *std::prev(after);
  return ends_after(range.until, key) ? &range : nullptr;
}

void KnownRanges::add(Range range) {
  const auto first = std::find_if(ranges_.begin(), ranges_.end(),
                                  [&](const Range& each) { return reaches(each.until, range.from); });
  auto last = first;
  for (; last != ranges_.end() && reaches(range.until, last->from); ++last) {
    if (compare(last->from, range.from) < 0) range.from = std::move(last->from);
    if (range.until && ends_after(last->until, *range.until)) range.until = std::move(last->until);
  }
  ranges_.insert(ranges_.erase(first, last), std::move(range));
}

}  // namespace aitbc
