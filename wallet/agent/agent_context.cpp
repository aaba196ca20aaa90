#include "wallet/agent/agent_context.hpp"

#include <algorithm>

#include "codec/hex.hpp"

namespace aitbc::agent {
namespace {

constexpr std::uint64_t kFirstPause_ms = 1'000;
constexpr std::uint64_t kLongestPause_ms = 60'000;
constexpr std::size_t kMaxPauses = 10'000;

}  // namespace

std::string id_text(std::string_view prefix, std::uint64_t id) {
  return std::string(prefix) + "_" + std::to_string(id);
}

void AgentContext::pause(const std::string& purpose) {
  if (pauses_.size() >= kMaxPauses)
    std::erase_if(pauses_, [this](const auto& each) { return each.second.until_ms <= now_ms(); });
  Pause& entry = pauses_[purpose];
  entry.length_ms = std::clamp(entry.length_ms * 2, kFirstPause_ms, kLongestPause_ms);
  entry.until_ms = now_ms() + entry.length_ms;
}

cli::Outcome<bool> AgentContext::send(const std::string& purpose, std::string_view call,
                                      std::string_view arguments) {
  const auto paused = pauses_.find(purpose);
  if (paused != pauses_.end() && now_ms() < paused->second.until_ms) return false;
  const auto sent = sender.send(purpose, call, arguments);
  if (sent) {
    if (paused != pauses_.end()) pauses_.erase(paused);
    return true;
  }
  if (sent.error().code == cli::Exit::unreachable) return fail(sent.error());
  log.warning("refused: " + purpose, {{"reason", sent.error().message}});
  pause(purpose);
  return false;
}

void AgentContext::note_failure(const Sent& sent) {
  log.warning("failed in its block: " + sent.purpose, {{"tx", hex::encode_prefixed(sent.hash)}});
  pause(sent.purpose);
}

}  // namespace aitbc::agent
