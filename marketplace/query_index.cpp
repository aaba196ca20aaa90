#include "marketplace/query_index.hpp"

namespace aitbc::market {
namespace {

class AllIds final : public IdStream {
 public:
  explicit AllIds(std::uint64_t last) : last_(last) {}
  Result<std::optional<std::uint64_t>> seek(std::uint64_t id) override {
    return id >= 1 && id <= last_ ? std::optional(id) : std::nullopt;
  }

 private:
  std::uint64_t last_;
};

// Ids that either stream has.
class AnyOf final : public IdStream {
 public:
  AnyOf(std::unique_ptr<IdStream> a, std::unique_ptr<IdStream> b, bool descending)
      : a_(std::move(a)), b_(std::move(b)), descending_(descending) {}

  Result<std::optional<std::uint64_t>> seek(std::uint64_t id) override {
    AITBC_ASSIGN(const auto a, a_->seek(id));
    AITBC_ASSIGN(const auto b, b_->seek(id));
    if (!a || !b) return a ? a : b;
    return descending_ ? std::max(a, b) : std::min(a, b);
  }

 private:
  std::unique_ptr<IdStream> a_;
  std::unique_ptr<IdStream> b_;
  bool descending_;
};

// Ids that all streams have: each in turn leaps to the furthest id that another one named.
class AllOf final : public IdStream {
 public:
  explicit AllOf(std::vector<std::unique_ptr<IdStream>> streams) : streams_(std::move(streams)) {}

  Result<std::optional<std::uint64_t>> seek(std::uint64_t id) override {
    std::size_t agreed = 0;
    for (std::size_t i = 0; agreed < streams_.size(); i = (i + 1) % streams_.size()) {
      AITBC_ASSIGN(const auto found, streams_[i]->seek(id));
      if (!found) return std::nullopt;
      agreed = *found == id ? agreed + 1 : 1;
      id = *found;
    }
    return id;
  }

 private:
  std::vector<std::unique_ptr<IdStream>> streams_;
};

}  // namespace

std::unique_ptr<IdStream> find_ids(const QueryIndex* index, const Wanted& wanted, std::uint64_t last,
                                   bool descending) {
  std::vector<std::unique_ptr<IdStream>> streams;
  if (index != nullptr) {
    for (const FacetValue& each : wanted.all) streams.push_back(index->find(wanted.kind, each, descending));
    if (wanted.state) {
      const auto in_state = [&](std::uint8_t state) {
        return index->find(wanted.kind, {Facet::state, {state}}, descending);
      };
      streams.push_back(std::make_unique<AnyOf>(in_state(kMoving), in_state(*wanted.state), descending));
    }
  }
  if (streams.empty()) return std::make_unique<AllIds>(last);
  if (streams.size() == 1) return std::move(streams[0]);
  return std::make_unique<AllOf>(std::move(streams));
}

}  // namespace aitbc::market
