// What customers say of finished work.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::GpuId;
using market::ReviewId;
using market::ServiceId;

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

// The reviews of a list query that count, newest first.
RestResult<std::string> counted_reviews(const RestBackend& backend, const Params& of,
                                        const ListReviews& query) {
  Params params = of;
  REST_ASSIGN(const Page page,
              ask_page(backend, "market_listReviews", params.boolean("newestFirst", true), query.limit, {}));
  const Json items = page.source.json().find("items");
  std::string out = "[";
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!items[i].find("hidden").boolean()) out += (out.size() == 1 ? "" : ",") + items[i].text();
  return out + "]";
}

RestResult<Page> list_reviews(const RestBackend& backend, GpuId id, const ListReviews& query) {
  REST_ASSIGN(const Answer gpu, ask_record(backend, "market_getGpu", to_text(id)));
  REST_ASSIGN(const std::string reviews,
              counted_reviews(backend, Params().text("gpuId", to_text(id)), query));
  return Page{Answer::parse(Params().raw("gpu", gpu.text()).raw("reviews", reviews).json()), {}, {}};
}

// As addReview counts kinds of subjects.
constexpr std::uint64_t kOfBooking = 0;
constexpr std::uint64_t kOfService = 1;

// What a call of addReview is about; refused unless it is of that kind.
template <class Id>
RestResult<Id> subject_of(const market::Decoded& call, std::uint64_t kind) {
  const Answer arguments = Answer::parse(call.arguments_json);
  const auto id = arguments.json().find("subjectId").u64();
  if (arguments.json().find("subjectKind").u64() != kind || !id)
    return refuse(400, "the call reviews something else");
  return Id{*id};
}

// ---- of GPUs, through their bookings

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
  REST_TRY(ask_record(backend, "market_getGpu", to_text(id)));
  if (!body.booking_id && !body.caller)
    return refuse(422, "who reviews? Give from, booking_id, an X-Api-Key or a signed_transaction");
  market::BookingId booking = body.booking_id.value_or(market::BookingId{});
  if (!body.booking_id) {
    REST_ASSIGN(booking, booking_to_review(backend, id, *body.caller));
  }
  Params call;
  call.number("subjectKind", kOfBooking).number("subjectId", booking.value).number("rating", body.rating);
  return Plan{"addReview", call.text("comment", body.comment.value_or("")).json()};
}

RestResult<Answer> reviewed(const RestBackend& backend, GpuId id, const Done& done) {
  REST_ASSIGN(const Answer event, done.event("ReviewAdded"));
  REST_ASSIGN(const Answer gpu, ask_record(backend, "market_getGpu", to_text(id)));
  return Answer::parse(Params().raw("event", event.text()).raw("gpu", gpu.text()).json());
}

// Refused unless the call reviews a booking of that GPU.
RestResult<Finish> match_review(const RestBackend& backend, GpuId id, const market::Decoded& call) {
  REST_ASSIGN(const auto booking, subject_of<market::BookingId>(call, kOfBooking));
  REST_ASSIGN(const Answer record, ask_record(backend, "market_getBooking", to_text(booking)));
  if (record.json().find("gpuId").text() != '"' + to_text(id) + '"')
    return refuse(400, "the call is not about " + to_text(id));
  return Finish([id](const RestBackend& later, const Done& done) { return reviewed(later, id, done); });
}

// ---- of services

constexpr std::array kServiceReviews{
    OutField{"service_id", "id", Form::text, "id of the service"},
    OutField{"reviews", "reviews", Form::objects, "newest first, hidden ones left out", false, &kReviewShape},
};
constexpr Shape kServiceReviewsShape{"ServiceReviews", kServiceReviews};
constexpr std::array kServiceReviewAdded{
    OutField{"status", "review_added", Form::constant, "review_added"},
    OutField{"review_id", "reviewId", Form::text, "id of the review"},
};
constexpr Shape kServiceReviewAddedShape{"ServiceReviewAdded", kServiceReviewAdded};

struct AddServiceReview : BodyInput {
  std::uint64_t rating = 0;
  std::optional<std::string> comment;
  static constexpr auto kFields =
      std::tuple(input("rating", &AddServiceReview::rating, "1 to 5", {1, 5, {}}),
                 input("comment", &AddServiceReview::comment, "in words", {0, 1024, {}}));
};

RestResult<Page> list_service_reviews(const RestBackend& backend, ServiceId id, const ListReviews& query) {
  REST_TRY(ask_record(backend, "market_getService", to_text(id)));
  REST_ASSIGN(const std::string reviews,
              counted_reviews(backend, Params().text("serviceId", to_text(id)), query));
  return Page{Answer::parse(Params().text("id", to_text(id)).raw("reviews", reviews).json()), {}, {}};
}

RestResult<Plan> plan_service_review(const RestBackend& backend, ServiceId id, const AddServiceReview& body) {
  REST_TRY(ask_record(backend, "market_getService", to_text(id)));
  Params call;
  call.number("subjectKind", kOfService).number("subjectId", id.value).number("rating", body.rating);
  return Plan{"addReview", call.text("comment", body.comment.value_or("")).json()};
}

RestResult<Finish> match_service_review(ServiceId id, const market::Decoded& call) {
  REST_ASSIGN(const ServiceId subject, subject_of<ServiceId>(call, kOfService));
  if (subject != id) return refuse(400, "the call is not about " + to_text(id));
  return with_event("ReviewAdded");
}

// ---- moderation

constexpr std::array kHidden{
    OutField{"review_id", "reviewId", Form::text, "id of the review"},
    OutField{"status", "hidden", Form::constant, "hidden"},
    OutField{"moderator", "moderator", Form::text, "address"},
    OutField{"reason", "reason", Form::text, "in words"},
};
constexpr Shape kHiddenShape{"ReviewHidden", kHidden};
constexpr std::array kOneReview{
    OutField{"review_id", "id", Form::text, "id of the review"},
    OutField{"gpu_id", "gpuId", Form::text, "of the booking that it is about", true},
    OutField{"miner_id", "provider", Form::text, "address of the provider"},
    OutField{"user", "customer", Form::text, "address of the customer"},
    OutField{"rating", "rating", Form::integer, "1 to 5"},
    OutField{"comment", "comment", Form::text, "in the customer's words"},
    OutField{"date", "createdAt", Form::time, "when it was written"},
    OutField{"hidden", "hidden", Form::boolean, "by a moderator: it counts no longer"},
    OutField{"hidden_reason", "hiddenReason", Form::text, "in the moderator's words"},
};
constexpr Shape kOneReviewShape{"OneReview", kOneReview};

struct HideReview : BodyInput {
  std::string reason;
  static constexpr auto kFields = std::tuple(input("reason", &HideReview::reason, "in words", {1, 256, {}}));
};

void register_reading(Registry& registry) {
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
  registry.read({"list_service_reviews",
                 "GET",
                 "/v1/marketplace/services/{service_id}/reviews",
                 "reviews",
                 "Reviews of a service",
                 &kServiceReviewsShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, ServiceId id, const ListReviews& query) {
                  return list_service_reviews(backend, id, query);
                });
  registry.read({"get_review",
                 "GET",
                 "/v1/marketplace/reviews/{review_id}",
                 "reviews",
                 "A review, hidden or not",
                 &kOneReviewShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, ReviewId id) {
                  return record_page(backend, "market_getReview", to_text(id));
                });
}

}  // namespace

void register_review_routes(Registry& registry) {
  register_reading(registry);
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
      [](const RestBackend& backend, GpuId id, const market::Decoded& call) {
        return match_review(backend, id, call);
      });
  registry.write(
      {"add_service_review",
       "POST",
       "/v1/marketplace/services/{service_id}/reviews",
       "reviews",
       "Reviews a finished service, once",
       &kServiceReviewAddedShape,
       201,
       false,
       {404, 409}},
      {"addReview"},
      [](const RestBackend& backend, ServiceId id, const AddServiceReview& body) {
        return plan_service_review(backend, id, body);
      },
      [](const RestBackend&, ServiceId id, const market::Decoded& call) {
        return match_service_review(id, call);
      });
  registry.write(
      {"hide_review",
       "POST",
       "/v1/marketplace/reviews/{review_id}/hide",
       "reviews",
       "By a moderator: the review counts no longer",
       &kHiddenShape,
       200,
       false,
       {404, 409}},
      {"hideReview"},
      [](const RestBackend& backend, ReviewId id, const HideReview& body) -> RestResult<Plan> {
        REST_TRY(ask_record(backend, "market_getReview", to_text(id)));
        return Plan{"hideReview", Params().text("reviewId", to_text(id)).text("reason", body.reason).json()};
      },
      [](const RestBackend&, ReviewId id, const market::Decoded& call) {
        return event_about(call, "reviewId", to_text(id), "ReviewHidden");
      });
}

}  // namespace aitbc::rest
