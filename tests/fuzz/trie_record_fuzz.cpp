// Whatever bytes stand in the trie's table: what decodes has one encoding.
#include <cstdint>

#include "base/check.hpp"
#include "execution/trie_record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aitbc;
  if (size == 0) return 0;
  const std::size_t slot_depth = data[0] % trie::kKeyNibbles;
  const ByteView value(data + 1, size - 1);
  trie::BranchRecord record;
  if (!trie::decode_record(value, Hash{}, slot_depth, record)) return 0;
  Bytes again;
  trie::encode_record(again, record);
  AITBC_CHECK(equal(again, value), "a record has one encoding");
  AITBC_CHECK(trie::ref_of(record).size != 0, "a record has a reference");
  return 0;
}
