#include <doctest/doctest.h>

#include "codec/abi.hpp"
#include "codec/hex.hpp"

using namespace aitbc;

namespace {

std::string word(std::string_view tail) { return std::string(64 - tail.size(), '0') + std::string(tail); }
std::string left(std::string_view head) { return std::string(head) + std::string(64 - head.size(), '0'); }
Bytes unhex(const std::string& text) { return hex::decode(text).value(); }

// (uint64, string, uint64[]) with one word changed.
bool reads(const std::string& data) {
  const Bytes input = unhex(data);
  abi::Reader in(input, 3);
  in.u64();
  in.string();
  const std::size_t count = in.begin_array();
  for (std::size_t i = 0; i < count; ++i) in.u64();
  in.end();
  return in.finish().has_value();
}

}  // namespace

TEST_CASE("selectors and topics are prefixes of and whole digests of the signature") {
  CHECK(hex::encode(abi::selector("transfer(address,uint256)")) == "a9059cbb");
  CHECK(hex::encode(abi::event_topic("Transfer(address,address,uint256)")) ==
        "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
}

TEST_CASE("the writer lays out the specification's example f(uint256,uint32[],bytes10,bytes)") {
  abi::Writer out(4, abi::selector("f(uint256,uint32[],bytes10,bytes)"));
  out.u64(0x123).begin_array(2).u64(0x456).u64(0x789).end();
  out.fixed_bytes(as_bytes("1234567890")).string("Hello, world!");
  CHECK(hex::encode(out.take()) == "8be65246" + word("123") + word("80") + left("31323334353637383930") +
                                       word("e0") + word("2") + word("456") + word("789") + word("d") +
                                       left("48656c6c6f2c20776f726c6421"));
}

TEST_CASE("nested dynamic arrays count their offsets from their own contents") {
  // g(uint256[][],string[]) of [[1,2],[3]], ["one","two","three"], the specification's second example.
  abi::Writer out(2);
  out.begin_array(2);
  out.begin_array(2).u64(1).u64(2).end();
  out.begin_array(1).u64(3).end();
  out.end();
  out.begin_array(3).string("one").string("two").string("three").end();
  const Bytes data = out.take();
  CHECK(hex::encode(data) == word("40") + word("140") + word("2") + word("40") + word("a0") + word("2") +
                                 word("1") + word("2") + word("1") + word("3") + word("3") + word("60") +
                                 word("a0") + word("e0") + word("3") + left("6f6e65") + word("3") +
                                 left("74776f") + word("5") + left("7468726565"));

  abi::Reader in(data, 2);
  CHECK(in.begin_array() == 2);
  CHECK(in.begin_array() == 2);
  CHECK(in.u64() == 1);
  CHECK(in.u64() == 2);
  in.end();
  CHECK(in.begin_array() == 1);
  CHECK(in.u64() == 3);
  in.end();
  in.end();
  CHECK(in.begin_array() == 3);
  CHECK(in.string() == "one");
  CHECK(in.string() == "two");
  CHECK(in.string() == "three");
  in.end();
  CHECK(in.finish());
}

TEST_CASE("every kind of field comes back as it was written") {
  const Address address = hex::parse_address("0x00112233445566778899aabbccddeeff00112233").value();
  const Hash hash = abi::event_topic("x");
  abi::Writer out(11);
  out.u64(~0ULL).uint256(Uint256::from_parts(1, 2, 3, 4)).amount(Amount::max()).boolean(true);
  out.address(address).hash(hash).fixed_bytes(Bytes{1, 2, 3}).bytes(Bytes(33, 9)).string("");
  out.begin_array(2, 2).u64(1).address(address).u64(2).address(address).end();
  out.begin_tuple(2).string("inner").u64(5).end();
  const Bytes data = out.take();

  abi::Reader in(data, 11);
  CHECK(in.u64() == ~0ULL);
  CHECK(in.uint256() == Uint256::from_parts(1, 2, 3, 4));
  CHECK(in.amount() == Amount::max());
  CHECK(in.boolean());
  CHECK(in.address() == address);
  CHECK(in.hash() == hash);
  CHECK(equal(in.fixed_bytes(3), Bytes{1, 2, 3}));
  CHECK(equal(in.bytes(), Bytes(33, 9)));
  CHECK(in.string().empty());
  REQUIRE(in.begin_array(2) == 2);
  for (const std::uint64_t expected : {1U, 2U}) {
    CHECK(in.u64() == expected);
    CHECK(in.address() == address);
  }
  in.end();
  in.begin_tuple(2);
  CHECK(in.string() == "inner");
  CHECK(in.u64() == 5);
  in.end();
  CHECK(in.finish());
}

TEST_CASE("an encoding other than the writer's is refused") {
  const std::string text = word("3") + left("616263");
  const std::string array = word("2") + word("5") + word("6");
  const std::string good = word("7") + word("60") + word("a0") + text + array;
  CHECK(reads(good));
  CHECK_FALSE(reads(""));
  CHECK_FALSE(reads(good.substr(0, good.size() - 64)));
  CHECK_FALSE(reads(good + word("0")));
  CHECK_FALSE(reads(good + "00"));
  // The number is wider than 64 bits.
  CHECK_FALSE(reads(word("10000000000000000") + word("60") + word("a0") + text + array));
  // Tails in the other order, overlapping, with a gap, outside.
  CHECK_FALSE(reads(word("7") + word("c0") + word("60") + array + text));
  CHECK_FALSE(reads(word("7") + word("60") + word("60") + text + array));
  CHECK_FALSE(reads(word("7") + word("80") + word("c0") + word("0") + text + array));
  CHECK_FALSE(reads(word("7") + word("60") + word("ffffffffffffffff") + text + array));
  // Padding that is not zero, text that is not UTF-8.
  CHECK_FALSE(reads(word("7") + word("60") + word("a0") + word("3") + left("6162630001") + array));
  CHECK_FALSE(reads(word("7") + word("60") + word("a0") + word("3") + left("6162ff") + array));
  // Lengths beyond the data.
  CHECK_FALSE(reads(word("7") + word("60") + word("a0") + text + word("3") + word("5") + word("6")));
  CHECK_FALSE(reads(word("7") + word("60") + word("a0") + text + std::string(64, 'f') + word("5")));
  CHECK_FALSE(reads(word("7") + word("60") + word("a0") + word("8000000000000000") + left("616263") + array));
}

TEST_CASE("values wider than their type are refused") {
  const auto refused = [](const std::string& data, const auto& read) {
    const Bytes input = unhex(data);
    abi::Reader in(input, 1);
    read(in);
    return !in.finish().has_value();
  };
  CHECK(refused(word("2"), [](auto& in) { in.boolean(); }));
  CHECK(refused(word("100"), [](auto& in) { in.u8(); }));
  CHECK(refused(word("10000"), [](auto& in) { in.u16(); }));
  CHECK(refused(word("100000000"), [](auto& in) { in.u32(); }));
  CHECK(refused(word("1" + std::string(32, '0')), [](auto& in) { in.amount(); }));
  CHECK(refused(word("1" + std::string(40, '0')), [](auto& in) { in.address(); }));
  CHECK(refused(left("01020304"), [](auto& in) { in.fixed_bytes(3); }));
  CHECK_FALSE(refused(word("ff"), [](auto& in) { in.u8(); }));
}

TEST_CASE("after a failure everything reads as zero and loops end") {
  const Bytes input = unhex(word("2") + word("1"));
  abi::Reader in(input, 2);
  CHECK_FALSE(in.boolean());
  CHECK(in.failed());
  CHECK(in.begin_array() == 0);
  in.begin_tuple(3);
  CHECK(in.u64() == 0);
  CHECK(in.string().empty());
  in.end();
  in.end();
  CHECK(in.finish().error().message.find("truth value") != std::string::npos);
}

TEST_CASE("revert messages have the form of Solidity's Error(string)") {
  CHECK(hex::encode(abi::encode_error_string("no")) == "08c379a0" + word("20") + word("2") + left("6e6f"));
}
