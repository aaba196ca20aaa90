// Messages of peers: nothing crashes the decoder, and what it accepts is what the encoder makes.
#include "base/check.hpp"
#include "node/p2p/messages.hpp"

using namespace aitbc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  if (const auto message = p2p::decode(input))
    AITBC_CHECK(equal(p2p::encode(*message), input), "a message has one encoding");
  return 0;
}
