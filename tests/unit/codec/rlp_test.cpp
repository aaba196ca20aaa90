#include "codec/rlp.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"

using namespace aitbc;

namespace {

Bytes bytes_of(std::string_view hex_text) { return hex::decode(hex_text).value(); }

std::string encoded(const auto& fill) {
  rlp::Encoder out;
  fill(out);
  return hex::encode(out.view());
}

bool canonical(std::string_view hex_text) { return rlp::check_canonical(bytes_of(hex_text)).has_value(); }

}  // namespace

TEST_CASE("strings take the shortest of their forms") {
  CHECK(encoded([](auto& out) { out.text(""); }) == "80");
  CHECK(encoded([](auto& out) { out.bytes(Bytes{0x00}); }) == "00");
  CHECK(encoded([](auto& out) { out.bytes(Bytes{0x7f}); }) == "7f");
  CHECK(encoded([](auto& out) { out.bytes(Bytes{0x80}); }) == "8180");
  CHECK(encoded([](auto& out) { out.text("dog"); }) == "83646f67");
  CHECK(encoded([](auto& out) { out.bytes(Bytes(55, 1)); }).substr(0, 4) == "b701");
  CHECK(encoded([](auto& out) { out.bytes(Bytes(56, 1)); }).substr(0, 6) == "b83801");
  CHECK(encoded([](auto& out) { out.bytes(Bytes(256, 1)); }).substr(0, 8) == "b9010001");
}

TEST_CASE("scalars have no leading zeros") {
  CHECK(encoded([](auto& out) { out.u64(0); }) == "80");
  CHECK(encoded([](auto& out) { out.u64(0x7f); }) == "7f");
  CHECK(encoded([](auto& out) { out.u64(0x0400); }) == "820400");
  CHECK(encoded([](auto& out) { out.u64(~0ULL); }) == "88ffffffffffffffff");
  CHECK(encoded([](auto& out) { out.uint256(Uint256::from_parts(0, 1, 0, 0)); }) ==
        "9101" + std::string(32, '0'));
  CHECK(encoded([](auto& out) { out.boolean(true).boolean(false); }) == "0180");
  CHECK(encoded([](auto& out) { out.amount(Amount::max()); }) == "90" + std::string(32, 'f'));
}

TEST_CASE("lists nest and long lists carry their length") {
  CHECK(encoded([](auto& out) { out.begin_list().end_list(); }) == "c0");
  CHECK(encoded([](auto& out) {
          out.begin_list().begin_list().end_list().begin_list().begin_list().end_list().end_list().end_list();
        }) == "c3c0c1c0");
  CHECK(encoded([](auto& out) { out.begin_list().bytes(Bytes(60, 2)).end_list(); }).substr(0, 8) ==
        "f83eb83c");
}

TEST_CASE("a decoder reads back what the encoder wrote") {
  rlp::Encoder out;
  out.begin_list().u64(7).text("gpu").amount(Amount::ait(3)).boolean(true).begin_list().u64(1).end_list();
  out.raw(Bytes{0xc1, 0x05}).end_list();
  rlp::Decoder list = rlp::decode_list(out.view()).value();
  CHECK(list.u64().value() == 7);
  CHECK(list.text().value() == "gpu");
  CHECK(list.amount().value() == Amount::ait(3));
  CHECK(list.boolean().value());
  CHECK(list.next_is_list());
  rlp::Decoder nested = list.list().value();
  CHECK(nested.u64().value() == 1);
  CHECK(nested.finish());
  CHECK_FALSE(list.at_end());
  CHECK(equal(list.raw().value(), Bytes{0xc1, 0x05}));
  CHECK(list.finish());
}

TEST_CASE("input that is not canonical is refused") {
  CHECK_FALSE(canonical(""));
  CHECK_FALSE(canonical("8100"));                            // a byte that stands for itself
  CHECK_FALSE(canonical("b800"));                            // long form of a short length
  CHECK_FALSE(canonical("b90038" + std::string(112, '1')));  // leading zero in the length
  CHECK_FALSE(canonical("83646f"));                          // ends inside the item
  CHECK_FALSE(canonical("b8"));                              // ends inside the length
  CHECK_FALSE(canonical("bfffffffffffffffff"));
  CHECK_FALSE(canonical("ffffffffffffffffff"));
  CHECK_FALSE(canonical("8080"));    // a second item
  CHECK_FALSE(canonical("c28100"));  // wrong inside a list
  CHECK(canonical("c3c0c1c0"));
}

TEST_CASE("numbers with leading zeros or too many bytes are refused") {
  const auto u64 = [](std::string_view text) {
    const Bytes input = bytes_of(text);
    return rlp::Decoder(input).u64().has_value();
  };
  CHECK_FALSE(u64("00"));
  CHECK_FALSE(u64("820001"));
  CHECK_FALSE(u64("89010000000000000000"));
  CHECK_FALSE(u64("c0"));
  CHECK(u64("80"));
  const Bytes wide = bytes_of("a1" + std::string(66, '1'));
  CHECK_FALSE(rlp::Decoder(wide).uint256());
  const Bytes large_amount = bytes_of("91" + std::string(34, '1'));
  CHECK_FALSE(rlp::Decoder(large_amount).amount());
  const Bytes two = bytes_of("02");
  CHECK_FALSE(rlp::Decoder(two).boolean());
}

TEST_CASE("unread items and trailing bytes are errors") {
  const Bytes list = bytes_of("c20102");
  rlp::Decoder content = rlp::decode_list(list).value();
  CHECK(content.u64());
  CHECK_FALSE(content.finish());
  CHECK_FALSE(rlp::decode_list(bytes_of("c2010203")));
  CHECK_FALSE(rlp::decode_list(bytes_of("820102")));
}

TEST_CASE("nesting beyond 64 lists is refused before the stack is at risk") {
  const auto nested = [](std::size_t depth) {
    Bytes out;
    for (std::size_t i = 0; i < depth; ++i) {
      rlp::Encoder outer;
      outer.begin_list().raw(out).end_list();
      out = outer.take();
    }
    return out;
  };
  CHECK(rlp::check_canonical(nested(64)));
  CHECK_FALSE(rlp::check_canonical(nested(65)));
  CHECK_FALSE(rlp::check_canonical(nested(20000)));
}

TEST_CASE("the size of a string item is known without encoding it") {
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 2, 55, 56, 255, 256, 65535, 65536}) {
    const Bytes payload(size, 0x81);
    rlp::Encoder out;
    out.bytes(payload);
    CHECK(rlp::encoded_size(payload) == out.view().size());
  }
  CHECK(rlp::encoded_size(Bytes{0x05}) == 1);
}
