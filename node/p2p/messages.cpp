#include "node/p2p/messages.hpp"

#include <array>
#include <limits>
#include <tuple>
#include <utility>

#include "codec/rlp.hpp"

namespace aitbc::p2p {
namespace {

// ---- the fields of each struct in wire order, for both directions

constexpr auto fields_of(const Head*) { return std::tuple(&Head::number, &Head::hash); }
constexpr auto fields_of(const Hello*) {
  return std::tuple(&Hello::version, &Hello::chain_id, &Hello::genesis, &Hello::head, &Hello::client,
                    &Hello::listen_port);
}
constexpr auto fields_of(const Goodbye*) { return std::tuple(&Goodbye::reason); }
constexpr auto fields_of(const Ping*) { return std::tuple(&Ping::number); }
constexpr auto fields_of(const Pong*) { return std::tuple(&Pong::number); }
constexpr auto fields_of(const Neighbour*) {
  return std::tuple(&Neighbour::id, &Neighbour::host, &Neighbour::port);
}
constexpr auto fields_of(const Neighbours*) { return std::tuple(&Neighbours::nodes); }
constexpr auto fields_of(const NewHead*) { return std::tuple(&NewHead::head); }
constexpr auto fields_of(const TransactionHashes*) { return std::tuple(&TransactionHashes::hashes); }
constexpr auto fields_of(const GetTransactions*) { return std::tuple(&GetTransactions::hashes); }
constexpr auto fields_of(const Transactions*) { return std::tuple(&Transactions::wire); }
constexpr auto fields_of(const Consensus*) { return std::tuple(&Consensus::message); }
constexpr auto fields_of(const GetBlocks*) {
  return std::tuple(&GetBlocks::request, &GetBlocks::from, &GetBlocks::count);
}
constexpr auto fields_of(const SealedBlock*) {
  return std::tuple(&SealedBlock::block, &SealedBlock::commit_proof);
}
constexpr auto fields_of(const Blocks*) { return std::tuple(&Blocks::request, &Blocks::blocks); }
constexpr auto fields_of(const GetSnapshot*) { return std::tuple(&GetSnapshot::request); }
constexpr auto fields_of(const SnapshotManifest*) {
  return std::tuple(&SnapshotManifest::request, &SnapshotManifest::manifest);
}
constexpr auto fields_of(const GetStateChunk*) {
  return std::tuple(&GetStateChunk::request, &GetStateChunk::block, &GetStateChunk::cursor);
}
constexpr auto fields_of(const StateChunk*) { return std::tuple(&StateChunk::request, &StateChunk::content); }

template <class Struct>
concept Record = requires(const Struct* record) {
  fields_of(record);
};

constexpr std::size_t max_items(const Neighbour*) { return kMaxNeighbours; }
constexpr std::size_t max_items(const Hash*) { return kMaxHashes; }
constexpr std::size_t max_items(const Bytes*) { return kMaxTransactions; }
constexpr std::size_t max_items(const SealedBlock*) { return kMaxBlocks; }

// ---- writing

void write(rlp::Encoder& out, std::uint64_t value) { out.u64(value); }
void write(rlp::Encoder& out, const std::string& value) { out.text(value); }
void write(rlp::Encoder& out, const Bytes& value) { out.bytes(value); }
template <std::size_t N, class Tag>
void write(rlp::Encoder& out, const FixedBytes<N, Tag>& value) {
  out.bytes(value);
}
template <Record Struct>
void write(rlp::Encoder& out, const Struct& record);
template <class Item>
void write(rlp::Encoder& out, const std::vector<Item>& items) {
  out.begin_list();
  for (const Item& item : items) write(out, item);
  out.end_list();
}
template <Record Struct>
void write(rlp::Encoder& out, const Struct& record) {
  out.begin_list();
  std::apply([&](auto... member) { (write(out, record.*member), ...); }, fields_of(&record));
  out.end_list();
}

// ---- reading

Result<void> read(rlp::Decoder& in, std::uint64_t& value) {
  AITBC_ASSIGN(value, in.u64());
  return {};
}
Result<void> read(rlp::Decoder& in, std::uint16_t& value) {
  AITBC_ASSIGN(const std::uint64_t wide, in.u64());
  if (wide > std::numeric_limits<std::uint16_t>::max())
    return fail(ErrorCode::invalid_input, "p2p: a port above 65535");
  value = static_cast<std::uint16_t>(wide);
  return {};
}
Result<void> read(rlp::Decoder& in, std::string& value) {
  AITBC_ASSIGN(value, in.text());
  if (value.size() > kMaxTextBytes) return fail(ErrorCode::invalid_input, "p2p: a text that is too long");
  return {};
}
Result<void> read(rlp::Decoder& in, Bytes& value) {
  AITBC_ASSIGN(const ByteView bytes, in.bytes());
  value = to_bytes(bytes);
  return {};
}
template <std::size_t N, class Tag>
Result<void> read(rlp::Decoder& in, FixedBytes<N, Tag>& value) {
  AITBC_ASSIGN(value, (in.fixed<FixedBytes<N, Tag>>()));
  return {};
}
template <Record Struct>
Result<void> read(rlp::Decoder& in, Struct& record);
template <class Item>
Result<void> read(rlp::Decoder& in, std::vector<Item>& items) {
  AITBC_ASSIGN(rlp::Decoder list, in.list());
  while (!list.at_end()) {
    if (items.size() == max_items(static_cast<const Item*>(nullptr)))
      return fail(ErrorCode::invalid_input, "p2p: a list that is too long");
    AITBC_TRY(read(list, items.emplace_back()));
  }
  return {};
}
template <Record Struct>
Result<void> read(rlp::Decoder& in, Struct& record) {
  AITBC_ASSIGN(rlp::Decoder list, in.list());
  Result<void> done;
  std::apply([&](auto... member) { ((done = read(list, record.*member)).has_value() && ...); },
             fields_of(&record));
  if (!done) return done;
  return list.finish();
}

// ---- kinds

constexpr std::size_t kSmall = 4096;
constexpr std::size_t kHashesSize = kMaxHashes * 33 + 64;
// One block, or one proposal with its justification, of the largest size that a chain may allow, and room.
constexpr std::size_t kLarge = 20U << 20;

struct KindFacts {
  std::string_view name;
  std::size_t max_size;
};
// In the order of the variant.
constexpr std::array<KindFacts, kKinds> kFacts{{
    {"hello", kSmall},
    {"goodbye", kSmall},
    {"ping", kSmall},
    {"pong", kSmall},
    {"neighbours", kMaxNeighbours * 256},
    {"new_head", kSmall},
    {"transaction_hashes", kHashesSize},
    {"get_transactions", kHashesSize},
    {"transactions", 2U << 20},
    {"consensus", kLarge},
    {"get_blocks", kSmall},
    {"blocks", kLarge},
    {"get_snapshot", kSmall},
    {"snapshot_manifest", 1U << 20},
    {"get_state_chunk", kSmall},
    {"state_chunk", 2U << 20},
}};

template <std::size_t Index>
Result<Message> read_alternative(rlp::Decoder& in) {
  Message message(std::in_place_index<Index>);
  AITBC_TRY(read(in, std::get<Index>(message)));
  AITBC_TRY(in.finish());
  return message;
}

using Reader = Result<Message> (*)(rlp::Decoder&);
template <std::size_t... Indices>
constexpr std::array<Reader, kKinds> readers(std::index_sequence<Indices...>) {
  return {&read_alternative<Indices>...};
}
constexpr std::array<Reader, kKinds> kReaders = readers(std::make_index_sequence<kKinds>());

}  // namespace

std::string_view name_of(Kind kind) { return kFacts[kind].name; }

std::size_t max_encoded_size(Kind kind) { return kind < kKinds ? kFacts[kind].max_size : 0; }

Bytes encode(const Message& message) {
  rlp::Encoder out;
  std::visit([&](const auto& specific) { write(out, specific); }, message);
  const ByteView body = out.view();
  Bytes encoded;
  encoded.reserve(1 + body.size());
  encoded.push_back(static_cast<Kind>(message.index()));
  append(encoded, body);
  return encoded;
}

Result<Message> decode(ByteView encoded) {
  if (encoded.empty() || encoded[0] >= kKinds)
    return fail(ErrorCode::invalid_input, "p2p: a message of an unknown kind");
  if (encoded.size() > max_encoded_size(encoded[0]))
    return fail(ErrorCode::invalid_input, "p2p: a message that is too long");
  rlp::Decoder in(encoded.subspan(1));
  return kReaders[encoded[0]](in);
}

}  // namespace aitbc::p2p
