// Whatever the decoder accepts must encode to the same bytes.
#include <cstdint>

#include "base/check.hpp"
#include "codec/rlp.hpp"

namespace {

using namespace aitbc;

void encode_again(rlp::Decoder& items, rlp::Encoder& out) {
  while (!items.at_end()) {
    if (!items.next_is_list()) {
      out.bytes(items.bytes().value());
      continue;
    }
    rlp::Decoder nested = items.list().value();
    out.begin_list();
    encode_again(nested, out);
    out.end_list();
  }
}

// Every way to read one item: none may fault, and a number that was read must be written the same.
void read_scalars(ByteView input) {
  rlp::Encoder out;
  const auto written_back = [&](auto&& write, const auto& value) {
    if (!value) return true;
    out.clear();
    write(*value);
    return starts_with(input, out.view());
  };
  AITBC_CHECK(written_back([&](auto v) { out.u64(v); }, rlp::Decoder(input).u64()), "u64");
  AITBC_CHECK(written_back([&](auto v) { out.uint256(v); }, rlp::Decoder(input).uint256()), "uint256");
  AITBC_CHECK(written_back([&](auto v) { out.amount(v); }, rlp::Decoder(input).amount()), "amount");
  AITBC_CHECK(written_back([&](auto v) { out.boolean(v); }, rlp::Decoder(input).boolean()), "boolean");
  AITBC_CHECK(written_back([&](auto v) { out.bytes(v); }, rlp::Decoder(input).fixed<Address>()), "fixed");
  AITBC_CHECK(written_back([&](auto v) { out.raw(v); }, rlp::Decoder(input).raw()), "raw");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  read_scalars(input);
  if (!rlp::check_canonical(input)) return 0;
  rlp::Decoder items(input);
  rlp::Encoder out;
  encode_again(items, out);
  AITBC_CHECK(equal(out.view(), input), "rlp: accepted bytes that it does not make");
  return 0;
}
