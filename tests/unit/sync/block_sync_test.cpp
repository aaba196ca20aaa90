// When a node asks its peers for blocks.
#include "node/sync/block_sync.hpp"

#include "tests/unit/chain/chain_fixture.hpp"
#include "tests/unit/p2p/stage.hpp"

using namespace aitbc;
using namespace aitbc::sync;
using chain::test::TestChain;

namespace {

constexpr p2p::PeerId kPeer = 1;

class AnyProof final : public consensus::ConsensusEngine {
 public:
  consensus::Actions on(const consensus::Event&, consensus::TimePoint) override { return {}; }
  Result<void> verify(const Header&, const Header&, ByteView) const override { return {}; }
  Result<Bytes> wire_header(const Header& header, ByteView) const override { return encode(header); }
};

// A node with one block, and a peer who says what it has.
struct Fixture {
  p2p::test::HandRuntime runtime;
  p2p::test::HandNetwork network;
  TestChain node;
  AnyProof engine;
  chain::SenderRecovery recovery{0};
  bool is_validator = true;
  BlockSync sync{{runtime, network, *node.chain, engine, recovery, nullptr,
                  [this](const Block& block, ByteView proof, Durability durability) {
                    return node.chain->commit(block, proof, durability);
                  },
                  [](bool) {}, [this] { return is_validator; }, [](const Error&) { CHECK(false); }},
                 {}};

  Fixture() {
    node.extend({});
    sync.start();
    network.connect(kPeer);
    pass(5000);
  }
  void pass(std::int64_t milliseconds) { runtime.advance(Duration(milliseconds)); }
  void claim(Height height) { network.receive(kPeer, p2p::NewHead{{height, {}}}); }
  std::size_t requests() { return network.take<p2p::GetBlocks>(kPeer).size(); }
};

}  // namespace

TEST_CASE("a validator leaves the next block to consensus, and asks for it only when it does not come") {
  Fixture world;
  // Five seconds after its last block: what counts is how long others have had the next one.
  world.claim(2);
  world.pass(400);
  CHECK(world.requests() == 0);
  world.pass(200);
  CHECK(world.requests() == 1);
}

TEST_CASE("a validator that is busy with its blocks does not ask for them") {
  Fixture world;
  for (Height height = 2; height <= 10; ++height) {
    // The others are up to two blocks ahead, and each of its own takes it 400 ms.
    world.claim(height);
    world.claim(height + 1);
    world.pass(400);
    world.node.extend({});
  }
  world.pass(400);
  CHECK(world.requests() == 0);
  world.pass(600);
  CHECK(world.requests() == 1);
}

TEST_CASE("a validator that is far behind asks at once") {
  Fixture world;
  world.claim(1 + BlockSyncOptions{}.far_behind);
  CHECK(world.requests() == 1);
}

TEST_CASE("a node that takes no part in consensus asks for every block at once") {
  Fixture world;
  world.is_validator = false;
  world.claim(2);
  CHECK(world.requests() == 1);
}
