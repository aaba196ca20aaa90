// What a REST request consists of: its address, and a body read into a struct.
#include <cstdint>

#include "base/check.hpp"
#include "node/rest/input.hpp"
#include "node/rest/iso_time.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::rest;

struct Body : BodyInput {
  std::string name;
  Ait price;
  std::optional<Hours> hours;
  std::optional<std::vector<std::string>> list;
  std::optional<Address> who;
  std::optional<market::GpuId> gpu;
  std::optional<Time> when;
  std::optional<Bytes> data;
  static constexpr auto kFields =
      std::tuple(input("name", &Body::name, "", {1, 64, {}}), input("price", &Body::price, ""),
                 input("hours", &Body::hours, ""), input("list", &Body::list, ""),
                 input("who", &Body::who, ""), input("gpu", &Body::gpu, ""), input("when", &Body::when, ""),
                 input("data", &Body::data, "", {1, 8, {}}));
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto decoded = percent_decode(text)) AITBC_CHECK(decoded->size() <= text.size(), "decoding grew");
  if (const auto pairs = parse_query(text)) AITBC_CHECK(pairs->size() <= kMaxQueryPairs, "too many pairs");
  (void)split_path(text);
  JsonDocument document;
  const auto json = document.parse(text);
  if (!json) return 0;
  Body body;
  Issues issues;
  read_object(*json, body, {"body"}, issues);
  if (!issues.empty()) return 0;
  AITBC_CHECK(!body.name.empty() && body.name.size() <= 64, "a name outside of its limits");
  AITBC_CHECK(!body.data || (!body.data->empty() && body.data->size() <= 8), "bytes outside of their limits");
  if (body.when) AITBC_CHECK(parse_iso_time(iso_time(body.when->value)) == body.when->value, "another time");
  return 0;
}
