#include "consensus/qbft/messages.hpp"

#include "base/check.hpp"
#include "consensus/qbft/payloads.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::qbft {
namespace {

Hash hash_to_sign(MessageCode code, ByteView payload) {
  rlp::Encoder out;
  out.begin_list();
  out.u64(static_cast<std::uint8_t>(code));
  out.raw(payload);
  out.end_list();
  return keccak256(out.view());
}

template <class Payload>
void append_signed(rlp::Encoder& out, const Signed<Payload>& message) {
  out.begin_list();
  append_payload(out, message.payload);
  append_signature(out, message.signature);
  out.end_list();
}

template <class Payload>
void append_all_signed(rlp::Encoder& out, const std::vector<Signed<Payload>>& messages) {
  out.begin_list();
  for (const Signed<Payload>& message : messages) append_signed(out, message);
  out.end_list();
}

template <class Payload>
Result<Signed<Payload>> read_signed(rlp::Decoder& list) {
  Signed<Payload> message;
  AITBC_ASSIGN(const ByteView payload, list.raw());
  AITBC_ASSIGN(rlp::Decoder fields, rlp::decode_list(payload));
  AITBC_TRY(read_payload(fields, message.payload));
  AITBC_TRY(fields.finish());
  AITBC_ASSIGN(message.signature, read_signature(list));
  AITBC_TRY(list.finish());
  message.signing_hash = hash_to_sign(Payload::kCode, payload);
  return message;
}

template <class Payload>
Result<std::vector<Signed<Payload>>> read_all_signed(rlp::Decoder& in) {
  AITBC_ASSIGN(rlp::Decoder list, in.list());
  std::vector<Signed<Payload>> messages;
  while (!list.at_end()) {
    if (messages.size() == kMaxValidators)
      return fail(ErrorCode::invalid_input, "qbft: too many messages in one");
    AITBC_ASSIGN(rlp::Decoder one, list.list());
    AITBC_ASSIGN(Signed<Payload> message, read_signed<Payload>(one));
    messages.push_back(std::move(message));
  }
  return messages;
}

Result<Message> read_proposal(rlp::Decoder in) {
  Proposal proposal;
  AITBC_ASSIGN(rlp::Decoder signed_part, in.list());
  AITBC_ASSIGN(proposal.proposal, read_signed<ProposalPayload>(signed_part));
  AITBC_ASSIGN(rlp::Decoder justification, in.list());
  AITBC_ASSIGN(proposal.round_changes, read_all_signed<RoundChangePayload>(justification));
  AITBC_ASSIGN(proposal.prepares, read_all_signed<PreparePayload>(justification));
  AITBC_TRY(justification.finish());
  AITBC_TRY(in.finish());
  return Message(std::move(proposal));
}

Result<BlockPtr> read_prepared_block(rlp::Decoder& in, const RoundChangePayload& payload) {
  AITBC_ASSIGN(const ByteView item, in.raw());
  const bool is_empty_list = item.size() == 1 && item[0] == 0xc0;
  if (is_empty_list == payload.prepared.has_value())
    return fail(ErrorCode::invalid_input, "qbft: a round change and its prepared block disagree");
  if (is_empty_list) return BlockPtr();
  return read_block(item, {payload.height, payload.prepared->round});
}

Result<Message> read_round_change(rlp::Decoder in) {
  RoundChange message;
  AITBC_ASSIGN(rlp::Decoder signed_part, in.list());
  AITBC_ASSIGN(message.round_change, read_signed<RoundChangePayload>(signed_part));
  AITBC_ASSIGN(message.block, read_prepared_block(in, message.round_change.payload));
  AITBC_ASSIGN(message.prepares, read_all_signed<PreparePayload>(in));
  AITBC_TRY(in.finish());
  if (message.prepares.empty() != (message.block == nullptr))
    return fail(ErrorCode::invalid_input, "qbft: a round change and its prepares disagree");
  return Message(std::move(message));
}

template <class Payload>
Result<Message> read_plain(rlp::Decoder in) {
  AITBC_ASSIGN(Signed<Payload> message, read_signed<Payload>(in));
  return Message(std::move(message));
}

void append_message(rlp::Encoder& out, const Proposal& message) {
  out.begin_list();
  append_signed(out, message.proposal);
  out.begin_list();
  append_all_signed(out, message.round_changes);
  append_all_signed(out, message.prepares);
  out.end_list();
  out.end_list();
}

void append_message(rlp::Encoder& out, const RoundChange& message) {
  out.begin_list();
  append_signed(out, message.round_change);
  if (message.block)
    append_block(out, *message.block, message.round_change.payload.prepared->round);
  else
    out.begin_list().end_list();
  append_all_signed(out, message.prepares);
  out.end_list();
}

void append_message(rlp::Encoder& out, const Prepare& message) { append_signed(out, message); }
void append_message(rlp::Encoder& out, const Commit& message) { append_signed(out, message); }

MessageCode code_of(const Proposal&) { return MessageCode::proposal; }
MessageCode code_of(const RoundChange&) { return MessageCode::round_change; }
MessageCode code_of(const Prepare&) { return MessageCode::prepare; }
MessageCode code_of(const Commit&) { return MessageCode::commit; }

// The signed part of each message: what height, round and author are read from.
auto& signed_part(Proposal& message) { return message.proposal; }
auto& signed_part(RoundChange& message) { return message.round_change; }
auto& signed_part(Prepare& message) { return message; }
auto& signed_part(Commit& message) { return message; }
const auto& signed_part(const Proposal& message) { return message.proposal; }
const auto& signed_part(const RoundChange& message) { return message.round_change; }
const auto& signed_part(const Prepare& message) { return message; }
const auto& signed_part(const Commit& message) { return message; }

}  // namespace

Bytes encode(const Message& message) {
  return std::visit(
      [](const auto& specific) {
        rlp::Encoder out;
        append_message(out, specific);
        Bytes bytes = out.take();
        bytes.insert(bytes.begin(), static_cast<std::uint8_t>(code_of(specific)));
        return bytes;
      },
      message);
}

Bytes encode(const Prepare& prepare) {
  rlp::Encoder out;
  append_signed(out, prepare);
  return out.take();
}

Result<Prepare> decode_prepare(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  return read_signed<PreparePayload>(in);
}

Result<Message> decode_message(ByteView encoded) {
  if (encoded.empty()) return fail(ErrorCode::invalid_input, "qbft: an empty message");
  AITBC_ASSIGN(const rlp::Decoder in, rlp::decode_list(encoded.subspan(1)));
  switch (static_cast<MessageCode>(encoded[0])) {
    case MessageCode::proposal:
      return read_proposal(in);
    case MessageCode::prepare:
      return read_plain<PreparePayload>(in);
    case MessageCode::commit:
      return read_plain<CommitPayload>(in);
    case MessageCode::round_change:
      return read_round_change(in);
  }
  return fail(ErrorCode::invalid_input, "qbft: unknown message code");
}

View view_of(const Message& message) {
  return std::visit(
      [](const auto& specific) {
        const auto& payload = signed_part(specific).payload;
        return View{payload.height, payload.round};
      },
      message);
}

bool authenticate(Message& message, const Signatures& signatures) {
  return std::visit([&](auto& specific) { return authenticate(signed_part(specific), signatures); }, message);
}

const Address& author_of(const Message& message) {
  return std::visit([](const auto& specific) -> const Address& { return signed_part(specific).author; },
                    message);
}

template <class Payload>
Signed<Payload> make_signed(Payload payload, const Signatures& signatures) {
  const std::optional<Address> self = signatures.self();
  AITBC_CHECK(self.has_value(), "only a validator signs messages");
  rlp::Encoder out;
  append_payload(out, payload);
  const Hash hash = hash_to_sign(Payload::kCode, out.view());
  return {std::move(payload), signatures.sign(hash), hash, *self};
}
template SignedProposal make_signed(ProposalPayload, const Signatures&);
template Prepare make_signed(PreparePayload, const Signatures&);
template Commit make_signed(CommitPayload, const Signatures&);
template SignedRoundChange make_signed(RoundChangePayload, const Signatures&);

}  // namespace aitbc::qbft
