#include "mempool/eviction_index.hpp"

namespace aitbc::mempool {

void EvictionIndex::insert(SenderNumber sender, const Worth& worth) {
  by_priority_fee_.emplace(worth.executable, worth.fees.max_priority_fee, sender);
  by_max_fee_.emplace(worth.executable, worth.fees.max_fee, sender);
}

void EvictionIndex::erase(SenderNumber sender, const Worth& worth) {
  by_priority_fee_.erase({worth.executable, worth.fees.max_priority_fee, sender});
  by_max_fee_.erase({worth.executable, worth.fees.max_fee, sender});
}

std::optional<EvictionIndex::SenderNumber> EvictionIndex::lowest(Amount base_fee, SenderNumber except) const {
  const auto first = [except](const std::set<Key>& order) {
    auto at = order.begin();
    if (at != order.end() && std::get<SenderNumber>(*at) == except) ++at;
    return at;
  };
  const auto tip = first(by_priority_fee_);
  if (tip == by_priority_fee_.end()) return std::nullopt;
  const auto [tip_executable, priority_fee, tip_sender] = *tip;
  const auto [fee_executable, max_fee, fee_sender] = *first(by_max_fee_);
  const Amount by_tip = checked_add(priority_fee, base_fee).value_or(Amount::max());
  return max_fee < by_tip ? fee_sender : tip_sender;
}

}  // namespace aitbc::mempool
