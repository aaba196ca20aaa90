#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/market_gpu_spec.hpp"
#include "wallet/cli/marketplace_groups.hpp"
#include "wallet/cli/option_values.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

std::string gpu_argument(std::uint64_t id) { return JsonObject().number("gpuId", id).str(); }

struct RegisterOptions {
  GpuSpecOptions spec;
  CallOptions call;
};

Outcome<void> register_gpu(Context& context, const RegisterOptions& options) {
  AITBC_ASSIGN(const std::string spec, spec_json(options.spec, Json()));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "registerGpu", JsonObject().raw("spec", spec).str(),
                           options.call.submit));
  const Json event = event_of(submitted, "GpuRegistered");
  report_call(context, "GPU registered: " + event["gpuId"].text(),
              {{{"gpu_id", "GPU"}, plain_cell(event["gpuId"])},
               {{"model", "Model"}, plain_cell(event["model"])},
               {{"price_per_hour", "Price per hour"}, units_cell(event["pricePerHour"])}},
              submitted);
  if (!submitted.receipt) return {};
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, event["gpuId"].text()));
  AITBC_ASSIGN(const Json gpu, find_gpu(context, id));
  if (gpu["status"].text() == "offline")
    context.note("note: it is offline until its provider has enough at stake: aitbc stake add --wallet " +
                 options.call.wallet + " --amount 100");
  return {};
}

struct BookOptions {
  std::string gpu;
  double hours = 0;
  std::uint64_t start = 0;
  std::string max_price;
  std::string job;
  CallOptions call;
};

// What the customer agrees to pay per hour: at most --max-price, or the price that the GPU has now.
Outcome<Amount> agreed_price(Context& context, const BookOptions& options, std::uint64_t gpu,
                             std::uint64_t duration) {
  if (!options.max_price.empty()) {
    AITBC_ASSIGN(const Amount price, ait_option(options.max_price, "--max-price"));
    return price;
  }
  AITBC_ASSIGN(
      const Json quote,
      market_query(context, "market_quote",
                   JsonObject().text("gpuId", market::id_text(Kind::gpu, gpu)).number("duration", duration)));
  AITBC_ASSIGN(const Amount price, parse_units(quote["pricePerHour"].text()));
  return price;
}

Outcome<void> book_gpu(Context& context, const BookOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, options.gpu));
  AITBC_ASSIGN(const std::uint64_t duration, seconds_of_hours(options.hours, "--hours"));
  AITBC_ASSIGN(const Amount most, agreed_price(context, options, id, duration));
  JsonObject arguments;
  arguments.number("gpuId", id).number("start", options.start).number("duration", duration);
  arguments.text("maxPricePerHour", to_units_string(most)).text("job", options.job);
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "bookGpu", arguments.str(), options.call.submit));
  const Json event = event_of(submitted, "BookingCreated");
  report_call(context, "Booking created: " + event["bookingId"].text(),
              {{{"booking_id", "Booking"}, plain_cell(event["bookingId"])},
               {{"gpu_id", "GPU"}, plain_cell(event["gpuId"])},
               {{"price_per_hour", "Price per hour"}, units_cell(event["pricePerHour"])},
               {{"total_cost", "Cost"}, units_cell(event["locked"])},
               {{"start_time", "Start"}, moment_cell(event["start"])},
               {{"end_time", "End"}, moment_cell(event["end"])}},
              submitted);
  return {};
}

struct IdOptions {
  std::string id;
  CallOptions call;
};

// A booking's own id, or the booking that a GPU has now.
Outcome<std::uint64_t> find_booking(Context& context, const std::string& text) {
  if (kind_of(text) != Kind::gpu) return read_id(Kind::booking, text);
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, text));
  AITBC_ASSIGN(const Json gpu, find_gpu(context, id));
  if (gpu["currentBookingId"].is_null()) return failed(Exit::refused, text + " is not booked at present");
  return read_id(Kind::booking, gpu["currentBookingId"].text());
}

Outcome<void> release(Context& context, const IdOptions& options) {
  AITBC_ASSIGN(const std::uint64_t booking, find_booking(context, options.id));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "releaseBooking",
                           JsonObject().number("bookingId", booking).str(), options.call.submit));
  const Json event = event_of(submitted, "BookingClosed");
  report_call(context, "Booking released: " + market::id_text(Kind::booking, booking),
              {{{"booking_id", "Booking"}, text_cell(market::id_text(Kind::booking, booking))},
               {{"gpu_id", "GPU"}, plain_cell(event["gpuId"])},
               {{"used_seconds", "Used (s)"}, plain_cell(event["usedSeconds"])},
               {{"paid", "Paid to the provider"}, units_cell(event["paid"])},
               {{"market_fee", "Market fee"}, units_cell(event["fee"])},
               {{"refund", "Refund"}, units_cell(event["refund"])}},
              submitted);
  return {};
}

struct UpdateOptions {
  std::string gpu;
  GpuSpecOptions spec;
  CallOptions call;
};

Outcome<void> update(Context& context, const UpdateOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, options.gpu));
  AITBC_ASSIGN(const Json gpu, find_gpu(context, id));
  AITBC_ASSIGN(const std::string spec, spec_json(options.spec, gpu));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "updateGpu",
                           JsonObject().number("gpuId", id).raw("spec", spec).str(), options.call.submit));
  const Json event = event_of(submitted, "GpuUpdated");
  report_call(context, "GPU updated: " + market::id_text(Kind::gpu, id),
              {{{"gpu_id", "GPU"}, text_cell(market::id_text(Kind::gpu, id))},
               {{"price_per_hour", "Price per hour"}, units_cell(event["pricePerHour"])}},
              submitted);
  return {};
}

// delistGpu, relistGpu, retireGpu.
Outcome<void> change_listing(Context& context, const IdOptions& options, std::string_view call) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, options.id));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, call, gpu_argument(id), options.call.submit));
  const Json event = event_of(submitted, "GpuListingChanged");
  report_call(context, "GPU " + event["listing"].text() + ": " + market::id_text(Kind::gpu, id),
              {{{"gpu_id", "GPU"}, text_cell(market::id_text(Kind::gpu, id))},
               {{"listing", "Listing"}, plain_cell(event["listing"])}},
              submitted);
  return {};
}

template <class Options, class Work>
void on_call(CLI::App& command, Context& context, std::shared_ptr<Options> options, Work work) {
  command.callback([&context, options, work] {
    context.action = [&context, options, work] { return work(context, *options); };
  });
}

void add_booking_commands(CLI::App& gpu, Context& context) {
  auto booking = std::make_shared<BookOptions>();
  CLI::App* book = gpu.add_subcommand("book", "Book a GPU; its cost is locked until the booking ends");
  book->add_option("gpu", booking->gpu, "Such as gpu_3")->required();
  book->add_option("--hours,--duration-hours", booking->hours, "How long, such as 1.5")->required();
  book->add_option("--start", booking->start, "Unix time of the start (default: now)");
  book->add_option("--max-price", booking->max_price,
                   "Most to pay per hour, in AIT (default: its present price)");
  book->add_option("--job", booking->job, "A reference of your own");
  add_call_options(*book, booking->call);
  on_call(*book, context, booking, book_gpu);

  auto released = std::make_shared<IdOptions>();
  CLI::App* command = gpu.add_subcommand("release", "End a booking early; unused time is refunded in part");
  command->add_option("id", released->id, "The booking (bk_7), or the GPU (gpu_3) that is booked now")
      ->required();
  add_call_options(*command, released->call);
  on_call(*command, context, released, release);
}

void add_listing_command(CLI::App& gpu, Context& context, const char* name, const char* call,
                         const char* help) {
  auto options = std::make_shared<IdOptions>();
  CLI::App* command = gpu.add_subcommand(name, help);
  command->add_option("gpu", options->id, "Such as gpu_3")->required();
  add_call_options(*command, options->call);
  on_call(*command, context, options,
          [call](Context& where, const IdOptions& what) { return change_listing(where, what, call); });
}

}  // namespace

void add_gpu_commands(CLI::App& market, Context& context) {
  CLI::App* gpu = market.add_subcommand("gpu", "Register, find and book GPUs");
  gpu->require_subcommand(1);

  auto registered = std::make_shared<RegisterOptions>();
  CLI::App* add = gpu->add_subcommand("register", "Put a GPU on the market");
  add_spec_options(*add, registered->spec, true);
  add_call_options(*add, registered->call);
  on_call(*add, context, registered, register_gpu);

  add_gpu_views(*gpu, context);

  auto updated = std::make_shared<UpdateOptions>();
  CLI::App* change = gpu->add_subcommand("update", "Change a GPU's description or price");
  change->add_option("gpu", updated->gpu, "Such as gpu_3")->required();
  add_spec_options(*change, updated->spec, false);
  add_call_options(*change, updated->call);
  on_call(*change, context, updated, update);

  add_booking_commands(*gpu, context);
  add_listing_command(*gpu, context, "delist", "delistGpu", "Take no more bookings; present ones go on");
  add_listing_command(*gpu, context, "relist", "relistGpu", "Put a delisted GPU back");
  add_listing_command(*gpu, context, "retire", "retireGpu", "End a GPU without open bookings for good");
}

}  // namespace aitbc::cli
