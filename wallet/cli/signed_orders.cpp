// signed-order sign|show|fill|cancel: bookings that are agreed by a signature (EIP-712) and sent by somebody
// else.
#include <fstream>

#include "codec/hex.hpp"
#include "codec/typed_data.hpp"
#include "wallet/cli/call_commands.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/generic_view.hpp"
#include "wallet/cli/marketplace_groups.hpp"
#include "wallet/cli/option_values.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/written_file.hpp"
#include "wallet/files.hpp"
#include "wallet/kdf.hpp"
#include "wallet/signature_text.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

constexpr std::size_t kMaxOrder_bytes = 64U << 10;

// The two kinds: what the struct is called, and the call that takes it.
struct OrderKind {
  const char* name;
  const char* type;
  const char* call;
  const char* signer;  // the member that signs
};
constexpr OrderKind kBooking{"booking", "BookingOrder", "fillBookingOrder", "customer"};
constexpr OrderKind kOffer{"offer", "OfferOrder", "fillOfferOrder", "provider"};

const std::vector<market::AbiParam>& members_of(const OrderKind& kind) {
  return market::find_call(kind.call)->inputs[0].components;
}

// As eth_signTypedData_v4 takes it; the struct's members are those of the contract's call.
std::string typed_data(const OrderKind& kind, const std::string& order, std::uint64_t chain_id) {
  std::vector<std::string> members;
  for (const market::AbiParam& member : members_of(kind))
    members.push_back(JsonObject().text("name", member.name).text("type", member.type).str());
  JsonObject domain;
  domain.text("name", "AITBC Marketplace").text("version", "1").number("chainId", chain_id);
  domain.text("verifyingContract", hex::checksummed(market::kContract));
  JsonObject out;
  out.raw("types", JsonObject().raw(kind.type, json_array(members)).str()).text("primaryType", kind.type);
  return out.raw("domain", domain.str()).raw("message", order).str();
}

struct SignOptions {
  std::string gpu;
  std::string price;
  double hours = 0;
  double max_hours = 0;
  double valid_hours = 24;
  std::string other;  // refund address, or the only customer
  std::string job;
  std::string output;
  std::string wallet;
};

Outcome<JsonObject> common_members(Context& context, const SignOptions& options, const Address& signer,
                                   const OrderKind& kind) {
  AITBC_ASSIGN(const std::uint64_t gpu, read_id(Kind::gpu, options.gpu));
  AITBC_TRY(find_gpu(context, gpu));
  JsonObject out;
  out.text(kind.signer, hex::checksummed(signer)).number("gpuId", gpu);
  return out;
}

// The window in which the booking may start is the time for which the order is valid.
Outcome<std::string> order_json(Context& context, const SignOptions& options, const OrderKind& kind,
                                const Address& signer) {
  AITBC_ASSIGN(const Amount price, ait_option(options.price, "--price"));
  AITBC_ASSIGN(const std::uint64_t duration, seconds_of_hours(options.hours, "--hours"));
  AITBC_ASSIGN(const std::uint64_t valid, seconds_of_hours(options.valid_hours, "--valid-hours"));
  const std::uint64_t now = context.env.unix_now();
  Address other;
  if (!options.other.empty()) {
    AITBC_ASSIGN(other, resolve_account(context, options.other));
  }
  std::array<std::uint8_t, 6> nonce{};
  wallet::fill_random(nonce);
  std::uint64_t nonce_number = 0;
  for (const std::uint8_t byte : nonce) nonce_number = nonce_number << 8 | byte;
  AITBC_ASSIGN(JsonObject out, common_members(context, options, signer, kind));
  if (&kind == &kBooking) {
    out.text("maxPricePerHour", to_units_string(price)).number("duration", duration);
    out.number("windowStart", now).number("windowEnd", now + valid).text("refundTo", hex::checksummed(other));
    out.text("job", options.job);
  } else {
    AITBC_ASSIGN(const std::uint64_t longest,
                 seconds_of_hours(options.max_hours == 0 ? options.hours : options.max_hours, "--max-hours"));
    out.text("pricePerHour", to_units_string(price))
        .number("minDuration", duration)
        .number("maxDuration", longest);
    out.number("windowStart", now).number("windowEnd", now + valid).text("customer", hex::checksummed(other));
  }
  return out.number("expiry", now + valid).number("nonce", nonce_number).str();
}

// What the signature commits to, before it is made.
void show_order(const Context& context, const OrderKind& kind, const Json& order, const Hash& digest) {
  context.note(std::string("Signing a ") + kind.type + " for the marketplace " +
               hex::checksummed(market::kContract) + ":");
  for (const NamedCell& each : generic_record(order))
    context.note("  " + each.name.title + ": " + each.cell.shown);
  context.note("  digest: " + hex::encode_prefixed(digest));
}

Outcome<Hash> digest_of(Context& context, const OrderKind& kind, const std::string& order) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const std::uint64_t chain_id, node->chain_id());
  AITBC_ASSIGN(const eip712::TypedData data, eip712::hash_json(typed_data(kind, order, chain_id)));
  return eip712::signing_digest(data.domain_separator, data.struct_hash);
}

Outcome<void> sign(Context& context, const SignOptions& options, const OrderKind& kind) {
  AITBC_ASSIGN(const Address signer, wallet_address(context, options.wallet));
  AITBC_ASSIGN(const std::string order, order_json(context, options, kind, signer));
  if (order.size() > kMaxOrder_bytes / 2) return failed(Exit::usage, "--job is too long");
  AITBC_ASSIGN(const Hash digest, digest_of(context, kind, order));
  AITBC_ASSIGN(const Json shown, Json::parse(order));
  show_order(context, kind, shown, digest);
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, options.wallet));
  JsonObject document;
  document.text("kind", kind.name).raw("order", order).text("signature", wallet::sign_text(key, digest));
  if (options.output.empty()) {
    context.output().line(document.str());
    return {};
  }
  std::ofstream file(options.output, std::ios::trunc);
  file << document.str() << '\n';
  file.close();
  if (!file) return failed(Exit::local, "cannot write " + options.output);
  report_file(context, "Signed order written to " + options.output, options.output);
  return {};
}

Outcome<void> sign_booking(Context& context, const SignOptions& options) {
  return sign(context, options, kBooking);
}
Outcome<void> sign_offer(Context& context, const SignOptions& options) {
  return sign(context, options, kOffer);
}

struct FillOptions {
  std::string file;
  double hours = 0;
  std::string job;
  CallOptions call;
};

struct Signed {
  const OrderKind* kind = nullptr;
  Json order;
  std::string signature;
};

Outcome<Signed> read_order(const std::string& path) {
  AITBC_ASSIGN(const std::string text, wallet::read_small_file(path, kMaxOrder_bytes));
  const auto document = Json::parse(text);
  Signed out;
  const std::string kind = document ? (*document)["kind"].text() : "";
  out.kind = kind == kBooking.name ? &kBooking : kind == kOffer.name ? &kOffer : nullptr;
  if (out.kind == nullptr || !(*document)["order"].is_object())
    return failed(Exit::usage,
                  path + " is not a signed order: make one with aitbc signed-order booking|offer");
  out.order = (*document)["order"];
  out.signature = (*document)["signature"].text();
  return out;
}

Outcome<void> show(Context& context, const FillOptions& options) {
  AITBC_ASSIGN(const Signed order, read_order(options.file));
  AITBC_ASSIGN(const Hash digest, digest_of(context, *order.kind, order.order.dump()));
  const auto account = wallet::signer_of(digest, order.signature);
  const std::string signer = account ? hex::checksummed(*account) : "nobody: the signature is malformed";
  Record record = generic_record(order.order);
  record.push_back({{"kind", "Kind"}, text_cell(order.kind->name)});
  record.push_back({{"signed_by", "Signed by"}, text_cell(signer)});
  record.push_back(
      {{"valid", "By whom it must be"}, boolean_cell(signer == order.order[order.kind->signer].text())});
  context.output().record(record);
  return {};
}

Outcome<void> fill(Context& context, const FillOptions& options) {
  AITBC_ASSIGN(const Signed order, read_order(options.file));
  JsonObject arguments;
  arguments.raw("order", order.order.dump()).text("signature", order.signature).number("start", 0);
  if (order.kind == &kOffer) {
    std::uint64_t duration = order.order["minDuration"].u64().value_or(0);
    if (options.hours != 0) {
      AITBC_ASSIGN(duration, seconds_of_hours(options.hours, "--hours"));
    }
    arguments.number("duration", duration).text("job", options.job);
  }
  AITBC_ASSIGN(const Submitted submitted, market_call(context, options.call.wallet, order.kind->call,
                                                      arguments.str(), options.call.submit));
  report_events(context, submitted);
  return {};
}

void describe_sign(CLI::App& command, SignOptions& options) {
  command.add_option("--wallet", options.wallet, "Who signs")->required();
  command.add_option("--gpu", options.gpu, "Such as gpu_3")->required();
  command.add_option("--price", options.price, "Per hour, in AIT")->required();
  command.add_option("--hours", options.hours, "How long (of an offer: at least)")->required();
  command.add_option("--valid-hours", options.valid_hours, "How long it may be used")->capture_default_str();
  command.add_option("--output", options.output, "File to write it to (default: print it)");
}

constexpr CallArgument kCancel[] = {
    {"nonce", "nonce", Form::number, "Of the order (see: signed-order show)"}};

}  // namespace

void add_signed_order_commands(CLI::App& root, Context& context) {
  CLI::App* group = add_group(root, "signed-order", "Bookings agreed by signature, sent by somebody else");
  add_command<SignOptions>(
      *group, context, "booking", "As a customer: sign that you book a GPU for at most a price",
      [](CLI::App& command, SignOptions& options) {
        describe_sign(command, options);
        command.add_option("--refund-to", options.other, "Who gets refunds (default: the wallet)");
        command.add_option("--job", options.job, "A reference of your own");
      },
      sign_booking);
  add_command<SignOptions>(
      *group, context, "offer", "As a provider: sign that a GPU can be had at a price",
      [](CLI::App& command, SignOptions& options) {
        describe_sign(command, options);
        command.add_option("--max-hours", options.max_hours, "At most so long");
        command.add_option("--customer", options.other, "Only for this account (default: for anyone)");
      },
      sign_offer);
  add_command<FillOptions>(
      *group, context, "show", "Show what was signed, and by whom",
      [](CLI::App& command, FillOptions& options) {
        command.add_option("file", options.file, "The signed order")->required();
      },
      show);
  add_command<FillOptions>(
      *group, context, "fill", "Send a signed order to the chain",
      [](CLI::App& command, FillOptions& options) {
        command.add_option("file", options.file, "The signed order")->required();
        command.add_option("--hours", options.hours, "How long, of an offer (default: its least)");
        command.add_option("--job", options.job, "A reference of your own, of an offer");
        add_call_options(command, options.call);
      },
      fill);
  add_call_command(*group, context,
                   {"cancel", "Make a signed order of the wallet void", "cancelOrder", kCancel});
}

}  // namespace aitbc::cli
