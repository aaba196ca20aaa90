#include "codec/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aitbc;

TEST_CASE("text in every length of sequence is UTF-8") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("plain"));
  CHECK(is_utf8("\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xef\xbf\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"));
}

TEST_CASE("a bad byte is found wherever it stands in a long text") {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    CHECK(is_utf8(text));
    text[at] = '\xff';
    CHECK_FALSE(is_utf8(text));
  }
  CHECK(
      is_utf8("aaaaaaa\xc3\xa9"
              "aaaaaaaa"));
}

TEST_CASE("overlong, cut, surrogate and too large sequences are not UTF-8") {
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc2", "\xe2\x82", "\xc2 ", "\xff"})
    CHECK_FALSE(is_utf8(text));
}
