// Text that is accepted means one value, and the value's own text means the same.
#include <cstdint>

#include "base/check.hpp"
#include "codec/hex.hpp"
#include "codec/integers.hpp"

using namespace aitbc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (const auto bytes = hex::decode(text))
    AITBC_CHECK(hex::decode(hex::encode_prefixed(*bytes)).value() == *bytes, "hex: data");
  if (const auto value = hex::parse_quantity(text)) {
    AITBC_CHECK(hex::parse_quantity(hex::quantity(*value)).value() == *value, "hex: quantity");
    AITBC_CHECK(hex::quantity(*value).size() == text.size(), "hex: a quantity has one length");
  }
  if (const auto address = hex::parse_address(text))
    AITBC_CHECK(hex::parse_address(hex::checksummed(*address)).value() == *address, "hex: address");
  for (const bool is_signed : {false, true}) {
    if (const auto word = parse_integer(text, {64, is_signed}))
      AITBC_CHECK(parse_integer(integer_text(*word, is_signed), {64, is_signed}).value() == *word, "integer");
  }
  return 0;
}
