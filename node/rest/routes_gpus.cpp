// GPUs: what is for rent.
#include <array>

#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::GpuId;

constexpr std::array kCurrentBooking{
    OutField{"booking_id", "id", Form::text, "id of the booking"},
    OutField{"duration_hours", "duration", Form::hours, "booked hours"},
    OutField{"total_cost", "locked", Form::amount, "AIT locked for it"},
    OutField{"start_time", "start", Form::time, "when it starts"},
    OutField{"end_time", "end", Form::time, "when it ends"},
};
constexpr Shape kCurrentBookingShape{"CurrentBooking", kCurrentBooking};

#define AITBC_GPU_FIELDS(prefix)                                                                          \
  OutField{"id", prefix "id", Form::text, "gpu_12"},                                                      \
      OutField{"miner_id", prefix "provider", Form::text, "address of the provider"},                     \
      OutField{"model", prefix "model", Form::text, "the GPU's model"},                                   \
      OutField{"memory_gb", prefix "memoryGb", Form::integer, "GB of memory"},                            \
      OutField{"cuda_version", prefix "cudaVersion", Form::text, "as declared"},                          \
      OutField{"compute_capability", prefix "computeCapability", Form::text, "as declared"},              \
      OutField{"cuda_cores", prefix "cudaCores", Form::integer, "as declared"},                           \
      OutField{"region", prefix "region", Form::text, "where it stands"},                                 \
      OutField{"category", prefix "category", Form::text, "id of the category"},                          \
      OutField{"price_per_hour", prefix "currentPricePerHour", Form::amount, "AIT an hour now"},          \
      OutField{"base_price", prefix "pricePerHour", Form::amount, "AIT an hour as asked"},                \
      OutField{"pricing_strategy", prefix "pricingStrategy", Form::text, "what makes one of the other"},  \
      OutField{"status", prefix "status", Form::text, "available, booked, offline, delisted or retired"}, \
      OutField{"capabilities", prefix "capabilities", Form::texts, "as declared"},                        \
      OutField{"created_at", prefix "createdAt", Form::time, "when it was registered"},                   \
      OutField{"average_rating", prefix "averageRating", Form::number, "of its reviews", true},           \
      OutField{"total_reviews", prefix "reviews", Form::integer, "reviews that count"},                   \
      OutField{"total_bookings", prefix "totalBookings", Form::integer, "bookings so far"}, OutField {    \
    "booking_expires", prefix "bookingExpires", Form::time, "end of the present booking", true            \
  }

constexpr std::array kGpu{AITBC_GPU_FIELDS("")};
constexpr Shape kGpuShape{"Gpu", kGpu};
constexpr std::array kGpuDetails{
    AITBC_GPU_FIELDS("gpu."),
    OutField{"current_booking", "booking", Form::object, "the present booking", true, &kCurrentBookingShape}};
constexpr Shape kGpuDetailsShape{"GpuDetails", kGpuDetails};
#undef AITBC_GPU_FIELDS

struct ListGpus : QueryInput {
  std::optional<bool> available;
  std::optional<Ait> price_max, price_min;
  std::optional<std::string> region, model, category, query, status, sort, cursor;
  std::optional<std::uint64_t> memory_min, memory_max, limit;
  std::optional<Rating> min_rating;
  static constexpr auto kFields =
      std::tuple(input("available", &ListGpus::available, "only those free now"),
                 input("price_max", &ListGpus::price_max, "AIT an hour at most"),
                 input("price_min", &ListGpus::price_min, "AIT an hour at least"),
                 input("region", &ListGpus::region, "exact"), input("model", &ListGpus::model, "exact"),
                 input("memory_min", &ListGpus::memory_min, "GB at least"),
                 input("memory_max", &ListGpus::memory_max, "GB at most"),
                 input("min_rating", &ListGpus::min_rating, "average rating at least"),
                 input("category", &ListGpus::category, "id of the category"),
                 input("query", &ListGpus::query, "words in model, region, category or a capability"),
                 input("status", &ListGpus::status, "present status",
                       {0, 32, "available|booked|offline|delisted|retired"}),
                 input("sort", &ListGpus::sort, "order, descending with - in front",
                       {0, 16, "id|-id|price|-price|memory|-memory|rating|-rating|bookings|-bookings"}),
                 input("limit", &ListGpus::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListGpus::cursor, "X-Next-Cursor of the page before"));
};

RestResult<Page> list_gpus(const RestBackend& backend, const ListGpus& query) {
  Params params;
  if (query.available && *query.available) params.boolean("available", true);
  if (query.price_max) params.amount("priceMax", query.price_max->value);
  if (query.price_min) params.amount("priceMin", query.price_min->value);
  for (const auto& [name, value] : {std::pair("region", &query.region), std::pair("model", &query.model),
                                    std::pair("category", &query.category), std::pair("query", &query.query),
                                    std::pair("status", &query.status), std::pair("sort", &query.sort)})
    if (*value) params.text(name, **value);
  if (query.memory_min) params.number("memoryMin", *query.memory_min);
  if (query.memory_max) params.number("memoryMax", *query.memory_max);
  if (query.min_rating) params.number("minRatingHundredths", query.min_rating->hundredths);
  return ask_page(backend, "market_listGpus", params, query.limit, query.cursor);
}

RestResult<Page> get_gpu(const RestBackend& backend, GpuId id) {
  REST_ASSIGN(const Answer gpu, ask_record(backend, "market_getGpu", to_text(id)));
  REST_ASSIGN(const std::string booking,
              linked(backend, "market_getBooking", gpu.json().find("currentBookingId")));
  return Page{Answer::parse(Params().raw("gpu", gpu.text()).raw("booking", booking).json()), {}, {}};
}

}  // namespace

void register_gpu_routes(Registry& registry) {
  registry.read({"list_gpus",
                 "GET",
                 "/v1/marketplace/gpu/list",
                 "gpu",
                 "GPUs that pass every filter",
                 &kGpuShape,
                 200,
                 true,
                 {400}},
                [](const RestBackend& backend, const ListGpus& query) { return list_gpus(backend, query); });
  registry.read({"get_gpu",
                 "GET",
                 "/v1/marketplace/gpu/{gpu_id}",
                 "gpu",
                 "A GPU with its present booking",
                 &kGpuDetailsShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, GpuId id) { return get_gpu(backend, id); });
}

}  // namespace aitbc::rest
