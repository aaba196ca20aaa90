// What an answer of a webhook, or none, means for the event that was posted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "wallet/web/http_client.hpp"

namespace aitbc::notify {

enum class Verdict {
  delivered,
  again,      // certainly not posted: try again after a while
  closed,     // the webhook itself is refused (deleted, forbidden): try again after a long while
  refused,    // this message is refused: go on with the next
  uncertain,  // may have been posted: go on with the next, never post it again
};

struct Answer {
  Verdict verdict = Verdict::delivered;
  std::string reason;                    // without the webhook's address
  std::optional<std::uint64_t> wait_ms;  // asked for by the service
};
Answer judge(const tl::expected<web::HttpReply, web::HttpFailure>& reply);

// The pause before try number `failures` + 1: one second doubling up to five minutes; ten minutes when the
// webhook is closed.
std::uint64_t pause_ms(const Answer& answer, std::uint64_t failures);

}  // namespace aitbc::notify
