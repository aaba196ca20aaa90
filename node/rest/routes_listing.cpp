// What providers do with their GPUs: register, update, delist, relist, retire.
#include <array>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/spec_writer.hpp"

namespace aitbc::rest {
namespace {

using market::GpuId;

constexpr std::array kRegistered{
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"status", "registered", Form::constant, "registered"},
    OutField{"message", "GPU registered in the marketplace", Form::constant, "for people"},
    OutField{"price_per_hour", "pricePerHour", Form::amount, "AIT an hour"},
};
constexpr Shape kRegisteredShape{"GpuRegistered", kRegistered};
constexpr std::array kUpdated{
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"status", "updated", Form::constant, "updated"},
    OutField{"price_per_hour", "pricePerHour", Form::amount, "AIT an hour as asked"},
};
constexpr Shape kUpdatedShape{"GpuUpdated", kUpdated};
constexpr std::array kListing{
    OutField{"gpu_id", "gpuId", Form::text, "id of the GPU"},
    OutField{"status", "listing", Form::text, "listed, delisted or retired"},
};
constexpr Shape kListingShape{"GpuListing", kListing};

// What may be left out when a GPU is registered, and changed later.
struct GpuTerms {
  std::optional<std::string> cuda_version, compute_capability, region, category, pricing_strategy,
      description;
  std::optional<std::uint64_t> cuda_cores, refund_bps, min_seconds, max_seconds;
  std::optional<std::vector<std::string>> capabilities;
  std::optional<bool> interruptible;
  static constexpr auto kTerms = std::tuple(
      input("cuda_version", &GpuTerms::cuda_version, "such as 12.4", {0, 16, {}}),
      input("compute_capability", &GpuTerms::compute_capability, "such as 8.9", {0, 16, {}}),
      input("cuda_cores", &GpuTerms::cuda_cores, "how many", {0, 4'294'967'295, {}}),
      input("region", &GpuTerms::region, "where it stands", {0, 32, {}}),
      input("capabilities", &GpuTerms::capabilities, "what it can do, in words"),
      input("category", &GpuTerms::category, "id of the category", {0, 64, {}}),
      input("pricing_strategy", &GpuTerms::pricing_strategy, "name of a strategy; fixed when left out",
            {0, 64, {}}),
      input("description", &GpuTerms::description, "kept as an attribute", {0, 128, {}}),
      input("refund_bps", &GpuTerms::refund_bps,
            "share of unused time that comes back on release, in hundredths of a percent", {0, 10'000, {}}),
      input("min_seconds", &GpuTerms::min_seconds, "shortest booking", {0, 31'536'000, {}}),
      input("max_seconds", &GpuTerms::max_seconds, "longest booking", {0, 31'536'000, {}}),
      input("interruptible", &GpuTerms::interruptible, "whether better bids may take over"));
};
struct GpuBody : GpuTerms {
  std::string name;
  std::uint64_t memory_gb = 0;
  Ait price_per_hour;
  std::optional<std::string> device_id, miner_id, registered_at;
  static constexpr auto kFields = std::tuple_cat(
      std::tuple(input("name", &GpuBody::name, "the GPU's model", {1, 64, {}}),
                 input("memory_gb", &GpuBody::memory_gb, "GB of memory", {1, 1'000'000, {}}),
                 input("price_per_hour", &GpuBody::price_per_hour, "AIT an hour"),
                 input("device_id", &GpuBody::device_id,
                       "unique on the chain; made up when left out: give it for several GPUs of one model",
                       {1, 64, {}}),
                 input("miner_id", &GpuBody::miner_id, "not used: the provider is who signs"),
                 input("registered_at", &GpuBody::registered_at, "not used: the block tells")),
      kTerms);
};
struct RegisterGpu : BodyInput {
  GpuBody gpu;
  static constexpr auto kFields = std::tuple(input("gpu", &RegisterGpu::gpu, "what the GPU is"));
};
struct UpdateGpu : BodyInput, GpuTerms {
  std::optional<std::uint64_t> memory_gb;
  std::optional<Ait> price_per_hour;
  static constexpr auto kFields =
      std::tuple_cat(std::tuple(input("memory_gb", &UpdateGpu::memory_gb, "GB of memory", {1, 1'000'000, {}}),
                                input("price_per_hour", &UpdateGpu::price_per_hour, "AIT an hour")),
                     kTerms);
};

// As good as unique, and the same for the same GPU of the same caller within a second.
std::string device_id_of(const RestBackend& backend, const RegisterGpu& body) {
  std::string text = body.gpu.name + "/" + std::to_string(backend.now());
  if (body.caller) text += "/" + hex::encode(*body.caller);
  return "rest-" + hex::encode(ByteView(keccak256(as_bytes(text))).first(16));
}

void write_terms(SpecWriter& spec, const GpuTerms& terms) {
  std::optional<std::string> attributes;
  if (terms.description)
    attributes = "[" + Params().text("key", "description").text("value", *terms.description).json() + "]";
  spec.text("cudaVersion", terms.cuda_version).text("computeCapability", terms.compute_capability);
  spec.number("cudaCores", terms.cuda_cores).text("region", terms.region);
  spec.texts("capabilities", terms.capabilities).text("category", terms.category);
  spec.raw("attributes", attributes, "[]").text("pricingStrategy", terms.pricing_strategy);
  spec.number("refundBps", terms.refund_bps).number("minDuration", terms.min_seconds);
  spec.number("maxDuration", terms.max_seconds).boolean("interruptible", terms.interruptible);
}

RestResult<Plan> plan_registration(const RestBackend& backend, const RegisterGpu& body) {
  const GpuBody& gpu = body.gpu;
  SpecWriter spec;
  spec.text("deviceId", gpu.device_id ? gpu.device_id : device_id_of(backend, body)).text("model", gpu.name);
  spec.number("memoryGb", gpu.memory_gb).amount("pricePerHour", gpu.price_per_hour);
  write_terms(spec, gpu);
  return Plan{"registerGpu", Params().raw("spec", spec.json()).json()};
}

RestResult<Plan> plan_update(const RestBackend& backend, GpuId id, const UpdateGpu& body) {
  REST_ASSIGN(const Answer gpu, ask_record(backend, "market_getGpu", to_text(id)));
  SpecWriter spec(gpu.json());
  spec.text("deviceId", {}).text("model", {});
  spec.number("memoryGb", body.memory_gb).amount("pricePerHour", body.price_per_hour);
  write_terms(spec, body);
  return Plan{"updateGpu", Params().text("gpuId", to_text(id)).raw("spec", spec.json()).json()};
}

void register_listing_call(Registry& registry, const Describe& about, std::string call) {
  register_id_call<GpuId>(registry, about, {std::move(call), "gpuId", "market_getGpu", "GpuListingChanged"});
}

}  // namespace

void register_listing_routes(Registry& registry) {
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
  registry.write(
      {"update_gpu",
       "PATCH",
       "/v1/marketplace/gpu/{gpu_id}",
       "gpu",
       "By the provider: changes what is given; the price counts for bookings from now on",
       &kUpdatedShape,
       200,
       false,
       {404, 409}},
      {"updateGpu"},
      [](const RestBackend& backend, GpuId id, const UpdateGpu& body) {
        return plan_update(backend, id, body);
      },
      [](const RestBackend&, GpuId id, const market::Decoded& call) {
        return event_about(call, "gpuId", to_text(id), "GpuUpdated");
      });
  register_listing_call(registry,
                        {"delist_gpu",
                         "POST",
                         "/v1/marketplace/gpu/{gpu_id}/delist",
                         "gpu",
                         "By the provider: no more bookings and bids; those that there are go on",
                         &kListingShape,
                         200,
                         false,
                         {404, 409}},
                        "delistGpu");
  register_listing_call(registry,
                        {"relist_gpu",
                         "POST",
                         "/v1/marketplace/gpu/{gpu_id}/relist",
                         "gpu",
                         "By the provider: puts a delisted GPU back",
                         &kListingShape,
                         200,
                         false,
                         {404, 409}},
                        "relistGpu");
  register_listing_call(registry,
                        {"retire_gpu",
                         "DELETE",
                         "/v1/marketplace/gpu/{gpu_id}",
                         "gpu",
                         "By the provider: takes a GPU off the market for good",
                         &kListingShape,
                         200,
                         false,
                         {404, 409}},
                        "retireGpu");
}

}  // namespace aitbc::rest
