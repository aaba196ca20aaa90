// Whatever decodes as a block encodes to the same bytes, if its transactions are recovered first, too.
#include "types/block.hpp"

#include "base/check.hpp"

using namespace aitbc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto decoded = decode_block(input);
  if (!decoded) return 0;
  AITBC_CHECK(equal(encode(*decoded), input), "a block has one encoding");
  Block block{decoded->header, {}};
  for (const Bytes& wire : decoded->transactions) {
    const auto recovered = recover_transaction(wire);
    if (!recovered) return 0;
    block.transactions.push_back(*recovered);
  }
  AITBC_CHECK(equal(encode(block), input), "recovering the senders changes no byte");
  return 0;
}
