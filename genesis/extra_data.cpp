// QBFT extra data of a genesis block. (The full codec, with votes, rounds and seals, belongs to consensus.)
#include <algorithm>

#include "codec/rlp.hpp"
#include "genesis/genesis.hpp"

namespace aitbc::genesis {
namespace {

constexpr std::size_t kVanitySize = 32;

Error malformed(const std::string& what) { return {ErrorCode::invalid_input, "genesis: extraData: " + what}; }

Result<std::vector<Address>> read_extra_data(ByteView extra_data) {
  AITBC_ASSIGN(rlp::Decoder fields, rlp::decode_list(extra_data));
  AITBC_ASSIGN(const ByteView vanity, fields.bytes());
  AITBC_ASSIGN(rlp::Decoder addresses, fields.list());
  std::vector<Address> validators;
  while (!addresses.at_end()) {
    AITBC_ASSIGN(validators.emplace_back(), addresses.fixed<Address>());
  }
  AITBC_ASSIGN(const rlp::Decoder vote, fields.list());
  AITBC_ASSIGN(const std::uint64_t round, fields.u64());
  AITBC_ASSIGN(const rlp::Decoder seals, fields.list());
  AITBC_TRY(fields.finish());
  if (vanity.size() != kVanitySize) return fail(ErrorCode::invalid_input, "the vanity is not 32 bytes");
  if (!vote.at_end() || round != 0 || !seals.at_end())
    return fail(ErrorCode::invalid_input, "a genesis block has no vote, round or seals");
  return validators;
}

}  // namespace

Bytes encode_extra_data(std::span<const Address> validators) {
  std::vector<Address> ascending(validators.begin(), validators.end());
  std::sort(ascending.begin(), ascending.end());
  rlp::Encoder out;
  out.begin_list().bytes(Bytes(kVanitySize, 0)).begin_list();
  for (const Address& validator : ascending) out.bytes(validator);
  out.end_list().begin_list().end_list().u64(0).begin_list().end_list().end_list();
  return out.take();
}

Result<std::vector<Address>> decode_validators(ByteView extra_data) {
  auto validators = read_extra_data(extra_data);
  if (!validators) return fail(malformed(validators.error().message));
  const auto unordered = std::adjacent_find(validators->begin(), validators->end(),
                                            [](const Address& a, const Address& b) { return a >= b; });
  if (unordered != validators->end())
    return fail(malformed("the validators are not in strictly ascending order"));
  return std::move(*validators);
}

Genesis with_validators(Genesis genesis, std::span<const Address> validators) {
  genesis.extra_data = encode_extra_data(validators);
  return genesis;
}

}  // namespace aitbc::genesis
