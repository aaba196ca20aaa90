#include "node/chain/pipeline.hpp"

#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "chain_fixture.hpp"

using namespace aitbc;
using namespace aitbc::chain;
using namespace aitbc::chain::test;

namespace {

// The right proof of a block is its hash. As the contract allows it, a block can only be judged after the one
// before it was; and judging takes a while.
class SlowEngine final : public consensus::ConsensusEngine {
 public:
  explicit SlowEngine(const Header& head) { judged_.insert(head.number); }
  consensus::Actions on(const consensus::Event&, consensus::TimePoint) override { return {}; }
  Result<Bytes> wire_header(const Header& header, ByteView) const override { return encode(header); }

  Result<void> verify(const Header& header, const Header& parent, ByteView proof) const override {
    {
      const std::lock_guard lock(mutex_);
      if (!judged_.contains(parent.number)) return fail(ErrorCode::unavailable, "the parent is not known");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::lock_guard lock(mutex_);
    judged_.insert(header.number);
    if (!equal(proof, header_hash(header))) return fail(ErrorCode::invalid_block, "a wrong proof");
    return {};
  }

 private:
  mutable std::mutex mutex_;
  mutable std::set<Height> judged_;
};

// Six blocks of another chain on their way into an empty one.
struct Fixture {
  TestChain source;
  TestChain target;
  std::vector<IncomingBlock> blocks;
  SlowEngine engine{target.chain->view()->head};
  SenderRecovery recovery;

  explicit Fixture(std::size_t threads) : recovery(threads) {
    for (Nonce nonce = 0; nonce < 6; ++nonce) {
      const TransactionPtr payment = pay({1, key_of(77).address(), Amount(1), nonce});
      const Block block = source.extend({&payment, 1});
      const Bytes wire = encode(block);
      blocks.push_back({*decode_block(wire), to_bytes(header_hash(block.header)), wire.size()});
    }
  }
  BlockPipeline pipeline() {
    return {*target.chain, engine, recovery, nullptr,
            [this](const Block& block, ByteView proof, Durability durability) {
              return target.chain->commit(block, proof, durability);
            }};
  }
};

}  // namespace

TEST_CASE("proofs that are checked on several threads are checked as if one followed the other") {
  for (const std::size_t threads : {0U, 1U, 4U}) {
    Fixture fixture(threads);
    BlockPipeline pipeline = fixture.pipeline();
    for (IncomingBlock& block : fixture.blocks) REQUIRE(pipeline.enter(std::move(block)).has_value());
    CHECK(pipeline.height() == 6);
    for (Height height = 1; height <= 6; ++height) {
      const auto done = pipeline.leave();
      REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message));
      CHECK(done->height == height);
      CHECK(pipeline.verified_height() >= height);
    }
    CHECK(fixture.target.chain->view()->head_hash == fixture.source.chain->view()->head_hash);
  }
}

TEST_CASE("no block counts as verified that follows one with a wrong proof") {
  Fixture fixture(4);
  fixture.blocks[3].commit_proof[0] ^= 1;
  // Nobody looks for the senders of a block that no quorum vouches for.
  fixture.blocks[3].block.transactions[0] = {1, 2, 3};
  BlockPipeline pipeline = fixture.pipeline();
  for (IncomingBlock& block : fixture.blocks) REQUIRE(pipeline.enter(std::move(block)).has_value());
  for (int i = 0; i < 3; ++i) REQUIRE(pipeline.leave().has_value());
  const auto failed = pipeline.leave();
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == ErrorCode::invalid_block);
  CHECK(failed.error().message == "a wrong proof");
  CHECK(pipeline.verified_height() == 3);
  pipeline.clear();
  CHECK(pipeline.empty());
  CHECK(fixture.target.chain->view()->head.number == 3);
}

TEST_CASE("without threads a wrong proof is known at once") {
  Fixture fixture(0);
  fixture.blocks[1].commit_proof[0] ^= 1;
  BlockPipeline pipeline = fixture.pipeline();
  REQUIRE(pipeline.enter(std::move(fixture.blocks[0])).has_value());
  CHECK_FALSE(pipeline.enter(std::move(fixture.blocks[1])).has_value());
  CHECK(pipeline.height() == 1);
  CHECK(pipeline.verified_height() == 1);
}
