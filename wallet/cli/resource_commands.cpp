// resource allocate|status|utilization|deallocate|test: GPUs for an agent. An allocation is a booking whose
// reference is the agent's id.
#include <algorithm>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "wallet/cli/booked_time.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/commands.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/option_values.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/period.hpp"
#include "wallet/cli/resource_test.hpp"
#include "wallet/cli/statistics.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

constexpr const char* kWalletHelp = "Wallet that acts (default: AITBC_WALLET, or genesis-ops of a devnet)";

struct AllocateOptions {
  std::string agent;
  std::uint64_t gpus = 1;
  std::uint64_t memory_mb = 0;
  std::uint64_t duration_s = 0;
  std::string max_price;
  CallOptions call;
};

// Free GPUs that are large enough for long enough and not the caller's own, cheapest first.
Outcome<std::vector<Json>> candidates(Context& context, const AllocateOptions& options, const Address& self) {
  JsonObject filters;
  filters.boolean("available", true);
  if (options.memory_mb != 0) filters.number("memoryMin", (options.memory_mb + 1023) / 1024);
  if (!options.max_price.empty()) {
    AITBC_ASSIGN(const Amount price, ait_option(options.max_price, "--max-price"));
    filters.text("priceMax", to_units_string(price));
  }
  std::vector<Json> out;
  AITBC_TRY(for_each_item(context, "market_listGpus", filters, [&](const Json& gpu) {
    const bool fits = options.duration_s >= gpu["minDuration"].u64().value_or(0) &&
                      options.duration_s <= gpu["maxDuration"].u64().value_or(0);
    if (fits && gpu["provider"].text() != hex::checksummed(self)) out.push_back(gpu);
    return true;
  }));
  const auto price = [](const Json& gpu) { return gpu["currentPricePerHour"].number().value_or(Uint256{}); };
  std::stable_sort(out.begin(), out.end(), [&](const Json& a, const Json& b) { return price(a) < price(b); });
  // Agents that ask at the same moment begin with different ones of the cheapest.
  const auto dearer =
      std::find_if(out.begin(), out.end(), [&](const Json& gpu) { return price(out[0]) < price(gpu); });
  if (const auto equal = dearer - out.begin(); equal > 1)
    std::rotate(out.begin(), out.begin() + keccak256(as_bytes(options.agent)).bytes[0] % equal, dearer);
  return out;
}

// Books one of them; those that somebody else took meanwhile are passed over.
Outcome<Submitted> book_first(Context& context, const AllocateOptions& options, const PrivateKey& key,
                              std::vector<Json>& gpus) {
  while (!gpus.empty()) {
    const Json gpu = gpus.front();
    gpus.erase(gpus.begin());
    AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, gpu["id"].text()));
    JsonObject arguments;
    arguments.number("gpuId", id).number("start", 0).number("duration", options.duration_s);
    arguments.text("maxPricePerHour", gpu["currentPricePerHour"].text()).text("job", options.agent);
    auto booked = market_call(context, key, "bookGpu", arguments.str(), options.call.submit);
    const bool is_taken = !booked && booked.error().message.find("GpuNotFree") != std::string::npos;
    if (!is_taken) return booked;
  }
  return failed(Exit::refused,
                "no GPU is free with that memory, price and duration: see aitbc marketplace gpu list");
}

Outcome<void> allocate(Context& context, const AllocateOptions& options) {
  AITBC_ASSIGN(const std::string wallet, spending_wallet(context, options.call.wallet));
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, wallet));
  AITBC_ASSIGN(std::vector<Json> gpus, candidates(context, options, key.address()));
  if (gpus.size() < options.gpus)
    return failed(Exit::refused, std::to_string(gpus.size()) + " of " + std::to_string(options.gpus) +
                                     " GPUs are free with that memory, price and duration: see aitbc "
                                     "marketplace gpu list");
  Table table{{{"agent_id", "AGENT"},
               {"booking_id", "BOOKING"},
               {"gpu_id", "GPU"},
               {"cost", "COST"},
               {"end_time", "UNTIL"}},
              {},
              ""};
  for (std::uint64_t i = 0; i < options.gpus; ++i) {
    const auto submitted = book_first(context, options, key, gpus);
    if (!submitted && i > 0)
      return failed(submitted.error().code,
                    submitted.error().message + "; " + std::to_string(i) + " of " +
                        std::to_string(options.gpus) +
                        " GPUs are booked: aitbc resource deallocate --agent-id releases them");
    if (!submitted) return fail(submitted.error());
    const Json event = event_of(*submitted, "BookingCreated");
    table.rows.push_back({text_cell(options.agent), plain_cell(event["bookingId"]),
                          plain_cell(event["gpuId"]), units_cell(event["locked"]),
                          moment_cell(event["end"])});
  }
  context.output().table(table);
  return {};
}

struct AgentOptions {
  std::string agent;
  CallOptions call;
};

std::vector<Cell> allocation_row(const Json& booking) {
  return {plain_cell(booking["job"]),     plain_cell(booking["id"]),     plain_cell(booking["gpuId"]),
          plain_cell(booking["state"]),   units_cell(booking["locked"]), moment_cell(booking["end"]),
          plain_cell(booking["customer"])};
}

// Running bookings of that agent, or of all.
Outcome<std::vector<Json>> allocations(Context& context, const std::string& agent,
                                       const std::optional<Address>& of) {
  JsonObject filters;
  filters.text("state", "active");
  if (of) filters.text("customer", hex::encode_prefixed(*of));
  std::vector<Json> out;
  AITBC_TRY(for_each_item(context, "market_listBookings", filters, [&](const Json& booking) {
    const std::string reference = booking["job"].text();
    if (agent.empty() ? !reference.empty() : reference == agent) out.push_back(booking);
    return true;
  }));
  return out;
}

Outcome<void> show_status(Context& context, const AgentOptions& options) {
  AITBC_ASSIGN(const std::vector<Json> found, allocations(context, options.agent, std::nullopt));
  Table table{{{"agent_id", "AGENT"},
               {"booking_id", "BOOKING"},
               {"gpu_id", "GPU"},
               {"status", "STATUS"},
               {"cost", "COST"},
               {"end_time", "UNTIL"},
               {"customer", "CUSTOMER"}},
              {},
              options.agent.empty() ? "nothing is allocated" : options.agent + " has nothing allocated"};
  for (const Json& booking : found) table.rows.push_back(allocation_row(booking));
  context.output().table(table);
  return {};
}

Outcome<void> deallocate(Context& context, const AgentOptions& options) {
  AITBC_ASSIGN(const std::string wallet, spending_wallet(context, options.call.wallet));
  AITBC_ASSIGN(const Address self, wallet_address(context, wallet));
  AITBC_ASSIGN(const std::vector<Json> found, allocations(context, options.agent, self));
  if (found.empty())
    return failed(Exit::refused, "wallet '" + wallet + "' has nothing allocated for " + options.agent);
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, wallet));
  Table table{{{"booking_id", "BOOKING"},
               {"gpu_id", "GPU"},
               {"used_seconds", "USED (s)"},
               {"paid", "PAID"},
               {"refund", "REFUND"}},
              {},
              ""};
  for (const Json& booking : found) {
    AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::booking, booking["id"].text()));
    AITBC_ASSIGN(const Submitted submitted,
                 market_call(context, key, "releaseBooking", JsonObject().number("bookingId", id).str(),
                             options.call.submit));
    const Json event = event_of(submitted, "BookingClosed");
    table.rows.push_back({plain_cell(booking["id"]), plain_cell(booking["gpuId"]),
                          plain_cell(event["usedSeconds"]), units_cell(event["paid"]),
                          units_cell(event["refund"])});
  }
  context.output().table(table);
  return {};
}

struct UtilizationOptions {
  std::string type = "gpu";
  std::string period = "24h";
};

// GPUs register and retire, so each counts from its registration on.
Outcome<void> show_utilization(Context& context, const UtilizationOptions& options) {
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  BookedTime all;
  Table table{{{"gpu_id", "GPU"},
               {"model", "MODEL"},
               {"status", "STATUS"},
               {"booked_seconds", "BOOKED (s)"},
               {"utilization_percent", "USED %"}},
              {},
              "no GPU is registered"};
  std::vector<Json> gpus;
  AITBC_TRY(for_each_item(context, "market_listGpus", {}, [&](const Json& gpu) {
    if (gpu["status"].text() != "retired") gpus.push_back(gpu);
    return true;
  }));
  for (const Json& gpu : gpus) {
    AITBC_ASSIGN(const BookedTime time, booked_time(context, gpu, range.from));
    all.booked_s += time.booked_s;
    all.span_s += time.span_s;
    table.rows.push_back({plain_cell(gpu["id"]), plain_cell(gpu["model"]), plain_cell(gpu["status"]),
                          number_cell(time.booked_s), decimal_cell(time.percent())});
  }
  context.output().table(table);
  if (!context.output().is_json() && !gpus.empty())
    context.output().line("all GPUs, last " + options.period + ": " + decimal_cell(all.percent()).shown +
                          " % booked");
  return {};
}

void describe_allocate(CLI::App& command, AllocateOptions& options) {
  command.add_option("--agent-id", options.agent, "A name for what the GPUs are for")->required();
  command.add_option("--gpu", options.gpus, "How many")->check(CLI::Range(1, 64))->capture_default_str();
  command.add_option("--memory", options.memory_mb, "At least so much each, in MB")
      ->check(CLI::Range(1, 1 << 30));
  command.add_option("--duration", options.duration_s, "For so many seconds")
      ->required()
      ->check(CLI::Range(1, 8'760 * 3'600));
  command.add_option("--max-price", options.max_price, "Most to pay per GPU and hour, in AIT");
  command.add_option("--wallet", options.call.wallet, kWalletHelp);
  add_submit_options(command, options.call.submit);
}

}  // namespace

void add_resource_commands(CLI::App& root, Context& context) {
  CLI::App* group = add_group(root, "resource", "GPUs booked for agents, and tests of this machine's");
  add_command<AllocateOptions>(*group, context, "allocate", "Book the cheapest free GPUs for an agent",
                               describe_allocate, allocate);
  add_command<AgentOptions>(
      *group, context, "status", "Show what is allocated",
      [](CLI::App& command, AgentOptions& options) {
        command.add_option("--agent-id", options.agent, "Only to this agent");
      },
      show_status);
  add_command<AgentOptions>(
      *group, context, "deallocate", "Release an agent's GPUs; unused time is refunded in part",
      [](CLI::App& command, AgentOptions& options) {
        command.add_option("--agent-id", options.agent, "Whose GPUs")->required();
        command.add_option("--wallet", options.call.wallet, kWalletHelp);
        add_submit_options(command, options.call.submit);
      },
      deallocate);
  add_command<UtilizationOptions>(
      *group, context, "utilization", "Show how much of their time GPUs were booked",
      [](CLI::App& command, UtilizationOptions& options) {
        command.add_option("--type", options.type)->check(CLI::IsMember({"gpu"}))->capture_default_str();
        command.add_option("--period", options.period, "The last 5m, 1h, 24h, 7d, ...")
            ->capture_default_str();
      },
      show_utilization);
  add_resource_test(*group, context);
}

}  // namespace aitbc::cli
