#include "base/keyed_hash.hpp"

#include <unistd.h>

#include "base/check.hpp"

namespace aitbc {

const HashSecret& hash_secret() {
  static const HashSecret secret = [] {
    HashSecret drawn{};
    AITBC_CHECK(getentropy(drawn.data(), sizeof drawn) == 0, "the system has no random source");
    drawn[0] |= 1;  // a multiplier without a low bit would lose the highest
    return drawn;
  }();
  return secret;
}

}  // namespace aitbc
