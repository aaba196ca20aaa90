#pragma once

#include "base/bytes.hpp"

namespace aitbc::market {

// The contract's address: 0x...0a17bc.
inline constexpr Address kContract = [] {
  Address out;
  out.bytes[17] = 0x0a;
  out.bytes[18] = 0x17;
  out.bytes[19] = 0xbc;
  return out;
}();

}  // namespace aitbc::market
