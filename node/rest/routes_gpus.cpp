// GPUs: what is for rent.
#include <array>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
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

constexpr std::array kRegistered{
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"status", "registered", Form::constant, "registered"},
    OutField{"message", "GPU registered in the marketplace", Form::constant, "for people"},
    OutField{"price_per_hour", "pricePerHour", Form::amount, "AIT an hour"},
};
constexpr Shape kRegisteredShape{"GpuRegistered", kRegistered};
constexpr std::array kRetired{
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"status", "listing", Form::text, "retired"},
};
constexpr Shape kRetiredShape{"GpuRetired", kRetired};

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
  REST_ASSIGN(const Answer gpu, ask(backend, "market_getGpu", Params().text("id", to_text(id))));
  REST_ASSIGN(const std::string booking,
              linked(backend, "market_getBooking", gpu.json().find("currentBookingId")));
  return Page{Answer::parse(Params().raw("gpu", gpu.text()).raw("booking", booking).json()), {}, {}};
}

// Texts that may be left out are optional here and empty in the call.
struct GpuBody {
  std::string name;
  std::uint64_t memory_gb = 0;
  Ait price_per_hour;
  std::optional<std::string> cuda_version, compute_capability, region, category, pricing_strategy, device_id,
      description, miner_id, registered_at;
  std::optional<std::uint64_t> cuda_cores;
  std::optional<std::vector<std::string>> capabilities;
  std::optional<bool> interruptible;
  static constexpr auto kFields = std::tuple(
      input("name", &GpuBody::name, "the GPU's model", {1, 64, {}}),
      input("memory_gb", &GpuBody::memory_gb, "GB of memory", {1, 1'000'000, {}}),
      input("price_per_hour", &GpuBody::price_per_hour, "AIT an hour"),
      input("cuda_version", &GpuBody::cuda_version, "such as 12.4", {0, 16, {}}),
      input("compute_capability", &GpuBody::compute_capability, "such as 8.9", {0, 16, {}}),
      input("cuda_cores", &GpuBody::cuda_cores, "how many", {0, 4'294'967'295, {}}),
      input("region", &GpuBody::region, "where it stands", {0, 32, {}}),
      input("capabilities", &GpuBody::capabilities, "what it can do, in words"),
      input("category", &GpuBody::category, "id of the category", {0, 64, {}}),
      input("pricing_strategy", &GpuBody::pricing_strategy, "name of a strategy; fixed when left out",
            {0, 64, {}}),
      input("device_id", &GpuBody::device_id, "unique on the chain; made up when left out", {1, 64, {}}),
      input("description", &GpuBody::description, "kept as an attribute", {0, 128, {}}),
      input("interruptible", &GpuBody::interruptible, "whether better bids may take over"),
      input("miner_id", &GpuBody::miner_id, "not used: the provider is who signs"),
      input("registered_at", &GpuBody::registered_at, "not used: the block tells"));
};
struct RegisterGpu : BodyInput {
  GpuBody gpu;
  static constexpr auto kFields = std::tuple(input("gpu", &RegisterGpu::gpu, "what the GPU is"));
};

// As good as unique, and the same for the same GPU of the same caller within a second.
std::string device_id_of(const RestBackend& backend, const RegisterGpu& body) {
  std::string text = body.gpu.name + "/" + std::to_string(backend.now());
  if (body.caller) text += "/" + hex::encode(*body.caller);
  return "rest-" + hex::encode(ByteView(keccak256(as_bytes(text))).first(16));
}

RestResult<Plan> plan_registration(const RestBackend& backend, const RegisterGpu& body) {
  const GpuBody& gpu = body.gpu;
  std::string capabilities;
  JsonWriter list(capabilities);
  list.begin_array();
  for (const std::string& each : gpu.capabilities.value_or(std::vector<std::string>())) list.text(each);
  list.end_array();
  std::string attributes = "[]";
  if (gpu.description)
    attributes = "[" + Params().text("key", "description").text("value", *gpu.description).json() + "]";
  Params spec;
  spec.text("deviceId", gpu.device_id ? *gpu.device_id : device_id_of(backend, body)).text("model", gpu.name);
  spec.number("memoryGb", gpu.memory_gb).text("cudaVersion", gpu.cuda_version.value_or(""));
  spec.text("computeCapability", gpu.compute_capability.value_or(""))
      .number("cudaCores", gpu.cuda_cores.value_or(0));
  spec.text("region", gpu.region.value_or("")).raw("capabilities", capabilities);
  spec.text("category", gpu.category.value_or("")).raw("attributes", attributes);
  spec.amount("pricePerHour", gpu.price_per_hour.value)
      .text("pricingStrategy", gpu.pricing_strategy.value_or(""));
  spec.number("refundBps", 0).number("minDuration", 0).number("maxDuration", 0);
  spec.boolean("interruptible", gpu.interruptible.value_or(false));
  return Plan{"registerGpu", Params().raw("spec", spec.json()).json()};
}

}  // namespace

void register_gpu_routes(Registry& registry) {
  registry.write(
      {"register_gpu",
       "POST",
       "/v1/marketplace/gpu/register",
       "gpu",
       "Puts a GPU on the market; 100 AIT must be staked on its provider",
       &kRegisteredShape,
       201,
       false,
       {409}},
      {"registerGpu"},
      [](const RestBackend& backend, const RegisterGpu& body) { return plan_registration(backend, body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("GpuRegistered");
      });
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
  registry.write(
      {"retire_gpu",
       "DELETE",
       "/v1/marketplace/gpu/{gpu_id}",
       "gpu",
       "Takes a GPU off the market for good",
       &kRetiredShape,
       200,
       false,
       {404, 409}},
      {"retireGpu"},
      [](const RestBackend& backend, GpuId id) -> RestResult<Plan> {
        REST_TRY(ask(backend, "market_getGpu", Params().text("id", to_text(id))));
        return Plan{"retireGpu", Params().text("gpuId", to_text(id)).json()};
      },
      [](const RestBackend&, GpuId id, const market::Decoded& call) -> RestResult<Finish> {
        REST_TRY(same_id(call, "gpuId", to_text(id)));
        return with_event("GpuListingChanged");
      });
}

}  // namespace aitbc::rest
