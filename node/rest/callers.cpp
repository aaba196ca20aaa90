#include "node/rest/callers.hpp"

#include <chrono>

#include "node/rest/registry.hpp"

namespace aitbc::rest {
namespace {

// Wrong API keys of one address in a minute, before it has to wait.
constexpr std::uint64_t kWrongKeysPerMinute = 20;

std::uint64_t steady_ms() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(now).count());
}

}  // namespace

Callers::Callers(const RestOptions& options)
    : hosted_wallets_(options.hosted_wallets),
      keys_(options.api_keys_file),
      key_limit_(options.requests_per_minute),
      wrong_key_limit_(kWrongKeysPerMinute) {}

RestResult<ApiKeyRing::Caller> Callers::authenticate(std::string_view key, std::string_view peer,
                                                     Seconds now) {
  if (!hosted_wallets_) return refuse(401, "this node hosts no wallets; sign the transaction yourself");
  REST_ASSIGN(auto caller, keys_.find(key, now));
  const unsigned wait = caller ? key_limit_.take(caller->name, steady_ms())
                               : wrong_key_limit_.take(std::string(peer), steady_ms());
  if (wait > 0) {
    Problem problem{
        429, caller ? "too many requests of this API key" : "too many wrong API keys", {}, {}, wait};
    return refuse(std::move(problem));
  }
  if (!caller) return refuse(401, "invalid API key");
  if (caller->has_expired)
    return refuse(401,
                  "the API key '" + caller->name + "' has expired: ask the node's operator for a new one");
  return *std::move(caller);
}

RestResult<std::optional<Address>> named_sender(Json body) {
  const Json named = body.find("from");
  if (named.is_null()) return std::optional<Address>();
  Address from;
  Issues issues;
  read(Source{named, {}}, from, {}, {"body", "from"}, issues);
  REST_TRY(check_issues(std::move(issues)));
  return std::optional<Address>(from);
}

}  // namespace aitbc::rest
