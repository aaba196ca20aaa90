// Extra data and commit proofs: nothing crashes the decoders, and what they accept is what the encoders make.
#include "base/check.hpp"
#include "consensus/qbft/commit_proof.hpp"
#include "consensus/qbft/extra_data.hpp"

using namespace aitbc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  if (const auto extra = qbft::decode_extra_data(input))
    AITBC_CHECK(equal(qbft::encode(*extra), input), "extra data and a proof have one encoding");
  if (const auto proof = qbft::decode_commit_proof(input))
    AITBC_CHECK(equal(qbft::encode(*proof), input), "extra data and a proof have one encoding");
  return 0;
}
