#include <doctest/doctest.h>

#include <array>

#include "node/json/json_value.hpp"
#include "node/json/json_writer.hpp"

namespace aitbc {
namespace {

std::string write(const std::function<void(JsonWriter&)>& body) {
  std::string text = "kept ";
  JsonWriter out(text);
  body(out);
  return text.substr(5);
}

}  // namespace

TEST_CASE("the writer sets commas between members and elements, and nowhere else") {
  CHECK(write([](JsonWriter& out) {
          out.begin_object().key("a").begin_array().end_array().key("b").begin_object().end_object();
          out.key("c").begin_array().null().boolean(true).begin_array().end_array().text("x").end_array();
          out.key("d").number(std::uint64_t{7}).end_object();
        }) == R"({"a":[],"b":{},"c":[null,true,[],"x"],"d":7})");
}

TEST_CASE("quantities are minimal, data has two digits a byte") {
  CHECK(write([](JsonWriter& out) { out.quantity(std::uint64_t{0}); }) == R"("0x0")");
  CHECK(write([](JsonWriter& out) { out.quantity(~std::uint64_t{0}); }) == R"("0xffffffffffffffff")");
  CHECK(write([](JsonWriter& out) { out.quantity(Amount::from_units(uint128{1} << 64)); }) ==
        R"("0x10000000000000000")");
  CHECK(write([](JsonWriter& out) { out.quantity(Uint256::from_parts(0xa, 0, 0, 0x0b)); }) ==
        "\"0xa" + std::string(46, '0') + "0b\"");
  CHECK(write([](JsonWriter& out) { out.data({}); }) == R"("0x")");
  CHECK(write([](JsonWriter& out) { out.data(Bytes{0x00, 0xff, 0x1a}); }) == R"("0x00ff1a")");
}

TEST_CASE("text is escaped so that it reads back the same") {
  constexpr char kOdd[] = "quote \" slash \\ line \n tab \t zero \0 bell \x07 caf\xc3\xa9";
  const std::string odd(kOdd, sizeof kOdd - 1);
  const std::string text = write([&](JsonWriter& out) { out.text(odd); });
  JsonDocument document;
  const auto parsed = document.parse(text);
  REQUIRE(parsed);
  CHECK(parsed->string() == odd);
}

TEST_CASE("numbers with fractions take their shortest form") {
  CHECK(write([](JsonWriter& out) { out.number(0.1); }) == "0.1");
  CHECK(write([](JsonWriter& out) { out.number(0.0); }) == "0");
}

TEST_CASE("parsed values are seen as what they are") {
  JsonDocument document;
  const auto parsed =
      document.parse(R"({"n":null,"b":false,"i":18446744073709551615,"f":1.5,"s":"x","a":[1,2],"o":{}})");
  REQUIRE(parsed);
  CHECK(parsed->size() == 7);
  CHECK(parsed->find("n").is_null());
  CHECK(parsed->has("n"));
  CHECK(!parsed->has("missing"));
  CHECK(parsed->find("missing").is_null());
  CHECK(!parsed->find("b").boolean());
  CHECK(parsed->find("i").u64() == ~std::uint64_t{0});
  CHECK(!parsed->find("f").u64());
  CHECK(parsed->find("f").number() == 1.5);
  CHECK(parsed->find("s").string() == "x");
  CHECK(parsed->find("a")[1].u64() == 2);
  CHECK(parsed->find("o").is_object());
  CHECK(parsed->member(4).first == "s");
  CHECK(parsed->find("a").text() == "[1,2]");
}

TEST_CASE("a document can be used again and again") {
  JsonDocument document;
  for (int i = 0; i < 100; ++i) {
    const auto parsed = document.parse("[\"" + std::string(static_cast<std::size_t>(i) * 100, 'x') + "\"]");
    REQUIRE(parsed);
    CHECK((*parsed)[0].string().size() == static_cast<std::size_t>(i) * 100);
    CHECK(!document.parse("["));
  }
}

TEST_CASE("text that is not strict JSON in UTF-8 is refused") {
  JsonDocument document;
  for (const char* text : {"", " ", "{", "[1,]", "{\"a\":}", "{'a':1}", "nul", "[1] x", "\"\xff\"",
                           "\"\x01\"", "01", "[NaN]", "\"\\u12\"", "// comment\n1"})
    CHECK_MESSAGE(!document.parse(text), text);
  CHECK(document.parse(std::string(32, '[') + std::string(32, ']')));
  CHECK(!document.parse(std::string(33, '[') + std::string(33, ']')));
  CHECK(!document.parse(std::string(100'000, '[')));
}

TEST_CASE("a text of very many tiny values is refused instead of taking many times its size") {
  JsonDocument document;
  std::string text = "[0";
  for (int i = 0; i < 1'000'000; ++i) text += ",0";
  const auto parsed = document.parse(text + "]");
  REQUIRE(!parsed);
  CHECK(parsed.error().code == ErrorCode::limit);
  CHECK(document.parse("[1,2,3]"));
  // Long strings, as honest requests have them, pass.
  std::string strings = "[";
  for (int i = 0; i < 1000; ++i) strings += (i == 0 ? "\"" : ",\"") + std::string(2000, 'f') + "\"";
  CHECK(document.parse(strings + "]"));
}

}  // namespace aitbc
