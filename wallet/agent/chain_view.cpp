#include "wallet/agent/chain_view.hpp"

#include <charconv>

#include "codec/hex.hpp"
#include "marketplace/abi.hpp"

namespace aitbc::agent {
namespace {

using cli::Exit;
using cli::failed;
using cli::Json;
using cli::JsonObject;
using cli::Outcome;

constexpr unsigned kPage = 500;

// The number behind the prefix of "job_5"; 0 when there is none.
std::uint64_t id_number(const Json& value) {
  const std::string text = value.text();
  const std::size_t at = text.find('_') + 1;  // 0 when there is no prefix
  std::uint64_t out = 0;
  std::from_chars(text.data() + at, text.data() + text.size(), out);
  return out;
}

std::uint64_t number(const Json& value) { return value.u64().value_or(0); }

Amount units(const Json& value) {
  const auto parsed = value.number();
  return parsed ? to_amount(*parsed).value_or(Amount{}) : Amount{};
}

Address address(const Json& value) { return hex::parse_address(value.text()).value_or(Address{}); }
Hash hash(const Json& value) { return hex::decode_fixed<Hash>(value.text()).value_or(Hash{}); }

std::string id_params(std::uint64_t id) { return JsonObject().text("id", std::to_string(id)).str(); }

GpuView read_gpu(const Json& json) {
  return {id_number(json["id"]),
          number(json["number"]),
          json["deviceId"].text(),
          json["listing"].text(),
          json["status"].text(),
          units(json["currentPricePerHour"]),
          json};
}

BidView read_bid(const Json& json) {
  return {id_number(json["id"]),       json["state"].text(),  json["targetKind"].text(),
          id_number(json["targetId"]), units(json["amount"]), number(json["capacity"]),
          number(json["duration"])};
}

ServiceView read_service(const Json& json) {
  return {id_number(json["id"]), address(json["provider"]), json["name"].text(), json["state"].text(),
          units(json["price"])};
}

JobView read_job(const Json& json) {
  JobView out;
  JobTicket& ticket = out.ticket;
  ticket.id = id_number(json["id"]);
  ticket.customer = address(json["customer"]);
  ticket.type = json["type"].text();
  ticket.model = json["model"].text();
  ticket.requirements = json["requirements"].text();
  ticket.prompt = json["prompt"].text();
  ticket.input_uri = json["inputUri"].text();
  ticket.input_digest = hash(json["inputDigest"]);
  ticket.payment = units(json["payment"]);
  ticket.target_kind = json["targetKind"].text();
  ticket.target = id_number(json["targetId"]);
  ticket.expires_at = number(json["expiresAt"]);
  out.provider = address(json["provider"]);
  out.state = json["state"].text();
  return out;
}

}  // namespace

Outcome<HeadView> ChainView::head() {
  AITBC_ASSIGN(const Json block, node_.call("eth_getBlockByNumber", R"(["latest",false])"));
  const auto height = block["number"].u64();
  const auto time = block["timestamp"].u64();
  if (!height || !time) return failed(Exit::unreachable, "the node's answer has no block");
  return HeadView{*height, hash(block["parentHash"]), *time};
}

Outcome<Json> ChainView::params() {
  cli::CallRequest request;
  request.to = market::kContract;
  AITBC_ASSIGN(request.data, market::encode_call("getParams", "[]"));
  AITBC_ASSIGN(const Bytes output, node_.view(request));
  AITBC_ASSIGN(const std::string json, market::decode_result("getParams", output));
  AITBC_ASSIGN(Json out, Json::parse(json));
  return out;
}

Outcome<std::optional<ProviderView>> ChainView::provider(const Address& account) {
  const std::string params = JsonObject().text("account", hex::encode_prefixed(account)).str();
  const auto answer = node_.call("market_getProvider", params);
  if (!answer && answer.error().code == Exit::refused) return std::optional<ProviderView>();
  if (!answer) return fail(answer.error());
  const Json& json = *answer;
  return std::optional(ProviderView{json["name"].text(), json["region"].text(), json["endpoint"].text(),
                                    number(json["liveness"]["aliveUntil"])});
}

Outcome<Amount> ChainView::staked(const Address& account) {
  const std::string text = hex::encode_prefixed(account);
  const auto answer =
      node_.call("market_getStake", JsonObject().text("provider", text).text("staker", text).str());
  if (!answer && answer.error().code == Exit::refused) return Amount{};
  if (!answer) return fail(answer.error());
  return units((*answer)["staked"]);
}

Outcome<std::vector<Json>> ChainView::list(std::string_view method, const JsonObject& filters,
                                           std::string cursor) {
  std::vector<Json> out;
  for (;;) {
    JsonObject params = filters;
    params.number("limit", kPage);
    if (!cursor.empty()) params.text("cursor", cursor);
    AITBC_ASSIGN(const Json page, node_.call(method, params.str()));
    for (Json& item : page["items"].elements()) out.push_back(std::move(item));
    cursor = page["nextCursor"].text();
    if (cursor.empty()) return out;
  }
}

Outcome<std::vector<GpuView>> ChainView::gpus(const Address& provider) {
  JsonObject filters;
  filters.text("provider", hex::encode_prefixed(provider));
  AITBC_ASSIGN(const std::vector<Json> found, list("market_listGpus", filters));
  std::vector<GpuView> out;
  for (const Json& json : found) out.push_back(read_gpu(json));
  return out;
}

Outcome<GpuView> ChainView::gpu(std::uint64_t id) {
  AITBC_ASSIGN(const Json json, node_.call("market_getGpu", id_params(id)));
  return read_gpu(json);
}

Outcome<std::vector<ServiceView>> ChainView::open_services(const Address& provider) {
  JsonObject filters;
  filters.text("provider", hex::encode_prefixed(provider)).text("state", "open");
  AITBC_ASSIGN(const std::vector<Json> found, list("market_listServices", filters));
  std::vector<ServiceView> out;
  for (const Json& json : found) out.push_back(read_service(json));
  return out;
}

Outcome<ServiceView> ChainView::service(std::uint64_t id) {
  AITBC_ASSIGN(const Json json, node_.call("market_getService", id_params(id)));
  return read_service(json);
}

Outcome<OfferView> ChainView::offer(std::uint64_t id) {
  AITBC_ASSIGN(const Json json, node_.call("market_getOffer", id_params(id)));
  return OfferView{address(json["provider"]), units(json["pricePerHour"])};
}

Outcome<std::uint64_t> ChainView::gpu_of_booking(std::uint64_t booking) {
  AITBC_ASSIGN(const Json json, node_.call("market_getBooking", id_params(booking)));
  return id_number(json["gpuId"]);
}

Outcome<BidView> ChainView::bid(std::uint64_t id) {
  AITBC_ASSIGN(const Json json, node_.call("market_getBid", id_params(id)));
  return read_bid(json);
}

Outcome<std::vector<BidView>> ChainView::open_bids(std::uint64_t first) {
  std::vector<BidView> out;
  AITBC_ASSIGN(const std::uint64_t last, newest("market_listBids"));
  if (last < first) return out;
  JsonObject filters;
  filters.text("state", "open");
  AITBC_ASSIGN(const std::vector<Json> found, list("market_listBids", filters, std::to_string(first)));
  for (const Json& json : found) out.push_back(read_bid(json));
  return out;
}

Outcome<JobView> ChainView::job(std::uint64_t id) {
  AITBC_ASSIGN(const Json json, node_.call("market_getJob", id_params(id)));
  return read_job(json);
}

Outcome<std::vector<JobView>> ChainView::jobs(std::string_view state, std::uint64_t first) {
  std::vector<JobView> out;
  AITBC_ASSIGN(const std::uint64_t last, newest("market_listJobs"));
  if (last < first) return out;
  JsonObject filters;
  filters.text("state", state);
  AITBC_ASSIGN(const std::vector<Json> found, list("market_listJobs", filters, std::to_string(first)));
  for (const Json& json : found) out.push_back(read_job(json));
  return out;
}

Outcome<std::uint64_t> ChainView::newest(std::string_view method) {
  JsonObject params;
  params.number("limit", 1).boolean("newestFirst", true);
  AITBC_ASSIGN(const Json page, node_.call(method, params.str()));
  return id_number(page["items"][std::size_t{0}]["id"]);
}

}  // namespace aitbc::agent
