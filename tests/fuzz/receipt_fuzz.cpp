// Whatever decodes as a receipt encodes to the same bytes.
#include "types/receipt.hpp"

#include "base/check.hpp"

using namespace aitbc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto decoded = decode_receipt(input);
  if (decoded) AITBC_CHECK(equal(encode(*decoded), input), "a receipt has one encoding");
  return 0;
}
