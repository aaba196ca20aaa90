// Records of the marketplace: what decodes as one has one encoding, and its JSON is JSON.
#include "base/check.hpp"
#include "codec/utf8.hpp"
#include "marketplace/json_form.hpp"
#include "marketplace/tables.hpp"
#include "node/json/json_value.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::market;

template <Record T>
void check_as(ByteView input) {
  T record;
  if (!decode_record(input, record)) return;
  AITBC_CHECK(equal(encode_record(record), input), "a record has one encoding");
  JsonWriter json;
  write_json(json, record);
  const std::string text = json.take();
  // Calls take UTF-8 only; a damaged record may hold anything.
  AITBC_CHECK(!is_utf8(text) || JsonDocument().parse(text), "a record prints as JSON");
}

template <class... Records>
void check_as_each(ByteView input) {
  (check_as<Records>(input), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_as_each<Auction, BidBook, Bid, Booking, Dispute, EpochSums, Gpu, Harm, Job, ModelStats, Offer, Outage,
                OutageWindows, PairSums, Params, PriceHistory, Proposal, Provider, Review, Roles, Service,
                Stake, Totals, Unbonding>({data, size});
  return 0;
}
