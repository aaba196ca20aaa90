#include "node/chain/importer.hpp"

#include <unistd.h>

#include <fstream>

#include "chain_fixture.hpp"
#include "crypto/keccak.hpp"
#include "node/chain/block_records.hpp"
#include "node/chain/database_check.hpp"
#include "node/chain/schema.hpp"

using namespace aitbc;
using namespace aitbc::chain;
using namespace aitbc::chain::test;

namespace {

// A stand-in for a consensus engine: the right proof of a block is its hash.
class WordEngine final : public consensus::ConsensusEngine {
 public:
  consensus::Actions on(const consensus::Event&, consensus::TimePoint) override { return {}; }
  Result<void> verify(const Header& header, const Header& parent, ByteView proof) const override {
    if (header.parent_hash != header_hash(parent)) return fail(ErrorCode::invalid_block, "another parent");
    if (!equal(proof, header_hash(header))) return fail(ErrorCode::invalid_block, "a wrong proof");
    return {};
  }
  Result<Bytes> wire_header(const Header& header, ByteView) const override { return encode(header); }
};

struct TemporaryFile {
  std::filesystem::path path;
  explicit TemporaryFile(const char* name)
      : path(std::filesystem::temp_directory_path() /
             (std::string("aitbc-") + name + std::to_string(::getpid()))) {}
  ~TemporaryFile() { std::filesystem::remove(path); }
};

// A chain with some blocks, and its export.
struct Exported {
  TestChain source;
  TemporaryFile file{"export"};
  WordEngine engine;
  SenderRecovery recovery{2};

  Exported() {
    for (Nonce nonce = 0; nonce < 10; ++nonce) {
      std::vector<TransactionPtr> transactions;
      for (std::uint8_t from = 1; from <= 5; ++from)
        transactions.push_back(pay({from, key_of(77).address(), Amount(1), nonce}));
      source.extend(transactions);
    }
    const auto done =
        export_blocks(*source.chain->view(), source.chain->genesis_hash(), 1, 10, file.path, {});
    REQUIRE(done.has_value());
    CHECK(done->transactions == 50);
  }
  Result<TransferProgress> import_to(TestChain& target) {
    return import_blocks(*target.chain, engine, recovery, nullptr, file.path, {});
  }
  void damage(std::size_t offset) const {
    std::fstream edit(file.path, std::ios::in | std::ios::out | std::ios::binary);
    edit.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(edit.get() ^ 0x10);
    edit.seekp(static_cast<std::streamoff>(offset));
    edit.put(byte);
  }
};

}  // namespace

TEST_CASE("an export imports into an empty chain and gives the same head") {
  Exported exported;
  TestChain target;
  const auto done = exported.import_to(target);
  REQUIRE(done.has_value());
  CHECK(done->blocks == 10);
  CHECK(target.chain->view()->head_hash == exported.source.chain->view()->head_hash);
  const auto checked = check_database(*target.chain, exported.engine, {});
  REQUIRE_MESSAGE(checked.has_value(), (checked ? "" : checked.error().message));
  CHECK(checked->transactions == 50);
}

TEST_CASE("an interrupted import goes on where it stopped") {
  Exported exported;
  TestChain target;
  const auto part =
      import_blocks(*target.chain, exported.engine, exported.recovery, nullptr, exported.file.path,
                    [](const TransferProgress& progress) { return progress.blocks < 3; });
  REQUIRE(part.has_value());
  CHECK(target.chain->view()->head.number == 3);
  const auto rest = exported.import_to(target);
  REQUIRE(rest.has_value());
  CHECK(rest->blocks == 7);
  CHECK(target.chain->view()->head_hash == exported.source.chain->view()->head_hash);
}

TEST_CASE("an import stops at the first damaged block with everything before it committed") {
  const Exported whole;
  const std::size_t size = std::filesystem::file_size(whole.file.path);
  for (std::size_t offset = 60; offset < size; offset += size / 37) {
    Exported exported;
    exported.damage(offset);
    TestChain target;
    const auto done = exported.import_to(target);
    CHECK_FALSE(done.has_value());
    const auto checked = check_database(*target.chain, exported.engine, {});
    CHECK(checked.has_value());
  }
}

TEST_CASE("a truncated export is an error, not a short success") {
  Exported exported;
  std::filesystem::resize_file(exported.file.path, std::filesystem::file_size(exported.file.path) - 7);
  TestChain target;
  CHECK_FALSE(exported.import_to(target).has_value());
  CHECK(target.chain->view()->head.number == 9);
}

TEST_CASE("an export of another chain is refused with both hashes") {
  Exported exported;
  TestChain target;
  target.store = make_memory_store();
  target.genesis.timestamp += 1;
  target.chain = target.open();
  const auto done = exported.import_to(target);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == ErrorCode::conflict);
}

TEST_CASE("the database check names what does not hold") {
  Exported exported;
  TestChain& chain = exported.source;
  WriteBatch harm;
  const auto view = chain.chain->view();
  const Bytes key = page_key(4, 0);
  const auto page = *chain.store->get(Table::blocks, key);
  const auto entries = *read_page(*page);
  PageWriter swapped;  // the third transaction is the second one
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t from = i == 2 ? 1 : i;
    const StoredReceipt receipt = *decode_stored_receipt(entries[from].receipt);
    swapped.add(**decode_entry(entries[from], keccak256(entries[from].wire)), receipt.receipt,
                receipt.gas_used, receipt.effective_gas_price, receipt.first_log_index);
  }
  harm.put(Table::blocks, key, swapped.take());
  REQUIRE(chain.store->write(harm, Durability::synced).has_value());
  chain.chain = chain.open();
  const auto checked = check_database(*chain.chain, exported.engine, {});
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().code == ErrorCode::corruption);
  CHECK(checked.error().message.find("block 4") != std::string::npos);
}
