#include "marketplace/queried_directory.hpp"

namespace aitbc::market {
namespace {

// Reads one kind of entry of the contract's storage, in order of key.
template <Record T>
Result<void> feed(const StateView& view, Bytes prefix, Directory& directory) {
  Bytes from = prefix;
  for (std::uint64_t count = 0;; ++count) {
    AITBC_ASSIGN(const auto entry, view.storage_lower_bound(kContract, from));
    if (!entry || !starts_with(entry->key, prefix)) return {};
    if (count == kMaxScan)
      return fail(ErrorCode::limit, "too many records to search in an old block: ask for the latest one");
    T record;
    AITBC_CHECK(decode_record(entry->value, record), "a stored marketplace record does not decode");
    directory.put(record);
    from = entry->key;
    from.push_back(0);
  }
}

}  // namespace

Result<QueriedDirectory> QueriedDirectory::of(const Query& q) {
  QueriedDirectory out;
  if (q.index != nullptr) {
    out.kept_ = &q.index->directory();
    return out;
  }
  AITBC_TRY(feed<ModelStats>(q.view, to_bytes(Key('m')), out.made_));
  AITBC_TRY(feed<Provider>(q.view, to_bytes(Key('p')), out.made_));
  AITBC_TRY(feed<Gpu>(q.view, to_bytes(Key('r').u8(static_cast<std::uint8_t>(Kind::gpu))), out.made_));
  AITBC_TRY(feed<Offer>(q.view, to_bytes(Key('r').u8(static_cast<std::uint8_t>(Kind::offer))), out.made_));
  return out;
}

}  // namespace aitbc::market
