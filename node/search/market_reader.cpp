#include "node/search/market_reader.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "node/chain/block_validators.hpp"
#include "node/chain/history.hpp"
#include "node/search/node_queries.hpp"

namespace aitbc::search {
namespace {

constexpr std::string_view kBlock = "block";

const std::vector<NodeQueryEntry>& node_queries() {
  static const std::vector<NodeQueryEntry> all = [] {
    std::vector<NodeQueryEntry> out;
    for (auto part :
         {transaction_queries(), event_queries(), proof_queries(), money_queries(), check_queries()})
      std::move(part.begin(), part.end(), std::back_inserter(out));
    return out;
  }();
  return all;
}

// Queries of one state take the block whose state is meant.
std::vector<market::QueryMethod> all_methods() {
  std::vector<market::QueryMethod> out;
  for (market::QueryMethod method : market::query_methods()) {
    if (method.of_state)
      method.params.push_back({kBlock, "string", false, "number, hash or tag; the latest when left out"});
    out.push_back(std::move(method));
  }
  for (const NodeQueryEntry& entry : node_queries()) out.push_back(entry.method);
  return out;
}

}  // namespace

void RecentViews::add(chain::ChainViewPtr view) {
  const std::lock_guard lock(mutex_);
  views_.push_back(std::move(view));
  if (views_.size() > kProvableBlocks) views_.pop_front();
}

chain::ChainViewPtr RecentViews::find(Height height) const {
  const std::lock_guard lock(mutex_);
  const auto at = std::find_if(views_.begin(), views_.end(),
                               [&](const chain::ChainViewPtr& view) { return view->head.number == height; });
  return at == views_.end() ? nullptr : *at;
}

Result<Height> resolve_block(const chain::ChainView& view, const std::optional<std::string_view>& block) {
  if (!block || *block == "latest" || *block == "safe" || *block == "finalized" || *block == "pending")
    return view.head.number;
  if (*block == "earliest") return Height{0};
  constexpr std::size_t kHashDigits = 2 + 2 * Hash::kSize;
  if (block->size() == kHashDigits) {
    AITBC_ASSIGN(const Hash hash, hex::decode_fixed<Hash>(*block));
    AITBC_ASSIGN(const auto height, chain::find_block(*view.snapshot, hash));
    if (!height) return fail(ErrorCode::not_found, "header for hash not found");
    return *height;
  }
  const auto number = market::parse_number(*block);
  if (!number) return fail(ErrorCode::invalid_input, "block: not a number, hash or tag");
  if (*number > view.head.number) return fail(ErrorCode::not_found, "header not found");
  return *number;
}

Result<RecordName> parse_record_name(std::string_view id) {
  using market::Kind;
  for (const Kind kind : market::kNumberedKinds) {
    const std::string_view prefix = market::prefix_of(kind);
    if (!id.starts_with(prefix) || !id.substr(prefix.size()).starts_with('_')) continue;
    AITBC_ASSIGN(const std::uint64_t number, market::parse_id(kind, id));
    return RecordName{kind, number};
  }
  return fail(ErrorCode::invalid_input, "id: not the id of a record, such as gpu_12 or bk_7");
}

struct MarketReader::Impl {
  Impl(const chain::Chain& the_chain, const SearchIndex& the_index, std::function<Seconds()> the_clock)
      : chain(the_chain), index(the_index), now(std::move(the_clock)) {}

  const chain::Chain& chain;
  const SearchIndex& index;
  std::function<Seconds()> now;
  RecentViews recent;
  mutable std::mutex recounting;
  std::vector<market::QueryMethod> methods = all_methods();

  Result<std::string> answer_state(const market::QueryMethod& method, const market::QueryArgs& args) const {
    const auto block = args.text(kBlock);
    if (block) {
      const chain::ChainViewPtr view = chain.view();
      AITBC_ASSIGN(const Height height, resolve_block(*view, block));
      if (height < view->head.number) return answer_past(method, args, *view, height);
    }
    AITBC_ASSIGN(const IndexReading reading, index.read());
    const chain::ChainView& view = reading.chain();
    return market::query({*view.state, std::max(now(), view.head.timestamp), view.head.timestamp,
                          &reading.index(), view.validators},
                         method.name, args);
  }

  static Result<std::string> answer_past(const market::QueryMethod& method, const market::QueryArgs& args,
                                         const chain::ChainView& view, Height height) {
    AITBC_ASSIGN(const auto state, chain::state_at(view.snapshot, view.head.number, height));
    AITBC_ASSIGN(const auto header, chain::read_header(*view.snapshot, height));
    if (!header) return fail(ErrorCode::corruption, "a block of the chain is missing");
    AITBC_ASSIGN(const auto validators, chain::block_validators(header->extra_data));
    return market::query({*state, header->timestamp, header->timestamp, nullptr, validators}, method.name,
                         args);
  }
};

MarketReader::MarketReader(const chain::Chain& chain, const SearchIndex& index, std::function<Seconds()> now)
    : impl_(std::make_unique<Impl>(chain, index, std::move(now))) {
  impl_->recent.add(chain.view());
}
MarketReader::~MarketReader() = default;

std::span<const market::QueryMethod> MarketReader::methods() const { return impl_->methods; }

Result<std::string> MarketReader::answer(std::string_view method, std::string_view params_json) const {
  const auto at = std::find_if(impl_->methods.begin(), impl_->methods.end(),
                               [&](const market::QueryMethod& each) { return each.name == method; });
  if (at == impl_->methods.end())
    return fail(ErrorCode::not_found, "the method " + std::string(method) + " does not exist");
  AITBC_ASSIGN(const market::QueryArgs args, market::QueryArgs::parse(*at, params_json));
  const auto& own = node_queries();
  const auto entry = std::find_if(own.begin(), own.end(),
                                  [&](const NodeQueryEntry& each) { return each.method.name == method; });
  if (entry == own.end()) return impl_->answer_state(*at, args);
  return entry->handler({impl_->chain, impl_->index, impl_->recent, impl_->now(), args, impl_->recounting});
}

void MarketReader::on_head(const chain::HeadEvent& event) { impl_->recent.add(event.view); }

}  // namespace aitbc::search
