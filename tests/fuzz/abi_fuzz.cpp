// The first line of the input is a tuple type, the rest is data for it. What decodes must encode to the same
// bytes, and the cursor must agree with the dynamic form on a fixed type.
#include <cstdint>

#include "base/check.hpp"
#include "codec/abi_value.hpp"

namespace {

using namespace aitbc;

void check_dynamic(std::string_view type_text, ByteView data) {
  const auto type = abi::parse_type(type_text);
  if (!type) return;
  AITBC_CHECK(abi::parse_type(abi::to_string(*type)).value() == *type, "abi: a type prints as itself");
  const std::vector<abi::Type> types{*type};
  const auto values = abi::decode(types, data);
  if (!values) return;
  AITBC_CHECK(equal(abi::encode(types, *values).value(), data), "abi: accepted bytes that it does not make");
  abi::to_string(*type, values->front());
}

// (uint64,string,(address,bytes)[],uint256[]), read by the cursor and written again.
bool read_with_cursor(ByteView data, Bytes& written) {
  abi::Reader in(data, 4);
  abi::Writer out(4);
  out.u64(in.u64()).string(in.string());
  const std::size_t pairs = in.begin_array();
  out.begin_array(pairs);
  for (std::size_t i = 0; i < pairs; ++i) {
    in.begin_tuple(2);
    out.begin_tuple(2).address(in.address()).bytes(in.bytes()).end();
    in.end();
  }
  in.end();
  out.end();
  const std::size_t numbers = in.begin_array();
  out.begin_array(numbers);
  for (std::size_t i = 0; i < numbers; ++i) out.uint256(in.uint256());
  in.end();
  out.end();
  written = out.take();
  return in.finish().has_value();
}

void check_cursor(ByteView data) {
  Bytes written;
  const bool accepted = read_with_cursor(data, written);
  if (accepted) AITBC_CHECK(equal(written, data), "abi: the cursor accepted bytes that it does not make");
  static const abi::Signature kSame =
      abi::parse_signature("f(uint64,string,(address,bytes)[],uint256[])").value();
  AITBC_CHECK(abi::decode(kSame.inputs, data).has_value() == accepted,
              "abi: cursor and dynamic form disagree");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = as_text({data, size});
  const std::size_t line_end = input.find('\n');
  check_cursor({data, size});
  if (line_end == std::string_view::npos) return 0;
  check_dynamic(input.substr(0, line_end), as_bytes(input.substr(line_end + 1)));
  check_cursor(as_bytes(input.substr(line_end + 1)));
  return 0;
}
