#include "load/market_load.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "codec/hex.hpp"
#include "load/workload.hpp"
#include "marketplace/abi.hpp"
#include "marketplace/context.hpp"

namespace aitbc::bench {
namespace {

namespace json = boost::json;
using namespace market;  // NOLINT(google-build-using-namespace): its calls are the load

constexpr std::size_t kKinds = 4;  // book, bid, release, review
constexpr std::size_t kProviders = 8;
constexpr Seconds kLong = 12 * 3'600;    // of the bookings that are released
constexpr Seconds kAhead = 10 * 86'400;  // of the bookings that are made
constexpr std::size_t kListLimit = 500;
const Amount kPrice{1'000'000'000'000'000};  // a thousandth of an AIT an hour
const Amount kBid{1'000'000'000'000'000};

void say(const std::string& text) { fmt::print(stderr, "{}\n", text); }

template <class... Args>
Bytes calldata(std::string_view name, const Args&... args) {
  return encode_abi(find_call(name)->selector, args...);
}

// What everything is signed for.
struct Terms {
  std::uint64_t chain_id = 0;
  Fees fees;
};

Transaction make_call(const Account& from, Nonce nonce, Bytes data, const Terms& terms) {
  constexpr Gas kSpare = 60'000;  // beyond what the call itself takes
  Transaction out;
  out.chain_id = terms.chain_id;
  out.nonce = nonce;
  out.max_fee_per_gas = terms.fees.max_fee_per_gas;
  out.max_priority_fee_per_gas = terms.fees.max_priority_fee_per_gas;
  out.gas_limit = find_call(abi::Selector::from(ByteView(data).first(abi::Selector::kSize)))->gas + kSpare;
  out.to = kContract;
  out.data = std::move(data);
  sign_transaction(out, from.key);
  return out;
}

// Transactions before the measurement: gathered, sent, and waited for.
class Preparation {
 public:
  Preparation(Rpc& rpc, const LoadOptions& options, const Terms& terms)
      : rpc_(rpc), options_(options), terms_(terms) {}

  void add(Account& from, Bytes data) {
    raw_.push_back(hex::encode_prefixed(encode(make_call(from, from.nonce++, std::move(data), terms_))));
  }
  Result<void> finish(std::span<const Account> senders) {
    AITBC_TRY(rpc_.send_transactions(raw_, options_.batch));
    raw_.clear();
    for (const Account& sender : senders)
      AITBC_TRY(wait_for_nonce(rpc_, sender.address, sender.nonce, std::chrono::seconds(options_.stall_s)));
    return {};
  }

 private:
  Rpc& rpc_;
  const LoadOptions& options_;
  const Terms& terms_;
  std::vector<std::string> raw_;
};

struct MarketScene {
  std::vector<Account> customers;
  std::uint64_t first_gpu = 0;  // the first of gpu_count
  std::uint64_t gpu_count = 0;
  std::vector<std::vector<std::uint64_t>> bookings;  // running, by customer
  Seconds start = 0;                                 // of the bookings to be made
};

Result<std::uint64_t> stat(Rpc& rpc, std::string_view name) {
  AITBC_ASSIGN(const std::string text, rpc.result({"market_getStats", "[]"}));
  const json::value* value = json::parse(text).as_object().if_contains(name);
  if (value == nullptr) return fail(ErrorCode::unsupported, "the endpoint is no node of this chain");
  return value->to_number<std::uint64_t>();
}

GpuSpec spec_of(std::string device) {
  GpuSpec spec;
  spec.device_id = std::move(device);
  spec.model = "RTX 4090";
  spec.memory_gb = 24;
  spec.cuda_version = "12.4";
  spec.compute_capability = "8.9";
  spec.cuda_cores = 16'384;
  spec.region = "eu-west";
  spec.category = "gpu-rental";
  spec.price_per_hour = kPrice;
  spec.pricing_strategy = "fixed";
  spec.refund_bps = 5'000;
  spec.min_duration = 1;
  spec.max_duration = 30 * 86'400;
  return spec;
}

Result<void> register_gpus(Rpc& rpc, Preparation& preparation, std::vector<Account>& providers,
                           MarketScene& scene) {
  AITBC_ASSIGN(const std::uint64_t before, stat(rpc, "totalGpus"));
  for (Account& provider : providers) {
    if (provider.nonce > 0) continue;  // of an earlier run
    preparation.add(provider, calldata("registerProvider", std::string("Load"), std::string("eu-west"),
                                       std::string("https://load.example")));
    preparation.add(provider, calldata("stake", provider.address, Amount::ait(100)));
  }
  AITBC_TRY(preparation.finish(providers));
  for (std::uint64_t i = 0; i < scene.gpu_count; ++i)
    preparation.add(providers[i % providers.size()],
                    calldata("registerGpu", spec_of(fmt::format("load-{}", before + i))));
  AITBC_TRY(preparation.finish(providers));
  AITBC_ASSIGN(const std::uint64_t after, stat(rpc, "totalGpus"));
  if (after - before != scene.gpu_count)
    return fail(ErrorCode::conflict, "not every GPU was registered: is somebody else at work?");
  scene.first_gpu = before + 1;
  return {};
}

// The ids of a customer's running bookings.
Result<std::vector<std::uint64_t>> running_bookings(Rpc& rpc, const Account& customer, std::size_t wanted) {
  std::vector<std::uint64_t> out;
  std::string cursor = "null";
  while (out.size() < wanted && (out.empty() || cursor != "null")) {
    AITBC_ASSIGN(const std::string text,
                 rpc.result({"market_listBookings",
                             fmt::format(R"([null,"{}",null,"load","active",{},{}])",
                                         hex::encode_prefixed(customer.address), kListLimit, cursor)}));
    const json::value page = json::parse(text);
    for (const json::value& item : page.at("items").as_array()) {
      AITBC_ASSIGN(const std::uint64_t id, parse_id(Kind::booking, item.at("id").as_string()));
      out.push_back(id);
    }
    cursor = json::serialize(page.at("nextCursor"));
    if (cursor == "null") break;
  }
  if (out.size() < wanted) return fail(ErrorCode::conflict, "not every booking was made");
  return out;
}

Result<void> book_gpus(Rpc& rpc, Preparation& preparation, MarketScene& scene) {
  const std::size_t customers = scene.customers.size();
  for (std::uint64_t i = 0; i < scene.gpu_count; ++i)
    preparation.add(scene.customers[i % customers], calldata("bookGpu", GpuId{scene.first_gpu + i},
                                                             Seconds{0}, kLong, kPrice, std::string("load")));
  AITBC_TRY(preparation.finish(scene.customers));
  for (std::size_t c = 0; c < customers; ++c) {
    const std::size_t own = scene.gpu_count / customers + (c < scene.gpu_count % customers ? 1 : 0);
    AITBC_ASSIGN(auto ids, running_bookings(rpc, scene.customers[c], own));
    scene.bookings.push_back(std::move(ids));
  }
  return {};
}

// A customer's turns: it books, bids, releases a running booking and reviews that.
Transaction make_turn(const MarketScene& scene, const Terms& terms, std::size_t customer, std::size_t round,
                      const Account& from, Nonce nonce) {
  const std::size_t turn = round / kKinds;
  const std::uint64_t booking = scene.bookings[customer][turn];
  // Its own running booking is of this GPU; it works on its neighbour's.
  const std::uint64_t place = turn * scene.customers.size() + customer;
  const std::uint64_t gpu = scene.first_gpu + (place + 1) % scene.gpu_count;
  const auto call = [&](Bytes data) { return make_call(from, nonce, std::move(data), terms); };
  switch (round % kKinds) {
    case 0:
      return call(calldata("bookGpu", GpuId{gpu}, scene.start, Seconds{3'600}, kPrice, std::string("train")));
    case 1:
      return call(calldata("placeBid", TargetKind::gpu, gpu, kBid, std::uint64_t{1}, Seconds{3'600},
                           std::string(), Seconds{0}));
    case 2:
      return call(calldata("releaseBooking", BookingId{booking}));
    default:
      return call(calldata("addReview", SubjectKind::booking, booking, std::uint8_t{4}, std::string("good")));
  }
}

Result<Amount> balance_needed(const Terms& terms, std::size_t calls) {
  constexpr std::uint64_t kGasEach = 400'000;
  const auto fee = to_amount(terms.fees.max_fee_per_gas);
  const auto each = fee ? checked_mul(*fee, kGasEach) : std::nullopt;
  const auto gas = each ? checked_mul(*each, calls) : std::nullopt;
  const auto all = gas ? checked_add(*gas, Amount::ait(200)) : std::nullopt;
  if (!all) return fail(ErrorCode::limit, "the load costs more than 128 bits of base units");
  return *all;
}

Result<std::vector<Account>> funded(Rpc& rpc, const LoadOptions& options, const Terms& terms,
                                    const std::string& seed, std::size_t count, std::size_t calls_each) {
  AITBC_ASSIGN(const Bytes secret, hex::decode(options.fund_key));
  AITBC_ASSIGN(const PrivateKey funder, PrivateKey::from_bytes(secret));
  std::vector<Account> accounts = derive_accounts(seed, count);
  Funding funding;
  AITBC_ASSIGN(funding.balance_each, balance_needed(terms, calls_each));
  funding.batch = options.batch;
  funding.timeout = std::chrono::seconds(options.stall_s);
  AITBC_TRY(fund_accounts(rpc, funder, accounts, terms.chain_id, terms.fees, funding));
  return accounts;
}

// Counted by the marketplace, so that a reverted transaction does not pass for work done.
Result<std::uint64_t> done_so_far(Rpc& rpc) {
  std::uint64_t sum = 0;
  for (const char* name : {"totalBookings", "totalBids", "totalReviews"}) {
    AITBC_ASSIGN(const std::uint64_t count, stat(rpc, name));
    sum += count;
  }
  return sum;
}

Result<Seconds> head_time(Rpc& rpc) {
  AITBC_ASSIGN(const std::string text, rpc.result({"eth_getBlockByNumber", R"(["latest",false])"}));
  const json::value block = json::parse(text);
  return hex::parse_quantity_u64(block.at("timestamp").as_string());
}

Result<MarketScene> set_the_scene(Rpc& rpc, const LoadOptions& options, const Terms& terms) {
  MarketScene scene;
  scene.gpu_count = options.transactions / kKinds;
  const std::size_t turns = scene.gpu_count / options.accounts + 1;
  say("market: funding customers and providers");
  AITBC_ASSIGN(scene.customers, funded(rpc, options, terms, options.seed + "/customer", options.accounts,
                                       turns * (kKinds + 1)));
  AITBC_ASSIGN(auto providers, funded(rpc, options, terms, options.seed + "/provider", kProviders,
                                      scene.gpu_count / kProviders + 3));
  Preparation preparation(rpc, options, terms);
  say(fmt::format("market: registering {} GPUs", scene.gpu_count));
  AITBC_TRY(register_gpus(rpc, preparation, providers, scene));
  say("market: booking them");
  AITBC_TRY(book_gpus(rpc, preparation, scene));
  AITBC_ASSIGN(const Seconds now, head_time(rpc));
  scene.start = now + kAhead;
  return scene;
}

Result<LoadReport> measure(Rpc& rpc, const Endpoint& endpoint, const LoadOptions& options, const Terms& terms,
                           const MarketScene& scene) {
  LoadReport report;
  report.chain_id = terms.chain_id;
  report.transactions = scene.gpu_count * kKinds;
  say(fmt::format("market: signing {} transactions", report.transactions));
  const auto signing_start = Clock::now();
  const Workload workload =
      prepare_workload(endpoint, scene.customers,
                       {report.transactions, options.connections, options.batch, terms.chain_id, terms.fees},
                       [&](std::size_t customer, std::size_t round, const Account& from, Nonce nonce) {
                         return make_turn(scene, terms, customer, round, from, nonce);
                       });
  report.signing_seconds = seconds_between(signing_start, Clock::now());
  AITBC_ASSIGN(const Uint256 head, rpc.quantity({"eth_blockNumber", "[]"}));
  SubmissionOptions submission;
  submission.rate = options.rate;
  submission.first_block = head.low_u64() + 1;
  submission.timeout = std::chrono::seconds(options.timeout_s);
  submission.stall = std::chrono::seconds(options.stall_s);
  say("market: submitting");
  AITBC_ASSIGN(report.result, submit(endpoint, workload, submission));
  return report;
}

}  // namespace

double MarketLoadReport::market_to_transfers() const {
  const double rate = transfers.included_per_second();
  return rate > 0 ? market.included_per_second() / rate : 0;
}

bool MarketLoadReport::complete() const {
  return transfers.complete() && market.complete() && succeeded == market.transactions;
}

Result<MarketLoadReport> run_market_load(const LoadOptions& asked) {
  LoadOptions options = asked;
  // Every customer makes whole turns.
  options.transactions -= options.transactions % (options.accounts * kKinds);
  if (options.transactions == 0)
    return fail(ErrorCode::invalid_input, "there must be at least four transactions to an account");
  MarketLoadReport report;
  AITBC_ASSIGN(report.transfers, run_load(options));
  AITBC_ASSIGN(const Endpoint endpoint, parse_endpoint(options.rpc_url));
  AITBC_ASSIGN(Rpc rpc, Rpc::connect(endpoint, std::chrono::seconds(options.timeout_s)));
  AITBC_ASSIGN(const ChainInfo chain, rpc.chain_info());
  Terms terms{chain.chain_id, {}};
  AITBC_ASSIGN(terms.fees, choose_fees(chain, options.fee_headroom));
  AITBC_ASSIGN(const MarketScene scene, set_the_scene(rpc, options, terms));
  AITBC_ASSIGN(const std::uint64_t before, done_so_far(rpc));
  AITBC_ASSIGN(const std::uint64_t open_before, stat(rpc, "openBookings"));
  AITBC_ASSIGN(report.market, measure(rpc, endpoint, options, terms, scene));
  report.market.recover_threads = report.transfers.recover_threads;
  report.market.ecrecover_per_second = report.transfers.ecrecover_per_second;
  AITBC_ASSIGN(const std::uint64_t after, done_so_far(rpc));
  AITBC_ASSIGN(const std::uint64_t open_after, stat(rpc, "openBookings"));
  // As many bookings were released as were made when the open ones are as many as before.
  report.succeeded = after - before + (open_before + scene.gpu_count - open_after);
  return report;
}

std::string text_of(const MarketLoadReport& report) {
  return "transfers\n" + text_of(report.transfers) + "\nmarket: book, bid, release, review\n" +
         text_of(report.market) +
         fmt::format("succeeded            {} of {}\n", report.succeeded, report.market.transactions) +
         fmt::format("market/transfers     {:.3f}\n", report.market_to_transfers());
}

std::string json_of(const MarketLoadReport& report) {
  json::object out;
  out["transfers"] = json::parse(json_of(report.transfers));
  out["market"] = json::parse(json_of(report.market));
  out["succeeded"] = report.succeeded;
  out["market_to_transfers"] = report.market_to_transfers();
  return json::serialize(out) + "\n";
}

}  // namespace aitbc::bench
