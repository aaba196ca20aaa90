#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxRegion = 32;
constexpr std::size_t kMaxEndpoint = 256;

Outcome<void> check_particulars(const std::string& name, const std::string& region,
                                const std::string& endpoint) {
  MARKET_TRY(check_text("name", name, kMaxName));
  MARKET_TRY(check_text("region", region, kMaxRegion));
  return check_text("endpoint", endpoint, kMaxEndpoint);
}

Provider new_provider(Context& c) {
  Provider provider;
  provider.account = c.caller;
  provider.number = ProviderNumber{take_id(c.state, Kind::provider)};
  provider.created_at = c.now();
  c.state.put(kContract, provider_number_key(provider.number), to_bytes(c.caller));
  ++c.totals.providers;
  return provider;
}

}  // namespace

Outcome<Provider> get_provider(Context& c, const Address& account) {
  if (auto provider = load<Provider>(c.state, provider_key(account))) return *std::move(provider);
  return revert<"ProviderNotFound">(account);
}

Provider existing_provider(Context& c, const Address& account) {
  auto provider = load<Provider>(c.state, provider_key(account));
  AITBC_CHECK(provider.has_value(), "a record names an unknown provider");
  return *std::move(provider);
}

Provider provider_of_caller(Context& c) {
  if (auto provider = load<Provider>(c.state, provider_key(c.caller))) return *std::move(provider);
  const Provider provider = new_provider(c);
  emit<"ProviderRegistered">(c.logs, provider.account, provider.name, provider.region, provider.endpoint);
  return provider;
}

Outcome<void> register_provider(Context& c, const std::string& name, const std::string& region,
                                const std::string& endpoint) {
  MARKET_TRY(check_particulars(name, region, endpoint));
  if (load<Provider>(c.state, provider_key(c.caller))) return revert<"ProviderExists">(c.caller);
  Provider provider = new_provider(c);
  provider.name = name;
  provider.region = region;
  provider.endpoint = endpoint;
  save(c, provider);
  emit<"ProviderRegistered">(c.logs, c.caller, name, region, endpoint);
  return {};
}

Outcome<void> update_provider(Context& c, const std::string& name, const std::string& region,
                              const std::string& endpoint) {
  MARKET_TRY(check_particulars(name, region, endpoint));
  MARKET_ASSIGN(Provider provider, get_provider(c, c.caller));
  provider.name = name;
  provider.region = region;
  provider.endpoint = endpoint;
  save(c, provider);
  emit<"ProviderUpdated">(c.logs, c.caller, name, region, endpoint);
  return {};
}

}  // namespace aitbc::market
