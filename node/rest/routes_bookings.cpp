// Booking a GPU, and releasing it.
#include <algorithm>
#include <array>

#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::GpuId;

// ---- booking

constexpr std::array kPricingFactors{
    OutField{"strategy", "gpu.pricingStrategy", Form::text, "the GPU's pricing strategy"},
    OutField{"demand", "pricing.busy", Form::integer, "GPUs of the model that are booked"},
    OutField{"supply", "pricing.listed", Form::integer, "GPUs of the model that are listed"},
    OutField{"price_index", "pricing.index", Form::amount,
             "AIT an hour in the last epoch; 0 before there is one"},
    OutField{"volatility", "pricing.volatilityBps", Form::bps, "mean change of the index between epochs"},
};
constexpr Shape kPricingFactorsShape{"PricingFactors", kPricingFactors};
constexpr std::array kBooked{
    OutField{"booking_id", "booking.id", Form::text, "id of the booking"},
    OutField{"gpu_id", "booking.gpuId", Form::text, "id of the GPU"},
    OutField{"status", "booked", Form::constant, "booked"},
    OutField{"total_cost", "booking.locked", Form::amount, "AIT locked"},
    OutField{"base_price", "gpu.pricePerHour", Form::amount, "AIT an hour as asked"},
    OutField{"dynamic_price", "booking.pricePerHour", Form::amount, "AIT an hour as booked"},
    OutField{"price_per_hour", "booking.pricePerHour", Form::amount, "AIT an hour as booked"},
    OutField{"start_time", "booking.start", Form::time, "when it starts"},
    OutField{"end_time", "booking.end", Form::time, "when it ends"},
    OutField{"pricing_factors", "", Form::object, "what the price came from", false, &kPricingFactorsShape},
    OutField{"confidence_score", "pricing.confidenceBps", Form::bps,
             "0 to 1: how much the model's index rests on"},
};
constexpr Shape kBookedShape{"GpuBooked", kBooked};

constexpr std::array kQuote{
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"available", "available", Form::boolean, "whether it can be booked for that time"},
    OutField{"price_per_hour", "quote.pricePerHour", Form::amount, "AIT an hour now"},
    OutField{"total_cost", "quote.cost", Form::amount, "AIT that would be locked"},
    OutField{"start_time", "start", Form::time, "when it would start"},
    OutField{"end_time", "end", Form::time, "when it would end"},
};
constexpr Shape kQuoteShape{"Quote", kQuote};

struct QuoteGpu : QueryInput {
  Hours duration_hours;
  std::optional<Time> start_time;
  static constexpr auto kFields =
      std::tuple(input("duration_hours", &QuoteGpu::duration_hours, "how long"),
                 input("start_time", &QuoteGpu::start_time, "when it starts; now when left out"));
};

RestResult<Page> get_quote(const RestBackend& backend, GpuId id, const QuoteGpu& query) {
  REST_ASSIGN(const Seconds duration, seconds_of("duration_hours", query.duration_hours));
  const Seconds now = std::max(backend.now(), backend.chain.view()->head.timestamp);
  const Seconds start = query.start_time ? query.start_time->value : now;
  REST_ASSIGN(const Answer quote,
              ask(backend, "market_quote", Params().text("gpuId", to_text(id)).number("duration", duration)));
  REST_ASSIGN(
      const Answer available,
      ask(backend, "market_isAvailable",
          Params().text("gpuId", to_text(id)).number("start", start).number("end", start + duration)));
  Params out;
  out.text("gpuId", to_text(id)).raw("available", available.text()).raw("quote", quote.text());
  return Page{Answer::parse(out.number("start", start).number("end", start + duration).json()), {}, {}};
}

struct BookGpu : BodyInput {
  Hours duration_hours;
  std::optional<Time> start_time;
  std::optional<std::string> job_id;
  std::optional<Ait> max_price;
  static constexpr auto kFields = std::tuple(
      input("duration_hours", &BookGpu::duration_hours, "how long"),
      input("start_time", &BookGpu::start_time, "when it starts; now when left out"),
      input("job_id", &BookGpu::job_id, "the customer's own reference", {0, 128, {}}),
      input("max_price", &BookGpu::max_price, "AIT an hour at most; the present price when left out"));
};

RestResult<Plan> plan_booking(const RestBackend& backend, GpuId id, const BookGpu& body) {
  REST_ASSIGN(const Seconds duration, seconds_of("duration_hours", body.duration_hours));
  REST_ASSIGN(const Answer quote,
              ask(backend, "market_quote", Params().text("gpuId", to_text(id)).number("duration", duration)));
  Params call;
  call.text("gpuId", to_text(id)).number("start", body.start_time.value_or(Time{}).value);
  call.number("duration", duration);
  if (body.max_price)
    call.amount("maxPricePerHour", body.max_price->value);
  else
    call.raw("maxPricePerHour", quote.json().find("pricePerHour").text());
  return Plan{"bookGpu", call.text("job", body.job_id.value_or("")).json()};
}

RestResult<Answer> booked(const RestBackend& backend, const Done& done) {
  REST_ASSIGN(const Answer event, done.event("BookingCreated"));
  REST_ASSIGN(const std::string booking,
              linked(backend, "market_getBooking", event.json().find("bookingId")));
  REST_ASSIGN(const std::string gpu, linked(backend, "market_getGpu", event.json().find("gpuId")));
  const Answer record = Answer::parse(gpu);
  REST_ASSIGN(const Answer pricing, ask(backend, "market_getPricing",
                                        Params().text("model", record.json().find("model").string())));
  return Answer::parse(
      Params().raw("booking", booking).raw("gpu", gpu).raw("pricing", pricing.text()).json());
}

// ---- release

constexpr std::array kReleased{
    OutField{"status", "released", Form::constant, "released"},
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"booking_id", "bookingId", Form::text, "id of the booking"},
    OutField{"refund", "refund", Form::amount, "AIT that came back"},
    OutField{"message", "The booking is over; unused time was refunded", Form::constant, "for people"},
};
constexpr Shape kReleasedShape{"GpuReleased", kReleased};

RestResult<Plan> plan_release(const RestBackend& backend, GpuId id) {
  REST_ASSIGN(const Answer gpu, ask_record(backend, "market_getGpu", to_text(id)));
  const Json booking = gpu.json().find("currentBookingId");
  if (!booking.is_string()) return refuse(409, to_text(id) + " is not booked");
  return Plan{"releaseBooking", Params().text("bookingId", booking.string()).json()};
}

RestResult<Finish> match_release(const RestBackend& backend, GpuId id, const market::Decoded& call) {
  const Answer arguments = Answer::parse(call.arguments_json);
  REST_ASSIGN(const std::string booking,
              linked(backend, "market_getBooking", arguments.json().find("bookingId")));
  const Answer record = Answer::parse(booking);
  if (record.json().find("gpuId").text() != '"' + to_text(id) + '"')
    return refuse(400, "the signed transaction is not about " + to_text(id));
  return with_event("BookingClosed");
}

}  // namespace

void register_booking_routes(Registry& registry) {
  registry.read({"quote_gpu",
                 "GET",
                 "/v1/marketplace/gpu/{gpu_id}/quote",
                 "bookings",
                 "What a booking would cost now, and whether it can be made",
                 &kQuoteShape,
                 200,
                 false,
                 {400, 404}},
                [](const RestBackend& backend, GpuId id, const QuoteGpu& query) {
                  return get_quote(backend, id, query);
                });
  registry.write(
      {"book_gpu",
       "POST",
       "/v1/marketplace/gpu/{gpu_id}/book",
       "bookings",
       "Books a GPU and locks the cost",
       &kBookedShape,
       201,
       false,
       {404, 409}},
      {"bookGpu"},
      [](const RestBackend& backend, GpuId id, const BookGpu& body) {
        return plan_booking(backend, id, body);
      },
      [](const RestBackend&, GpuId id, const market::Decoded& call) -> RestResult<Finish> {
        REST_TRY(same_id(call, "gpuId", to_text(id)));
        return Finish(&booked);
      });
  registry.write(
      {"release_gpu",
       "POST",
       "/v1/marketplace/gpu/{gpu_id}/release",
       "bookings",
       "Ends the present booking; unused time is refunded in part",
       &kReleasedShape,
       200,
       false,
       {404, 409}},
      {"releaseBooking"}, [](const RestBackend& backend, GpuId id) { return plan_release(backend, id); },
      [](const RestBackend& backend, GpuId id, const market::Decoded& call) {
        return match_release(backend, id, call);
      });
}

}  // namespace aitbc::rest
