// One field of a record in storage, without the others: for what is asked often of large records.
#pragma once

#include "marketplace/record_codec.hpp"

namespace aitbc::market {

// False when the record does not decode up to that field; what follows it is not looked at.
template <Record T, class Member>
bool decode_field(ByteView encoded, Member T::*wanted, Member& value) {
  rlp::Cursor in(encoded);
  rlp::Cursor items({});
  if (!in.list(items)) return false;
  bool found = false;
  const auto visit = [&](const auto& each) {
    if constexpr (std::same_as<decltype(each.member), Member T::*>) {
      if (each.member == wanted) {
        found = read_rlp(items, value);
        return false;
      }
    }
    return items.skip();
  };
  T::kFields.apply([&](const auto&... each) { return (visit(each) && ...); });
  return found;
}

}  // namespace aitbc::market
