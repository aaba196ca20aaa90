// Auctions by the type and id in their path.
#pragma once

#include "marketplace/ids.hpp"
#include "node/rest/backend.hpp"

namespace aitbc::rest {

// Refused with 404 when there is no such auction, or one of another type: "Dutch auction not found".
RestResult<Answer> auction_of_type(const RestBackend& backend, const std::string& type, market::AuctionId id);

}  // namespace aitbc::rest
