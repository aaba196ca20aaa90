// Reviews: one per finished booking or service, by its customer.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

Outcome<ReviewId> add_review(Context& c, std::uint8_t subject_kind, std::uint64_t subject,
                             std::uint8_t rating, const std::string& comment);
// By a moderator: the review stays readable but counts for nothing.
Outcome<void> hide_review(Context& c, ReviewId id, const std::string& reason);
Outcome<Review> get_review(Context& c, ReviewId id);

}  // namespace aitbc::market
