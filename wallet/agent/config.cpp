#include "wallet/agent/config.hpp"

#include <algorithm>

#include "wallet/settings_file.hpp"
#include "wallet/web/url.hpp"

namespace aitbc::agent {
namespace {

using wallet::SettingsTable;

constexpr std::uint64_t kMiB = 1ULL << 20;
constexpr std::uint64_t kHour_seconds = 3'600;
constexpr std::uint64_t kDay_seconds = 86'400;
constexpr std::uint64_t kMonth_seconds = 30 * kDay_seconds;

Amount required_price(SettingsTable& table, std::string_view key) {
  const auto price = table.ait(key);
  if (!table.has(key)) table.complain(key, "is missing");
  if (price && price->is_zero()) table.complain(key, "must be above 0");
  return price.value_or(Amount(1));
}

// The terms that [gpus] gives to detected GPUs and [[gpu]] to a declared one.
void read_terms(SettingsTable& table, GpuOffer& gpu) {
  gpu.region = table.text("region", gpu.region);
  gpu.category = table.text("category", gpu.category);
  if (table.has("capabilities")) gpu.capabilities = table.texts("capabilities");
  if (const auto price = table.ait("price-per-hour")) gpu.price_per_hour = *price;
  gpu.refund_bps =
      static_cast<std::uint16_t>(table.number("refund-percent", gpu.refund_bps / 100U, 0, 100) * 100);
  gpu.min_duration_seconds = table.number("min-duration", gpu.min_duration_seconds, 0, 12 * kMonth_seconds);
  gpu.max_duration_seconds = table.number("max-duration", gpu.max_duration_seconds, 0, 12 * kMonth_seconds);
  gpu.interruptible = table.flag("interruptible", gpu.interruptible);
}

void read_gpus(SettingsTable& root, AgentConfig& out) {
  SettingsTable defaults = root.table("gpus");
  out.detect = defaults.flag("detect", true);
  out.nvml_library = defaults.text("nvml-library", kNvmlLibrary);
  out.detected_defaults.region = out.region;
  out.has_detected_terms = defaults.has("price-per-hour");
  read_terms(defaults, out.detected_defaults);
  for (SettingsTable& table : root.tables("gpu")) {
    GpuOffer gpu = out.detected_defaults;
    gpu.device_id = table.required_text("device-id");
    gpu.model = table.required_text("model");
    gpu.memory_gb = static_cast<std::uint32_t>(table.number("memory-gb", 0, 1, 1'000'000));
    if (!table.has("memory-gb")) table.complain("memory-gb", "is missing");
    gpu.cuda_version = table.text("cuda-version");
    gpu.compute_capability = table.text("compute-capability");
    gpu.cuda_cores = static_cast<std::uint32_t>(table.number("cuda-cores", 0, 0, 1'000'000));
    if (!out.has_detected_terms) required_price(table, "price-per-hour");
    read_terms(table, gpu);
    const bool twice = std::any_of(out.declared.begin(), out.declared.end(),
                                   [&](const GpuOffer& other) { return other.device_id == gpu.device_id; });
    if (twice) table.complain("device-id", "is that of another GPU");
    out.declared.push_back(std::move(gpu));
  }
}

void read_services(SettingsTable& root, AgentConfig& out) {
  for (SettingsTable& table : root.tables("service")) {
    ServiceOffer service;
    service.name = table.required_text("name");
    service.category = table.required_text("type");
    service.price = required_price(table, "price");
    service.min_bid = table.ait("min-bid").value_or(service.price);
    service.description = table.text("description");
    service.parameters = table.text("parameters");
    service.delivery_seconds = table.number("delivery-time", 0, 1, 12 * kMonth_seconds);
    out.services.push_back(std::move(service));
  }
}

Policy read_policy(SettingsTable table) {
  Policy out;
  out.accept_bids = table.flag("accept-bids", true);
  out.min_price_per_hour = table.ait("min-price-per-hour");
  out.max_booking_seconds = table.number("max-booking", 0, 1, 12 * kMonth_seconds);
  out.allowed_types = table.texts("allowed-types");
  out.min_job_payment = table.ait("min-job-payment").value_or(Amount{});
  out.take_open_jobs = table.flag("take-open-jobs", false);
  out.max_concurrent_jobs = table.number("max-concurrent-jobs", 1, 1, 256);
  out.min_seconds_left = table.number("min-seconds-left", 30, 1, kDay_seconds);
  out.max_attempts = table.number("max-attempts", 2, 1, 100);
  return out;
}

JobCommand read_job(SettingsTable table) {
  JobCommand out;
  out.command = table.texts("command");
  if (!table.has("command")) table.complain("command", "is missing");
  if (table.has("command") && out.command.empty()) table.complain("command", "must not be empty");
  out.environment = table.pairs("environment");
  RunLimits& limits = out.limits;
  limits.time = std::chrono::milliseconds(
      table.milliseconds("timeout", kHour_seconds * 1'000, 100, kMonth_seconds * 1'000));
  limits.cpu_seconds = table.number("cpu-seconds", 0, 1, kMonth_seconds);
  limits.memory_bytes = table.number("memory-mb", 4'096, 1, 16'777'216) * kMiB;
  limits.output_bytes = table.number("max-output-mb", 64, 1, 1'024) * kMiB;
  limits.file_bytes = table.number("max-file-mb", 16'384, 1, 16'777'216) * kMiB;
  limits.processes = table.number("max-processes", 256, 1, 65'536);
  out.max_input_bytes = table.number("max-input-mb", 64, 1, 1'024) * kMiB;
  out.allow_private_inputs = table.flag("allow-private-inputs", false);
  out.ca_file = table.path("ca-file").string();
  return out;
}

ResultServer read_results(SettingsTable table) {
  ResultServer out;
  const std::string listen = table.text("listen");
  out.certificate = table.path("certificate").string();
  out.key = table.path("key").string();
  out.public_url = table.text("public-url");
  while (out.public_url.ends_with('/')) out.public_url.pop_back();
  out.keep_seconds = table.number("keep-days", 7, 1, 3'650) * kDay_seconds;
  if (!listen.empty()) {
    const auto url = web::parse_url("http://" + listen);
    const bool has_port = url && url->target == "/" && listen.find_last_of(':') != std::string::npos;
    if (!has_port || std::stoul(url->port) > 65'535) {
      table.complain("listen", "takes ADDRESS:PORT, such as \"0.0.0.0:8443\"");
    } else {
      out.address = url->host;
      out.port = static_cast<std::uint16_t>(std::stoul(url->port));
    }
  }
  if (out.certificate.empty() != out.key.empty())
    table.complain(out.key.empty() ? "key" : "certificate", "certificate and key go together");
  if (!out.public_url.empty() && !web::parse_url(out.public_url))
    table.complain("public-url", "takes an address such as \"https://gpus.example:8443\"");
  if (!out.address.empty() && out.public_url.empty()) table.complain("public-url", "is missing");
  return out;
}

ReceiptSources read_receipts(SettingsTable table) {
  ReceiptSources out;
  out.folder = table.path("folder");
  out.urls = table.texts("urls");
  for (std::string& url : out.urls) {
    while (url.ends_with('/')) url.pop_back();
    if (!web::parse_url(url))
      table.complain("urls", "takes addresses such as \"https://coordinator.example\"");
  }
  out.ca_file = table.path("ca-file").string();
  return out;
}

void read_provider(SettingsTable table, AgentConfig& out) {
  out.wallet = table.required_text("wallet");
  out.name = table.required_text("name");
  out.region = table.text("region");
  out.endpoint = table.text("endpoint");
  out.stake = table.ait("stake");
  out.state_folder = table.path("state-folder");
  if (out.state_folder.empty()) table.complain("state-folder", "is missing");
  out.poll_ms = table.milliseconds("poll-interval", 1'000, 50, 60'000);
  out.heartbeat_ms = table.milliseconds("heartbeat-interval", 0, 500, kDay_seconds * 1'000);
}

}  // namespace

Result<AgentConfig> read_config(const std::filesystem::path& file) {
  AITBC_ASSIGN(wallet::SettingsFile settings, wallet::SettingsFile::read(file));
  SettingsTable root = settings.root();
  AgentConfig out;
  read_provider(root.table("provider"), out);
  read_gpus(root, out);
  read_services(root, out);
  out.policy = read_policy(root.table("policy"));
  out.job = read_job(root.table("job"));
  out.results = read_results(root.table("results"));
  out.receipts = read_receipts(root.table("receipts"));
  AITBC_TRY(settings.finish());
  if (out.endpoint.empty()) out.endpoint = out.results.public_url;
  return out;
}

std::vector<GpuOffer> offered_gpus(const AgentConfig& config, const std::vector<DetectedGpu>& detected) {
  std::vector<GpuOffer> out = config.declared;
  for (const DetectedGpu& found : detected) {
    const auto declared = std::find_if(out.begin(), out.end(),
                                       [&](const GpuOffer& gpu) { return gpu.device_id == found.uuid; });
    if (declared != out.end()) {
      declared->is_detected = true;
      continue;
    }
    if (!config.has_detected_terms) continue;
    GpuOffer gpu = config.detected_defaults;
    gpu.device_id = found.uuid;
    gpu.model = found.model;
    gpu.memory_gb = found.memory_gb;
    gpu.cuda_version = found.cuda_version;
    gpu.compute_capability = found.compute_capability;
    gpu.cuda_cores = found.cuda_cores;
    gpu.is_detected = true;
    out.push_back(std::move(gpu));
  }
  return out;
}

}  // namespace aitbc::agent
