#include "wallet/agent/presence.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "wallet/agent/gpu_inventory.hpp"

namespace aitbc::agent {
namespace {

using cli::Json;
using cli::JsonObject;
using cli::Outcome;

constexpr std::uint64_t kGpuCheck_ms = 30'000;
constexpr std::uint64_t kServiceCheck_ms = 30'000;

std::string text_list(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(cli::json_text(text));
  return cli::json_array(items);
}

// The contract's GpuSpec. What the configuration does not say stays as `base` has it.
std::string spec_of(const GpuOffer& gpu, const Json& base) {
  const auto kept = [&base](const char* name, std::uint64_t value) {
    return value != 0 ? value : base[name].u64().value_or(0);
  };
  JsonObject out;
  out.text("deviceId", gpu.device_id).text("model", gpu.model).number("memoryGb", gpu.memory_gb);
  out.text("cudaVersion", gpu.cuda_version).text("computeCapability", gpu.compute_capability);
  out.number("cudaCores", gpu.cuda_cores).text("region", gpu.region);
  out.raw("capabilities", text_list(gpu.capabilities));
  out.text("category", gpu.category.empty() ? base["category"].text() : gpu.category);
  out.raw("attributes", base["attributes"].is_array() ? base["attributes"].dump() : "[]");
  out.text("pricePerHour", to_units_string(gpu.price_per_hour));
  out.text("pricingStrategy", base["pricingStrategy"].text());
  out.number("refundBps", kept("refundBps", gpu.refund_bps));
  out.number("minDuration", kept("minDuration", gpu.min_duration_seconds));
  out.number("maxDuration", kept("maxDuration", gpu.max_duration_seconds));
  return out.boolean("interruptible", gpu.interruptible).str();
}

// Whether the chain's GPU differs from what the configuration asks for.
bool differs(const GpuOffer& gpu, const Json& known) {
  const auto spec = Json::parse(spec_of(gpu, known)).value_or(Json());
  for (const auto& [name, value] : spec.members())
    if (known[name].dump() != value.dump()) return true;
  return false;
}

}  // namespace

const Presence::OwnGpu* Presence::find_gpu(std::uint64_t id) const {
  const auto at = std::find_if(gpus_.begin(), gpus_.end(), [id](const OwnGpu& gpu) { return gpu.id == id; });
  return at == gpus_.end() ? nullptr : &*at;
}

std::uint64_t Presence::heartbeat_interval_ms() const {
  const std::uint64_t third = context_.rules.heartbeat_grace * 1'000 / 3;
  return context_.config.heartbeat_ms == 0 ? third : std::min(context_.config.heartbeat_ms, third);
}

Outcome<bool> Presence::establish() {
  AITBC_ASSIGN(const bool provider, establish_provider());
  if (!provider) return false;
  AITBC_ASSIGN(const bool stake, establish_stake());
  if (!stake) return false;
  return establish_gpus();
}

Outcome<bool> Presence::establish_provider() {
  const AgentConfig& config = context_.config;
  AITBC_ASSIGN(const auto known, context_.chain.provider(context_.account()));
  if (known && known->name == config.name && known->region == config.region &&
      known->endpoint == config.endpoint)
    return true;
  JsonObject arguments;
  arguments.text("name", config.name).text("region", config.region).text("endpoint", config.endpoint);
  AITBC_ASSIGN(
      const bool sent,
      context_.send("register provider", known ? "updateProvider" : "registerProvider", arguments.str()));
  if (sent) context_.log.info("registering the provider", {{"name", config.name}});
  return false;
}

Outcome<bool> Presence::establish_stake() {
  if (!context_.config.stake) return true;
  AITBC_ASSIGN(const Amount staked, context_.chain.staked(context_.account()));
  const auto missing = checked_sub(*context_.config.stake, staked);
  if (!missing || missing->is_zero()) return true;
  JsonObject arguments;
  arguments.text("provider", hex::encode_prefixed(context_.account()));
  arguments.text("amount", to_units_string(*missing));
  AITBC_ASSIGN(const bool sent, context_.send("stake", "stake", arguments.str()));
  if (sent) context_.log.info("staking on oneself", {{"ait", to_ait_string(*missing)}});
  return false;
}

std::vector<GpuOffer> Presence::look_for_gpus() {
  if (!context_.config.detect) return offered_gpus(context_.config, {});
  const auto detected = detect_gpus(context_.config.nvml_library);
  if (!detected && !detection_failed_) {
    // With declared GPUs only, a machine without the driver is as it should be.
    if (context_.config.declared.empty())
      context_.log.warning("no GPUs detected", {{"reason", detected.error().message}});
    else
      context_.log.info("no GPUs detected, those of the configuration are offered",
                        {{"reason", detected.error().message}});
  }
  detection_failed_ = !detected;
  return offered_gpus(context_.config, detected ? *detected : std::vector<DetectedGpu>());
}

Outcome<bool> Presence::establish_gpu(const GpuOffer& offer, const std::vector<GpuView>& known) {
  const auto own = std::find_if(known.begin(), known.end(), [&](const GpuView& gpu) {
    return gpu.device_id == offer.device_id && gpu.listing != "retired";
  });
  const std::string purpose = "register GPU " + offer.device_id;
  JsonObject arguments;
  if (own == known.end()) {
    arguments.raw("spec", spec_of(offer, Json()));
    AITBC_ASSIGN(const bool sent, context_.send(purpose, "registerGpu", arguments.str()));
    if (sent) context_.log.info("registering a GPU", {{"device", offer.device_id}, {"model", offer.model}});
    return false;
  }
  if (differs(offer, own->document)) {
    arguments.number("gpuId", own->id).raw("spec", spec_of(offer, own->document));
    AITBC_ASSIGN(const bool sent, context_.send(purpose, "updateGpu", arguments.str()));
    if (sent) context_.log.info("changing a GPU's terms", {{"gpu", id_text("gpu", own->id)}});
    return false;
  }
  gpus_.push_back({own->id, own->number, own->device_id, true, offer.is_detected});
  return true;
}

Outcome<bool> Presence::establish_gpus() {
  AITBC_ASSIGN(const std::vector<GpuView> known, context_.chain.gpus(context_.account()));
  gpus_.clear();
  bool complete = true;
  for (const GpuOffer& offer : look_for_gpus()) {
    AITBC_ASSIGN(const bool done, establish_gpu(offer, known));
    complete &= done;
  }
  if (!complete) return false;
  // What the chain still has and this machine has not is reported as out of order.
  for (const GpuView& gpu : known) {
    if (gpu.listing == "retired" || find_gpu(gpu.id) != nullptr) continue;
    context_.log.warning("a registered GPU is not on this machine",
                         {{"gpu", id_text("gpu", gpu.id)}, {"device", gpu.device_id}});
    gpus_.push_back({gpu.id, gpu.number, gpu.device_id, false, false});
  }
  return true;
}

void Presence::check_gpus() {
  const std::vector<GpuOffer> offers = look_for_gpus();
  for (OwnGpu& gpu : gpus_) {
    const auto offer = std::find_if(offers.begin(), offers.end(),
                                    [&gpu](const GpuOffer& each) { return each.device_id == gpu.device_id; });
    // One that the driver knew and does not name any more has failed, declared or not.
    const bool works = offer != offers.end() && (!gpu.is_detected || offer->is_detected);
    if (works != gpu.works)
      context_.log.warning(works ? "a GPU is back" : "a GPU is gone", {{"device", gpu.device_id}});
    gpu.works = works;
  }
}

// Bit i, from the lowest of each byte: the provider's GPU number i does not work.
std::string Presence::down_bits() const {
  Bytes bits;
  for (const OwnGpu& gpu : gpus_) {
    if (gpu.works) continue;
    if (bits.size() <= gpu.number / 8) bits.resize(gpu.number / 8 + 1);
    bits[gpu.number / 8] = static_cast<std::uint8_t>(bits[gpu.number / 8] | 1U << gpu.number % 8);
  }
  return hex::encode_prefixed(bits);
}

Outcome<void> Presence::tick(const HeadView& head) {
  const std::uint64_t now = context_.now_ms();
  if (now >= next_check_ms_) {
    check_gpus();
    next_check_ms_ = now + kGpuCheck_ms;
  }
  if (services_changed_ || now >= next_renewal_ms_) {
    AITBC_TRY(renew_services());
    next_renewal_ms_ = now + kServiceCheck_ms;
    services_changed_ = false;
  }
  const std::string down = down_bits();
  if (now < next_heartbeat_ms_ && down == reported_down_) return {};
  JsonObject arguments;
  arguments.text("down", down).text("recentBlock", hex::encode_prefixed(head.parent));
  AITBC_ASSIGN(const bool sent, context_.send("heartbeat", "heartbeat", arguments.str()));
  if (!sent) return {};
  next_heartbeat_ms_ = now + heartbeat_interval_ms();
  reported_down_ = down;
  return {};
}

// An open service of each kind: when a customer takes one, the next is offered.
Outcome<void> Presence::renew_services() {
  if (context_.config.services.empty()) return {};
  AITBC_ASSIGN(const std::vector<ServiceView> open, context_.chain.open_services(context_.account()));
  for (const ServiceOffer& offer : context_.config.services) {
    const bool is_open = std::any_of(open.begin(), open.end(),
                                     [&](const ServiceView& service) { return service.name == offer.name; });
    if (is_open) continue;
    JsonObject spec;
    spec.text("name", offer.name).text("category", offer.category);
    spec.text("price", to_units_string(offer.price)).text("description", offer.description);
    spec.text("parameters", offer.parameters).number("deliveryTime", offer.delivery_seconds);
    spec.number("lifetime", 0);
    AITBC_ASSIGN(const bool sent, context_.send("offer service " + offer.name, "createService",
                                                JsonObject().raw("spec", spec.str()).str()));
    if (sent) context_.log.info("offering a service", {{"name", offer.name}});
  }
  return {};
}

void Presence::on_sent(const Sent& sent) {
  if (sent.purpose == "heartbeat") {
    if (sent.receipt.succeeded)
      last_heartbeat_wall_ms_ = cli::wall_clock_ms();
    else
      next_heartbeat_ms_ = 0;
  }
  if (sent.purpose.starts_with("accept ") || sent.purpose.starts_with("offer service "))
    services_changed_ = true;
}

}  // namespace aitbc::agent
