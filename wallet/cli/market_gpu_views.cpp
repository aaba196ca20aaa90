#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/marketplace_groups.hpp"
#include "wallet/cli/option_values.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

Record describe_gpu(const Json& gpu) {
  return {
      {{"id", "GPU"}, plain_cell(gpu["id"])},
      {{"status", "Status"}, plain_cell(gpu["status"])},
      {{"model", "Model"}, plain_cell(gpu["model"])},
      {{"memory_gb", "Memory (GB)"}, plain_cell(gpu["memoryGb"])},
      {{"price_per_hour", "Price per hour"}, units_cell(gpu["currentPricePerHour"])},
      {{"region", "Region"}, plain_cell(gpu["region"])},
      {{"category", "Category"}, plain_cell(gpu["category"])},
      {{"cuda_version", "CUDA version"}, plain_cell(gpu["cudaVersion"])},
      {{"compute_capability", "Compute capability"}, plain_cell(gpu["computeCapability"])},
      {{"cuda_cores", "CUDA cores"}, plain_cell(gpu["cudaCores"])},
      {{"capabilities", "Capabilities"}, plain_cell(gpu["capabilities"])},
      {{"attributes", "Attributes"}, plain_cell(gpu["attributes"])},
      {{"provider", "Provider"}, plain_cell(gpu["provider"])},
      {{"device_id", "Device id"}, plain_cell(gpu["deviceId"])},
      {{"created_at", "Registered"}, moment_cell(gpu["createdAt"])},
      {{"total_bookings", "Bookings"}, plain_cell(gpu["totalBookings"])},
      {{"total_reviews", "Reviews"}, plain_cell(gpu["reviews"])},
      {{"average_rating", "Average rating"}, plain_cell(gpu["averageRating"])},
      {{"current_booking", "Current booking"}, plain_cell(gpu["currentBookingId"])},
      {{"booking_expires", "Booked until"}, moment_cell(gpu["bookingExpires"])},
  };
}

Outcome<void> show_gpu(Context& context, const std::string& text) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, text));
  AITBC_ASSIGN(const Json gpu, find_gpu(context, id));
  context.output().record(describe_gpu(gpu));
  return {};
}

struct ListGpusOptions {
  bool available = false;
  std::string query;
  std::string model;
  std::string region;
  std::string category;
  std::string status;
  std::string provider;
  std::string price_min;
  std::string price_max;
  std::uint64_t memory_min = 0;
  std::uint64_t memory_max = 0;
  std::string min_rating;
  ListOptions list;
};

Outcome<void> put_price(JsonObject& filters, const char* name, const std::string& ait, const char* option) {
  if (ait.empty()) return {};
  AITBC_ASSIGN(const Amount price, ait_option(ait, option));
  filters.text(name, to_units_string(price));
  return {};
}

// A rating such as 4.5 in hundredths.
Outcome<void> put_rating(JsonObject& filters, const std::string& text) {
  if (text.empty()) return {};
  const auto rating = parse_ait(text);  // a plain decimal number, exactly
  const uint128 hundredth = Amount::ait(1).units() / 100;
  if (!rating || *rating > Amount::ait(5) || rating->units() % hundredth != 0)
    return failed(Exit::usage, "--min-rating must be between 0 and 5, with at most two decimals");
  filters.number("minRatingHundredths", static_cast<std::uint64_t>(rating->units() / hundredth));
  return {};
}

Outcome<JsonObject> gpu_filters(const Context& context, const ListGpusOptions& options) {
  JsonObject out;
  if (options.available) out.boolean("available", true);
  const std::pair<const char*, const std::string*> texts[] = {{"query", &options.query},
                                                              {"model", &options.model},
                                                              {"region", &options.region},
                                                              {"category", &options.category},
                                                              {"status", &options.status}};
  for (const auto& [name, value] : texts)
    if (!value->empty()) out.text(name, *value);
  if (!options.provider.empty()) {
    AITBC_ASSIGN(const Address provider, resolve_account(context, options.provider));
    out.text("provider", hex::encode_prefixed(provider));
  }
  AITBC_TRY(put_price(out, "priceMin", options.price_min, "--price-min"));
  AITBC_TRY(put_price(out, "priceMax", options.price_max, "--price-max"));
  AITBC_TRY(put_rating(out, options.min_rating));
  if (options.memory_min != 0) out.number("memoryMin", options.memory_min);
  if (options.memory_max != 0) out.number("memoryMax", options.memory_max);
  return out;
}

std::vector<Cell> gpu_row(const Json& gpu) {
  return {plain_cell(gpu["id"]),
          plain_cell(gpu["model"]),
          plain_cell(gpu["memoryGb"]),
          units_cell(gpu["currentPricePerHour"]),
          plain_cell(gpu["status"]),
          plain_cell(gpu["region"]),
          plain_cell(gpu["averageRating"]),
          plain_cell(gpu["provider"])};
}

Outcome<void> list_gpus(Context& context, const ListGpusOptions& options) {
  AITBC_ASSIGN(const JsonObject filters, gpu_filters(context, options));
  return print_list(context, "market_listGpus", filters, options.list,
                    {{{"id", "GPU"},
                      {"model", "MODEL"},
                      {"memory_gb", "GB"},
                      {"price_per_hour", "PER HOUR"},
                      {"status", "STATUS"},
                      {"region", "REGION"},
                      {"average_rating", "RATING"},
                      {"provider", "PROVIDER"}},
                     {},
                     "no GPU fits"},
                    gpu_row);
}

}  // namespace

Outcome<Json> find_gpu(Context& context, std::uint64_t id) {
  return market_query(context, "market_getGpu", JsonObject().text("id", market::id_text(Kind::gpu, id)));
}

void add_gpu_views(CLI::App& gpu, Context& context) {
  auto shown = std::make_shared<std::string>();
  CLI::App* details = gpu.add_subcommand("details", "Show a GPU");
  details->add_option("gpu", *shown, "Such as gpu_3")->required();
  details->callback(
      [&context, shown] { context.action = [&context, shown] { return show_gpu(context, *shown); }; });

  auto options = std::make_shared<ListGpusOptions>();
  CLI::App* list = gpu.add_subcommand("list", "List GPUs that fit");
  list->add_flag("--available", options->available, "Only those free now");
  list->add_option("--query", options->query, "Part of the model, region, category or a capability");
  list->add_option("--model", options->model);
  list->add_option("--region", options->region);
  list->add_option("--category", options->category);
  list->add_option("--status", options->status)
      ->check(CLI::IsMember({"available", "booked", "offline", "delisted", "retired"}));
  list->add_option("--provider", options->provider, "Address or name of a wallet");
  list->add_option("--price-min", options->price_min, "Per hour, in AIT");
  list->add_option("--price-max", options->price_max, "Per hour, in AIT");
  list->add_option("--memory-min", options->memory_min, "In GB");
  list->add_option("--memory-max", options->memory_max, "In GB");
  list->add_option("--min-rating", options->min_rating, "Such as 4.5");
  add_list_options(*list, options->list);
  list->callback(
      [&context, options] { context.action = [&context, options] { return list_gpus(context, *options); }; });
}

}  // namespace aitbc::cli
