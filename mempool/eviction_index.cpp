#include "mempool/eviction_index.hpp"

namespace aitbc::mempool {

EvictionIndex::Place EvictionIndex::insert(std::uint32_t sender, const Worth& worth) {
  Place place;
  place.worth_ = worth;
  place.by_priority_fee_ =
      by_priority_fee_.emplace(worth.executable, worth.fees.max_priority_fee, sender).first;
  place.by_max_fee_ = by_max_fee_.emplace(worth.executable, worth.fees.max_fee, sender).first;
  return place;
}

void EvictionIndex::erase(const Place& place) {
  by_priority_fee_.erase(place.by_priority_fee_);
  by_max_fee_.erase(place.by_max_fee_);
}

std::optional<std::uint32_t> EvictionIndex::lowest(Amount base_fee, std::uint32_t except) const {
  const auto first = [except](const Order& order) {
    auto at = order.begin();
    if (at != order.end() && std::get<std::uint32_t>(*at) == except) ++at;
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
