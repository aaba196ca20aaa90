// Any text either is refused with a message or makes a genesis whose rendering reads as the same genesis.
#include "base/check.hpp"
#include "genesis/genesis.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aitbc;
  const ByteView input(data, size);
  if (const auto validators = genesis::decode_validators(input); validators && !validators->empty()) {
    const auto again = genesis::decode_validators(genesis::encode_extra_data(*validators));
    AITBC_CHECK(again && *again == *validators, "an encoded validator set decodes to itself");
  }
  const auto parsed = genesis::parse_genesis(as_text(input));
  if (!parsed) {
    AITBC_CHECK(parsed.error().message.starts_with("genesis: "), "a refusal says what it is about");
    return 0;
  }
  const std::string rendered = genesis::render_genesis(*parsed);
  const auto again = genesis::parse_genesis(rendered);
  AITBC_CHECK(again.has_value(), "what was rendered can be read");
  AITBC_CHECK(genesis::render_genesis(*again) == rendered, "rendering is stable");
  if (genesis::validate(*parsed))
    AITBC_CHECK(genesis::build_genesis(*again, {})->hash == genesis::build_genesis(*parsed, {})->hash,
                "the rendering makes the same block");
  return 0;
}
