// Bookings by their own id: orders, as the REST surface calls them.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::BookingId;

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

RestResult<void> describe_order(const RestBackend& backend, Params& out, Json booking) {
  REST_ASSIGN(const std::string gpu, linked(backend, "market_getGpu", booking.find("gpuId")));
  out.text("model", Answer::parse(gpu).json().find("model").string());
  return {};
}

RestResult<Page> list_orders(const RestBackend& backend, const ListOrders& query) {
  Params params;
  if (query.status) params.text("state", *query.status);
  if (query.gpu_id) params.text("gpuId", *query.gpu_id);
  if (query.customer) params.text("customer", hex::checksummed(*query.customer));
  if (query.provider) params.text("provider", hex::checksummed(*query.provider));
  REST_ASSIGN(Page page, ask_page(backend, "market_listBookings", params.boolean("newestFirst", true),
                                  query.limit, query.cursor));
  return extended(std::move(page),
                  [&](Params& out, Json item) { return describe_order(backend, out, item); });
}

RestResult<Page> get_order(const RestBackend& backend, BookingId id) {
  REST_ASSIGN(const Answer booking, ask_record(backend, "market_getBooking", to_text(id)));
  Params out;
  out.raw("item", booking.text());
  REST_TRY(describe_order(backend, out, booking.json()));
  return Page{Answer::parse(out.json()), {}, {}};
}

// ---- what its customer, or its time, does with a booking

constexpr std::array kExtended{
    OutField{"order_id", "bookingId", Form::text, "id of the booking"},
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"status", "extended", Form::constant, "extended"},
    OutField{"end_time", "end", Form::time, "when it ends now"},
    OutField{"total_cost", "locked", Form::amount, "AIT locked for all of it"},
};
constexpr Shape kExtendedShape{"OrderExtended", kExtended};
constexpr std::array kClosed{
    OutField{"order_id", "bookingId", Form::text, "id of the booking"},
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"status", "state", Form::text, "completed, released or cancelled"},
    OutField{"used_hours", "usedSeconds", Form::hours, "of the booked time"},
    OutField{"paid", "paid", Form::amount, "AIT that the provider got"},
    OutField{"fee", "fee", Form::amount, "AIT that the market took"},
    OutField{"refund", "refund", Form::amount, "AIT that came back"},
};
constexpr Shape kClosedShape{"OrderClosed", kClosed};

struct ExtendOrder : BodyInput {
  Hours duration_hours;
  static constexpr auto kFields =
      std::tuple(input("duration_hours", &ExtendOrder::duration_hours, "how much longer"));
};

RestResult<Plan> plan_extension(const RestBackend& backend, BookingId id, const ExtendOrder& body) {
  REST_ASSIGN(const Seconds extra, seconds_of("duration_hours", body.duration_hours));
  REST_TRY(ask_record(backend, "market_getBooking", to_text(id)));
  return Plan{"extendBooking", Params().text("bookingId", to_text(id)).number("extra", extra).json()};
}

void register_closing(Registry& registry, const Describe& about, std::string call) {
  register_id_call<BookingId>(registry, about,
                              {std::move(call), "bookingId", "market_getBooking", "BookingClosed"});
}

}  // namespace

void register_order_routes(Registry& registry) {
  registry.read(
      {"list_orders",
       "GET",
       "/v1/marketplace/orders",
       "orders",
       "Bookings, newest first",
       &kOrderShape,
       200,
       true,
       {400}},
      [](const RestBackend& backend, const ListOrders& query) { return list_orders(backend, query); });
  registry.read({"get_order",
                 "GET",
                 "/v1/marketplace/orders/{order_id}",
                 "orders",
                 "A booking",
                 &kOrderShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, BookingId id) { return get_order(backend, id); });
  registry.write(
      {"extend_order",
       "POST",
       "/v1/marketplace/orders/{order_id}/extend",
       "orders",
       "By the customer: a later end at the same price",
       &kExtendedShape,
       200,
       false,
       {404, 409}},
      {"extendBooking"},
      [](const RestBackend& backend, BookingId id, const ExtendOrder& body) {
        return plan_extension(backend, id, body);
      },
      [](const RestBackend&, BookingId id, const market::Decoded& call) {
        return event_about(call, "bookingId", to_text(id), "BookingExtended");
      });
  register_closing(registry,
                   {"cancel_order",
                    "POST",
                    "/v1/marketplace/orders/{order_id}/cancel",
                    "orders",
                    "By the customer, before it starts: everything comes back",
                    &kClosedShape,
                    200,
                    false,
                    {404, 409}},
                   "cancelBooking");
  register_closing(registry,
                   {"release_order",
                    "POST",
                    "/v1/marketplace/orders/{order_id}/release",
                    "orders",
                    "By the customer: ends it now; unused time is refunded in part",
                    &kClosedShape,
                    200,
                    false,
                    {404, 409}},
                   "releaseBooking");
  register_closing(registry,
                   {"settle_order",
                    "POST",
                    "/v1/marketplace/orders/{order_id}/settle",
                    "orders",
                    "By anyone: closes one that is due, which the end of a block does as well",
                    &kClosedShape,
                    200,
                    false,
                    {404, 409}},
                   "settleBooking");
}

}  // namespace aitbc::rest
