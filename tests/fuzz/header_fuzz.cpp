// Whatever decodes as a header encodes to the same bytes.
#include "types/header.hpp"

#include "base/check.hpp"

using namespace aitbc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto decoded = decode_header(input);
  if (decoded) AITBC_CHECK(equal(encode(*decoded), input), "a header has one encoding");
  return 0;
}
