// QBFT messages and write-ahead records: nothing crashes the decoders, and what they accept is what the
// encoders make.
#include "base/check.hpp"
#include "consensus/qbft/messages.hpp"
#include "consensus/qbft/wal_record.hpp"

using namespace aitbc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  if (const auto message = qbft::decode_message(input))
    AITBC_CHECK(equal(qbft::encode(*message), input), "a message or record has one encoding");
  if (const auto record = qbft::decode_wal_record(input))
    AITBC_CHECK(equal(qbft::encode(*record), input), "a message or record has one encoding");
  return 0;
}
