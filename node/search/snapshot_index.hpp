// The facets of the search index as the market's queries ask for them.
#pragma once

#include <memory>

#include "marketplace/query_index.hpp"
#include "storage/store.hpp"

namespace aitbc::search {

// `directory` must outlive it, and belong to the same block as `entries`.
std::unique_ptr<market::QueryIndex> snapshot_index(std::shared_ptr<const Snapshot> entries,
                                                   const market::Directory& directory);

}  // namespace aitbc::search
