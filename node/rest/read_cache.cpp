#include "node/rest/read_cache.hpp"

namespace aitbc::rest {
namespace {

constexpr std::size_t kMaxBytes = 32U << 20;

}  // namespace

void ReadCache::move_to(const Moment& moment) {
  if (moment == moment_) return;
  moment_ = moment;
  entries_.clear();
  bytes_ = 0;
}

ReadCache::AnswerPtr ReadCache::find(const Moment& moment, std::string_view target) {
  const std::lock_guard lock(mutex_);
  move_to(moment);
  const auto at = entries_.find(target);
  return at == entries_.end() ? nullptr : at->second;
}

void ReadCache::keep(const Moment& moment, std::string_view target, AnswerPtr answer) {
  const std::size_t size = target.size() + answer->response.body.size();
  const std::lock_guard lock(mutex_);
  if (moment != moment_ || bytes_ + size > kMaxBytes) return;
  if (entries_.try_emplace(std::string(target), std::move(answer)).second) bytes_ += size;
}

}  // namespace aitbc::rest
