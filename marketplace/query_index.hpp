// How lists find their records without looking at all of them.
#pragma once

#include <memory>
#include <optional>

#include "marketplace/directory.hpp"
#include "marketplace/facets.hpp"

namespace aitbc::market {

// Ids in ascending or descending order. Not thread-safe.
class IdStream {
 public:
  virtual ~IdStream() = default;
  // The first id at or beyond `id`, in the stream's order; nullopt at the end. `id` never goes backwards.
  virtual Result<std::optional<std::uint64_t>> seek(std::uint64_t id) = 0;
};

// Kept outside the state machine, for one state: the one that the query reads.
class QueryIndex {
 public:
  virtual ~QueryIndex() = default;
  virtual std::unique_ptr<IdStream> find(Kind kind, const FacetValue& wanted, bool descending) const = 0;
  virtual const Directory& directory() const = 0;
};

// What every record of a page has in common.
struct Wanted {
  Kind kind{};
  std::vector<FacetValue> all;
  std::optional<std::uint8_t> state;  // may be in it: final in it, or not final yet
};
// Ids 1 to `last` that have everything wanted; without an index, all of them: the caller looks at the
// records.
std::unique_ptr<IdStream> find_ids(const QueryIndex* index, const Wanted& wanted, std::uint64_t last,
                                   bool descending);

}  // namespace aitbc::market
