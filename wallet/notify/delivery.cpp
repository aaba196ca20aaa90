#include "wallet/notify/delivery.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace aitbc::notify {
namespace {

constexpr std::uint64_t kFirstPause_ms = 1'000;
constexpr std::uint64_t kLongestPause_ms = 300'000;
constexpr std::uint64_t kClosedPause_ms = 600'000;
constexpr double kLongestWait_seconds = 3'600;

// Seconds, also with decimals as Discord has them; dates are not understood.
std::optional<std::uint64_t> retry_after_ms(const std::string& text) {
  char* end = nullptr;
  const double seconds = std::strtod(text.c_str(), &end);
  const bool valid = !text.empty() && *end == '\0' && seconds >= 0 && std::isfinite(seconds);
  if (!valid) return std::nullopt;
  return static_cast<std::uint64_t>(std::min(seconds, kLongestWait_seconds) * 1'000);
}

Verdict verdict_of(unsigned status) {
  if (status >= 200 && status < 300) return Verdict::delivered;
  switch (status) {
    case 408:  // Request Timeout: not read to its end
    case 425:  // Too Early
    case 429:  // Too Many Requests
    case 500:  // the service says that it failed
    case 503:  // Service Unavailable
      return Verdict::again;
    case 401:
    case 403:
    case 404:
    case 410:
      return Verdict::closed;
    default:
      break;
  }
  if (status >= 300 && status < 400) return Verdict::closed;
  // A gateway that got no answer does not know what happened behind it.
  return status >= 500 ? Verdict::uncertain : Verdict::refused;
}

}  // namespace

Answer judge(const tl::expected<web::HttpReply, web::HttpFailure>& reply) {
  if (!reply)
    return {reply.error().was_sent ? Verdict::uncertain : Verdict::again, reply.error().message,
            std::nullopt};
  const Verdict verdict = verdict_of(reply->status);
  if (verdict == Verdict::delivered) return {};
  return {verdict, "the service answered " + std::to_string(reply->status),
          retry_after_ms(reply->retry_after)};
}

std::uint64_t pause_ms(const Answer& answer, std::uint64_t failures) {
  if (answer.wait_ms) return std::max(*answer.wait_ms, kFirstPause_ms);
  if (answer.verdict == Verdict::closed) return kClosedPause_ms;
  const std::uint64_t doublings = std::min<std::uint64_t>(failures, 10);
  return std::min(kFirstPause_ms << doublings, kLongestPause_ms);
}

}  // namespace aitbc::notify
