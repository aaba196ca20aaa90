#include "node/rpc/log_criteria.hpp"

#include <algorithm>

namespace aitbc::rpc {
namespace {

constexpr std::size_t kMaxTopics = 4;
constexpr std::size_t kMaxAlternatives = 1000;  // addresses, or topics at one position

template <class T, class Parser>
Result<std::vector<T>> parse_alternatives(Json json, Parser parser) {
  std::vector<T> out;
  if (json.is_null()) return out;
  if (!json.is_array()) {
    AITBC_ASSIGN(T one, parser(json));
    out.push_back(one);
    return out;
  }
  if (json.size() > kMaxAlternatives)
    return fail(ErrorCode::invalid_input, "exceed max addresses or topics per search position (" +
                                              std::to_string(kMaxAlternatives) + ")");
  for (std::size_t i = 0; i < json.size(); ++i) {
    AITBC_ASSIGN(T one, parser(json[i]));
    out.push_back(one);
  }
  return out;
}

// Null among the topics of a position stands for any.
Result<std::vector<Hash>> parse_topic(Json json) {
  for (std::size_t i = 0; json.is_array() && i < json.size(); ++i)
    if (json[i].is_null()) return std::vector<Hash>{};
  return parse_alternatives<Hash>(json, parse_hash);
}

Result<std::vector<std::vector<Hash>>> parse_topics(Json json) {
  std::vector<std::vector<Hash>> out;
  if (json.is_null()) return out;
  if (!json.is_array()) return fail(ErrorCode::invalid_input, "topics: an array is expected");
  if (json.size() > kMaxTopics) return fail(ErrorCode::invalid_input, "exceed max topics");
  for (std::size_t i = 0; i < json.size(); ++i) {
    AITBC_ASSIGN(auto position, parse_topic(json[i]));
    out.push_back(std::move(position));
  }
  return out;
}

Result<std::optional<BlockRef>> parse_optional_block(Json json) {
  if (json.is_null()) return std::nullopt;
  AITBC_ASSIGN(const BlockRef block, parse_block_ref(json));
  return block;
}

}  // namespace

Result<LogCriteria> parse_log_criteria(Json json) {
  if (!json.is_object()) return fail(ErrorCode::invalid_input, "a filter object is expected");
  LogCriteria out;
  AITBC_ASSIGN(out.from, parse_optional_block(json.find("fromBlock")));
  AITBC_ASSIGN(out.to, parse_optional_block(json.find("toBlock")));
  if (const Json hash = json.find("blockHash"); !hash.is_null()) {
    if (out.from || out.to)
      return fail(ErrorCode::invalid_input,
                  "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other");
    AITBC_ASSIGN(out.block_hash, parse_hash(hash));
  }
  AITBC_ASSIGN(out.addresses, parse_alternatives<Address>(json.find("address"), parse_address));
  AITBC_ASSIGN(out.topics, parse_topics(json.find("topics")));
  return out;
}

RpcResult<std::optional<LogRange>> resolve_range(const chain::ChainView& view, const LogCriteria& criteria) {
  if (criteria.block_hash) {
    RPC_ASSIGN(const auto height, chain::find_block(*view.snapshot, *criteria.block_hash));
    if (!height) return rpc_fail(kServerError, "unknown block");
    return LogRange{*height, *height};
  }
  // Numbers above the head are no error: clients ask ahead.
  const auto height_of = [&](const std::optional<BlockRef>& block) -> RpcResult<Height> {
    if (!block) return view.head.number;
    if (block->kind == BlockRef::Kind::number) return block->number;
    return resolve_existing(view, *block);
  };
  RPC_ASSIGN(const Height first, height_of(criteria.from));
  RPC_ASSIGN(const Height last, height_of(criteria.to));
  if (first > last) return rpc_fail(kInvalidParams, "invalid block range params");
  if (first > view.head.number) return std::nullopt;
  return LogRange{first, std::min(last, view.head.number)};
}

}  // namespace aitbc::rpc
