// A file of blocks to import: damaged in any way it is refused with a message, and the chain stays as it was
// or has more blocks. The harness writes the file's first line, with the right genesis block; the input is
// the rest.
#include "consensus/engine.hpp"
#include "input_file.hpp"
#include "node/chain/importer.hpp"
#include "storage/memory_store.hpp"

namespace {

using namespace aitbc;

// Every proof counts: the consensus rules have targets of their own.
class Credulous final : public consensus::ConsensusEngine {
 public:
  consensus::Actions on(const consensus::Event&, consensus::TimePoint) override { return {}; }
  Result<void> verify(const Header& header, const Header& parent, ByteView) const override {
    if (header.parent_hash != header_hash(parent)) return fail(ErrorCode::invalid_block, "another parent");
    return {};
  }
  Result<Bytes> wire_header(const Header& header, ByteView) const override { return encode(header); }
};

genesis::Genesis some_genesis() {
  Address validator;
  validator.bytes[19] = 1;
  return genesis::with_validators(genesis::parse_genesis(genesis::devnet_json()).value(), {&validator, 1});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const genesis::Genesis genesis = some_genesis();
  const auto store = make_memory_store();
  const auto chain = std::move(chain::Chain::open(*store, genesis, {}, {}).value());
  Bytes content = to_bytes(as_bytes("AITBCBLK1\n"));
  append(content, chain->genesis_hash());
  append(content, {data, size});
  const Credulous engine;
  chain::SenderRecovery recovery(0);
  const fuzz::InputFile file(content);
  const auto done = chain::import_blocks(*chain, engine, recovery, nullptr, file.path(), {});
  AITBC_CHECK(done ? done->blocks == chain->view()->head.number : !done.error().message.empty(),
              "an import says what it did");
  return 0;
}
