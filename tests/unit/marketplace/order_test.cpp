#include "codec/hex.hpp"
#include "codec/typed_data.hpp"
#include "market.hpp"
#include "marketplace/orders.hpp"
#include "signer.hpp"

namespace aitbc::market::test {
namespace {

// Whose orders kStranger sends.
constexpr std::uint8_t kSigner = 9;

BookingOrder order_for(Market& m, const Signer& customer, GpuId gpu) {
  BookingOrder out;
  out.customer = customer.address;
  out.gpu = gpu;
  out.max_price_per_hour = Amount::ait(2);
  out.duration = kHour;
  out.window_start = m.now();
  out.window_end = m.now() + kDay;
  out.expiry = m.now() + kDay;
  out.job = "job-1";
  out.nonce = 7;
  return out;
}
Bytes sign_order(Market& m, const Signer& customer, const BookingOrder& order) {
  return customer.sign(Hash::from(m.call(kStranger, "bookingOrderDigest", order).output));
}
std::string refused(Market& m, const BookingOrder& order, const Bytes& signature, Seconds start = 0) {
  return m.fails(kStranger, "fillBookingOrder", order, signature, start);
}

TEST_CASE("one signature books, locks and says where refunds go") {
  Market m;
  const Signer customer(kSigner);
  m.fund(customer.address, Amount::ait(10));
  BookingOrder order = order_for(m, customer, m.register_gpu());
  order.refund_to = kRival;
  const Bytes signature = sign_order(m, customer, order);
  const BookingId id{m.must(kStranger, "fillBookingOrder", order, signature, Seconds{0})};
  CHECK(m.record(id).customer == customer.address);
  CHECK(m.record(id).job == "job-1");
  CHECK(m.balance(customer.address) == Amount::ait(8));
  m.must(customer.address, "releaseBooking", id);
  CHECK(m.balance(kRival) == kWealth + Amount::ait(1));
  CHECK(refused(m, order, signature).starts_with("OrderUsed(signer: "));
}

TEST_CASE("a wallet shows a booking order as typed data and signs the same") {
  Market m;
  m.block().chain_id = 661436;
  const Signer customer(kSigner);
  const BookingOrder order = order_for(m, customer, m.register_gpu());
  const auto typed = eip712::hash_json(R"({"types": {"BookingOrder": [
      {"name":"customer","type":"address"},{"name":"gpuId","type":"uint64"},{"name":"maxPricePerHour","type":"uint256"},
      {"name":"duration","type":"uint64"},{"name":"windowStart","type":"uint64"},{"name":"windowEnd","type":"uint64"},
      {"name":"refundTo","type":"address"},{"name":"job","type":"string"},{"name":"expiry","type":"uint64"},
      {"name":"nonce","type":"uint64"}]}, "primaryType": "BookingOrder",
      "domain": {"name":"AITBC Marketplace","version":"1","chainId":661436,
                 "verifyingContract":"0x00000000000000000000000000000000000a17bc"},
      "message": {"customer":")" + hex::encode_prefixed(customer.address) +
                                       R"(","gpuId":1,"maxPricePerHour":"2000000000000000000","duration":3600,
      "windowStart":1766828620,"windowEnd":1766915020,"refundTo":"0x0000000000000000000000000000000000000000",
      "job":"job-1","expiry":1766915020,"nonce":7}})");
  REQUIRE_MESSAGE(typed.has_value(), (typed ? "" : typed.error().message));
  CHECK(typed->digest == Hash::from(m.call(kStranger, "bookingOrderDigest", order).output));
}

TEST_CASE("an order is void when it is changed, forged, late, cancelled or replayed") {
  Market m;
  const Signer customer(kSigner);
  m.fund(customer.address, Amount::ait(10));
  const BookingOrder order = order_for(m, customer, m.register_gpu());
  const Bytes signature = sign_order(m, customer, order);
  BookingOrder dearer = order;
  dearer.max_price_per_hour = Amount::ait(3);
  CHECK(refused(m, dearer, signature).starts_with("WrongSigner(expected: "));
  CHECK(refused(m, order, Signer(8).sign(Hash{})).starts_with("WrongSigner(expected: "));
  CHECK(refused(m, order, Bytes(65)) == "BadSignature()");
  CHECK(refused(m, order, signature, order.window_end + 1).starts_with("OutOfRange(argument: \"start\""));
  BookingOrder to_contract = order;
  to_contract.refund_to = kContract;
  CHECK(refused(m, to_contract, sign_order(m, customer, to_contract)) == "BadRefundAddress()");
  m.must(customer.address, "cancelOrder", std::uint64_t{7});
  CHECK(m.must(kStranger, "isNonceUsed", customer.address, std::uint64_t{7}) == 1);
  CHECK(m.must(kStranger, "isNonceUsed", customer.address, std::uint64_t{8}) == 0);
  CHECK(refused(m, order, signature).starts_with("OrderUsed("));
  CHECK(m.fails(customer.address, "cancelOrder", std::uint64_t{7}).starts_with("OrderUsed("));
  m.block().chain_id = 5;  // a signature for another chain
  BookingOrder fresh = order;
  fresh.nonce = 300;
  const Bytes elsewhere = sign_order(m, customer, fresh);
  m.block().chain_id = 6;
  CHECK(refused(m, fresh, elsewhere).starts_with("WrongSigner("));
  m.jump(kDay);
  CHECK(refused(m, fresh, elsewhere).starts_with("OrderExpired("));
}

TEST_CASE("an order keeps its conditions: price, funds, window, other people's GPU") {
  Market m;
  const Signer customer(kSigner);
  const GpuId gpu = m.register_gpu();
  BookingOrder order = order_for(m, customer, gpu);
  CHECK(refused(m, order, sign_order(m, customer, order)).starts_with("InsufficientBalance("));
  m.fund(customer.address, Amount::ait(10));
  m.must(kProvider, "updateGpu", gpu, Market::spec("device-1", Amount::ait(3)));
  CHECK(refused(m, order, sign_order(m, customer, order)).starts_with("PriceAboveMaximum("));
  order.max_price_per_hour = Amount::ait(3);
  order.window_start = m.now() + kHour;
  const BookingId id{
      m.must(kStranger, "fillBookingOrder", order, sign_order(m, customer, order), Seconds{0})};
  CHECK(m.record(id).start == m.now() + kHour);
}

TEST_CASE("a provider's signed offer books for whoever brings it, at its price, once") {
  Market m;
  const Signer provider(kSigner);
  m.fund(provider.address, Amount::ait(200));
  m.must(provider.address, "stake", provider.address, Amount::ait(100));
  const GpuId gpu{m.must(provider.address, "registerGpu", Market::spec("device-1", Amount::ait(9)))};
  OfferOrder offer{provider.address, gpu, Amount::ait(4),  60, kHour, m.now(),
                   m.now() + kHour,  {},  m.now() + kHour, 1};
  const auto sign_offer = [&](const OfferOrder& each) {
    return provider.sign(Hash::from(m.call(kStranger, "offerOrderDigest", each).output));
  };
  const auto refused_offer = [&](const Address& from, const OfferOrder& each, Seconds duration) {
    return m.fails(from, "fillOfferOrder", each, sign_offer(each), Seconds{0}, duration, std::string());
  };
  CHECK(refused_offer(kCustomer, offer, 59).starts_with("OutOfRange(argument: \"duration\""));
  CHECK(refused_offer(provider.address, offer, 60) == "OwnGpu(gpuId: \"gpu_1\")");
  OfferOrder other = offer;
  other.gpu = GpuId{m.must(kProvider, "registerGpu", Market::spec("device-2"))};
  CHECK(refused_offer(kCustomer, other, 60).starts_with("NotGpuProvider("));
  other = offer;
  other.customer = kRival;
  CHECK(refused_offer(kCustomer, other, 60).starts_with("NotForCaller("));
  const BookingId id{
      m.must(kCustomer, "fillOfferOrder", offer, sign_offer(offer), Seconds{0}, kHour, std::string())};
  CHECK(m.record(id).price_per_hour == Amount::ait(4));
  CHECK(m.balance(kCustomer) == kWealth - Amount::ait(4));
  CHECK(refused_offer(kRival, offer, 60).starts_with("OrderUsed("));
}

}  // namespace
}  // namespace aitbc::market::test
