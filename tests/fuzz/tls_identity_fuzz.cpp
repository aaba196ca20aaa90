// Certificates of peers: nothing crashes the reader, and no change of a signed one makes it speak for another
// node.
#include "node/p2p/tls_identity.hpp"

#include "base/check.hpp"
#include "codec/hex.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aitbc;
  // Of the libp2p specification's certificate, which is in the corpus.
  static const p2p::NodeId known =
      decompress(*hex::decode("0206dc6968726765b820f050263ececf7f71e4955892776c0970542efd689d2382")).value();
  if (const auto node = p2p::node_of_certificate({data, size}))
    AITBC_CHECK(*node == known, "a certificate that nobody signed");
  return 0;
}
