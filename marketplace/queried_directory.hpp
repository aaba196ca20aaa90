// The directory that a query searches.
#pragma once

#include "marketplace/query_handlers.hpp"

namespace aitbc::market {

// The index's, or one made for this query from the state that it reads.
class QueriedDirectory {
 public:
  // limit: there is no index, and more records than one query may look at.
  static Result<QueriedDirectory> of(const Query& q);
  const Directory& get() const { return kept_ != nullptr ? *kept_ : made_; }

 private:
  const Directory* kept_ = nullptr;
  Directory made_;
};

}  // namespace aitbc::market
