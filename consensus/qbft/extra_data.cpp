#include "consensus/qbft/extra_data.hpp"

#include <algorithm>

#include "codec/rlp.hpp"
#include "consensus/qbft/rlp_parts.hpp"

namespace aitbc::qbft {
namespace {

constexpr std::uint8_t kAddVote = 0xff;

Result<std::vector<Address>> decode_validators(rlp::Decoder list) {
  std::vector<Address> validators;
  while (!list.at_end()) {
    if (validators.size() == kMaxValidators)
      return fail(ErrorCode::invalid_input, "extra data: too many validators");
    AITBC_ASSIGN(const Address address, list.fixed<Address>());
    if (!validators.empty() && address <= validators.back())
      return fail(ErrorCode::invalid_input, "extra data: validators are not strictly ascending");
    validators.push_back(address);
  }
  if (validators.empty()) return fail(ErrorCode::invalid_input, "extra data: no validators");
  return validators;
}

Result<std::optional<Vote>> decode_vote(rlp::Decoder list) {
  if (list.at_end()) return std::optional<Vote>();
  Vote vote;
  AITBC_ASSIGN(vote.subject, list.fixed<Address>());
  AITBC_ASSIGN(const ByteView kind, list.bytes());
  AITBC_TRY(list.finish());
  if (kind.size() > 1 || (kind.size() == 1 && kind[0] != kAddVote))
    return fail(ErrorCode::invalid_input, "extra data: a vote is neither to add nor to drop");
  vote.add = kind.size() == 1;
  return std::optional<Vote>(vote);
}

}  // namespace

Bytes encode(const ExtraData& extra) {
  rlp::Encoder out;
  out.begin_list();
  out.bytes(extra.vanity);
  out.begin_list();
  for (const Address& validator : extra.validators) out.bytes(validator);
  out.end_list();
  out.begin_list();
  if (extra.vote) {
    out.bytes(extra.vote->subject);
    out.bytes(extra.vote->add ? ByteView(&kAddVote, 1) : ByteView());
  }
  out.end_list();
  out.u64(extra.round);
  append_signatures(out, extra.seals);
  out.end_list();
  return out.take();
}

Result<ExtraData> decode_extra_data(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  ExtraData extra;
  AITBC_ASSIGN(extra.vanity, in.fixed<Vanity>());
  AITBC_ASSIGN(rlp::Decoder validators, in.list());
  AITBC_ASSIGN(extra.validators, decode_validators(validators));
  AITBC_ASSIGN(rlp::Decoder vote, in.list());
  AITBC_ASSIGN(extra.vote, decode_vote(vote));
  AITBC_ASSIGN(extra.round, read_round(in));
  AITBC_ASSIGN(extra.seals, read_signatures(in));
  AITBC_TRY(in.finish());
  return extra;
}

Bytes genesis_extra_data(std::vector<Address> validators) {
  std::sort(validators.begin(), validators.end());
  ExtraData extra;
  extra.validators = std::move(validators);
  return encode(extra);
}

}  // namespace aitbc::qbft
