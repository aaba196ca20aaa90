#include "market.hpp"

#include "crypto/keccak.hpp"

namespace aitbc::market::test {

Market::Market(std::string_view params) : state_(std::make_unique<State>(committed_)) {
  block_.number = 1;
  block_.timestamp = kGenesisTime;
  block_.recent_hashes = {keccak256(as_bytes("parent")), keccak256(as_bytes("grandparent"))};
  REQUIRE(module_->genesis(*state_, params));
  treasury_ = this->params().treasury;
  for (const Address& account : {kProvider, kCustomer, kRival, kStranger}) fund(account, kWealth);
  commit();
  must(kProvider, "stake", kProvider, Amount::ait(100));
  fund(kProvider, Amount::ait(100));
  take_events();
}

Market::~Market() { end_block(); }

void Market::fund(const Address& account, Amount amount) { REQUIRE(state_->add_balance(account, amount)); }

CallResult Market::send(const Address& from, const Bytes& calldata, Amount value) {
  const auto checkpoint = state_->checkpoint();
  REQUIRE(state_->transfer(from, kContract, value));
  const CallContext context{block_, from, value, Hash{}, 10'000'000};
  CallResult result = module_->call(*state_, context, calldata);
  if (!result.succeeded) {
    CHECK(result.logs.empty());
    state_->rollback(checkpoint);
  }
  append_logs(result.logs);
  return result;
}

std::string Market::refusal(const CallResult& result) {
  REQUIRE_FALSE(result.succeeded);
  const std::string text = describe_error(result.output);
  REQUIRE_FALSE(text.empty());
  return text;
}

std::uint64_t Market::first_word(const CallResult& result) {
  REQUIRE_MESSAGE(result.succeeded, describe_error(result.output));
  return result.output.size() < 32 ? 0 : read_be64(ByteView(result.output).subspan(24));
}

GpuSpec Market::spec(const std::string& device, Amount price) {
  GpuSpec out;
  out.device_id = device;
  out.model = "RTX 4090";
  out.memory_gb = 24;
  out.cuda_version = "12.2";
  out.compute_capability = "8.9";
  out.cuda_cores = 16'384;
  out.region = "eu-west";
  out.capabilities = {"fp16", "nvenc"};
  out.attributes = {{"driver", "535"}};
  out.price_per_hour = price;
  return out;
}

ServiceSpec Market::service_spec(const std::string& name) {
  ServiceSpec out;
  out.name = name;
  out.category = "ai-inference";
  out.price = Amount::ait(100);
  out.description = "High-quality images";
  out.parameters = "resolution:512x512";
  return out;
}

GpuId Market::register_gpu(const std::string& device, Amount price) {
  return GpuId{must(kProvider, "registerGpu", spec(device, price))};
}

BookingId Market::book(GpuId gpu, Seconds duration, Seconds start, const Address& customer) {
  return BookingId{must(customer, "bookGpu", gpu, start, duration, Amount::max(), std::string("job"))};
}

BidId Market::bid_on_gpu(GpuId gpu, Amount amount, Seconds duration, const Address& bidder) {
  return BidId{must(bidder, "placeBid", TargetKind::gpu, gpu.value, amount, std::uint64_t{1}, duration,
                    std::string(), Seconds{0})};
}

BidId Market::bid_on_service(ServiceId service, Amount amount, const Address& bidder) {
  return BidId{must(bidder, "placeBid", TargetKind::service, service.value, amount, std::uint64_t{1},
                    Seconds{0}, std::string(), Seconds{0})};
}

void Market::beat(const Address& provider, const Bytes& down) {
  must(provider, "heartbeat", down, block_.recent_hashes.at(0));
}

void Market::end_block() {
  Logs logs;
  module_->end_block(*state_, block_, logs);
  append_logs(logs);
  commit();
  const auto sound = module_->check_invariants(committed_, block_.timestamp);
  CHECK_MESSAGE(sound.has_value(), (sound ? "" : sound.error().message));
  ++block_.number;
}

void Market::jump(Seconds seconds) {
  end_block();
  block_.timestamp += seconds;
}

void Market::pass(Seconds seconds) {
  jump(seconds);
  end_block();
}

void Market::commit() {
  committed_.apply(std::move(*state_).take_diff());
  state_ = std::make_unique<State>(committed_);
}

const StateView& Market::view() {
  end_block();
  return committed_;
}

void Market::append_logs(const Logs& logs) { logs_.insert(logs_.end(), logs.begin(), logs.end()); }

std::vector<std::string> Market::take_events() {
  std::vector<std::string> out;
  for (const Log& log : logs_) {
    const auto decoded = decode_log(log);
    REQUIRE(decoded.has_value());
    out.push_back(decoded->name + " " + decoded->arguments_json);
  }
  logs_.clear();
  return out;
}

}  // namespace aitbc::market::test
