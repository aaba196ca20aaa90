#include "node/chain/log_query.hpp"

#include <algorithm>

#include "node/chain/block_store.hpp"
#include "node/chain/schema.hpp"

namespace aitbc::chain {
namespace {

using Terms = std::vector<Bytes>;  // alternatives: a block must have one of them

std::vector<Terms> required_terms(const LogFilter& filter) {
  std::vector<Terms> out;
  const auto add = [&](const auto& alternatives) {
    if (alternatives.empty()) return;
    Terms terms;
    for (const auto& alternative : alternatives) terms.push_back(to_bytes(alternative));
    out.push_back(std::move(terms));
  };
  add(filter.addresses);
  for (const auto& position : filter.topics) add(position);
  return out;
}

// The first height >= `from` at which one of the terms occurs; nullopt when none does.
Result<std::optional<Height>> next_height(Iterator& index, const Terms& terms, Height from) {
  std::optional<Height> best;
  for (const Bytes& term : terms) {
    const Bytes prefix = log_term_prefix(term);
    index.seek(log_term_key(term, from));
    AITBC_TRY(index.status());
    if (!index.valid() || !starts_with(index.key(), prefix) || index.key().size() != prefix.size() + 8)
      continue;
    const Height height = read_be64(index.key().subspan(prefix.size()));
    if (!best || height < *best) best = height;
  }
  return best;
}

// The first height >= `from` at which every term list has a hit: leapfrogs from list to list.
Result<std::optional<Height>> next_candidate(Iterator& index, const std::vector<Terms>& required,
                                             Height from) {
  Height candidate = from;
  for (std::size_t agreed = 0, i = 0; agreed < required.size(); i = (i + 1) % required.size()) {
    AITBC_ASSIGN(const auto height, next_height(index, required[i], candidate));
    if (!height) return std::nullopt;
    agreed = *height == candidate ? agreed + 1 : 1;
    candidate = *height;
  }
  return std::optional(candidate);
}

Result<void> collect_block(const Snapshot& snapshot, const LogFilter& filter, Height height,
                           std::size_t max_results, std::vector<FoundLog>& out) {
  AITBC_ASSIGN(const auto header, read_header(snapshot, height));
  if (!header || header->logs_bloom.is_zero()) return {};  // no logs at all
  AITBC_ASSIGN(const auto meta, read_block_meta(snapshot, height));
  if (!meta) return fail(ErrorCode::corruption, "a header without its block record");
  AITBC_ASSIGN(const auto receipts, read_receipts(snapshot, height));
  for (std::uint32_t i = 0; i < receipts.size(); ++i) {
    std::optional<Hash> transaction_hash;  // looked up once, and only for a hit
    for (std::size_t j = 0; j < receipts[i].receipt.logs.size(); ++j) {
      const Log& log = receipts[i].receipt.logs[j];
      if (!matches(filter, log)) continue;
      if (out.size() >= max_results)
        return fail(ErrorCode::limit, "query returned more than " + std::to_string(max_results) + " results");
      if (!transaction_hash && i >= meta->transaction_count)
        transaction_hash = system_transaction_hash(height);
      if (!transaction_hash) {
        AITBC_ASSIGN(const TransactionPtr transaction, read_transaction(snapshot, {height, i}));
        if (!transaction) return fail(ErrorCode::corruption, "a receipt without its transaction");
        transaction_hash = transaction->hash;
      }
      out.push_back({log, height, meta->hash, header->timestamp, *transaction_hash, i,
                     receipts[i].first_log_index + j});
    }
  }
  return {};
}

}  // namespace

bool matches(const LogFilter& filter, const Log& log) {
  const auto contains = [](const auto& alternatives, const auto& value) {
    return alternatives.empty() ||
           std::find(alternatives.begin(), alternatives.end(), value) != alternatives.end();
  };
  if (!contains(filter.addresses, log.address)) return false;
  if (filter.topics.size() > log.topics.size()) return false;
  for (std::size_t i = 0; i < filter.topics.size(); ++i)
    if (!contains(filter.topics[i], log.topics[i])) return false;
  return true;
}

Result<std::vector<FoundLog>> find_logs(const Snapshot& snapshot, const LogFilter& filter,
                                        std::size_t max_results) {
  AITBC_ASSIGN(const Height start, blocks_start(snapshot));
  if (filter.from > 0 && filter.from < start)
    return fail(ErrorCode::not_found,
                "logs of blocks before " + std::to_string(start) + " are not stored here");
  const std::vector<Terms> required = required_terms(filter);
  const auto index = snapshot.iterate(Table::index);
  std::vector<FoundLog> out;
  for (Height height = filter.from; height <= filter.to; ++height) {
    if (!required.empty()) {
      AITBC_ASSIGN(const auto candidate, next_candidate(*index, required, height));
      if (!candidate || *candidate > filter.to) break;
      height = *candidate;
    }
    AITBC_TRY(collect_block(snapshot, filter, height, max_results, out));
  }
  return out;
}

}  // namespace aitbc::chain
