// Orders that were signed off chain (EIP-712), filled by whoever has them.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/simulation.hpp"

namespace aitbc::rest {
namespace {

using market::GpuId;

constexpr std::array kFilled{
    OutField{"order_id", "bookingId", Form::text, "id of the booking"},
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"client_id", "customer", Form::text, "address of the customer"},
    OutField{"price_per_hour", "pricePerHour", Form::amount, "AIT an hour as booked"},
    OutField{"total_cost", "locked", Form::amount, "AIT locked"},
    OutField{"start_time", "start", Form::time, "when it starts"},
    OutField{"end_time", "end", Form::time, "when it ends"},
};
constexpr Shape kFilledShape{"OrderFilled", kFilled};
constexpr std::array kVoid{
    OutField{"signer", "signer", Form::text, "address"},
    OutField{"nonce", "nonce", Form::integer, "of the orders that are void"},
    OutField{"status", "void", Form::constant, "void"},
};
constexpr Shape kVoidShape{"OrderVoid", kVoid};
constexpr std::array kNonce{
    OutField{"signer", "signer", Form::text, "address"},
    OutField{"nonce", "nonce", Form::integer, "of the order"},
    OutField{"used", "used", Form::boolean, "whether it was filled or cancelled"},
};
constexpr Shape kNonceShape{"OrderNonce", kNonce};

// The members that were signed, in the forms of the REST surface: each has one value in base units and
// seconds.
struct BookingOrder {
  Address customer;
  GpuId gpu_id;
  Ait max_price_per_hour;
  std::uint64_t duration_seconds = 0, nonce = 0;
  Time window_start, window_end, expiry;
  std::optional<Address> refund_to;
  std::optional<std::string> job_id;
  static constexpr auto kFields =
      std::tuple(input("customer", &BookingOrder::customer, "who signed"),
                 input("gpu_id", &BookingOrder::gpu_id, "to be booked"),
                 input("max_price_per_hour", &BookingOrder::max_price_per_hour, "AIT an hour at most"),
                 input("duration_seconds", &BookingOrder::duration_seconds, "how long"),
                 input("window_start", &BookingOrder::window_start, "earliest start"),
                 input("window_end", &BookingOrder::window_end, "latest start"),
                 input("refund_to", &BookingOrder::refund_to, "address; the customer's when left out"),
                 input("job_id", &BookingOrder::job_id, "the customer's own reference", {0, 128, {}}),
                 input("expiry", &BookingOrder::expiry, "when the order is void"),
                 input("nonce", &BookingOrder::nonce, "of the customer's choice"));

  std::string json() const {
    Params out;
    out.text("customer", hex::checksummed(customer)).text("gpuId", to_text(gpu_id));
    out.amount("maxPricePerHour", max_price_per_hour.value).number("duration", duration_seconds);
    out.number("windowStart", window_start.value).number("windowEnd", window_end.value);
    out.text("refundTo", hex::checksummed(refund_to.value_or(customer))).text("job", job_id.value_or(""));
    return out.number("expiry", expiry.value).number("nonce", nonce).json();
  }
};
struct OfferOrder {
  Address provider;
  GpuId gpu_id;
  Ait price_per_hour;
  std::uint64_t min_seconds = 0, max_seconds = 0, nonce = 0;
  Time window_start, window_end, expiry;
  std::optional<Address> customer;
  static constexpr auto kFields =
      std::tuple(input("provider", &OfferOrder::provider, "who signed"),
                 input("gpu_id", &OfferOrder::gpu_id, "to be booked"),
                 input("price_per_hour", &OfferOrder::price_per_hour, "AIT an hour"),
                 input("min_seconds", &OfferOrder::min_seconds, "shortest booking"),
                 input("max_seconds", &OfferOrder::max_seconds, "longest booking"),
                 input("window_start", &OfferOrder::window_start, "earliest start"),
                 input("window_end", &OfferOrder::window_end, "latest start"),
                 input("customer", &OfferOrder::customer, "only for this one; anyone when left out"),
                 input("expiry", &OfferOrder::expiry, "when the order is void"),
                 input("nonce", &OfferOrder::nonce, "of the provider's choice"));

  std::string json() const {
    Params out;
    out.text("provider", hex::checksummed(provider)).text("gpuId", to_text(gpu_id));
    out.amount("pricePerHour", price_per_hour.value);
    out.number("minDuration", min_seconds).number("maxDuration", max_seconds);
    out.number("windowStart", window_start.value).number("windowEnd", window_end.value);
    out.text("customer", hex::checksummed(customer.value_or(Address{})));
    return out.number("expiry", expiry.value).number("nonce", nonce).json();
  }
};

constexpr Limits kSignature{65, 65, {}};
struct FillBookingOrder : BodyInput {
  BookingOrder order;
  Bytes signature;
  std::optional<Time> start_time;
  static constexpr auto kFields =
      std::tuple(input("order", &FillBookingOrder::order, "as it was signed"),
                 input("signature", &FillBookingOrder::signature, "of the customer, 65 bytes", kSignature),
                 input("start_time", &FillBookingOrder::start_time, "now, or earliest, when left out"));
};
struct FillOfferOrder : BodyInput {
  OfferOrder order;
  Bytes signature;
  Hours duration_hours;
  std::optional<Time> start_time;
  std::optional<std::string> job_id;
  static constexpr auto kFields =
      std::tuple(input("order", &FillOfferOrder::order, "as it was signed"),
                 input("signature", &FillOfferOrder::signature, "of the provider, 65 bytes", kSignature),
                 input("duration_hours", &FillOfferOrder::duration_hours, "how long"),
                 input("start_time", &FillOfferOrder::start_time, "now, or earliest, when left out"),
                 input("job_id", &FillOfferOrder::job_id, "the caller's own reference", {0, 128, {}}));
};

Plan plan_booking_order(const FillBookingOrder& body) {
  Params call;
  call.raw("order", body.order.json()).text("signature", hex::encode_prefixed(body.signature));
  return {"fillBookingOrder", call.number("start", body.start_time.value_or(Time{}).value).json()};
}
RestResult<Plan> plan_offer_order(const FillOfferOrder& body) {
  REST_ASSIGN(const Seconds duration, seconds_of("duration_hours", body.duration_hours));
  Params call;
  call.raw("order", body.order.json()).text("signature", hex::encode_prefixed(body.signature));
  call.number("start", body.start_time.value_or(Time{}).value).number("duration", duration);
  return Plan{"fillOfferOrder", call.text("job", body.job_id.value_or("")).json()};
}

RestResult<Page> get_nonce(const RestBackend& backend, const Address& signer, std::uint64_t nonce) {
  Params of;
  of.text("signer", hex::checksummed(signer)).number("nonce", nonce);
  REST_ASSIGN(const Answer used, ask_view(backend, "isNonceUsed", of));
  return Page{Answer::parse(of.raw("used", used.text()).json()), {}, {}};
}

}  // namespace

void register_signed_order_routes(Registry& registry) {
  registry.write(
      {"fill_booking_order",
       "POST",
       "/v1/marketplace/signed-orders/booking",
       "signed orders",
       "Books for the customer who signed the order",
       &kFilledShape,
       201,
       false,
       {404, 409}},
      {"fillBookingOrder"},
      [](const RestBackend&, const FillBookingOrder& body) -> RestResult<Plan> {
        return plan_booking_order(body);
      },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("BookingCreated");
      });
  registry.write(
      {"fill_offer_order",
       "POST",
       "/v1/marketplace/signed-orders/offer",
       "signed orders",
       "Books for the caller at the price that the provider signed",
       &kFilledShape,
       201,
       false,
       {404, 409}},
      {"fillOfferOrder"},
      [](const RestBackend&, const FillOfferOrder& body) { return plan_offer_order(body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("BookingCreated");
      });
  registry.read({"get_order_nonce",
                 "GET",
                 "/v1/marketplace/signed-orders/{signer}/{nonce}",
                 "signed orders",
                 "Whether an order was filled or cancelled",
                 &kNonceShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, const Address& signer, std::uint64_t nonce) {
                  return get_nonce(backend, signer, nonce);
                });
  registry.write(
      {"cancel_signed_order",
       "DELETE",
       "/v1/marketplace/signed-orders/{nonce}",
       "signed orders",
       "Makes the caller's orders with this nonce void",
       &kVoidShape,
       200,
       false,
       {404, 409}},
      {"cancelOrder"},
      [](const RestBackend&, std::uint64_t nonce) -> RestResult<Plan> {
        return Plan{"cancelOrder", Params().number("nonce", nonce).json()};
      },
      [](const RestBackend&, std::uint64_t nonce, const market::Decoded& call) -> RestResult<Finish> {
        if (Answer::parse(call.arguments_json).json().find("nonce").u64() != nonce)
          return refuse(400, "the signed transaction is not about nonce " + std::to_string(nonce));
        return with_event("OrderCancelled");
      });
}

}  // namespace aitbc::rest
