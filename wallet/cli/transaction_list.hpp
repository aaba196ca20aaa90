// Lists of transactions.
#pragma once

#include <optional>

#include "wallet/cli/market_client.hpp"
#include "wallet/cli/period.hpp"

namespace aitbc::cli {

// A failure (refused): nothing has another kind of id.
Outcome<Hash> read_transaction_hash(const std::string& text);
tl::unexpected<Failure> unknown_transaction(const std::string& text);

struct TransactionQuery {
  std::optional<Address> account;  // all that it sent or received; otherwise the marketplace's, of everybody
  std::optional<TimeRange> range;
  std::string record;  // only those that did something to this record, such as svc_3
  unsigned limit = 50;
  bool with_proposers = false;
};
// Newest first.
Outcome<std::vector<Json>> find_transactions(Context& context, const TransactionQuery& query);
Outcome<void> print_transactions(Context& context, const TransactionQuery& query);

}  // namespace aitbc::cli
