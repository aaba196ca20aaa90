// Bookings of GPUs, which are the orders here, and the reviews that follow them.
#include <array>

#include "codec/hex.hpp"
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

struct BookGpu : BodyInput {
  Hours duration_hours;
  std::optional<std::string> job_id;
  std::optional<Ait> max_price;
  static constexpr auto kFields = std::tuple(
      input("duration_hours", &BookGpu::duration_hours, "from now on"),
      input("job_id", &BookGpu::job_id, "the customer's own reference", {0, 128, {}}),
      input("max_price", &BookGpu::max_price, "AIT an hour at most; the present price when left out"));
};

RestResult<Plan> plan_booking(const RestBackend& backend, GpuId id, const BookGpu& body) {
  REST_ASSIGN(const Seconds duration, seconds_of("duration_hours", body.duration_hours));
  REST_ASSIGN(const Answer quote,
              ask(backend, "market_quote", Params().text("gpuId", to_text(id)).number("duration", duration)));
  Params call;
  call.text("gpuId", to_text(id)).number("start", 0).number("duration", duration);
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
  REST_ASSIGN(const Answer gpu, ask(backend, "market_getGpu", Params().text("id", to_text(id))));
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

// ---- orders

constexpr std::array kOrder{
    OutField{"order_id", "item.id", Form::text, "id of the booking"},
    OutField{"gpu_id", "item.gpuId", Form::text, "id of the GPU"},
    OutField{"gpu_model", "model", Form::text, "its model"},
    OutField{"miner_id", "item.provider", Form::text, "address of the provider"},
    OutField{"client_id", "item.customer", Form::text, "address of the customer"},
    OutField{"duration_hours", "item.duration", Form::hours, "booked hours"},
    OutField{"total_cost", "item.locked", Form::amount, "AIT locked for it"},
    OutField{"paid", "item.paid", Form::amount, "AIT that the provider got"},
    OutField{"refund", "item.refund", Form::amount, "AIT that came back"},
    OutField{"status", "item.state", Form::text, "present state"},
    OutField{"created_at", "item.createdAt", Form::time, "when it was booked"},
    OutField{"start_time", "item.start", Form::time, "when it starts"},
    OutField{"end_time", "item.end", Form::time, "when it ends"},
    OutField{"job_id", "item.job", Form::text, "the customer's own reference"},
};
constexpr Shape kOrderShape{"Order", kOrder};

struct ListOrders : QueryInput {
  std::optional<std::string> status, gpu_id, cursor;
  std::optional<Address> customer, provider;
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields = std::tuple(
      input("status", &ListOrders::status, "present state",
            {0, 32, "scheduled|active|completed|released|cancelled|faulted|evicted|disputed|resolved"}),
      input("gpu_id", &ListOrders::gpu_id, "only of this GPU"),
      input("customer", &ListOrders::customer, "only of this customer"),
      input("provider", &ListOrders::provider, "only of this provider"),
      input("limit", &ListOrders::limit, "how many, 100 when left out", kPageLimits),
      input("cursor", &ListOrders::cursor, "X-Next-Cursor of the page before"));
};

RestResult<Page> list_orders(const RestBackend& backend, const ListOrders& query) {
  Params params;
  if (query.status) params.text("state", *query.status);
  if (query.gpu_id) params.text("gpuId", *query.gpu_id);
  if (query.customer) params.text("customer", hex::checksummed(*query.customer));
  if (query.provider) params.text("provider", hex::checksummed(*query.provider));
  REST_ASSIGN(Page page, ask_page(backend, "market_listBookings", params.boolean("newestFirst", true),
                                  query.limit, query.cursor));
  return extended(std::move(page), [&](Params& out, Json item) -> RestResult<void> {
    REST_ASSIGN(const std::string gpu, linked(backend, "market_getGpu", item.find("gpuId")));
    out.text("model", Answer::parse(gpu).json().find("model").string());
    return {};
  });
}

// ---- reviews

constexpr std::array kReview{
    OutField{"review_id", "id", Form::text, "id of the review"},
    OutField{"rating", "rating", Form::integer, "1 to 5"},
    OutField{"comment", "comment", Form::text, "in the customer's words"},
    OutField{"user", "customer", Form::text, "address of the customer"},
    OutField{"date", "createdAt", Form::time, "when it was written"},
};
constexpr Shape kReviewShape{"Review", kReview};
constexpr std::array kReviews{
    OutField{"gpu_id", "gpu.id", Form::text, "id of the GPU"},
    OutField{"average_rating", "gpu.averageRating", Form::number, "of those that count", true},
    OutField{"total_reviews", "gpu.reviews", Form::integer, "how many count"},
    OutField{"reviews", "reviews", Form::objects, "newest first, hidden ones left out", false, &kReviewShape},
};
constexpr Shape kReviewsShape{"GpuReviews", kReviews};
constexpr std::array kReviewAdded{
    OutField{"status", "review_added", Form::constant, "review_added"},
    OutField{"gpu_id", "gpu.id", Form::text, "id of the GPU"},
    OutField{"review_id", "event.reviewId", Form::text, "id of the review"},
    OutField{"average_rating", "gpu.averageRating", Form::number, "with it", true},
};
constexpr Shape kReviewAddedShape{"ReviewAdded", kReviewAdded};

struct ListReviews : QueryInput {
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields =
      std::tuple(input("limit", &ListReviews::limit, "how many, 100 when left out", kPageLimits));
};
struct AddReview : BodyInput {
  std::uint64_t rating = 0;
  std::optional<std::string> comment;
  std::optional<market::BookingId> booking_id;
  static constexpr auto kFields =
      std::tuple(input("rating", &AddReview::rating, "1 to 5", {1, 5, {}}),
                 input("comment", &AddReview::comment, "in words", {0, 1024, {}}),
                 input("booking_id", &AddReview::booking_id, "the caller's last one when left out"));
};

RestResult<Page> list_reviews(const RestBackend& backend, GpuId id, const ListReviews& query) {
  REST_ASSIGN(const Answer gpu, ask(backend, "market_getGpu", Params().text("id", to_text(id))));
  REST_ASSIGN(const Page page,
              ask_page(backend, "market_listReviews",
                       Params().text("gpuId", to_text(id)).boolean("newestFirst", true), query.limit, {}));
  const Json items = page.source.json().find("items");
  std::string reviews = "[";
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!items[i].find("hidden").boolean()) reviews += (reviews.size() == 1 ? "" : ",") + items[i].text();
  return Page{Answer::parse(Params().raw("gpu", gpu.text()).raw("reviews", reviews + "]").json()), {}, {}};
}

bool is_reviewable(Json booking) {
  const std::string_view state = booking.find("state").string();
  const bool finished =
      state != "scheduled" && state != "active" && state != "cancelled" && state != "disputed";
  return finished && booking.find("reviewId").is_null();
}

// The caller's newest finished booking of the GPU without a review.
RestResult<market::BookingId> booking_to_review(const RestBackend& backend, GpuId id, const Address& caller) {
  REST_ASSIGN(const Page page, ask_page(backend, "market_listBookings",
                                        Params()
                                            .text("gpuId", to_text(id))
                                            .text("customer", hex::checksummed(caller))
                                            .boolean("newestFirst", true),
                                        kPageLimits.max, {}));
  const Json items = page.source.json().find("items");
  for (std::size_t i = 0; i < items.size(); ++i)
    if (is_reviewable(items[i])) {
      REST_ASSIGN(const std::uint64_t booking,
                  market::parse_id(market::Kind::booking, items[i].find("id").string()));
      return market::BookingId{booking};
    }
  return refuse(403, "only who has a finished booking of " + to_text(id) + " without a review may review it");
}

RestResult<Plan> plan_review(const RestBackend& backend, GpuId id, const AddReview& body) {
  REST_TRY(ask(backend, "market_getGpu", Params().text("id", to_text(id))));
  if (!body.booking_id && !body.caller)
    return refuse(422, "who reviews? Give from, booking_id, an X-Api-Key or a signed_transaction");
  market::BookingId booking = body.booking_id.value_or(market::BookingId{});
  if (!body.booking_id) {
    REST_ASSIGN(booking, booking_to_review(backend, id, *body.caller));
  }
  Params call;
  call.number("subjectKind", 0).number("subjectId", booking.value).number("rating", body.rating);
  return Plan{"addReview", call.text("comment", body.comment.value_or("")).json()};
}

RestResult<Answer> reviewed(const RestBackend& backend, GpuId id, const Done& done) {
  REST_ASSIGN(const Answer event, done.event("ReviewAdded"));
  REST_ASSIGN(const Answer gpu, ask(backend, "market_getGpu", Params().text("id", to_text(id))));
  return Answer::parse(Params().raw("event", event.text()).raw("gpu", gpu.text()).json());
}

}  // namespace

void register_booking_routes(Registry& registry) {
  registry.write(
      {"book_gpu",
       "POST",
       "/v1/marketplace/gpu/{gpu_id}/book",
       "bookings",
       "Books a GPU from now on and locks the cost",
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
  registry.read(
      {"list_orders",
       "GET",
       "/v1/marketplace/orders",
       "bookings",
       "Bookings, newest first",
       &kOrderShape,
       200,
       true,
       {400}},
      [](const RestBackend& backend, const ListOrders& query) { return list_orders(backend, query); });
  registry.read({"list_reviews",
                 "GET",
                 "/v1/marketplace/gpu/{gpu_id}/reviews",
                 "reviews",
                 "Reviews of a GPU",
                 &kReviewsShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, GpuId id, const ListReviews& query) {
                  return list_reviews(backend, id, query);
                });
  registry.write(
      {"add_review",
       "POST",
       "/v1/marketplace/gpu/{gpu_id}/reviews",
       "reviews",
       "Reviews a finished booking, once",
       &kReviewAddedShape,
       201,
       false,
       {404, 409}},
      {"addReview"},
      [](const RestBackend& backend, GpuId id, const AddReview& body) {
        return plan_review(backend, id, body);
      },
      [](const RestBackend&, GpuId id, const market::Decoded&) -> RestResult<Finish> {
        return Finish(
            [id](const RestBackend& backend, const Done& done) { return reviewed(backend, id, done); });
      });
}

}  // namespace aitbc::rest
