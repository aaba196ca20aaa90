#include "node/search/index_writer.hpp"

namespace aitbc::search {
namespace {

using namespace market;  // NOLINT(google-build-using-namespace): the records are the market's

template <Kind K>
Result<typename RecordOf<K>::Type> read_record(const StateView& state, std::uint64_t id) {
  AITBC_ASSIGN(const auto stored, state.storage(kContract, record_key(K, id)));
  typename RecordOf<K>::Type record;
  if (!stored || !decode_record(*stored, record))
    return fail(ErrorCode::corruption, "an event names a record that is not there: " + id_text(K, id));
  return record;
}

// Where and when the money of an event counts.
struct Earning {
  Address provider;
  Seconds at = 0;
  Sums sums;
};

Sums money_of(const EventShape& shape, const Log& log) {
  Sums out;
  out.paid = shape.amount(log, "paid");
  out.fee = shape.amount(log, "fee");
  out.refund = shape.amount(log, "refund");
  return out;
}

Result<std::optional<Earning>> earning_of(const StateView& state, const EventShape& shape, const Log& log) {
  Earning out;
  if (shape.name() == "BookingClosed") {
    AITBC_ASSIGN(const Booking booking, read_record<Kind::booking>(state, shape.number(log, "bookingId")));
    out = {booking.provider, booking.closed_at, money_of(shape, log)};
    out.sums.bookings = 1;
    out.sums.gpu_seconds = shape.number(log, "usedSeconds");
  } else if (shape.name() == "ServiceClosed") {
    AITBC_ASSIGN(const Service service, read_record<Kind::service>(state, shape.number(log, "serviceId")));
    out = {service.provider, service.closed_at, money_of(shape, log)};
    out.sums.services = 1;
  } else if (shape.name() == "JobClosed") {
    AITBC_ASSIGN(const Job job, read_record<Kind::job>(state, shape.number(log, "jobId")));
    out = {job.provider, job.closed_at, money_of(shape, log)};
    out.sums.jobs = 1;
  } else if (shape.name() == "DisputeClosed") {
    AITBC_ASSIGN(const Dispute dispute, read_record<Kind::dispute>(state, shape.number(log, "disputeId")));
    out = {dispute.provider, dispute.closed_at, money_of(shape, log)};
    out.sums.disputes = 1;
  } else {
    return std::nullopt;
  }
  return out;
}

// The receipts of one block that concern each account.
class ReceiptsOf {
 public:
  // In the order of receipts; one that is there already is not added again.
  void add(const Address& account, std::uint32_t receipt) {
    // Has its own way: every marketplace transaction is one of its.
    if (account == kContract) return;
    Bytes& known = receipts_[account];
    if (!known.empty() && read_be32(ByteView(known).last(4)) == receipt) return;
    append_be32(known, receipt);
  }
  void write(WriteBatch& batch, Height height) const {
    for (const auto& [account, list] : receipts_) batch.put(Table::index, account_key(account, height), list);
  }

 private:
  std::map<Address, Bytes> receipts_;
};

}  // namespace

void Sums::add(const Sums& other) {
  paid = checked_add(paid, other.paid).value_or(Amount::max());
  fee = checked_add(fee, other.fee).value_or(Amount::max());
  refund = checked_add(refund, other.refund).value_or(Amount::max());
  bookings += other.bookings;
  services += other.services;
  jobs += other.jobs;
  disputes += other.disputes;
  gpu_seconds += other.gpu_seconds;
}

void IndexWriter::change(ByteView key, std::optional<ByteView> before, std::optional<ByteView> after) {
  const auto old_record = before ? indexed_record(key, *before) : std::nullopt;
  const auto new_record = after ? indexed_record(key, *after) : std::nullopt;
  const auto has = [](const std::optional<IndexedRecord>& record, const FacetValue& facet) {
    return record && std::find(record->facets.begin(), record->facets.end(), facet) != record->facets.end();
  };
  if (old_record)
    for (const FacetValue& facet : old_record->facets)
      if (!has(new_record, facet))
        batch_.erase(Table::index, posting_key(old_record->kind, facet, old_record->id));
  if (new_record)
    for (const FacetValue& facet : new_record->facets)
      if (!has(old_record, facet))
        batch_.put(Table::index, posting_key(new_record->kind, facet, new_record->id), {});
}

Result<void> IndexWriter::add_block(Height height, std::span<const TransactionPtr> transactions,
                                    std::span<const Logs* const> logs, Seconds timestamp) {
  ReceiptsOf receipts_of;
  for (std::uint32_t receipt = 0; receipt < logs.size(); ++receipt) {
    if (receipt < transactions.size()) {
      receipts_of.add(transactions[receipt]->sender, receipt);
      if (transactions[receipt]->transaction.to)
        receipts_of.add(*transactions[receipt]->transaction.to, receipt);
    }
    for (std::uint32_t i = 0; i < logs[receipt]->size(); ++i) {
      const Log& log = (*logs[receipt])[i];
      const EventShape* shape = shape_of(log);
      if (shape == nullptr) continue;
      for (const RecordRef& ref : shape->records(log))
        batch_.put(Table::index, event_key(ref.kind, ref.id, {height, receipt, i}), {});
      for (const Address& account : shape->accounts(log)) receipts_of.add(account, receipt);
      AITBC_TRY(add_event(*shape, log, timestamp));
    }
  }
  receipts_of.write(batch_, height);
  return {};
}

Result<void> IndexWriter::add_event(const EventShape& shape, const Log& log, Seconds timestamp) {
  AITBC_ASSIGN(const auto earning, earning_of(state_, shape, log));
  if (!earning) return {};
  const Seconds at = earning->at == 0 ? timestamp : earning->at;
  AITBC_TRY(add_sums(Address{}, at, earning->sums));
  if (earning->provider.is_zero()) return {};  // a job that nobody took
  return add_sums(earning->provider, at, earning->sums);
}

Result<void> IndexWriter::add_sums(const Address& provider, Seconds at, const Sums& sums) {
  Bytes key = sums_key(provider, at / kHourSeconds);
  auto known = sums_.find(key);
  if (known == sums_.end()) {
    Sums before;
    AITBC_ASSIGN(const auto stored, index_.get(Table::index, key));
    if (stored && !decode_record(*stored, before))
      return fail(ErrorCode::corruption, "the search index is damaged: rebuild it");
    known = sums_.emplace(std::move(key), before).first;
  }
  known->second.add(sums);
  return {};
}

Result<WriteBatch> IndexWriter::finish(const std::optional<std::pair<Height, Hash>>& head) && {
  for (const auto& [key, sums] : sums_) batch_.put(Table::index, key, encode_record(sums));
  if (head) {
    Bytes value;
    append_be64(value, head->first);
    append(value, head->second);
    batch_.put(Table::meta, as_bytes(kHeadKey), value);
  }
  return std::move(batch_);
}

}  // namespace aitbc::search
