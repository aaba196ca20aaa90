// Whatever decodes as a transaction encodes to the same bytes, and what is worked out of it agrees both ways.
#include "base/check.hpp"
#include "types/transaction.hpp"

using namespace aitbc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto decoded = decode_transaction(input);
  const auto recovered = recover_transaction(input);
  if (!decoded) {
    AITBC_CHECK(!recovered, "what does not decode has no sender");
    return 0;
  }
  AITBC_CHECK(equal(encode(*decoded), input), "a transaction has one encoding");
  AITBC_CHECK(intrinsic_gas(*decoded).has_value(), "so short a transaction has a price");
  const auto sender = recover_sender(*decoded);
  AITBC_CHECK(sender.has_value() == recovered.has_value(), "both ways find a sender, or none");
  if (!recovered) return 0;
  AITBC_CHECK((*recovered)->transaction == *decoded, "both ways decode the same");
  AITBC_CHECK((*recovered)->sender == *sender, "fields and wire bytes have the same signing hash");
  AITBC_CHECK((*recovered)->hash == transaction_hash(*decoded), "the hash is that of the encoding");
  return 0;
}
