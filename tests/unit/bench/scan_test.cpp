#include "load/scan.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace aitbc;
using namespace aitbc::bench;

namespace {

const std::string kHashText = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

std::vector<Hash> hashes_in(std::string_view body) {
  std::vector<Hash> out;
  for_each_hash(body, [&](const Hash& hash) { out.push_back(hash); });
  return out;
}

}  // namespace

TEST_CASE("results and errors of a batch are counted") {
  const std::string body =
      R"([{"id":0,"result":"0x1"},{"id":1,"error":{"code":-32000,"message":"nonce too low"}},{"id":2, "result":null}])";
  CHECK(count_results(body) == 2);
  CHECK(has_error(body));
  CHECK(first_error(body) == "nonce too low");
  CHECK_FALSE(has_error(R"({"result":"0x"})"));
}

TEST_CASE("an answer without an error object is shown as it is, in part") {
  CHECK(first_error("<html>busy</html>") == "<html>busy</html>");
  CHECK(first_error(R"({"error":"plain"})") == R"({"error":"plain"})");
  CHECK(first_error(R"({"error":{"message":)") == R"({"error":{"message":)");
  CHECK(first_error(std::string(1'000, 'x')).size() == 200);
  CHECK(first_error("").empty());
}

TEST_CASE("hashes are found among other strings, in either case of digits") {
  const std::string quoted = "\"0x" + kHashText + "\"";
  const std::string longer = "\"0x" + kHashText + "00\"";
  const std::string shorter = "\"0x" + kHashText.substr(2) + "\"";
  const std::string no_hex = "\"0x" + kHashText.substr(1) + "g\"";
  const std::string body = "{\"logsBloom\":" + longer + ",\"transactions\":[" + quoted + "," + shorter + "," +
                           no_hex + "," + quoted + "]}";
  const std::vector<Hash> found = hashes_in(body);
  REQUIRE(found.size() == 2);
  CHECK(found[0].bytes[1] == 0x11);
  CHECK(found[0].bytes[31] == 0xff);
  CHECK(found[0] == found[1]);
}

TEST_CASE("a body that ends anywhere inside a hash is read without harm") {
  const std::string quoted = "\"0x" + kHashText + "\"";
  for (std::size_t size = 0; size < quoted.size(); ++size) CHECK(hashes_in(quoted.substr(0, size)).empty());
  CHECK(hashes_in(quoted).size() == 1);
}

TEST_CASE("blocks that exist are counted by a field that each has once") {
  CHECK(count_blocks(R"([{"result":{"transactionsRoot":"0x1","transactions":[]}},{"result":null}])") == 1);
}
