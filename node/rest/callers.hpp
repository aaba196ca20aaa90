// Who makes a request that changes something: the wallet behind an API key, or a sender that is only named.
#pragma once

#include <optional>
#include <string_view>

#include "node/json/json_value.hpp"
#include "node/rest/api_keys.hpp"
#include "node/rest/options.hpp"
#include "node/rest/problem.hpp"
#include "node/rest/rate_limit.hpp"

namespace aitbc::rest {

// Thread-safe.
class Callers {
 public:
  explicit Callers(const RestOptions& options);

  // 401: nobody has this key, it has expired, or this node hosts no wallets; 429: too many requests of the
  // key, or too many wrong keys of that address. now: Unix time.
  RestResult<ApiKeyRing::Caller> authenticate(std::string_view key, std::string_view peer, Seconds now);

 private:
  const bool hosted_wallets_;
  ApiKeyRing keys_;
  RateLimit key_limit_;
  RateLimit wrong_key_limit_;
};

// The address in the body's "from", if there is one.
RestResult<std::optional<Address>> named_sender(Json body);

}  // namespace aitbc::rest
