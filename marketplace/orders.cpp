#include "marketplace/orders.hpp"

#include "codec/typed_data.hpp"
#include "marketplace/abi_describe.hpp"
#include "marketplace/auctions.hpp"
#include "marketplace/bookings.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/money.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/signatures.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxJob = 128;

void hash_field(eip712::StructHash& out, std::uint64_t value) { out.u64(value); }
void hash_field(eip712::StructHash& out, GpuId value) { out.u64(value.value); }
void hash_field(eip712::StructHash& out, Amount value) { out.amount(value); }
void hash_field(eip712::StructHash& out, const Address& value) { out.address(value); }
void hash_field(eip712::StructHash& out, const std::string& value) { out.string(value); }

// The EIP-712 type and hash of an order follow from its field list.
template <Record Order>
Hash digest_of(const Context& c, const Order& order) {
  static const Hash kType = [] {
    std::string type = std::string(Order::kName) + "(";
    for (const AbiParam& param : describe_abi<Order>("order").components)
      type += (type.back() == '(' ? "" : ",") + param.type + " " + param.name;
    return eip712::type_hash(type + ")");
  }();
  eip712::StructHash out(kType);
  for_each_field(order, [&](std::string_view, const auto& member) { hash_field(out, member); });
  return signing_digest(c, out.finish());
}

bool nonce_bit(const Bytes* used, std::uint64_t nonce) {
  return used != nullptr && ((*used)[nonce % 256 / 8] >> (nonce % 8) & 1) != 0;
}

// Spends the nonce. OrderUsed when it was spent, by a fill or a cancellation.
Outcome<void> use_nonce(Context& c, const Address& signer, std::uint64_t nonce) {
  const Key key = nonce_key(signer, nonce);
  const Bytes* used = c.state.get(kContract, key);
  require_readable(c.state);
  if (nonce_bit(used, nonce)) return revert<"OrderUsed">(signer, nonce);
  Bytes bits = used == nullptr ? Bytes(32) : *used;
  bits[nonce % 256 / 8] = static_cast<std::uint8_t>(bits[nonce % 256 / 8] | 1U << (nonce % 8));
  c.state.put(kContract, key, std::move(bits));
  return {};
}

Outcome<void> check_signer(const Hash& digest, const Bytes& signature, const Address& expected) {
  MARKET_ASSIGN(const Address signer, recover_signer(digest, signature));
  if (signer != expected) return revert<"WrongSigner">(expected, signer);
  return {};
}

// When the booking starts: as asked, within the window.
Outcome<Seconds> start_in_window(const Context& c, Seconds start, Seconds window_start, Seconds window_end,
                                 Seconds expiry) {
  if (c.now() >= expiry) return revert<"OrderExpired">(expiry, c.now());
  const Seconds chosen = start == 0 ? std::max(c.now(), window_start) : start;
  MARKET_TRY(check_range("start", chosen, window_start, window_end));
  return chosen;
}

}  // namespace

Outcome<BookingId> fill_booking_order(Context& c, const BookingOrder& order, const Bytes& signature,
                                      Seconds start) {
  MARKET_TRY(check_text("job", order.job, kMaxJob));
  BookingRequest request;
  MARKET_ASSIGN(request.start, start_in_window(c, start, order.window_start, order.window_end, order.expiry));
  MARKET_TRY(check_signer(digest_of(c, order), signature, order.customer));
  MARKET_TRY(use_nonce(c, order.customer, order.nonce));
  request.customer = order.customer;
  request.refund_to = order.refund_to.is_zero() ? order.customer : order.refund_to;
  // Money that the contract owes to itself would be lost.
  if (request.refund_to == kContract) return revert<"BadRefundAddress">();
  request.job = order.job;
  request.duration = order.duration;
  MARKET_ASSIGN(const BookingId id, book_at_market(c, order.gpu, order.max_price_per_hour, request));
  emit<"OrderFilled">(c.logs, order.customer, order.nonce, id);
  return id;
}

Outcome<BookingId> fill_offer_order(Context& c, const OfferOrder& order, const Bytes& signature,
                                    Seconds start, Seconds duration, const std::string& job) {
  MARKET_TRY(check_text("job", job, kMaxJob));
  BookingRequest request;
  MARKET_ASSIGN(request.start, start_in_window(c, start, order.window_start, order.window_end, order.expiry));
  if (!order.customer.is_zero() && order.customer != c.caller)
    return revert<"NotForCaller">(order.customer, c.caller);
  MARKET_TRY(check_range("duration", duration, order.min_duration, order.max_duration));
  MARKET_TRY(check_range("pricePerHour", order.price_per_hour, Amount(1), Amount::max()));
  MARKET_TRY(check_signer(digest_of(c, order), signature, order.provider));
  MARKET_TRY(use_nonce(c, order.provider, order.nonce));
  MARKET_ASSIGN(Gpu gpu, find_gpu(c, order.gpu));
  if (gpu.provider != order.provider) return revert<"NotGpuProvider">(order.gpu, order.provider);
  if (gpu.provider == c.caller) return revert<"OwnGpu">(order.gpu);
  gpu = after_auction(c, std::move(gpu));
  MARKET_TRY(check_listed(c, gpu, existing_provider(c, gpu.provider)));
  MARKET_TRY(check_time(c, gpu, request.start, duration));
  const auto cost = cost_to_lock(order.price_per_hour, duration);
  if (!cost) return revert<"AmountOverflow">();
  request.customer = c.caller;
  request.refund_to = c.caller;
  request.job = job;
  request.duration = duration;
  request.price_per_hour = order.price_per_hour;
  request.locked = *cost;
  MARKET_ASSIGN(const BookingId id, open_booking(c, gpu, request));
  emit<"OrderFilled">(c.logs, order.provider, order.nonce, id);
  return id;
}

Outcome<void> cancel_order(Context& c, std::uint64_t nonce) {
  MARKET_TRY(use_nonce(c, c.caller, nonce));
  emit<"OrderCancelled">(c.logs, c.caller, nonce);
  return {};
}

Outcome<bool> is_nonce_used(Context& c, const Address& signer, std::uint64_t nonce) {
  const Bytes* used = c.state.get(kContract, nonce_key(signer, nonce));
  require_readable(c.state);
  return nonce_bit(used, nonce);
}

Outcome<Hash> booking_order_digest(Context& c, const BookingOrder& order) { return digest_of(c, order); }
Outcome<Hash> offer_order_digest(Context& c, const OfferOrder& order) { return digest_of(c, order); }

}  // namespace aitbc::market
