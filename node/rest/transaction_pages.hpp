// Transactions as the REST surface shows them.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "node/rest/routes.hpp"

namespace aitbc::rest {

inline constexpr std::array kTransaction{
    OutField{"tx_hash", "hash", Form::text, "of the transaction"},
    OutField{"status", "status", Form::text, "pending, success or reverted"},
    OutField{"block_number", "height", Form::integer, "null while it is pending", true},
    OutField{"timestamp", "time", Form::time, "of the block; null while it is pending", true},
    OutField{"from", "from", Form::text, "address of the sender"},
    OutField{"to", "to", Form::text, "address", true},
    OutField{"value", "value", Form::amount, "AIT"},
    OutField{"nonce", "nonce", Form::integer, "of the sender"},
    OutField{"fee", "fee", Form::amount, "AIT paid for gas", true},
    OutField{"type", "type", Form::text, "of a marketplace transaction: REGISTER_GPU, BOOK, ...", true},
    OutField{"arguments", "arguments", Form::any, "of a marketplace transaction's call"},
};
inline constexpr Shape kTransactionShape{"Transaction", kTransaction};

// One that is in a block or waits for one; else 404.
RestResult<Page> get_transaction(const RestBackend& backend, const Hash& hash);

struct ListTransactions : QueryInput {
  std::optional<std::uint64_t> block, limit;
  std::optional<std::string> cursor;
  static constexpr auto kFields =
      std::tuple(input("block", &ListTransactions::block, "only of the block of this height"),
                 input("limit", &ListTransactions::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListTransactions::cursor, "X-Next-Cursor of the page before"));
};
// Those in blocks, newest first. 404: no such block; 400: no cursor of such a page.
RestResult<Page> list_transactions(const RestBackend& backend, const ListTransactions& query);

}  // namespace aitbc::rest
