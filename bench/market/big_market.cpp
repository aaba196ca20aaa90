#include "bench/market/big_market.hpp"

#include "marketplace/marketplace.hpp"
#include "marketplace/tables.hpp"

namespace aitbc::bench {
namespace {

using namespace market;  // NOLINT(google-build-using-namespace): its records fill the scene

constexpr const char* kModels[] = {"RTX 4090", "RTX 3060",     "A100", "H100",
                                   "L40S",     "RTX 6000 Ada", "T4",   "V100"};
constexpr std::uint32_t kMemory[] = {24, 12, 80, 80, 48, 48, 16, 32};
constexpr const char* kRegions[] = {"eu-west", "eu-north", "us-east", "us-west", "ap-south", "ap-east"};
constexpr const char* kCategories[] = {"gpu-rental", "ai-inference", "ai-training", "video-rendering"};
constexpr std::uint64_t kCommitEvery = 20'000;

Address address_number(std::uint64_t number) {
  Address address;
  for (std::size_t i = 0; i < Address::kSize; ++i) {
    number = number * 6364136223846793005ULL + 1442695040888963407ULL;
    address.bytes[i] = static_cast<std::uint8_t>(number >> 56);
  }
  return address;
}

GpuSpec spec_of(std::uint64_t number) {
  GpuSpec spec;
  const std::size_t model = number % std::size(kModels);
  spec.device_id = "device-" + std::to_string(number);
  spec.model = kModels[model];
  spec.memory_gb = kMemory[model];
  spec.cuda_version = "12.4";
  spec.compute_capability = "8.9";
  spec.cuda_cores = 16'384;
  spec.region = kRegions[number / 3 % std::size(kRegions)];
  spec.capabilities = {"fp16", number % 2 == 0 ? "int8" : "nvenc"};
  spec.category = kCategories[number / 7 % std::size(kCategories)];
  spec.price_per_hour = Amount::from_units(uint128{1 + number * 7919 % 5'000} * 1'000'000'000'000'000U);
  spec.pricing_strategy = "fixed";
  spec.refund_bps = 5'000;
  spec.min_duration = 1;
  spec.max_duration = 30 * 86'400;
  return spec;
}

// What a node keeps for its queries: the directory. The lists by facet have their own tests.
class DirectoryOnly final : public QueryIndex {
 public:
  std::unique_ptr<IdStream> find(Kind, const FacetValue&, bool) const override { return nullptr; }
  const Directory& directory() const override { return directory_; }
  Directory directory_;
};

template <Record T>
void feed(const StateView& view, const Bytes& prefix, Directory& directory) {
  Bytes from = prefix;
  while (true) {
    const auto entry = view.storage_lower_bound(kContract, from);
    if (!*entry || !starts_with((*entry)->key, prefix)) return;
    T record;
    AITBC_CHECK(decode_record((*entry)->value, record), "a record does not decode");
    directory.put(record);
    from = (*entry)->key;
    from.push_back(0);
  }
}

}  // namespace

Result<std::optional<Account>> MemoryState::account(const Address& address) const {
  const auto at = accounts_.find(address);
  return at == accounts_.end() ? std::nullopt : std::optional(at->second);
}

Result<std::optional<Bytes>> MemoryState::storage(const Address& address, ByteView key) const {
  AITBC_CHECK(address == kContract, "only the marketplace has storage here");
  const auto* const found = entries_.find(key);
  return found == nullptr ? std::nullopt : std::optional(to_bytes(*found->value()));
}

Result<std::optional<KeyValue>> MemoryState::storage_lower_bound(const Address&, ByteView from) const {
  const auto at = keys_.lower_bound(from);
  if (at == keys_.end()) return std::nullopt;
  return KeyValue{*at, to_bytes(*entries_.find(*at)->value())};
}

void MemoryState::apply(const StateDiff& diff) {
  for (const AccountChange& change : diff.accounts)
    if (change.after) accounts_[change.address] = *change.after;
  for (const StorageChange& change : diff.storage) {
    if (change.after) {
      entries_.put(change.key, *change.after);
      keys_.insert(change.key);
    } else {
      entries_.erase(change.key);
      keys_.erase(change.key);
    }
  }
}

void MemoryState::fund(const Address& account, Amount balance) {
  Account& funded = accounts_.emplace(account, Account::empty()).first->second;
  funded.balance = balance;
}

BigMarket::BigMarket(const MarketSize& size) : size_(size), module_(make_marketplace()) {
  block_ = block_at(kStart);
  State state(state_);
  AITBC_CHECK(module_->genesis(state, "{}").has_value(), "the default market does not start");
  commit(std::move(state));
  register_providers();
  register_gpus();
  book();
}

Address BigMarket::provider(std::uint64_t number) const { return address_number(number % size_.providers); }
Address BigMarket::customer(std::uint64_t number) const {
  return address_number(1'000'000 + number % size_.customers);
}

BlockContext BigMarket::block_at(Seconds now) const {
  BlockContext block;
  block.number = now - kStart + 1;
  block.timestamp = now;
  return block;
}

template <class... Args>
void BigMarket::call(State& state, const Address& from, std::string_view name, const Args&... args) {
  const CallContext context{block_, from, {}, {}, 10'000'000};
  const CallResult result = module_->call(state, context, calldata(name, args...));
  AITBC_CHECK(result.succeeded, describe_error(result.output).c_str());
}

void BigMarket::register_providers() {
  for (std::uint64_t i = 0; i < size_.providers; ++i) state_.fund(provider(i), Amount::ait(1'000'000));
  for (std::uint64_t i = 0; i < size_.customers; ++i) state_.fund(customer(i), Amount::ait(1'000'000'000));
  State state(state_);
  for (std::uint64_t i = 0; i < size_.providers; ++i) {
    call(state, provider(i), "registerProvider", "Provider " + std::to_string(i), std::string("eu-west"),
         std::string("https://p.example"));
    call(state, provider(i), "stake", provider(i), Amount::ait(100));
  }
  commit(std::move(state));
}

void BigMarket::register_gpus() {
  for (std::uint64_t done = 0; done < size_.gpus;) {
    State state(state_);
    for (std::uint64_t i = 0; i < kCommitEvery && done < size_.gpus; ++i, ++done)
      call(state, provider(done), "registerGpu", spec_of(done));
    commit(std::move(state));
  }
}

// The first booking of each GPU runs now, so that 512 of them end in each second from first_end() on; the
// others follow days later.
void BigMarket::book() {
  for (std::uint64_t done = 0; done < size_.bookings;) {
    State state(state_);
    for (std::uint64_t i = 0; i < kCommitEvery && done < size_.bookings; ++i, ++done) {
      const std::uint64_t round = done / size_.gpus;
      const Seconds start = round == 0 ? 0 : kStart + round * 3 * 86'400;
      const Seconds duration = kHour + (round == 0 ? done / kEndingTogether : 0);
      call(state, customer(done), "bookGpu", GpuId{done % size_.gpus + 1}, start, duration,
           Amount::ait(1'000), std::string("job"));
    }
    commit(std::move(state));
  }
}

std::unique_ptr<QueryIndex> BigMarket::index() const {
  auto out = std::make_unique<DirectoryOnly>();
  feed<ModelStats>(state_, to_bytes(Key('m')), out->directory_);
  feed<Provider>(state_, to_bytes(Key('p')), out->directory_);
  feed<Gpu>(state_, to_bytes(Key('r').u8(static_cast<std::uint8_t>(Kind::gpu))), out->directory_);
  return out;
}

}  // namespace aitbc::bench
