#include "marketplace/json_writer.hpp"

#include <doctest/doctest.h>

namespace aitbc::market {

TEST_CASE("text is quoted, and only what JSON does not take as it is is escaped") {
  const auto quoted = [](std::string_view text) {
    JsonWriter out;
    out.text(text);
    return out.take();
  };
  CHECK(quoted("") == R"("")");
  CHECK(quoted("RTX 4090 \xC3\xA9/") == "\"RTX 4090 \xC3\xA9/\"");
  CHECK(quoted("\"a\\b\"") == R"("\"a\\b\"")");
  CHECK(quoted("\n\t\x01z\x7f") == R"("\n\u0009\u0001z\u007f")");
}

}  // namespace aitbc::market
