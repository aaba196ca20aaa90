// What the database holds, in case its files were damaged: nothing crashes the readers, and what they accept
// is what the writers make.
#include "base/check.hpp"
#include "execution/account.hpp"
#include "mempool/journal.hpp"
#include "node/chain/block_records.hpp"
#include "node/chain/history.hpp"
#include "node/chain/schema.hpp"
#include "storage/memory_store.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::chain;

void check_page(ByteView page) {
  const auto entries = read_page(page);
  if (!entries) return;
  PageWriter again;
  for (const PageEntry& entry : *entries) {
    const auto transaction = decode_entry(entry, Hash{});
    const auto stored = decode_stored_receipt(entry.receipt);
    if (!transaction || !stored) return;
    again.add(**transaction, stored->receipt, stored->gas_used, stored->effective_gas_price,
              stored->first_log_index);
  }
  AITBC_CHECK(equal(again.take(), page), "a page has one encoding");
}

void check_receipt(ByteView input) {
  const auto stored = decode_stored_receipt(input);
  if (!stored || stored->gas_used != 0 || !stored->effective_gas_price.is_zero()) return;
  AITBC_CHECK(equal(encode_system_receipt(stored->receipt, stored->first_log_index), input),
              "a system receipt has one encoding");
}

// As a row of the tables whose readers take a snapshot.
void check_rows(ByteView input) {
  const auto store = make_memory_store();
  WriteBatch batch;
  batch.put(Table::blocks, change_set_key(1), input);
  batch.put(Table::mempool, Bytes(8, 0), input);
  AITBC_CHECK(store->write(batch, Durability::buffered).has_value(), "memory takes it");
  const auto snapshot = store->snapshot();
  (void)visit_changes(*snapshot, 1, [](ByteView, const std::optional<ByteView>&) {});
  const auto journal = mempool::read_journal(*snapshot);
  if (journal) AITBC_CHECK(journal->size() == 1, "one row is one transaction");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  if (const auto meta = decode_meta(input))
    AITBC_CHECK(equal(encode_meta(*meta), input), "a meta record has one encoding");
  if (const auto account = decode_account(input))
    AITBC_CHECK(equal(encode(*account), input), "an account has one encoding");
  if (const auto entry = parse_change_index(input))
    AITBC_CHECK(equal(change_index_key(entry->state_key, entry->height), input), "an index key has one form");
  check_receipt(input);
  check_page(input);
  check_rows(input);
  return 0;
}
