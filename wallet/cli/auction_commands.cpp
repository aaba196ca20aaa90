// auction create|list|show|types|bid|reveal|cancel: every type that the chain has.
#include <filesystem>

#include "codec/abi.hpp"
#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "wallet/cli/call_commands.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/generic_view.hpp"
#include "wallet/cli/marketplace_groups.hpp"
#include "wallet/cli/option_values.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/files.hpp"
#include "wallet/kdf.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

struct CreateOptions {
  std::string type;
  std::string title;
  std::string description;
  std::string gpu;
  std::string category;
  double hours = 0;
  double lifetime_hours = 0;
  std::string start_price;
  std::string reserve_price;
  std::vector<std::string> parameters;  // NAME=VALUE
  CallOptions call;
};

Outcome<Json> find_type(Context& context, const std::string& name) {
  AITBC_ASSIGN(const Json types, market_query(context, "market_listAuctionTypes", {}));
  std::string known;
  for (const Json& type : types.elements()) {
    if (type["name"].text() == name) return type;
    known += (known.empty() ? "" : ", ") + type["name"].text();
  }
  return failed(Exit::usage, "--type '" + name + "': the chain has " + known);
}

// Money in AIT, times and counts as they are, by what the type says of the parameter.
Outcome<std::string> parameter_json(const Json& type, const std::string& name, const std::string& value,
                                    const std::string& option) {
  for (const Json& parameter : type["parameters"].elements()) {
    if (parameter["name"].text() != name) continue;
    JsonObject out;
    out.text("name", name);
    if (parameter["unit"].text() == "base units") {
      AITBC_ASSIGN(const Amount amount, ait_option(value, option));
      return out.text("value", to_units_string(amount)).str();
    }
    const auto number = Uint256::from_decimal(value);
    if (!number)
      return failed(Exit::usage,
                    option + " '" + value + "' is not a whole number of " + parameter["unit"].text());
    return out.text("value", value).str();
  }
  return failed(Exit::usage, "auctions of the type " + type["name"].text() + " have no '" + name +
                                 "'; see: aitbc auction types");
}

Outcome<std::string> auction_spec(Context& context, const CreateOptions& options) {
  if (!options.gpu.empty() && !options.category.empty())
    return failed(Exit::usage, "--category is of work: leave it out with --gpu-id, or leave that out");
  AITBC_ASSIGN(const Json type, find_type(context, options.type));
  std::vector<std::string> parameters;
  const auto add = [&](const std::string& name, const std::string& value,
                       const std::string& option) -> Outcome<void> {
    AITBC_ASSIGN(std::string json, parameter_json(type, name, value, option));
    parameters.push_back(std::move(json));
    return {};
  };
  if (!options.start_price.empty()) AITBC_TRY(add("startPrice", options.start_price, "--start-price"));
  if (!options.reserve_price.empty())
    AITBC_TRY(add("reservePrice", options.reserve_price, "--reserve-price"));
  for (const std::string& pair : options.parameters) {
    const std::size_t at = pair.find('=');
    if (at == 0 || at == std::string::npos)
      return failed(Exit::usage, "--parameter '" + pair + "' is not NAME=VALUE");
    AITBC_TRY(add(pair.substr(0, at), pair.substr(at + 1), "--parameter " + pair.substr(0, at)));
  }
  std::uint64_t gpu = 0;
  std::uint64_t duration = 0;
  std::uint64_t lifetime = 0;
  if (!options.gpu.empty()) {
    AITBC_ASSIGN(gpu, read_id(Kind::gpu, options.gpu));
  }
  AITBC_ASSIGN(duration, seconds_of_hours(options.hours, "--hours"));
  if (options.lifetime_hours != 0) {
    AITBC_ASSIGN(lifetime, seconds_of_hours(options.lifetime_hours, "--lifetime-hours"));
  }
  JsonObject out;
  out.text("auctionType", options.type).text("title", options.title).text("description", options.description);
  out.number("gpuId", gpu)
      .text("category", options.category)
      .number("duration", duration)
      .number("lifetime", lifetime);
  return out.raw("parameters", json_array(parameters)).str();
}

Outcome<void> create(Context& context, const CreateOptions& options) {
  AITBC_ASSIGN(const std::string spec, auction_spec(context, options));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "createAuction",
                           JsonObject().raw("spec", spec).str(), options.call.submit));
  report_events(context, submitted);
  return {};
}

struct BidOptions {
  std::string auction;
  std::string amount;
  CallOptions call;
};

Hash commitment_of(std::uint64_t auction, const Address& bidder, Amount amount, const Hash& salt) {
  abi::Writer out(4);
  return keccak256(out.u64(auction).address(bidder).amount(amount).hash(salt).take());
}

// What a sealed bid is opened with: it stands beside the wallets until then.
std::filesystem::path secret_file(const Context& context, std::uint64_t auction, const Address& bidder) {
  return context.wallets().folder() /
         (".auction_" + std::to_string(auction) + "_" + hex::encode(bidder) + ".bid");
}

Outcome<void> bid_sealed(Context& context, const BidOptions& options, std::uint64_t id, Amount amount) {
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, options.call.wallet));
  Hash salt;
  wallet::fill_random(salt.bytes);
  const std::filesystem::path file = secret_file(context, id, key.address());
  // Written first: a bid without its salt can never be opened.
  AITBC_TRY(wallet::write_new_file(file, to_units_string(amount) + " " + hex::encode_prefixed(salt) + "\n"));
  JsonObject arguments;
  arguments.number("auctionId", id);
  arguments.text("commitment", hex::encode_prefixed(commitment_of(id, key.address(), amount, salt)));
  const auto submitted = market_call(context, key, "commitBid", arguments.str(), options.call.submit);
  if (!submitted && submitted.error().code != Exit::not_included) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
  }
  if (!submitted) return fail(submitted.error());
  report_events(context, *submitted);
  context.note("The amount stays secret until: aitbc auction reveal " + market::id_text(Kind::auction, id) +
               " --wallet " + options.call.wallet + " (its secret is kept in " + file.string() + ")");
  return {};
}

Outcome<Json> find_auction(Context& context, std::uint64_t id) {
  return market_query(context, "market_getAuction",
                      JsonObject().text("id", market::id_text(Kind::auction, id)));
}

Outcome<void> bid(Context& context, const BidOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::auction, options.auction));
  AITBC_ASSIGN(const Amount amount, ait_option(options.amount, "--amount"));
  AITBC_ASSIGN(const Json auction, find_auction(context, id));
  AITBC_ASSIGN(const Json type, find_type(context, auction["auctionType"].text()));
  if (type["sealed"].is_true()) return bid_sealed(context, options, id, amount);
  JsonObject arguments;
  arguments.number("auctionId", id).text("amount", to_units_string(amount));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "bidAuction", arguments.str(), options.call.submit));
  report_events(context, submitted);
  return {};
}

Outcome<void> reveal(Context& context, const BidOptions& options) {
  constexpr std::size_t kMaxSecret_bytes = 256;
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::auction, options.auction));
  AITBC_ASSIGN(const Address bidder, wallet_address(context, options.call.wallet));
  const std::filesystem::path file = secret_file(context, id, bidder);
  const auto secret = wallet::read_small_file(file, kMaxSecret_bytes);
  if (!secret)
    return failed(Exit::refused, "wallet '" + options.call.wallet + "' has no sealed bid on " +
                                     market::id_text(Kind::auction, id) + " here: " + secret.error().message);
  const std::size_t space = std::min(secret->find(' '), secret->size());
  const std::size_t end = std::min(secret->find('\n'), secret->size());
  if (end < space + 1) return failed(Exit::local, file.string() + " is damaged");
  JsonObject arguments;
  arguments.number("auctionId", id).text("amount", secret->substr(0, space));
  arguments.text("salt", secret->substr(space + 1, end - space - 1));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "revealBid", arguments.str(), options.call.submit));
  if (submitted.receipt) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
  }
  report_events(context, submitted);
  return {};
}

struct NoOptions {};

Outcome<void> types(Context& context, const NoOptions&) {
  AITBC_ASSIGN(const Json types, market_query(context, "market_listAuctionTypes", {}));
  Table table{{{"type", "TYPE"},
               {"parameter", "PARAMETER"},
               {"unit", "UNIT"},
               {"default", "DEFAULT"},
               {"meaning", "MEANING"}},
              {},
              "none"};
  for (const Json& type : types.elements())
    for (const Json& parameter : type["parameters"].elements()) {
      const bool is_money = parameter["unit"].text() == "base units";
      table.rows.push_back({plain_cell(type["name"]), plain_cell(parameter["name"]),
                            text_cell(is_money ? "AIT" : parameter["unit"].text()),
                            is_money ? units_cell(parameter["default"]) : plain_cell(parameter["default"]),
                            plain_cell(parameter["description"])});
    }
  context.output().table(table);
  return {};
}

void describe_create(CLI::App& command, CreateOptions& options) {
  command.add_option("--type", options.type, "dutch, english, sealed, procurement, ... (see: auction types)")
      ->required();
  command.add_option("--title", options.title)->required();
  command.add_option("--description", options.description);
  command.add_option("--gpu-id", options.gpu,
                     "The GPU whose time is auctioned; otherwise a piece of work is");
  command.add_option("--category", options.category, "Of the work");
  command.add_option("--hours", options.hours, "Of the booking, or to deliver the work")->required();
  command.add_option("--lifetime-hours", options.lifetime_hours, "Of the auction (default: the chain's)");
  command.add_option("--start-price", options.start_price, "In AIT");
  command.add_option("--reserve-price", options.reserve_price, "In AIT");
  command.add_option("--parameter", options.parameters,
                     "NAME=VALUE of the type, money in AIT, such as decrementRate=10; may be repeated");
  add_call_options(command, options.call);
}

constexpr const char* kColumns[] = {"id",           "auctionType", "title",    "state",
                                    "currentPrice", "totalBids",   "deadline", "creator"};
constexpr RecordFilter kFilters[] = {
    {"--type", "auctionType", "Only of this type"},
    {"--status", "state", "open, closing, sold, unsold or cancelled"},
    {"--gpu-id", "gpuId", "Only of this GPU"},
    {"--creator", "creator", "Only of this account (wallet or address)", true},
};
constexpr CallArgument kCancel[] = {{"auction", "auctionId", Form::id, "The auction's id", Kind::auction}};

}  // namespace

void add_auction_commands(CLI::App& root, Context& context) {
  CLI::App* group = add_group(root, "auction", "Auctions of GPU time and of work");
  add_command<CreateOptions>(*group, context, "create", "Start an auction", describe_create, create);
  add_record_commands(*group, context,
                      {"List auctions", "market_listAuctions", kColumns, "no auctions", kFilters,
                       "Show an auction", "show", "market_getAuction", "id", Kind::auction});
  add_command<NoOptions>(
      *group, context, "types", "Show the types of auction and their parameters",
      [](CLI::App&, NoOptions&) {}, types);
  add_command<BidOptions>(
      *group, context, "bid", "Bid; in a sealed auction the amount stays secret until it is revealed",
      [](CLI::App& command, BidOptions& options) {
        command.add_option("auction", options.auction, "Such as auc_2")->required();
        command
            .add_option(
                "--amount", options.amount,
                "In AIT: the bid (english, sealed), the most to pay (dutch), the least to take (procurement)")
            ->required();
        add_call_options(command, options.call);
      },
      bid);
  add_command<BidOptions>(
      *group, context, "reveal", "Open a sealed bid that was made here; its bond comes back",
      [](CLI::App& command, BidOptions& options) {
        command.add_option("auction", options.auction, "Such as auc_2")->required();
        add_call_options(command, options.call);
      },
      reveal);
  add_call_command(*group, context,
                   {"cancel", "End an auction on which nobody has bid", "cancelAuction", kCancel});
}

}  // namespace aitbc::cli
