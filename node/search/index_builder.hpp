// Makes the search index from the chain, or brings it up to date.
#pragma once

#include "node/search/index_writer.hpp"
#include "node/search/search_index.hpp"

namespace aitbc::search {

// Whether the index in `store` belongs to this chain and can catch up with `view` from what the chain keeps.
Result<std::optional<Height>> usable_head(const Store& store, const chain::ChainView& view);
// Fills an empty index. The head is written last: what was cut short is not usable.
Result<void> build_index(Store& store, const chain::ChainView& view, const IndexListener& progress);
// Adds the blocks after `from`. Precondition: usable_head() said `from`.
Result<void> catch_up(Store& store, const chain::ChainView& view, Height from);
// Adds the block of a commit to an index that is complete up to its parent.
Result<void> add_head(Store& store, const chain::HeadEvent& event);

// GPUs and providers of the state.
Result<void> load_directory(const chain::ChainView& view, market::Directory& directory);
void update_directory(market::Directory& directory, ByteView key, ByteView value);

}  // namespace aitbc::search
