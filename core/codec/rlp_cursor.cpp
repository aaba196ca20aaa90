#include "codec/rlp_cursor.hpp"

namespace aitbc::rlp {

// The Decoder knows the rules of long forms; the first byte says how long the header is.
bool Cursor::take_long(std::uint8_t base, ByteView& out) {
  const std::size_t header = std::size_t{1} + rest_[0] - base - kMaxShort;
  const auto whole = Decoder(rest_).raw();
  return whole && take(header, whole->size() - header, out);
}

}  // namespace aitbc::rlp
